'use strict';
(() => {
  const el = id => document.getElementById(id);
  const embedded = el('answers') ? JSON.parse(el('answers').textContent) : null;
  if (embedded) document.body.classList.add('static');

  // ---- Questions -----------------------------------------------------------------------------
  async function ask(name, args = {}) {
    if (embedded) return answerFrom(name, args);
    const reply = await fetch('api/' + name, {
      method: 'POST',
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify(args),
    });
    const body = await reply.json();
    if (!reply.ok) throw new Error(body.error);
    return body;
  }

  // A page without a server holds the answers for one image.
  function answerFrom(name, args) {
    const found = {
      models: () => embedded.models,
      model: () => embedded.models.models[0],
      example: () => embedded.example,
      examples: () => ({count: 1}),
      examine: () => embedded.examine,
      attention: () => embedded.attention,
      maps: () => embedded['maps/' + args.layer],
      weights: () => embedded[`weights/${args.layer}/${args.output}`],
      value: () => embedded['values/' + args.layer].find(s => s.channel === args.channel),
    }[name];
    const answer = found && found();
    if (!answer) throw new Error('This page was saved without a server and does not hold that.');
    return answer;
  }

  function bytesOf(text) { return Uint8Array.from(atob(text), c => c.charCodeAt(0)); }
  function floatsOf(text) { return text ? new Float32Array(bytesOf(text).buffer) : null; }
  function textOf(bytes) {
    let s = '';
    for (let i = 0; i < bytes.length; i += 8192) s += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(s);
  }

  function problem(e) {
    el('error').hidden = !e;
    el('error').textContent = e ? e.message : '';
  }
  const guarded = f => async (...args) => {
    try { await f(...args); } catch (e) { problem(e); }
  };

  // ---- State ---------------------------------------------------------------------------------
  let models = [];
  let model = null;
  let epoch = null;        // of a run whose weights of other epochs were kept
  let pixels = null;       // [H, W, C], as drawn
  let shown = null;        // what examine answered
  let besideShown = null;
  let label = -1;
  let mistakes = null;
  let busy = false, again = false;
  let cursor = [0, 0], cursorShown = false;

  const number = v => {
    if (v === null || v === undefined) return '–';
    if (!Number.isFinite(v)) return String(v);
    const a = Math.abs(v);
    return a !== 0 && (a < 1e-3 || a >= 1e5) ? v.toExponential(2) : String(Number(v.toPrecision(5)));
  };

  const bracketed = v => v < 0 ? `(${number(v)})` : number(v);

  // ---- Canvas --------------------------------------------------------------------------------
  function paint(canvas, width, height, colour) {
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext('2d');
    const image = context.createImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      const [r, g, b] = colour(i);
      image.data.set([r, g, b, 255], 4 * i);
    }
    context.putImageData(image, 0, 0);
  }
  const pixelColour = (data, c) => i => c === 1 ? [data[i], data[i], data[i]] : [data[3 * i], data[3 * i + 1], data[3 * i + 2]];
  // From blue over white to red, for signed values; -1..1.
  function signed(v) {
    const t = Math.max(-1, Math.min(1, v));
    return t < 0 ? [255 + t * 220, 255 + t * 150, 255] : [255, 255 - t * 165, 255 - t * 220];
  }
  const grey = v => { const g = 255 * Math.max(0, Math.min(1, v)); return [g, g, g]; };

  function showPixels() {
    const data = shown ? bytesOf(shown.pixels) : pixels;
    paint(el('drawing'), model.width, model.height, pixelColour(data, model.channels));
    if (cursorShown) {
      const context = el('drawing').getContext('2d');
      context.fillStyle = 'rgb(230 60 60 / .7)';
      context.fillRect(cursor[0], cursor[1], 1, 1);
    }
    el('drawing').setAttribute('aria-label', `Image of ${model.width} by ${model.height} pixels`);
  }

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

  // ---- How a value came about ----------------------------------------------------------------
  async function tell(layer, channel, row, column) {
    const s = await ask('value', {id: shown.id, layer, channel, row, column});
    el('value-title').textContent = `${s.layer} (${s.kind}), channel ${s.channel}, row ${s.row}, column ${s.column}`;
    const body = el('value-body');
    body.replaceChildren();
    const line = (text, name = '') => body.append(Object.assign(document.createElement('p'), {textContent: text, className: name}));
    line(s.equation, 'equation');
    const windows = s.parts.filter(p => p.rows * p.columns > 1);
    for (const p of windows) body.append(partBox(p));
    const terms = s.parts.filter(p => p.rows * p.columns <= 1);
    if (terms.length) body.append(termTable(terms));
    if (s.omitted) line(`and ${s.omitted} more, with the sum ${number(s.omittedSum)}`);
    if (s.sum !== null) {
      const weighted = s.parts.some(p => p.weights);
      const sums = s.parts.map(p => bracketed(p.sum));
      const shownSums = sums.length > 6 ? sums.slice(0, 5).join(' + ') + ' + …' : sums.join(' + ');
      line(weighted ? `sum: ${shownSums}${s.bias === null ? '' : ` + bias ${bracketed(s.bias)}`} = ${number(s.sum)}` : `sum: ${number(s.sum)}`);
    }
    if (s.function) line(`${s.function}(${number(s.sum)}) = ${number(s.result)}`);
    const table = document.createElement('table');
    const add = (name, value, kind) => {
      const r = table.insertRow();
      r.insertCell().textContent = name;
      const c = r.insertCell();
      c.textContent = value === null ? '–' : String(value);
      c.className = kind;
      const d = r.insertCell();
      d.textContent = value === null || value === s.scratch ? '' : `scratch − this: ${number(s.scratch - value)}`;
    };
    if (s.result !== null) add('as computed here', s.result, '');
    add('from scratch', s.scratch, 'scratch');
    add('DL4J', s.library, 'library');
    add('double precision', s.exact, 'exact');
    const results = Object.assign(document.createElement('div'), {className: 'story'});
    results.append(table);
    body.append(results);
    el('value').showModal();
  }

  function grid(values, rows, columns, name) {
    const table = document.createElement('table');
    table.createCaption().textContent = name;
    for (let r = 0; r < rows; r++) {
      const row = table.insertRow();
      for (let c = 0; c < columns; c++) {
        const v = values[r * columns + c], cell = row.insertCell();
        cell.textContent = v === null ? '0' : number(v);
        if (v === null) { cell.className = 'outside'; cell.title = 'outside the image'; }
      }
    }
    return table;
  }
  function partBox(p) {
    const box = Object.assign(document.createElement('div'), {className: 'story part'});
    box.append(grid(p.inputs, p.rows, p.columns, `${p.name}, from row ${p.inputRow}, column ${p.inputColumn}`));
    if (p.weights) {
      box.append('×', grid(p.weights, p.rows, p.columns, 'kernel'), '=',
        grid(p.inputs.map((x, i) => (x ?? 0) * p.weights[i]), p.rows, p.columns, 'products'));
    }
    box.append(`→ ${number(p.sum)}`);
    return box;
  }
  function termTable(terms) {
    const box = Object.assign(document.createElement('div'), {className: 'story'});
    const table = document.createElement('table');
    for (const t of terms) {
      const row = table.insertRow();
      row.insertCell().textContent = t.name;
      if (t.inputs.length) row.insertCell().textContent = number(t.inputs[0]);
      if (t.weights) {
        row.insertCell().textContent = '× ' + number(t.weights[0]);
        row.insertCell().textContent = '= ' + number(t.sum);
      } else if (t.inputs.length && t.sum !== t.inputs[0]) {
        row.insertCell().textContent = '→ ' + number(t.sum);
      } else if (!t.inputs.length) {
        row.insertCell().textContent = number(t.sum);
      }
    }
    box.append(table);
    return box;
  }

  // ---- Drawing -------------------------------------------------------------------------------
  function stroke(x, y) {
    const radius = Number(el('brush').value), c = model.channels;
    const erase = el('eraser').checked;
    const hex = el('colour').value;
    const rgb = [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
    for (let j = Math.floor(y - radius - 1); j <= y + radius + 1; j++) {
      for (let i = Math.floor(x - radius - 1); i <= x + radius + 1; i++) {
        if (i < 0 || j < 0 || i >= model.width || j >= model.height) continue;
        const strength = Math.max(0, Math.min(1, radius + .5 - Math.hypot(i + .5 - x, j + .5 - y)));
        for (let k = 0; k < c; k++) {
          const at = (j * model.width + i) * c + k;
          const ink = erase ? (c === 1 ? 0 : 255) : c === 1 ? 255 : rgb[k];
          const mixed = pixels[at] + strength * (ink - pixels[at]);
          pixels[at] = c === 1 && !erase ? Math.max(pixels[at], Math.round(255 * strength)) : Math.round(mixed);
        }
      }
    }
  }
  function place(e) {
    const r = el('drawing').getBoundingClientRect();
    return [(e.clientX - r.left) / r.width * model.width, (e.clientY - r.top) / r.height * model.height];
  }
  let last = null;
  function drawTo(e) {
    const [x, y] = place(e);
    const [fromX, fromY] = last ?? [x, y];
    const steps = Math.max(1, Math.ceil(2 * Math.hypot(x - fromX, y - fromY)));
    for (let s = 0; s <= steps; s++) stroke(fromX + (x - fromX) * s / steps, fromY + (y - fromY) * s / steps);
    last = [x, y];
    drawn();
  }
  function drawn() {
    label = -1;
    el('label').textContent = 'Drawn by hand.';
    examine();
  }
  function clearImage() {
    pixels = new Uint8Array(model.height * model.width * model.channels).fill(model.channels === 1 ? 0 : 255);
    drawn();
  }
  function setUpDrawing() {
    const canvas = el('drawing');
    canvas.addEventListener('pointerdown', e => {
      if (embedded) return;
      canvas.setPointerCapture(e.pointerId);
      last = null;
      // One draws on the picture as it is seen.
      if (shown && JSON.stringify(change()) !== JSON.stringify(plain())) {
        pixels = bytesOf(shown.pixels);
        resetChanges();
      }
      drawTo(e);
    });
    canvas.addEventListener('pointermove', e => { if (canvas.hasPointerCapture(e.pointerId)) drawTo(e); });
    canvas.addEventListener('keydown', e => {
      const moves = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
      if (embedded) return;
      if (moves[e.key]) {
        cursor = [Math.max(0, Math.min(model.width - 1, cursor[0] + moves[e.key][0])), Math.max(0, Math.min(model.height - 1, cursor[1] + moves[e.key][1]))];
        el('label').textContent = `Column ${cursor[0]}, row ${cursor[1]}`;
        cursorShown = true;
        showPixels();
      } else if (e.key === ' ') {
        stroke(cursor[0] + .5, cursor[1] + .5);
        drawn();
      } else if (e.key === 'Delete' || e.key === 'Backspace') {
        clearImage();
      } else {
        return;
      }
      e.preventDefault();
    });
    canvas.addEventListener('blur', () => { if (cursorShown) { cursorShown = false; showPixels(); } });
    el('clear').addEventListener('click', () => { resetChanges(); clearImage(); });
  }
  function plain() {
    const c = {flipHorizontally: false, flipVertically: false};
    for (const [name, , , , , value] of SLIDERS) if (el('s-' + name)) c[name] = value;
    return c;
  }

  // ---- Images of the data set and of files -----------------------------------------------------
  const example = guarded(async index => {
    const e = await ask('example', {key: model.key, index});
    setName = e.set;
    pixels = bytesOf(e.pixels);
    label = e.label;
    el('index').value = e.index;
    el('index').max = e.count - 1;
    el('label').textContent = e.count === 1 ? e.set : `${e.set}, image ${e.index.toLocaleString('en')} of ${e.count.toLocaleString('en')}`
      + (e.label >= 0 ? `, true class ${model.classes[e.label] ?? e.label}` : '');
    await examine();
  });
  function setUpExamples() {
    const go = d => {
      const most = Number(el('index').max || 0);
      example(Math.max(0, Math.min(most, (Number(el('index').value) | 0) + d)));
    };
    el('index').addEventListener('change', () => go(0));
    el('previous').addEventListener('click', () => go(-1));
    el('next').addEventListener('click', () => go(1));
    el('mistake').addEventListener('click', guarded(async () => {
      if (!mistakes || model.key === 'live') mistakes = await ask('mistakes', {key: keyOf(model)});
      const now = Number(el('index').value) | 0;
      const next = mistakes.wrong.find(i => i > now) ?? mistakes.wrong[0];
      if (next === undefined) {
        el('label').textContent = `No mistakes among the first ${mistakes.examined.toLocaleString('en')} images.`;
        return;
      }
      await example(next);
      el('label').textContent += `; ${mistakes.wrong.length} of the first ${mistakes.examined.toLocaleString('en')} are wrong`;
    }));
    el('file').addEventListener('change', guarded(async () => {
      const file = el('file').files[0];
      if (!file) return;
      // The browser decodes it; only the pixels are sent.
      const picture = await createImageBitmap(file).catch(() => { throw new Error(`${file.name} is not an image that this browser reads.`); });
      const canvas = Object.assign(document.createElement('canvas'), {width: model.width, height: model.height});
      const context = canvas.getContext('2d');
      context.imageSmoothingQuality = 'high';
      // Its centre, in the shape of the input, so that nothing is stretched.
      const part = Math.min(picture.width / model.width, picture.height / model.height);
      const w = part * model.width, h = part * model.height;
      context.drawImage(picture, (picture.width - w) / 2, (picture.height - h) / 2, w, h, 0, 0, model.width, model.height);
      const data = context.getImageData(0, 0, model.width, model.height).data;
      pixels = new Uint8Array(model.height * model.width * model.channels);
      for (let i = 0; i < model.height * model.width; i++) {
        const [r, g, b] = data.subarray(4 * i, 4 * i + 3);
        if (model.channels === 3) pixels.set([r, g, b], 3 * i);
        else pixels[i] = Math.round(.299 * r + .587 * g + .114 * b);
      }
      label = -1;
      el('label').textContent = `${file.name}, ${picture.width} x ${picture.height} pixels, ${Math.abs(picture.width * model.height - picture.height * model.width) > Math.max(picture.width, picture.height) ? 'its centre ' : ''}resized to ${model.width} x ${model.height}`;
      await examine();
    }));
  }

  // ---- Training ------------------------------------------------------------------------------
  let points = [];
  let events = null;
  let liveTurn = Promise.resolve();
  function setUpTraining() {
    const form = el('training');
    form.elements.network.addEventListener('change', () => {
      form.elements.images.value = form.elements.network.value === 'task2' ? 128 : 0;
      showTransforms();
    });
    form.elements.augmentation.addEventListener('change', showTransforms);
    form.addEventListener('submit', guarded(async e => {
      e.preventDefault();
      const f = form.elements;
      const made = await ask('train', {
        network: f.network.value, images: Number(f.images.value) | 0, engine: f.engine.value,
        optimiser: f.optimiser.value, learningRate: Number(f.learningRate.value),
        batchSize: Number(f.batchSize.value) | 0, augmentation: f.augmentation.checked ? transforms() : [], seed: Number(f.seed.value) | 0,
      });
      el('warnings').textContent = made.warnings.join(' ');
      points = [];
      el('steering').hidden = false;
      progress(made.state);
      listen();
      await loadModels('live');
    }));
    for (const b of document.querySelectorAll('#steering [data-action]')) {
      b.addEventListener('click', guarded(async () => progress(await ask('steer', {action: b.dataset.action}))));
    }
    el('keep').addEventListener('click', guarded(async () => {
      const kept = await ask('keep');
      el('progress').textContent = `Kept: ${kept.run}`;
    }));
  }
  // The transforms that fit the images of the chosen network, with one number each.
  let choices = [], choicesOf = '';
  const showTransforms = guarded(async () => {
    const f = el('training').elements;
    el('transforms').hidden = !f.augmentation.checked;
    const images = f.network.value.startsWith('task3') ? 'patches' : 'digits';
    if (el('transforms').hidden || images === choicesOf) return;
    choicesOf = images;
    choices = (await ask('augmentations', {network: f.network.value})).choices;
    el('transform-list').replaceChildren(...choices.map(c => {
      const row = document.createElement('div');
      const box = Object.assign(document.createElement('input'), {type: 'checkbox', id: 't-' + c.name, checked: c.first});
      const name = document.createElement('label');
      name.append(box, ' ' + c.name.replace(/[A-Z]/g, a => ' ' + a.toLowerCase()));
      row.append(name);
      if (c.parameter) {
        const value = Object.assign(document.createElement('input'), {type: 'number', id: 'v-' + c.name, min: c.least, max: c.most, step: 'any', value: c.usual});
        value.setAttribute('aria-label', `${c.name}: ${c.parameter}, ${c.unit}`);
        value.addEventListener('input', () => { box.checked = true; });
        row.append(value, Object.assign(document.createElement('span'), {className: 'hint', textContent: c.unit}));
      }
      return row;
    }));
  });
  function transforms() {
    return choices.filter(c => el('t-' + c.name).checked).map(c =>
      ({[c.name]: {...c.others, ...(c.parameter ? {[c.parameter]: Number(el('v-' + c.name).value)} : {})}}));
  }
  function listen() {
    if (events) return;
    events = new EventSource('events');
    events.onmessage = m => {
      const state = JSON.parse(m.data);
      points.push(state);
      if (points.length > 2000) points = points.filter((p, i) => i % 2);
      progress(state);
      drawCurve();
      if (model.key === 'live') liveTurn = liveTurn.then(refresh);
    };
  }
  // Weights have changed: look again, one at a time.
  let refreshing = false, refreshAgain = false;
  async function refresh() {
    if (refreshing) { refreshAgain = true; return; }
    refreshing = true;
    do {
      refreshAgain = false;
      await examine();
      for (const d of document.querySelectorAll('.layer details')) if (d.reload) await d.reload();
    } while (refreshAgain);
    refreshing = false;
  }
  function progress(s) {
    if (s.problem) problem(new Error(s.problem));
    el('progress').textContent = `${s.running ? 'Training' : 'Paused'}: epoch ${s.epoch}, batch ${s.batch} of ${s.batches}, step ${s.step}`
      + (s.loss === null ? '' : `; loss ${number(s.loss)}`)
      + (s.validationAccuracy === null ? '' : `; validation accuracy ${number(s.validationAccuracy)}, loss ${number(s.validationLoss)}`)
      + (s.imagesPerSecond === null ? '' : `; ${Math.round(s.imagesPerSecond).toLocaleString('en')} images/s`);
  }
  function drawCurve() {
    const svg = el('curve');
    svg.removeAttribute('hidden');
    const good = points.filter(p => p.loss !== null);
    if (!good.length) return;
    const steps = Math.max(1, good[good.length - 1].step), most = Math.max(...good.map(p => p.loss), 1e-9);
    const x = p => 30 + 360 * p.step / steps;
    const line = (get, top) => good.filter(p => get(p) !== null).map(p => `${x(p).toFixed(1)},${(120 - 105 * get(p) / top).toFixed(1)}`).join(' ');
    svg.innerHTML = '<polyline class="scratch" fill="none" stroke="currentColor" stroke-width="1.5"/><polyline class="exact" fill="none" stroke="currentColor" stroke-width="1.5"/><text x="30" y="10"></text><text x="30" y="135"></text>';
    const [a, b] = svg.querySelectorAll('polyline'), [c, d] = svg.querySelectorAll('text');
    a.setAttribute('points', line(p => p.loss, most));
    b.setAttribute('points', line(p => p.validationAccuracy, 1));
    c.textContent = `blue: training loss, top ${number(most)}; green: validation accuracy, top 1`;
    d.textContent = `steps 0 to ${steps}`;
  }

  // ---- Epochs of a run -------------------------------------------------------------------------
  let setName = '';
  let playing = false;
  // The model of a key's epoch; of another run the same epoch if it was kept, else the model file.
  function keyOf(m) {
    const found = m.epochs.find(e => e.epoch === epoch);
    return !found || found.file ? m.key : `${m.key}@${epoch}`;
  }
  function besideTitle() {
    const other = models.find(m => m.key === el('beside').value);
    const same = epoch !== null && other.epochs.some(e => e.epoch === epoch);
    return `Beside: ${other.name}${same ? ` after epoch ${epoch}` : epoch !== null ? ' as its file has it' : ''}. `;
  }
  function showEpochs() {
    const has = !embedded && model.epochs.length > 0;
    el('epochs').hidden = !has;
    epoch = null;
    if (!has) return;
    const kept = model.epochs.findIndex(e => e.file);
    el('epoch').max = model.epochs.length - 1;
    el('epoch').value = kept < 0 ? model.epochs.length - 1 : kept;
    epoch = model.epochs[Number(el('epoch').value)].epoch;
    tellEpoch();
  }
  async function tellEpoch() {
    const e = model.epochs[Number(el('epoch').value)];
    const words = e.epoch === 0 ? 'epoch 0: before training' : `after epoch ${e.epoch}`;
    const parts = [words + (e.file ? ' (in the model file)' : '')];
    if (e.batchLoss !== null) parts.push(`training loss ${number(e.batchLoss)}`);
    if (e.validationLoss !== null) parts.push(`validation loss ${number(e.validationLoss)}`);
    if (e.validationAccuracy !== null) parts.push(`validation accuracy ${number(e.validationAccuracy)}`);
    el('epoch').setAttribute('aria-valuetext', words);
    el('epoch-text').textContent = parts.join('; ');
    if (el('example-tools').hidden) return;
    const asked = keyOf(model);
    const found = await ask('mistakes', {key: asked});
    if (asked !== keyOf(model)) return;
    mistakes = found;
    const right = found.examined - found.wrong.length;
    parts.push(`of the first ${found.examined.toLocaleString('en')} test images ${right.toLocaleString('en')} are right (${number(right / found.examined)})`);
    el('epoch-text').textContent = parts.join('; ');
  }
  const turnTo = guarded(async position => {
    el('epoch').value = position;
    epoch = model.epochs[Number(el('epoch').value)].epoch;
    mistakes = null;
    await Promise.all([refresh(), tellEpoch()]);
  });
  function setUpEpochs() {
    el('epoch').addEventListener('input', () => { stopPlaying(); turnTo(el('epoch').value); });
    el('play').addEventListener('click', async () => {
      if (playing) { stopPlaying(); return; }
      playing = true;
      el('play').setAttribute('aria-pressed', 'true');
      el('play').textContent = '❚❚ Stop';
      const last = model.epochs.length - 1;
      const from = Number(el('epoch').value) === last ? 0 : Number(el('epoch').value);
      for (let i = from; i <= last && playing; i++) {
        await Promise.all([turnTo(i), new Promise(done => { setTimeout(done, 400); })]);
      }
      stopPlaying();
    });
  }
  function stopPlaying() {
    playing = false;
    el('play').setAttribute('aria-pressed', 'false');
    el('play').textContent = '▶ Play';
  }

  // ---- Models --------------------------------------------------------------------------------
  async function loadModels(wanted) {
    const answer = await ask('models');
    models = answer.models;
    const options = () => models.map(m => Object.assign(document.createElement('option'), {value: m.key, textContent: m.key === 'live' ? 'the one that learns' : m.name}));
    el('model').replaceChildren(...options());
    el('beside').replaceChildren(Object.assign(document.createElement('option'), {value: '', textContent: 'none'}), ...options());
    el('beside-choice').hidden = models.length < 2;
    el('model-choice').hidden = !models.length;
    if (models.length) await choose(wanted && models.some(m => m.key === wanted) ? wanted : models[0].key);
    for (const id of ['image-panel', 'output-panel', 'look-panel', 'layers']) el(id).hidden = !models.length;
    if (!models.length) el('facts').textContent = 'No model was named: choose a network below and watch it learn.';
  }

  const choose = guarded(async key => {
    const before = model;
    stopPlaying();
    model = models.find(m => m.key === key);
    el('model').value = key;
    mistakes = null;
    showEpochs();
    const same = before && sameInput(before);
    const total = model.layers.reduce((n, l) => n + l.parameters, 0);
    el('facts').textContent = `${model.layers.length} layers, ${total.toLocaleString('en')} parameters, inputs [${model.height}, ${model.width}, ${model.channels}], 8-bit values x become ${model.scale}`
      + (model.preprocessing.length ? ` after ${model.preprocessing.join(', ')}` : '');
    el('colour-choice').hidden = model.channels !== 3;
    seen.disconnect();
    openLayers.clear();
    makeLayers();
    for (const box of document.querySelectorAll('.layer')) seen.observe(box);
    if (same && pixels) { await examine(); return; }
    makeSliders();
    shown = null;
    cursor = [model.width >> 1, model.height >> 1];
    for (const id of ['image-panel', 'output-panel', 'look-panel', 'layers']) el(id).hidden = false;
    const {count} = await ask('examples', {key});
    el('example-tools').hidden = count === 0;
    if (count > 0) await example(0); else clearImage();
  });

  el('model').addEventListener('change', () => choose(el('model').value));
  el('beside').addEventListener('change', examine);
  el('reset').addEventListener('click', resetChanges);
  for (const id of ['flip-horizontal', 'flip-vertical']) el(id).addEventListener('change', examine);
  for (const r of document.querySelectorAll('input[name=view]')) r.addEventListener('change', showLayers);
  setUpDrawing();
  setUpExamples();
  setUpEpochs();
  if (!embedded) setUpTraining();
  guarded(() => loadModels())();
})();
