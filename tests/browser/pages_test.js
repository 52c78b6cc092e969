// The HTML pages, judged by tools that this project did not write: a validator of HTML, axe-core for accessibility, and
// Playwright, which uses them as a person would.
//   with_browser.sh pages_test.js SAMPLE_REPORT
'use strict';
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { pathToFileURL } = require('node:url');
const { close, launch, open, settled } = require('./browser.js');
const { inaccessible, invalidHtml, overflow, paper, unfold, useless, wrongStops } = require('./checks.js');

const sampleReport = process.argv[2];
const pages = {
  'a run with trouble': ['html', 'trouble'],
  'a clean run': ['html', 'clean'],
  'an explored run': ['html', 'explored'],
  'a run with claims': ['html', 'claims'],
  'a run beside an older one': ['html-compared', 'trouble'],
  'a hostile run': ['html', 'hostile'],
  'a hostile explored run': ['html', 'hostile-explored'],
  'a hostile run beside an older one': ['html-compared', 'hostile'],
  'a gate with trouble': ['gate', 'trouble'],
  'a clean gate': ['gate', 'clean'],
  'a hostile gate': ['gate', 'hostile'],
};
const hostile = Object.keys(pages).filter((name) => name.includes('hostile'));

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chicane-pages-'));
const save = (name, text) => {
  const file = path.join(folder, `${name.replaceAll(' ', '-')}.html`);
  fs.writeFileSync(file, text);
  return pathToFileURL(file).href;
};
const texts = {};
const urls = {};
for (const [name, [format, kind]] of Object.entries(pages)) {
  texts[name] = execFileSync(sampleReport, [format, kind], { encoding: 'utf8', maxBuffer: 1 << 28 });
  urls[name] = save(name, texts[name]);
}

