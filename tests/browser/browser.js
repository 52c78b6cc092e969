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

// A page that has loaded, in a context of its own. `page.told` is what it said: `complaints` (console errors and
// warnings, exceptions, refusals of the content policy), `requests` (each URL it asked for), `dialogs`. `before` is a
// function that runs in it before all else.
async function open(browser, url, { width = 1280, height = 900, scheme = 'light', script = true, before } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: scheme, javaScriptEnabled: script, reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);  // a busy machine is no fault of the page; who starts this has a limit of its own
  const told = { complaints: [], requests: [], dialogs: [] };
  page.told = told;
  page.on('console', (said) => { if (['error', 'warning', 'assert'].includes(said.type())) told.complaints.push(said.text()); });
  page.on('pageerror', (error) => told.complaints.push(String(error)));
  page.on('request', (request) => told.requests.push(request.url()));
  page.on('websocket', (socket) => told.requests.push(socket.url()));
  page.on('dialog', (dialog) => { told.dialogs.push(dialog.message()); return dialog.dismiss(); });
  if (before) await page.addInitScript(before);
  await page.goto(url);
  return page;
}

const close = (page) => page.context().close();

// Two frames on: what a change brings about has been drawn.
const settled = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));

module.exports = { close, launch, open, settled };
