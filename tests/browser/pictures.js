// The pictures of docs/reading-a-report.md, from a real page; names choose some of them.
//   tests/browser/with_browser.sh tests/browser/pictures.js PAGE.html FOLDER [NAME…]
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { close, launch, open, settled } = require('./browser.js');

const [file, folder, ...names] = process.argv.slice(2);
const format = process.env.FORMAT || 'webp';  // png: to be looked at
const margin = 16;

// Of elements (a selector, and words that one of them has): what to leave out beside them, and how much of it is shown.
const choose = (page, selector, words = '') => page.locator(selector, { hasText: words }).first();
const keepRows = (page, selector, wanted) => page.evaluate(([table, kept]) => {
  for (const row of document.querySelectorAll(table)) row.hidden = !kept.includes(row.querySelector('th').textContent.trim());
}, [selector, wanted]);

// What each shows: an element, or the first and the last of some, after whatever has to be done.
const pictures = {
  top: async (page) => [choose(page, '.top'), page.locator('.matrix tbody tr').nth(3)],
  matrix: async (page) => {
    await page.getByLabel('Family').selectOption('counter');
    return [choose(page, '.filter'), page.locator('.matrix tbody tr:visible').nth(6)];
  },
  'rests-on': async (page) => {
    await page.evaluate(() => { document.querySelector('#verdicts details').open = true; });
    await keepRows(page, '.reasons tbody', ['counter/atomic', 'async/dangling-reference']);
    return [choose(page, '.reasons')];
  },
  compare: async (page) => [choose(page, '#compare h2'), page.locator('.forest tbody tr').nth(7)],
  history: async (page) => {
    await choose(page, '#history h2').scrollIntoViewIfNeeded();
    const line = page.locator('.history [role=slider]').first();
    await line.focus();
    const at = await page.evaluate(() => Number(document.querySelector('.history [data-at]')?.dataset.at ?? 3));
    for (let i = 0; i < at; ++i) await page.keyboard.press('ArrowLeft');
    return [choose(page, '#history h2'), page.locator('.history tbody tr').nth(5)];
  },
  outcomes: async (page) => [choose(page, '#outcomes .scroll', 'litmus/store-buffering')],
  speed: async (page) => {
    const panel = page.locator('.panel').filter({ has: page.getByRole('heading', { name: 'semaphore', exact: true }) });
    return [panel.locator('h3'), panel.locator('table').first()];
  },
  claims: async (page) => {
    await page.evaluate(() => { [...document.querySelectorAll('.claims tbody tr')].slice(6).forEach((row) => { row.hidden = true; }); });
    return [choose(page, '.claims')];
  },
  which: async (page) => [choose(page, '#claims h2', 'Which'), page.locator('.choices').last()],
  race: async (page) => {
    const finding = page.locator('.finding', { hasText: 'counter/unlocked' }).filter({ hasText: 'Data race' }).first();
    return [finding.locator('header'), finding.locator('.sides')];
  },
  schedule: async (page) => {
    const finding = page.locator('.finding', { hasText: 'Lost wakeup' }).filter({ has: page.locator('.steps') }).first();
    const slider = finding.locator('.time input');
    await slider.focus();
    for (let i = 0; i < 7; ++i) await page.keyboard.press('ArrowLeft');
    return [finding.locator('header'), finding.locator('.steps tr.later').first()];
  },
  host: async (page) => [choose(page, '#host h2'), page.locator('#host article').first()],
};

// Around all of them, at the top of the window. What was out of sight moves once it is drawn, so until nothing moves.
async function clipOf(page, locators) {
  const top = () => locators[0].evaluate((one) => one.getBoundingClientRect().top);
  for (let still = 0, i = 0; still < 3 && i < 40; ++i) {
    const before = await top();
    await locators[0].evaluate((one) => scrollTo({ top: one.getBoundingClientRect().top + scrollY - 40, behavior: 'instant' }));
    await settled(page);
    await page.waitForTimeout(100);
    still = Math.abs(await top() - before) < 1 ? still + 1 : 0;
  }
  const boxes = await Promise.all(locators.map((one) => one.boundingBox()));
  const { width, height } = page.viewportSize();
  const x = Math.max(0, Math.min(...boxes.map((box) => box.x)) - margin), y = Math.max(0, Math.min(...boxes.map((box) => box.y)) - margin);
  const right = Math.min(width, Math.max(...boxes.map((box) => box.x + box.width)) + margin);
  const bottom = Math.min(height, Math.max(...boxes.map((box) => box.y + box.height)) + 4);
  return { x, y, width: right - x, height: bottom - y };
}

// A browser's own encoder, as Playwright has none.
async function toWebp(browser, png) {
  const page = await browser.newPage();
  const data = await page.evaluate(async (text) => {
    const image = new Image();
    image.src = `data:image/png;base64,${text}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.8);
  }, png.toString('base64'));
  await page.close();
  return Buffer.from(data.split(',')[1], 'base64');
}

(async () => {
  const browser = await launch();
  for (const [name, prepare] of Object.entries(pictures)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const page = await open(browser, pathToFileURL(path.resolve(file)).href, { width: 1100, height: 1300 });
    await page.evaluate(() => document.documentElement.classList.remove('long'));  // what waits to be in view would move
    const clip = await clipOf(page, await prepare(page));
    const picture = await page.screenshot({ clip });
    await close(page);
    const short = await toWebp(browser, picture);
    fs.writeFileSync(path.join(folder, `${name}.${format}`), format === 'png' ? picture : short);
    console.log(`${name}.${format}: ${Math.round(clip.width)} × ${Math.round(clip.height)}, ${Math.round(short.length / 1000)} kB`);
  }
  await browser.close();
})();