let browser;
before(async () => { browser = await launch(); });
after(async () => {
  await browser?.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

// A page for the length of a function. What it does beyond its own file, or says, is a fault in every test.
async function withPage(name, how, use) {
  const page = await open(browser, urls[name], how);
  try {
    await use(page);
    assert.deepEqual(page.told, { complaints: [], requests: [urls[name]], dialogs: [] });
  } finally {
    await close(page);
  }
}

// A page that is not one of ours, to show that a check can fail.
async function withControl(text, how, use) {
  const page = await open(browser, save('control', `<!DOCTYPE html><html lang="en"><head><title>Control</title></head><body>${text}</body></html>`), how);
  try {
    await use(page);
  } finally {
    await close(page);
  }
}

describe('HTML', () => {
  test('a clean page of six lines has no fault, and each seeded fault is found', async () => {
    const around = (body) => `<!DOCTYPE html>\n<html lang="en"><head><title>Control</title></head><body>${body}</body></html>`;
    assert.deepEqual(await invalidHtml(around('<main><p id="a">One</p></main>')), []);
    // What the standard lets a page leave out.
    assert.deepEqual(await invalidHtml(around('<table id=b><caption>One</caption><thead><tr><th scope=col>One<th scope=col>Two<tbody><tr><td>One<td><ul><li>One<li>Two</ul><tr><td>One<td>Two<tbody><tr><td>One</table><dl><dt>One<dd>Two</dl>')), []);
    for (const [fault, rule] of [
      ['<p>One<div>two</div></p>', 'close-order'], ['<ul><p>One</p></ul>', 'element-permitted-content'],
      ['<ul><li>One<div>two</ul>', 'close-order'], ['<table><tr><td><b>One<td>Two</table>', 'close-order'], ['<table><tbody><td>One</table>', 'element-permitted-content'],
      ['<button type="button">One<a href="#a">two</a></button>', 'element-permitted-content'],
      ['<p id="a">One</p><p id="a">Two</p>', 'no-dup-id'], ['<img>', 'element-required-attributes'],
      ['<main></main><main></main>', 'no-multiple-main'], ['<p>1 < 2 & 3</p>', 'no-raw-characters'], ['<center>One</center>', 'deprecated'],
    ]) assert.match((await invalidHtml(around(fault))).join('\n'), new RegExp(rule), fault);
  });

  for (const name of Object.keys(pages))
    test(`${name} is valid`, async () => assert.deepEqual(await invalidHtml(texts[name]), []));
});

describe('accessibility', () => {
  test('axe-core finds pale text, a nameless control and a region without a heading in a page that has them', async () => {
    const fine = '<main><h1>Fine</h1><p>Words</p></main>';
    await withControl(fine, {}, async (page) => assert.deepEqual(await inaccessible(page), []));
    await withControl(`${fine}<p style="background: #fff; color: #aaa">Pale</p><button></button><div aria-hidden="true"><a href="#a">Hidden</a></div>`, {}, async (page) => {
      const found = (await inaccessible(page)).join('\n');
      for (const rule of ['color-contrast', 'button-name', 'aria-hidden-focus', 'region']) assert.match(found, new RegExp(rule));
    });
  });

  // In all four ways the two pages that have everything; the others in two, which see both colours and both widths.
  const ways = [['light', 1280], ['dark', 360], ['dark', 1280], ['light', 360]];
  for (const name of Object.keys(pages))
    test(`${name}: in light and dark, wide and narrow`, () => withPage(name, {}, async (page) => {
      await unfold(page);
      for (const [colorScheme, width] of name.endsWith('trouble') ? ways : ways.slice(0, 2)) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await settled(page);
        assert.deepEqual(await inaccessible(page), [], `${colorScheme}, ${width} pixels`);
      }
    }));
});

describe('a page alone', () => {
  test('what asks, says or opens something is noticed', async () => {
    await withControl('<img src="http://chicane.invalid/a.png" alt=""><script>console.error("said"); alert("shown"); throw new Error("thrown");</script>', {}, async (page) => {
      await settled(page);
      assert.ok(page.told.requests.includes('http://chicane.invalid/a.png'), String(page.told.requests));
      assert.deepEqual(page.told.dialogs, ['shown']);
      for (const words of ['said', 'thrown', 'ERR_NAME_NOT_RESOLVED']) assert.ok(page.told.complaints.some((said) => said.includes(words)), words);
    });
  });

  test('what the content policy forbids is refused, and noticed', async () => {
    for (const name of ['a hostile run', 'a hostile gate']) {
      const page = await open(browser, urls[name]);
      await page.evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
        const image = document.createElement('img');
        image.src = 'http://chicane.invalid/a.png';
        document.body.append(image);
      });
      await settled(page);
      assert.equal(await page.evaluate(() => window.ran), undefined);
      assert.equal(page.told.complaints.filter((said) => said.includes('Content Security Policy')).length, 2, String(page.told.complaints));
      await close(page);
    }
  });

  for (const name of hostile)
    test(`${name} shows attacks as text and runs none`, () => withPage(name, {}, async (page) => {
      await unfold(page);
      await settled(page);
      assert.ok((await page.innerText('main')).includes('<script>alert(1)</script>'));
      const own = pages[name][0] === 'gate' ? 0 : 2;
      assert.equal(await page.locator('script').count(), own);
      assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('*')].flatMap((one) => [...one.attributes]
        .filter(({ name: attribute, value }) => attribute.startsWith('on') || /^(src|srcset|action|formaction|data|ping|style)$/.test(attribute) || /^\s*javascript:/i.test(value))
        .filter(({ ownerElement, name: attribute }) => !(attribute === 'style' && ownerElement.closest('.charts')))
        .map(({ ownerElement, name: attribute }) => `${ownerElement.tagName} ${attribute}`))), []);
      assert.equal(await page.locator('iframe, object, embed, base, link').count(), 0);
    }));
});

