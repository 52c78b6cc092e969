"""Questions that the browser's tests ask inside a page, as expressions; lists are of what is wrong."""

WIDTH = "document.documentElement.scrollWidth"

CHARTS = "document.querySelectorAll('canvas').length"

BROKEN_LINKS = """[...document.querySelectorAll('a[href^="#"]')].map((a) => a.getAttribute('href').slice(1))
  .filter((id) => !document.getElementById(id))"""

DOUBLE_IDS = """[...document.querySelectorAll('[id]')].map((one) => one.id).filter((id, i, all) => all.indexOf(id) !== i)"""

RUN_INLINE_SCRIPT = """(() => {
  const script = document.createElement('script');
  script.textContent = 'window.ranInline = true';
  document.body.append(script);
  return window.ranInline ? 'ran' : 'blocked';
})()"""

# A chart that failed leaves its canvas in one colour.
EMPTY_CHARTS = """[...document.querySelectorAll('canvas')].map((canvas, i) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const colours = new Set();
  for (let at = 0; at < data.length; at += 4) colours.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
  return colours.size < 8 ? i : -1;
}).filter((i) => i >= 0)"""

# WCAG 2.2, 1.4.3: contrast of every visible text with the background under it; 4.5, or 3 where it is large.
LOW_CONTRAST = """(() => {
  const parse = (text) => {
    const numbers = text.match(/[\\d.]+/g).map(Number);
    return { rgb: numbers.slice(0, 3), alpha: numbers.length > 3 ? numbers[3] : 1 };
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const { rgb, alpha } = parse(getComputedStyle(one).backgroundColor);
      if (alpha === 1) return rgb;
    }
    return [255, 255, 255];
  };
  const wrong = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || ['SCRIPT', 'STYLE'].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const [a, b] = [luminance(parse(style.color).rgb), luminance(ground(element))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) wrong.add(`${ratio.toFixed(2)}: ${element.tagName}.${element.className}: ${node.data.trim().slice(0, 30)}`);
  }
  return [...wrong];
})()"""

# Every point of every chart is a cell of its table, and every cell a point.
CHARTS_UNLIKE_TABLES = """(() => {
  const wrong = [];
  document.querySelectorAll('.panel').forEach((panel, p) => {
    const tables = [...panel.querySelectorAll('table[data-chart]')];
    const canvases = [...panel.querySelectorAll('canvas')];
    if (tables.length !== canvases.length) wrong.push(`panel ${p}: ${tables.length} tables, ${canvases.length} charts`);
    canvases.forEach((canvas, i) => {
      const chart = Chart.getChart(canvas);
      const bars = chart.options.indexAxis === 'y';
      const drawn = chart.data.datasets.filter((set) => !set.ideal)
        .flatMap((set) => set.data.map((point, at) => `${point.name} ${bars ? point.x : point.y} ${set.spans[at]}`));
      const told = [...tables[i].querySelectorAll('tbody tr')].flatMap((row) => [...row.querySelectorAll('td[data-y]')].map((cell) => {
        const [y, ...span] = cell.dataset.y.split(' ').map(Number);
        return `${row.cells[0].firstChild.textContent.trim()} ${y} ${span.length > 0 ? span : null}`;
      }));
      const scaled = tables[i].dataset.chart === 'scaling';
      const same = (one, other) => one.length === other.length && one.every((words) => other.includes(words));
      // A relative throughput of one has no interval.
      const plain = (words) => scaled ? words.replace(/ null$/, '') : words;
      if (!same(drawn.map(plain), told.map(plain))) wrong.push(`panel ${p}, chart ${i}: ${drawn} is not ${told}`);
    });
  });
  return wrong;
})()"""

# Bars and linear axes start at zero, log axes say so, and nothing visible lies outside.
AXES_THAT_LIE = """[...document.querySelectorAll('canvas')].flatMap((canvas, i) => {
  const chart = Chart.getChart(canvas);
  const wrong = [];
  for (const scale of Object.values(chart.scales)) {
    if (scale.type === 'linear' && scale.min !== 0) wrong.push(`chart ${i}: ${scale.id} starts at ${scale.min}`);
    if (scale.type === 'logarithmic' && !scale.options.title.text.includes('log scale')) wrong.push(`chart ${i}: ${scale.id} hides that it is logarithmic`);
    chart.data.datasets.forEach((set, at) => {
      if (scale.type === 'category' || !chart.isDatasetVisible(at)) return;
      for (const point of set.data)
        if (point[scale.id] < scale.min || point[scale.id] > scale.max) wrong.push(`chart ${i}: ${point.name} is outside ${scale.id}`);
    });
  }
  return wrong;
})"""

# The lines of a chart have room beside its legend, and no two look alike.
CRAMPED_CHARTS = """[...document.querySelectorAll('canvas')].flatMap((canvas, i) => {
  const chart = Chart.getChart(canvas);
  if (chart.config.type !== 'line') return [];
  const looks = chart.data.datasets.filter((set) => !set.label.includes('(wrong)')).map((set) => `${set.borderColor} ${set.pointStyle}`);
  const { top, bottom } = chart.chartArea;
  return [...(bottom - top < 150 ? [`chart ${i}: ${bottom - top} pixels high`] : []), ...looks.filter((look, at) => looks.indexOf(look) !== at)];
})"""

# What all of the above must be able to find.
BROKEN_PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>control</title>
<style>body { background: #fff; color: #ccc; margin: 0 } div { width: 900px }</style>
<div>Pale words, too wide. <a href="#nowhere">To nowhere</a></div>
<img src="http://chicane.invalid/picture.png" alt=""><script>console.error("said"); throw new Error("thrown");</script></html>
"""
