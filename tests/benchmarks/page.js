// chicane-benchmark-page: how soon a report's matrix is painted, and how fast its filters answer: of a run as large as the
// whole catalogue, and of one of 10,000 scenarios in five lanes; or of the pages that are named.
//   chicane-benchmark-page [PAGE.html…]
'use strict';
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { close, launch, open, settled } = require('../browser/browser.js');

const [sampleReport, ...named] = process.argv.slice(2);

// From the start of loading until the frame after the one that has a row of the matrix. It asks for no layout, which
// would cost more than what is measured.
const watchForMatrix = () => {
  const look = () => {
    if (document.querySelector('.matrix tbody tr')) requestAnimationFrame(() => { window.matrixPainted = performance.now(); });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

// Each way of asking the matrix for less, by its label, with the time until the frame that shows the answer, of several asks.
const askFilters = (times) => {
  const twoFrames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
  const form = document.querySelector('[role=search]');
  const ask = async (field, value) => {
    await twoFrames();
    const start = performance.now();
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
    document.body.getBoundingClientRect();
    await new Promise((done) => requestAnimationFrame(() => { const port = new MessageChannel(); port.port1.onmessage = done; port.port2.postMessage(0); }));
    return performance.now() - start;
  };
  const fields = form ? [...form.querySelectorAll('select, input')] : [];
  return fields.reduce(async (before, field) => {
    const told = await before;
    const values = field.tagName === 'SELECT' ? [...field.options].slice(1).map((one) => one.value) : ['a', 'lock', 'race'];
    const taken = [];
    for (let i = 0; i < times; ++i) {
      taken.push(await ask(field, values[i % values.length]));
      await ask(field, '');
    }
    return [...told, [field.name, taken]];
  }, Promise.resolve([]));
};

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
// Of 7 rounds, the least and the greatest hold the median in 98 %.
const tell = (name, values, unit, reference) => {
  const digits = (value) => unit === 's' ? value.toFixed(3) : value.toFixed(1);
  const interval = values.length >= 6 ? ` [${digits(Math.min(...values))} … ${digits(Math.max(...values))}]` : '';
  console.log(`${name} ${digits(median(values))} ${unit}${interval} (reference: ${reference})`);
};

async function measure(browser, name, file, rounds, paintLimit) {
  const url = pathToFileURL(path.resolve(file)).href;
  const painted = { 'first-paint': [], matrix: [], loaded: [] };
  let filters = [];
  for (let i = 0; i < rounds; ++i) {
    const page = await open(browser, url, { before: watchForMatrix });
    await page.waitForFunction(() => window.matrixPainted > 0);
    await settled(page);
    const [first, matrix, loaded] = await page.evaluate(() => [performance.getEntriesByName('first-contentful-paint')[0].startTime,
      window.matrixPainted, performance.getEntriesByType('navigation')[0].loadEventEnd]);
    painted['first-paint'].push(first / 1000);
    painted.matrix.push(matrix / 1000);
    painted.loaded.push(loaded / 1000);
    if (i + 1 === rounds) filters = await page.evaluate(askFilters, 7);
    await close(page);
  }
  const size = `${(fs.statSync(file).size / 1e6).toFixed(2)} MB`;
  for (const [what, values] of Object.entries(painted))
    tell(`page/${name}-${what}`, values, 's', what === 'matrix' ? `${paintLimit}; ${size}` : `none; ${size}`);
  for (const [field, values] of filters) tell(`page/${name}-filter-${field}`, values, 'ms', field === 'sort' ? 'none' : 'limit 200 ms');
  if (filters.length === 0) console.log(`page/${name}: its matrix has no filters`);
}

(async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chicane-page-'));
  const browser = await launch();
  try {
    for (const file of named) await measure(browser, path.basename(file, '.html'), file, 7, 'limit 1 s');
    if (named.length > 0) return;
    for (const [kind, name, rounds, limit] of [['catalogue', 'catalogue', 7, 'limit 1 s'], ['large', '10000-scenarios', 3, 'none']]) {
      const file = path.join(folder, `${name}.html`);
      fs.writeFileSync(file, execFileSync(sampleReport, ['html', kind], { maxBuffer: 1 << 30 }));
      await measure(browser, name, file, rounds, limit);
    }
  } finally {
    await browser.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
})();
