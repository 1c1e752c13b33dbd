'use strict';
// Feature maps, kernels and weights of every layer.

// ---- Layers --------------------------------------------------------------------------------
const FIRST_MAPS = 16;
const wantedMaps = new Map();    // layer -> first channel

function makeLayers() {
  const list = el('layer-list');
  list.replaceChildren();
  wantedMaps.clear();
  for (const layer of model.layers) {
    const box = document.createElement('div');
    box.className = 'layer';
    box.dataset.layer = layer.name;
    const vector = layer.height === 1 && layer.width === 1;
    const shape = vector ? `[${layer.channels}]` : `[${layer.height}, ${layer.width}, ${layer.channels}]`;
    const title = Object.assign(document.createElement('h3'), {textContent: layer.name});
    const kind = document.createTextNode(` ${layer.kind}, ${shape}, ${layer.parameters.toLocaleString('en')} parameters, reads ${layer.inputs.join(', ')}`);
    const figures = Object.assign(document.createElement('p'), {className: 'figures'});
    const maps = Object.assign(document.createElement('div'), {className: 'maps'});
    box.append(title, kind, figures);
    if (!vector && layer.channels > FIRST_MAPS && !embedded) box.append(pager(layer));
    box.append(maps);
    if (layer.kernels.length || layer.weightMap.length) box.append(weights(layer));
    list.append(box);
  }
}

function pager(layer) {
  const row = Object.assign(document.createElement('label'), {className: 'hint', textContent: 'Channels from '});
  const input = Object.assign(document.createElement('input'), {type: 'number', min: 0, max: layer.channels - 1, step: FIRST_MAPS, value: 0});
  input.addEventListener('change', () => {
    wantedMaps.set(layer.name, Math.max(0, Math.min(layer.channels - 1, Number(input.value) | 0)));
    showLayers();
  });
  row.append(input, ` of ${layer.channels}`);
  return row;
}

const openLayers = new Set();
const seen = new IntersectionObserver(entries => {
  for (const e of entries) {
    if (e.isIntersecting) openLayers.add(e.target.dataset.layer); else openLayers.delete(e.target.dataset.layer);
  }
  if (shown && entries.some(e => e.isIntersecting)) showLayers();
}, {rootMargin: '300px'});

// Only layers near the screen are asked for.
const showLayers = guarded(async () => {
  const view = document.querySelector('input[name=view]:checked').value;
  await Promise.all(model.layers.map(async layer => {
    const box = document.querySelector(`.layer[data-layer="${CSS.escape(layer.name)}"]`);
    const f = shown.layers.find(l => l.name === layer.name);
    box.querySelector('.figures').textContent =
      `values ${number(f.least)} to ${number(f.most)}; largest difference: scratch − DL4J ${number(f.libraryDifference)}`
      + (shown.exact ? `, scratch − double ${number(f.exactDifference)}` : '');
    if (!openLayers.has(layer.name)) return;
    const stamp = shown.id + view + (wantedMaps.get(layer.name) ?? 0);
    if (box.dataset.stamp === stamp) return;
    box.dataset.stamp = stamp;
    const vector = layer.height === 1 && layer.width === 1;
    const count = vector ? Math.min(layer.channels, 4096) : FIRST_MAPS;
    const maps = await ask('maps', {id: shown.id, layer: layer.name, from: wantedMaps.get(layer.name) ?? 0, count});
    drawMaps(box.querySelector('.maps'), layer, maps, view);
  }));
});

function viewed(maps, view) {
  const ours = floatsOf(maps.scratch), theirs = floatsOf(maps.library);
  if (view === 'scratch') return ours;
  if (!theirs) return null;
  return view === 'library' ? theirs : ours.map((v, i) => v - theirs[i]);
}

function drawMaps(box, layer, maps, view) {
  box.replaceChildren();
  const values = viewed(maps, view);
  if (!values) {
    box.append(Object.assign(document.createElement('p'), {className: 'hint', textContent: 'DL4J does not show this layer by itself; it is part of the next.'}));
    return;
  }
  let least = 0, most = 0;
  for (const v of values) { least = Math.min(least, v); most = Math.max(most, v); }
  const span = Math.max(-least, most, 1e-30);
  const colour = least < 0 ? v => signed(v / span) : v => grey(v / span);
  const plane = maps.height * maps.width;
  if (plane === 1) {
    box.append(vectorMap(box, layer, values, colour));
    return;
  }
  const zoom = Math.max(1, Math.min(8, Math.floor(84 / Math.max(maps.height, maps.width))));
  for (let c = 0; c < maps.count; c++) {
    const button = Object.assign(document.createElement('button'), {type: 'button', className: 'map'});
    const channel = maps.from + c;
    button.setAttribute('aria-label', `${layer.name}, channel ${channel}`);
    const canvas = document.createElement('canvas');
    paint(canvas, maps.width, maps.height, i => colour(values[c * plane + i]));
    canvas.style.width = maps.width * zoom + 'px';
    canvas.style.height = maps.height * zoom + 'px';
    button.append(canvas, Object.assign(document.createElement('span'), {textContent: channel}));
    button.addEventListener('click', guarded(async e => {
      let at = 0;
      if (e.detail === 0) {   // by the keyboard
        for (let i = 1; i < plane; i++) if (values[c * plane + i] > values[c * plane + at]) at = i;
      } else {
        const r = canvas.getBoundingClientRect();
        const x = Math.floor((e.clientX - r.left) / r.width * maps.width);
        const y = Math.floor((e.clientY - r.top) / r.height * maps.height);
        at = Math.max(0, Math.min(maps.height - 1, y)) * maps.width + Math.max(0, Math.min(maps.width - 1, x));
      }
      await tell(layer.name, channel, Math.floor(at / maps.width), at % maps.width);
    }));
    box.append(button);
  }
}

