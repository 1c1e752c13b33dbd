'use strict';
// Watching a network learn.

// ---- Training ------------------------------------------------------------------------------
let points = [];
let events = null;
let heard = 0;              // events so far
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
    b.addEventListener('click', guarded(async () => {
      const before = heard;
      const state = await ask('steer', {action: b.dataset.action});
      // An event may overtake the answer of a short epoch; it is newer.
      if (heard === before) progress(state);
    }));
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
    heard++;
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
