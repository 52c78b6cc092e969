// What is wrong with a page, as lists of words; empty when nothing is.
'use strict';
const fs = require('node:fs');
const { HtmlValidate, StaticConfigLoader } = require('html-validate');

// The rules of the HTML standard, none of style.
const validator = new HtmlValidate(new StaticConfigLoader({ root: true, extends: ['html-validate:standard'], elements: ['html5'] }));

// The standard lets a page leave these end tags out where one of those start tags follows, or the parent's end; the
// validator wants to see them.
const endedBy = {
  td: ['td', 'th', 'tr', 'tbody', 'tfoot'], th: ['td', 'th', 'tr', 'tbody', 'tfoot'], tr: ['tr', 'tbody', 'tfoot'],
  p: ['p', 'td', 'th', 'tr', 'tbody', 'tfoot'], thead: ['tbody', 'tfoot'], tbody: ['tbody', 'tfoot'], li: ['li'], dt: ['dt', 'dd'], dd: ['dt', 'dd'],
};
const isVoid = /^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/;
function withAllEnds(text) {
  const stack = [];
  return text.replace(/<!--[^]*?-->|<(script|style)\b[^]*?<\/\1>|<(\/?)([a-z][a-z0-9]*)(?:[^>"']|"[^"]*"|'[^']*')*>/gi, (tag, whole, end, name) => {
    if (!name || (!end && isVoid.test(name))) return tag;
    const ends = (open) => open in endedBy && (end ? open !== name && stack.includes(name) : endedBy[open].includes(name));
    let before = '';
    while (stack.length > 0 && ends(stack.at(-1))) before += `</${stack.pop()}>`;
    if (!end && !tag.endsWith('/>')) stack.push(name);
    if (end && stack.at(-1) === name) stack.pop();
    return before + tag;
  });
}

async function invalidHtml(text) {
  const report = await validator.validateString(withAllEnds(text));
  return report.results.flatMap((one) => one.messages.map(
    (message) => `line ${message.line}: ${message.ruleId}: ${message.message} (${message.selector})`));
}

const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];

// Against WCAG 2.1 A and AA, and what axe-core calls best practice, in what is shown now. The page's content policy lets
// no other script in, so axe-core comes as an expression.
async function inaccessible(page) {
  if (!await page.evaluate(() => Boolean(window.axe))) await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (values) => window.axe.run({ runOnly: { type: 'tag', values }, resultTypes: ['violations'] }), standards);
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${id}: ${help}: ${target.join(' ')}: ${failureSummary.split('\n').slice(1).map((line) => line.trim()).join(', ')}`));
}

// Pages of a PDF, and whether anything is written on them.
function paper(bytes) {
  const text = bytes.toString('latin1');
  return { pages: (text.match(/\/Type\s*\/Page\b(?!s)/g) || []).length, written: /\/Type\s*\/Font\b/.test(text) };
}

// How far the page goes beyond the window: what is wider scrolls in its own box.
const overflow = (page) => page.evaluate(() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - document.documentElement.clientWidth);

const unfold = (page) => page.evaluate(() => document.querySelectorAll('details').forEach((fold) => { fold.open = true; }));

// Without a script: controls that would do nothing, and boxes that have room but nothing in them.
const useless = (page) => page.evaluate(() => {
  const controls = [...document.querySelectorAll('button, input, select, textarea')].filter((one) => one.checkVisibility());
  const empty = [...document.querySelectorAll('main *')].filter((one) => one.tagName !== 'TD' && !one.closest('svg') && !one.querySelector('svg, img') &&
    one.textContent.trim() === '' && one.checkVisibility() && one.getBoundingClientRect().height > 2);
  return [...controls, ...empty].map((one) => one.outerHTML.slice(0, 100));
});

// The Tab key's way through the page, until it comes round: what can be used or scrolls and is not on it, what comes
// before what stands before it, and what does not show that it has the focus.
async function wrongStops(page) {
  await page.evaluate(() => { window.stops = []; });
  const unmarked = [];
  for (let more = true; more;) {
    await page.keyboard.press('Tab');
    const mark = await page.evaluate(() => {
      const one = document.activeElement;
      if (!one || one === document.body || window.stops.includes(one)) return null;
      window.stops.push(one);
      return { shown: getComputedStyle(one).outlineStyle !== 'none', words: one.outerHTML.slice(0, 100) };
    });
    more = mark !== null;
    if (mark && !mark.shown) unmarked.push(mark.words);
  }
  return { unmarked, ...await page.evaluate(() => {
    const { stops } = window;
    const scrolls = (one) => ['auto', 'scroll'].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth;
    const usable = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter((one) => !one.disabled && one.tabIndex !== -1)
      .concat([...document.querySelectorAll('main *')].filter(scrolls))
      .filter((one) => one.checkVisibility({ checkVisibilityCSS: true }));
    const say = (one) => one.outerHTML.slice(0, 100);
    return {
      missed: usable.filter((one) => !stops.includes(one)).map(say),
      early: stops.filter((one, i) => i > 0 && !(stops[i - 1].compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING)).map(say),
    };
  }) };
}

module.exports = { inaccessible, invalidHtml, overflow, paper, unfold, useless, wrongStops };
