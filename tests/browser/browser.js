// Chromium by Playwright: pages that remember everything they said and asked for.
'use strict';
const { chromium } = require('playwright-core');

// Nothing resolves, so that a page that asks for the network gets an error that a test sees.
const args = ['--host-resolver-rules=MAP * ~NOTFOUND', '--disable-gpu', '--disable-dev-shm-usage'];

async function launch() {
  const executablePath = process.env.CHICANE_CHROMIUM;
  const start = (chromiumSandbox) => chromium.launch({ executablePath, chromiumSandbox, args });
  if (process.getuid() === 0) return start(false);  // Chromium refuses its sandbox to root
  try {
    return await start(true);
  } catch (error) {
    if (!/sandbox/i.test(error.message)) throw error;
    return start(false);  // containers often forbid the namespaces that it is made of
  }
}

const nothingTold = () => ({ complaints: [], requests: [], dialogs: [] });

async function blankPage(browser, script) {
  const context = await browser.newContext({ javaScriptEnabled: script, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);  // a busy machine is no fault of the page; who starts this has a limit of its own
  page.runsScripts = script;
  page.told = nothingTold();
  page.on('console', (said) => { if (['error', 'warning', 'assert'].includes(said.type())) page.told.complaints.push(said.text()); });
  page.on('pageerror', (error) => page.told.complaints.push(String(error)));
  page.on('request', (request) => page.told.requests.push(request.url()));
  page.on('websocket', (socket) => page.told.requests.push(socket.url()));
  page.on('dialog', (dialog) => { page.told.dialogs.push(dialog.message()); return dialog.dismiss(); });
  return page;
}

// A new page costs half a second of CPU, so those that were closed are used again, by whether they run scripts.
const idle = new Map();

// A page that has loaded. `page.told` is what it said: `complaints` (console errors and warnings, exceptions, refusals of
// the content policy), `requests` (each URL it asked for), `dialogs`. `before` is a function that runs in it before all
// else, and then the page is a new one.
async function open(browser, url, { width = 1280, height = 900, scheme = 'light', script = true, before } = {}) {
  const page = (!before && idle.get(script)) || await blankPage(browser, script);
  idle.delete(script);
  page.isSingle = Boolean(before);
  if (before) await page.addInitScript(before);
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme });
  page.told = nothingTold();
  await page.goto(url);
  return page;
}

async function close(page) {
  if (page.isSingle || idle.has(page.runsScripts)) return page.context().close();
  await page.evaluate(() => localStorage.clear());
  await page.goto('about:blank');
  idle.set(page.runsScripts, page);
}

// Two frames on: what a change brings about has been drawn.
const settled = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));

module.exports = { close, launch, open, settled };
