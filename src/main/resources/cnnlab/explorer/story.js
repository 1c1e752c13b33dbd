'use strict';
// How a value came about.

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