describe('in any window', () => {
  test('a page that is too wide is noticed', () => withControl('<p style="width: 700px">Wide</p>', { width: 360 },
    async (page) => assert.ok(await overflow(page) > 300)));

  for (const name of Object.keys(pages))
    test(`${name} fits 360 and 320 pixels, folded and unfolded`, () => withPage(name, { width: 360 }, async (page) => {
      assert.equal(await overflow(page), 0);
      await unfold(page);
      for (const width of [360, 320]) {
        await page.setViewportSize({ width, height: 900 });
        await settled(page);
        assert.equal(await overflow(page), 0, `${width} pixels`);
      }
    }));

  // How many there are, and which scroll sideways.
  const blocks = (page) => page.evaluate(() => {
    const all = [...document.querySelectorAll('.scroll:has(> :is(.claims, .choices, .forest, .changed))')];
    return [all.length, all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.getAttribute('aria-label'))];
  });
  for (const [name, least] of [['a run with claims', 2], ['a run beside an older one', 2], ['a gate with trouble', 1]])
    test(`${name}: claims, choices and comparisons are one block a line on phones`, () => withPage(name, { width: 1280 }, async (page) => {
      await unfold(page);
      for (const width of [390, 360, 320]) {
        await page.setViewportSize({ width, height: 900 });
        await settled(page);
        const [there, wide] = await blocks(page);
        assert.ok(there >= least, `${there} of them`);
        assert.deepEqual(wide, [], `${width} pixels`);
      }
    }));
  test('a block that is too wide is noticed', () => withControl(
    '<div class="scroll" style="overflow-x: auto" aria-label="x"><table class="claims"><td style="min-width: 700px">Wide</table></div>', { width: 360 },
    async (page) => assert.deepEqual(await blocks(page), [1, ['x']])));

  test('the colours are those that the system asks for, and the page follows when it changes its mind', async () => {
    for (const name of ['a run with trouble', 'a gate with trouble'])
      await withPage(name, { scheme: 'dark' }, async (page) => {
        const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const dark = await ground();
        await page.emulateMedia({ colorScheme: 'light' });
        assert.notEqual(await ground(), dark);
      });
  });

  test('the button changes the colours against the system, and a reload keeps them', () => withPage('a run with trouble', {}, async (page) => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByRole('button', { name: 'Show in dark colours' }).click();
    const dark = await ground();
    assert.notEqual(dark, light);
    await page.reload();
    assert.equal(await ground(), dark);
    await page.getByRole('button', { name: 'Show in light colours' }).click();
    assert.equal(await ground(), light);
    page.told.requests.pop();  // the reload's
  }));
});

describe('on paper', () => {
  test('an empty page has nothing written on it', () => withControl('', {}, async (page) =>
    assert.deepEqual(paper(await page.pdf()), { pages: 1, written: false })));

  for (const name of ['a run with trouble', 'a hostile run', 'a gate with trouble'])
    test(`${name} prints, unfolded`, () => withPage(name, {}, async (page) => {
      const { pages: count, written } = paper(await page.pdf({ printBackground: true }));
      assert.ok(written && count > 0 && count < 200, `${count} pages`);
      if (pages[name][0] !== 'gate') assert.equal(await page.locator('details:not([open])').count(), 0);
    }));
});

describe('without JavaScript', () => {
  test('a button that does nothing and an empty box are noticed', () => withControl('<main><button type="button">Sort</button><div style="height: 40px"></div></main>', { script: false },
    async (page) => assert.deepEqual(await useless(page), ['<button type="button">Sort</button>', '<div style="height: 40px"></div>'])));

  // Of each table how many rows there are, and the first words of each row.
  const tables = (page) => page.evaluate(() => [...document.querySelectorAll('table')].map((table) => [...table.rows].map((row) => row.cells[0].textContent).sort()));

  for (const name of Object.keys(pages))
    test(`${name} has all its tables, and nothing that waits for a script`, async () => {
      let whole;
      await withPage(name, { script: false }, async (page) => {
        whole = await tables(page);
        assert.ok(whole.length > 0);
        await unfold(page);
        assert.equal(await page.locator('canvas').count(), 0);
        assert.deepEqual(await useless(page), []);
      });
      // A gate's page has no script at all.
      if (pages[name][0] !== 'gate') await withPage(name, {}, async (page) => assert.deepEqual(await tables(page), whole));
      else assert.ok(!texts[name].includes('<script'));
    });
});

describe('with the keyboard', () => {
  test('a link out of order, one out of reach, and one that does not show the focus are noticed', () => withControl(
    '<main><a href="#a">One</a><a href="#b" tabindex="1">Two</a><a href="#c" style="outline: none">Three</a><p inert><a href="#d">Four</a></p></main>', {},
    async (page) => assert.deepEqual(await wrongStops(page), {
      unmarked: ['<a href="#c" style="outline: none">Three</a>'], missed: ['<a href="#d">Four</a>'], early: ['<a href="#a">One</a>'],
    })));

  for (const name of ['a run with trouble', 'an explored run', 'a run beside an older one', 'a gate with trouble'])
    test(`${name}: Tab comes to all that can be used, in the order it is read`, () => withPage(name, { width: 900 }, async (page) => {
      await unfold(page);
      assert.deepEqual(await wrongStops(page), { unmarked: [], missed: [], early: [] });
    }));

  test('the first stop of a run skips what stands before the main part', () => withPage('a run with trouble', {}, async (page) => {
    await page.keyboard.press('Tab');
    assert.match(await page.evaluate(() => document.activeElement.textContent), /^Skip to/);
    assert.ok(await page.evaluate(() => document.activeElement.getBoundingClientRect().left >= 0));
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => {
      const target = document.querySelector(':target');
      return document.querySelector('main').contains(target) && (target.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
    }));
  }));
});

