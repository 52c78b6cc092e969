// The pictures of docs/reading-a-report.md, from a real page; names choose some of them.
//   tests/browser/with_browser.sh tests/browser/pictures.js PAGE.html FOLDER [NAME…]
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { close, launch, open, settled } = require('./browser.js');

const [file, folder, ...names] = process.argv.slice(2);
const margin = 16;

// Of elements (a selector, and words that one of them has): what to leave out beside them, and how much of it is shown.
const choose = (page, selector, words = '') => page.locator(selector, { hasText: words }).first();
const keepRows = (page, selector, wanted) => page.evaluate(([table, kept]) => {
  for (const row of document.querySelectorAll(table)) row.hidden = !kept.some((words) => row.textContent.includes(words));
}, [selector, wanted]);

// What each shows: an element, or the first and the last of some, after whatever has to be done.
const pictures = {
  top: async (page) => [choose(page, '.top'), page.locator('.matrix tbody tr').nth(4)],
  matrix: async (page) => {
    await page.getByLabel('Family').selectOption('counter');
    return [choose(page, '.filter'), choose(page, '.matrix')];
  },
  'rests-on': async (page) => {
    await page.evaluate(() => { document.querySelector('#verdicts details').open = true; });
    await keepRows(page, '.reasons tbody', ['counter/atomic', 'counter/unlocked']);
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
    const panel = page.locator('.panel').filter({ has: page.getByRole('heading', { name: 'counter', exact: true }) });
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
    for (let i = 0; i < 3; ++i) await page.keyboard.press('ArrowLeft');
    return [finding.locator('header'), finding.locator('.steps')];
  },
  host: async (page) => [choose(page, '#host h2'), page.locator('#host article').nth(1)],
};

// Around all of them, at the top of the window. What was out of sight may move once it is drawn, so twice.
async function clipOf(page, locators) {
  for (let i = 0; i < 2; ++i) {
    await locators[0].evaluate((one) => scrollTo({ top: one.getBoundingClientRect().top + scrollY - 40, behavior: 'instant' }));
    await settled(page);
    await page.waitForTimeout(300);
  }
  const boxes = await Promise.all(locators.map((one) => one.boundingBox()));
  const { width, height } = page.viewportSize();
  const x = Math.max(0, Math.min(...boxes.map((box) => box.x)) - margin), y = Math.max(0, Math.min(...boxes.map((box) => box.y)) - margin);
  const right = Math.min(width, Math.max(...boxes.map((box) => box.x + box.width)) + margin);
  const bottom = Math.min(height, Math.max(...boxes.map((box) => box.y + box.height)) + margin);
  return { x, y, width: right - x, height: bottom - y, scale: 1 };
}

(async () => {
  const browser = await launch();
  for (const [name, prepare] of Object.entries(pictures)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const page = await open(browser, pathToFileURL(path.resolve(file)).href, { width: 1100, height: 1300 });
    const clip = await clipOf(page, await prepare(page));
    const devtools = await page.context().newCDPSession(page);
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 80, clip: { ...clip, y: clip.y + await page.evaluate(() => scrollY) } });
    fs.writeFileSync(path.join(folder, `${name}.webp`), Buffer.from(data, 'base64'));
    console.log(`${name}.webp: ${Math.round(clip.width)} × ${Math.round(clip.height)}, ${Math.round(data.length * 0.75 / 1000)} kB`);
    await devtools.detach();
    await close(page);
  }
  await browser.close();
})();