function vectorMap(box, layer, values, colour) {
  const n = values.length, columns = Math.min(n, 64), rows = Math.ceil(n / columns);
  const button = Object.assign(document.createElement('button'), {type: 'button', className: 'map'});
  button.setAttribute('aria-label', `${layer.name}, ${n} values`);
  const canvas = document.createElement('canvas');
  paint(canvas, columns, rows, i => i < n ? colour(values[i]) : [128, 128, 128]);
  const zoom = Math.max(4, Math.min(28, Math.floor(Math.min(640, box.clientWidth || 640) / columns)));
  canvas.style.width = columns * zoom + 'px';
  canvas.style.height = rows * zoom + 'px';
  button.append(canvas);
  button.addEventListener('click', guarded(async e => {
    let at = values.indexOf(values.reduce((a, b) => Math.max(a, b)));
    if (e.detail !== 0) {
      const r = canvas.getBoundingClientRect();
      at = Math.floor((e.clientY - r.top) / r.height * rows) * columns + Math.floor((e.clientX - r.left) / r.width * columns);
    }
    await tell(layer.name, Math.max(0, Math.min(n - 1, at)), 0, 0);
  }));
  return button;
}

function weights(layer) {
  const box = document.createElement('details');
  box.append(Object.assign(document.createElement('summary'), {textContent: layer.kernels.length ? 'Kernels' : 'Weights of one output, laid on the maps it reads'}));
  const inner = Object.assign(document.createElement('div'), {className: 'maps'});
  const kernels = layer.kernels.length > 0;
  // A group convolution has fewer kernels than channels: one for all orientations.
  const most = kernels ? layer.kernels[0] : layer.channels;
  const choose = Object.assign(document.createElement('input'), {type: 'number', min: 0, max: most - 1, value: 0, step: kernels ? MOST_OUTPUTS : 1});
  const row = Object.assign(document.createElement('label'), {className: 'hint', textContent: kernels ? 'Outputs from ' : 'Output '});
  row.append(choose);
  if (most > (kernels ? MOST_OUTPUTS : 1) && !(embedded && kernels)) box.append(row);
  box.append(inner);
  const load = guarded(async () => {
    const output = Math.max(0, Math.min(most - 1, Number(choose.value) | 0));
    const w = await ask('weights', {key: keyOf(model), layer: layer.name, output});
    drawWeights(inner, w, output);
  });
  box.addEventListener('toggle', () => box.open && load());
  choose.addEventListener('change', load);
  box.reload = () => box.open && load();
  return box;
}

const MOST_OUTPUTS = 16;
// A row for each output, in it a picture for each channel that it reads.
function drawWeights(box, w, first) {
  box.replaceChildren();
  const [outputs, channels, height, width] = w.shape;
  const values = floatsOf(w.values), plane = height * width, bias = floatsOf(w.bias);
  const rows = Math.min(outputs, MOST_OUTPUTS), columns = Math.min(channels, 32);
  const span = values.subarray(0, rows * channels * plane).reduce((m, v) => Math.max(m, Math.abs(v)), 1e-30);
  const zoom = Math.max(2, Math.min(12, Math.floor((rows > 1 ? 40 : 84) / Math.max(height, width))));
  const table = document.createElement('table');
  for (let o = 0; o < rows; o++) {
    const row = table.insertRow();
    row.insertCell().textContent = first + o;
    for (let c = 0; c < columns; c++) {
      const from = (o * channels + c) * plane;
      const canvas = document.createElement('canvas');
      paint(canvas, width, height, i => signed(values[from + i] / span));
      canvas.style.width = width * zoom + 'px';
      canvas.style.height = height * zoom + 'px';
      canvas.title = Array.from(values.subarray(from, from + plane)).map(number).join(' ');
      canvas.setAttribute('role', 'img');
      canvas.setAttribute('aria-label', `Weights of output ${first + o} on channel ${c}`);
      row.insertCell().append(canvas);
    }
    if (bias) row.insertCell().textContent = `bias ${number(bias[o])}`;
  }
  const scroll = Object.assign(document.createElement('div'), {className: 'scroll'});
  scroll.append(table);
  box.append(scroll, Object.assign(document.createElement('p'), {className: 'hint',
    textContent: `Rows: outputs${rows < outputs ? ' (the first)' : ''}; columns: channels read${columns < channels ? ` (32 of ${channels})` : ''}. Blue negative, red positive, up to ${number(span)}.`}));
}
