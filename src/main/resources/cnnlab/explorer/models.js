'use strict';
// The models, the epochs of a run, and the start of the page.

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