describe('links', () => {
  for (const name of ['a run with trouble', 'a hostile run', 'a gate with trouble'])
    test(`${name}: each leads to a place in the page`, () => withPage(name, {}, async (page) => {
      assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('a')].map((a) => a.getAttribute('href'))
        .filter((href) => !href?.startsWith('#') || !document.getElementById(decodeURIComponent(href.slice(1))))), []);
    }));

  test('a finding in the matrix leads to its evidence', () => withPage('a run with trouble', {}, async (page) => {
    const links = page.locator('#verdicts .matrix a');
    const at = await links.evaluateAll((all) => all.findIndex((a) => document.querySelector('#findings').contains(document.getElementById(a.hash.slice(1)))));
    const words = await links.nth(at).innerText();
    await links.nth(at).click();
    await settled(page);
    const evidence = page.locator('#findings :target');
    assert.ok(await evidence.evaluate((one) => { const { top, bottom } = one.getBoundingClientRect(); return top < innerHeight && bottom > 0; }));
    assert.ok((await evidence.innerText()).toLowerCase().includes(words.toLowerCase()), words);
  }));
});

describe('the matrix', () => {
  // Its rows as they are shown: name, words of the whole row, verdict by lane.
  const rows = (page) => page.evaluate(() => [...document.querySelectorAll('.matrix tbody tr[id]')].filter((row) => row.checkVisibility()).map((row) => ({
    name: row.cells[0].querySelector('a, span').textContent,
    text: row.textContent.toLowerCase(),
    verdicts: Object.fromEntries([...row.cells].slice(2).map((cell) => [row.closest('table').tHead.rows[0].cells[cell.cellIndex].textContent.trim(), cell.firstElementChild?.textContent])),
  })));
  const names = async (page) => (await rows(page)).map((row) => row.name);
  const field = (page, label) => page.getByRole('search').getByLabel(label);
  const told = (page) => page.getByRole('search').getByRole('status').innerText();
  const name = 'a run with trouble';

  test('a filter shows the rows that fit, all of them, and says how many', () => withPage(name, {}, async (page) => {
    const all = await rows(page);
    const shows = async (fits, what) => {
      const expected = all.filter(fits).map((row) => row.name);
      assert.deepEqual(await names(page), expected, what);
      assert.ok(expected.length > 0 && expected.length < all.length, `${what}: ${expected.length} of ${all.length}`);
      assert.match(await told(page), new RegExp(`^${expected.length} of ${all.length} `), what);
    };
    await field(page, 'Family').selectOption('pools');
    await shows((row) => row.name.startsWith('pools/'), 'family');
    assert.deepEqual(await page.locator('.matrix tr.family:visible').allInnerTexts(), ['pools']);
    await field(page, 'Family').selectOption('all');
    await field(page, 'Verdict').selectOption('fail');
    await shows((row) => Object.values(row.verdicts).includes('fail'), 'verdict');
    await field(page, 'Lane').selectOption('bench');
    await field(page, 'Verdict').selectOption('pass');
    await shows((row) => row.verdicts.bench === 'pass', 'lane and verdict');
    await page.getByRole('button', { name: 'Show all' }).click();
    assert.deepEqual(await rows(page), all);
    await field(page, 'Text').fill('DATA race');
    await shows((row) => row.text.includes('data race'), 'text');
    await field(page, 'Text').fill('no scenario says this');
    assert.deepEqual(await names(page), []);
    assert.match(await told(page), new RegExp(`^0 of ${all.length} `));
  }));

  test('an order is that of names, or the worst first, each also reversed; and the heading says so', () => withPage(name, {}, async (page) => {
    const asRun = await names(page);
    const heading = page.locator('.matrix thead').getByRole('columnheader', { name: 'Scenario' });
    await heading.getByRole('button').click();
    assert.deepEqual(await names(page), [...asRun].sort());
    assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
    await heading.getByRole('button').click();
    assert.deepEqual(await names(page), [...asRun].sort().reverse());
    assert.equal(await heading.getAttribute('aria-sort'), 'descending');
    await field(page, 'Order').selectOption('by tsan');
    assert.equal(await heading.getAttribute('aria-sort'), null);
    const worst = ['fail', 'missed', 'error', 'pass', 'not judged'];
    const ranks = (await rows(page)).map((row) => worst.indexOf(row.verdicts.tsan)).filter((rank) => rank >= 0);
    assert.ok(new Set(ranks).size > 1);
    assert.deepEqual(ranks, [...ranks].sort());
    await field(page, 'Order').selectOption('as run');
    assert.deepEqual(await names(page), asRun);
  }));

  test('the address keeps what is shown: for a reload, for whoever gets it, and on the way back from a finding', () => withPage(name, {}, async (page) => {
    await field(page, 'Verdict').selectOption('fail');
    await field(page, 'Text').fill('counter');
    await field(page, 'Order').selectOption('by scenario, reversed');
    const shown = await names(page);
    await page.waitForURL((url) => url.hash.endsWith('sort=-scenario'));  // soon after the answer
    const address = page.url();
    const isShown = async (of) => {
      assert.deepEqual(await names(of), shown);
      assert.deepEqual(await Promise.all(['Verdict', 'Text'].map((label) => field(of, label).inputValue())), ['fail', 'counter']);
    };
    await page.reload();
    await isShown(page);
    const other = await open(browser, address);
    await isShown(other);
    assert.deepEqual(other.told.complaints, []);
    await close(other);
    await page.locator('.matrix tbody tr:visible a[href^="#f"]').first().click();
    await page.waitForURL((url) => url.hash.startsWith('#f'));
    await page.goBack();
    await page.waitForURL(address);
    await isShown(page);
    page.told.requests.splice(1);  // the reload's
  }));

  test('an address can be written by hand', async () => {
    const page = await open(browser, `${urls[name]}#view?lane=tsan&verdict=fail`);
    const shown = await rows(page);
    assert.ok(shown.length > 0 && shown.every((row) => row.verdicts.tsan === 'fail'), JSON.stringify(shown));
    assert.equal(await field(page, 'Lane').inputValue(), 'tsan');
    await close(page);
  });

  test('an address that is an attack, or nonsense, is only text', async () => {
    for (const words of ['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '%', '__proto__']) {
      const page = await open(browser, `${urls[name]}#view?q=${encodeURIComponent(words)}&family=${encodeURIComponent(words)}&lane=${words}&sort=${words}&${words}=1`);
      await settled(page);
      assert.deepEqual(page.told, { complaints: [], requests: [page.told.requests[0]], dialogs: [] });
      assert.equal(await page.locator('script').count(), 2);
      await page.getByRole('button', { name: 'Show all' }).click();
      assert.ok((await names(page)).length > 10);
      await close(page);
    }
  });

  test('a link to a row that is filtered away shows it', () => withPage(name, {}, async (page) => {
    const id = await page.locator('.matrix tbody tr[id]').first().getAttribute('id');
    await field(page, 'Text').fill('no scenario says this');
    await page.evaluate((hash) => { location.hash = hash; }, id);
    await page.locator(`#${id}`).waitFor();
    assert.ok(await page.locator(`#${id}`).isVisible());
  }));

  test('it is filtered at 360 pixels too, where it is one block a scenario', () => withPage(name, { width: 360 }, async (page) => {
    await field(page, 'Family').selectOption('waiting');
    assert.ok((await names(page)).every((one) => one.startsWith('waiting/')));
    await field(page, 'Order').selectOption('by bench');
    assert.equal(await overflow(page), 0);
  }));
});

describe('a history', () => {
  const name = 'a run beside an older one';
  const told = (page) => page.locator('.tip').allInnerTexts();
  const lines = (page) => page.locator('.history [role=slider]');
  const row = (page, words) => page.locator('.history tbody tr', { hasText: words });

  test('each row has its line, with its intervals, levels and change points, and this run apart', () => withPage(name, {}, async (page) => {
    const rows = await page.locator('.history tbody tr').count();
    assert.ok(rows > 3);
    assert.equal(await lines(page).count(), rows);
    const shapes = (words) => row(page, words).locator('path').evaluateAll((all) => all.map((one) => `${one.getAttribute('class')} ${one.getAttribute('d').match(/M/g).length}`));
    assert.deepEqual(await shapes('counter/locked'), ['level 1', 'level 1', 'worse 1', 'interval 12', 'dots 11', 'dots now 1']);
    assert.deepEqual(await shapes('counter/unlocked'), ['interval 12', 'dots 6', 'dots wrong 5', 'dots now 1']);
    assert.equal(await page.locator('.history svg').evaluateAll((all) => all.filter((one) => /NaN|Infinity|undefined/.test(one.outerHTML)).length), 0);
  }));

  test('a line is where its figures are: the larger, the higher', () => withPage(name, {}, async (page) => {
    const { values, heights } = await row(page, 'counter/locked').evaluate((one) => ({
      values: [...one.cells].slice(4).reverse().map((cell) => parseFloat(cell.textContent)),
      heights: [...one.querySelectorAll('.dots')].flatMap((path) => path.getAttribute('d').match(/M[^M]+/g)).map((dot) => -Number(dot.split(/[ h]/)[1])),
    }));
    const inOrder = (all) => all.map((value, at) => [value, at]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, at]) => at);
    assert.equal(values.length, 12);
    assert.deepEqual(inOrder(heights), inOrder(values));
  }));

  test('the pointer at a point tells date, commit, value and interval, and a change point where one is', () => withPage(name, {}, async (page) => {
    const line = row(page, 'counter/locked').locator('svg');
    await line.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await line.boundingBox();
    const at = (run) => page.mouse.move(x + width * (6 + run / 11 * 348) / 360, y + height / 2);
    await at(0);
    assert.deepEqual(await told(page), ['2026-01-01 03:04:05Z, commit 0123456: 20.0 ns [19.0–21.0]']);
    await at(6);
    assert.deepEqual(await told(page), ['2026-01-07 03:04:05Z, commit 0123456: 30.0 ns [29.0–31.0]; change point: +50 %']);
    await at(11);
    assert.match((await told(page))[0], /^2026-01-12 03:04:05Z, commit 0123456, this run: 32.0 ns/);
    const box = await page.locator('.tip').boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 1280 && box.y >= 0 && box.y + box.height <= 900, JSON.stringify(box));
    await page.mouse.move(1, 1);
    assert.deepEqual(await told(page), []);
  }));

  test('so do the arrow keys, which also go to other lines; Tab has one stop for them all', () => withPage(name, {}, async (page) => {
    assert.equal(await lines(page).evaluateAll((all) => all.filter((one) => one.tabIndex === 0).length), 1);
    await lines(page).first().focus();
    assert.match((await told(page))[0], /this run/);
    await page.keyboard.press('Home');
    assert.match((await told(page))[0], /^2026-01-01 /);
    await page.keyboard.press('ArrowRight');
    assert.match((await told(page))[0], /^2026-01-02 /);
    const now = () => page.evaluate(() => ({ value: document.activeElement.ariaValueText, label: document.activeElement.ariaLabel }));
    assert.equal((await now()).value, (await told(page))[0]);
    const { label } = await now();
    await page.keyboard.press('ArrowDown');
    assert.notEqual((await now()).label, label);
    assert.equal(await lines(page).evaluateAll((all) => all.filter((one) => one.tabIndex === 0).length), 1);
    await page.keyboard.press('Tab');
    assert.deepEqual(await told(page), []);
  }));

  test('the figures of each run are folded, and a button shows them; without a script they are there', async () => {
    const shown = (page) => row(page, 'counter/locked').locator('td:visible').count();
    await withPage(name, {}, async (page) => {
      assert.equal(await shown(page), 3);
      await page.getByRole('button', { name: 'Show the figures of each run' }).click();
      assert.equal(await shown(page), 15);
      await page.getByRole('button', { name: 'Hide the figures of each run' }).click();
      assert.equal(await shown(page), 3);
    });
    await withPage(name, { script: false }, async (page) => assert.equal(await shown(page), 14));
  });
});
