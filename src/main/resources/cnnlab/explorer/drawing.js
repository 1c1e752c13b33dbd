'use strict';
// Drawing, images of the data set, and image files.

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
