'use strict';
// Questions to the server, what the page knows, and how pixels are painted. The files share one scope.

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
