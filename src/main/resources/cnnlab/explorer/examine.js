'use strict';
// The changes of the image, and what the engines say about it.

// ---- Changes -------------------------------------------------------------------------------
const SLIDERS = [
  ['rotation', 'Rotation', -180, 180, 1, 0, '°', false],
  ['magnification', 'Zoom', 0.5, 2, 0.05, 1, '×', false],
  ['shear', 'Shear', -0.6, 0.6, 0.05, 0, '', false],
  ['right', 'Shift right', -8, 8, 0.5, 0, ' px', false],
  ['down', 'Shift down', -8, 8, 0.5, 0, ' px', false],
  ['brightness', 'Brightness', -0.5, 0.5, 0.02, 0, '', false],
  ['contrast', 'Contrast', 0.2, 2, 0.05, 1, '×', false],
  ['haematoxylin', 'Haematoxylin', 0, 2, 0.05, 1, '×', true],
  ['eosin', 'Eosin', 0, 2, 0.05, 1, '×', true],
  ['hue', 'Hue', -180, 180, 2, 0, '°', true],
  ['saturation', 'Saturation', 0, 2, 0.05, 1, '×', true],
];
function makeSliders() {
  const box = el('sliders');
  box.replaceChildren();
  for (const [name, title, min, max, step, value, unit, colour] of SLIDERS) {
    if (colour && model.channels !== 3) continue;
    const input = Object.assign(document.createElement('input'), {type: 'range', id: 's-' + name, min, max, step, value});
    const text = Object.assign(document.createElement('label'), {textContent: title, htmlFor: input.id});
    const out = Object.assign(document.createElement('output'), {htmlFor: input.id});
    const say = () => { out.textContent = number(Number(input.value)) + unit; };
    input.addEventListener('input', () => { say(); examine(); });
    say();
    box.append(text, input, out);
  }
}
function change() {
  const c = {flipHorizontally: el('flip-horizontal').checked, flipVertically: el('flip-vertical').checked};
  for (const [name] of SLIDERS) if (el('s-' + name)) c[name] = Number(el('s-' + name).value);
  return c;
}
function resetChanges() {
  for (const [name, , , , , value] of SLIDERS) {
    const input = el('s-' + name);
    if (input) { input.value = value; input.dispatchEvent(new Event('input')); }
  }
  el('flip-horizontal').checked = el('flip-vertical').checked = false;
  examine();
}

// ---- Examining -----------------------------------------------------------------------------
// At most one question at a time; the newest image is asked for when the last is answered.
async function examine() {
  if (!pixels) return;
  if (busy) { again = true; return; }
  busy = true;
  try {
    do {
      again = false;
      const question = {key: keyOf(model), pixels: textOf(pixels), change: change()};
      shown = await ask('examine', question);
      const other = models.find(m => m.key === el('beside').value);
      besideShown = other && sameInput(other) ? await ask('examine', {...question, key: keyOf(other)}) : null;
      problem(null);
      showPixels();
      showOutputs();
      await Promise.all([showLayers(), showAttention()]);
    } while (again);
  } catch (e) {
    problem(e);
  } finally {
    busy = false;
  }
}
const sameInput = m => m.height === model.height && m.width === model.width && m.channels === model.channels;

function showOutputs() {
  const table = el('outputs');
  table.replaceChildren();
  const head = table.createTHead().insertRow();
  const columns = ['', model.probabilities ? 'probability' : 'output', 'from scratch', 'DL4J'];
  if (shown.exact) columns.push('double');
  columns.push('− DL4J');
  if (shown.exact) columns.push('− double');
  if (besideShown) columns.push('beside');
  table.classList.toggle('beside', besideShown !== null);
  for (const c of columns) head.append(Object.assign(document.createElement('th'), {textContent: c, scope: 'col'}));
  const order = shown.scratch.map((p, i) => i);
  const many = order.length > 20;
  if (many) order.sort((a, b) => shown.scratch[b] - shown.scratch[a]).splice(20);
  const best = shown.scratch.indexOf(Math.max(...shown.scratch));
  const most = Math.max(...shown.scratch.map(Math.abs), 1e-12);
  const body = table.createTBody();
  for (const k of order) {
    const row = body.insertRow();
    if (k === best) row.className = 'best';
    row.insertCell().textContent = model.classes[k] ?? k;
    const bar = row.insertCell();
    bar.className = 'bar';
    const bars = document.createElement('div');
    bars.className = 'bars';
    const add = (kind, v) => {
      const i = document.createElement('i');
      i.className = kind;
      i.style.width = 100 * Math.max(0, v) / (model.probabilities ? 1 : most) + '%';
      bars.append(i);
    };
    add('scratch', shown.scratch[k]);
    add('library', shown.library[k]);
    if (shown.exact) add('exact', shown.exact[k]);
    if (besideShown) add('beside', besideShown.scratch[k] ?? 0);
    bar.append(bars);
    const cell = (text, kind) => { const c = row.insertCell(); c.textContent = text; if (kind) c.className = kind; };
    cell(number(shown.scratch[k]), 'scratch');
    cell(number(shown.library[k]), 'library');
    if (shown.exact) cell(number(shown.exact[k]), 'exact');
    cell(number(shown.scratch[k] - shown.library[k]));
    if (shown.exact) cell(number(shown.scratch[k] - shown.exact[k]));
    if (besideShown) cell(number(besideShown.scratch[k]));
  }
  const name = model.classes[best] ?? best;
  const truth = label >= 0 ? ` (true class: ${model.classes[label] ?? label})` : '';
  el('verdict').textContent = model.probabilities
    ? `${name}, probability ${number(shown.scratch[best])}${truth}`
    : `largest output: ${name}, ${number(shown.scratch[best])}${truth}`;
  const gap = Math.max(...shown.scratch.map((p, i) => Math.abs(p - shown.library[i])));
  el('agreement').textContent = `The last columns are differences: from scratch minus DL4J${shown.exact ? ', and minus double precision' : ''}. Largest difference between the engines: ${number(gap)}. `
    + (shown.exact ? '' : 'Double precision is left out: the model is too large. ')
    + (besideShown ? besideTitle() : '')
    + `Computed in ${number(shown.milliseconds)} ms.` + (many ? ' The 20 largest outputs are shown.' : '');
}

async function showAttention() {
  el('look-panel').hidden = !model.maps;
  if (!model.maps) return;
  const a = await ask('attention', {id: shown.id});
  const data = bytesOf(shown.pixels);
  const base = pixelColour(data, model.channels);
  const over = (canvas, map, isSigned) => {
    const most = map.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-12);
    paint(canvas, model.width, model.height, i => {
      const v = map[i] / most, w = .75 * Math.abs(v), c = isSigned ? signed(v) : [255, 60, 20];
      return base(i).map((b, k) => (1 - w) * b + w * c[k]);
    });
  };
  over(el('occlusion'), floatsOf(a.occlusion), true);
  over(el('gradcam'), floatsOf(a.gradCam), false);
  const name = model.classes[a.target] ?? a.target;
  el('occlusion-text').textContent = `Occlusion: red where hiding ${a.square}x${a.square} pixels lowers “${name}”, blue where it raises it.`;
  el('gradcam-text').textContent = `Grad-CAM of layer ${a.layer} for “${name}”.`;
}
