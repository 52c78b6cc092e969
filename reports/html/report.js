// Charts from the page's own tables, filters and order of the matrix, sliders for schedules and histories, and the switch
// between light and dark. Without it the page reads as tables. Text of the run only ever becomes text, never markup.
'use strict';
(() => {
  const root = document.documentElement;
  const css = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const points = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'rectRounded', 'crossRot', 'cross'];
  const charts = [];
  const matrix = document.querySelector('.matrix');

  // 1.23 µs: for axes; the tables have the exact words.
  const time = (ns) => {
    if (ns === 0) return '0';
    const steps = [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns']];
    const [divisor, unit] = steps.find(([d]) => Math.abs(ns) >= d) || [1, 'ns'];
    return `${Number((ns / divisor).toPrecision(3))} ${unit}`;
  };

  // A cell that no end tag closes ends with the line's break.
  const said = (element) => element.textContent.trim();

  // A table's rows as series: what report.html says in words is what is drawn.
  const headings = (table) => table.tHead.rows[0].cells;
  const read = (table) => [...table.querySelectorAll('tbody tr')].map((row) => ({
    name: said(row.cells[0].firstChild),
    right: !row.parentElement.classList.contains('wrong'),
    points: [...row.querySelectorAll('td[data-y]')].map((cell) => {
      const [y, low = null, high = null] = cell.dataset.y.split(' ').map(Number);
      const x = Number(headings(table)[cell.cellIndex].dataset.x);
      return { x, y, low, high, over: cell.dataset.over !== undefined, text: [cell.firstChild, cell.querySelector('p')].filter(Boolean).map(said) };
    }),
  })).filter((series) => series.points.length > 0);

  // 95 % intervals as whiskers: on bars, and behind points.
  const whiskers = (chart, at) => {
    const dataset = chart.data.datasets[at];
    if (!dataset.spans || !chart.isDatasetVisible(at)) return;
    const across = chart.options.indexAxis === 'y';
    const scale = chart.scales[across ? 'x' : 'y'];
    const context = chart.ctx;
    const cap = 4;  // narrower than a point, which hides a whisker that is shorter than itself
    context.save();
    context.strokeStyle = dataset.spanColor;
    context.lineWidth = 1.5;
    context.beginPath();
    chart.getDatasetMeta(at).data.forEach((element, i) => {
      const span = dataset.spans[i];
      if (!span) return;
      const from = scale.getPixelForValue(span[0]);
      const to = scale.getPixelForValue(span[1]);
      const other = across ? element.y : element.x;
      for (const [a, b, c, d] of [[from, other, to, other], [from, other - cap, from, other + cap], [to, other - cap, to, other + cap]]) {
        context.moveTo(across ? a : b, across ? b : a);
        context.lineTo(across ? c : d, across ? d : c);
      }
    });
    context.stroke();
    context.restore();
  };
  // Points with one x stand side by side, so that none hides another or its whisker.
  const sideBySide = {
    id: 'sideBySide',
    afterDatasetsUpdate(chart) {
      if (chart.config.type !== 'line') return;
      const shown = chart.data.datasets.map((set, at) => at).filter((at) => !chart.data.datasets[at].ideal && chart.isDatasetVisible(at));
      const step = Math.min(7, 24 / Math.max(1, shown.length - 1));
      shown.forEach((at, i) => {
        for (const element of chart.getDatasetMeta(at).data) element.x += (i - (shown.length - 1) / 2) * step;
      });
    },
  };
  const intervals = {
    id: 'intervals',
    beforeDatasetDraw(chart, { index }) { if (chart.config.type === 'line') whiskers(chart, index); },
    afterDatasetDraw(chart, { index }) { if (chart.config.type === 'bar') whiskers(chart, index); },
  };

  // Where the cores end, more workers than cores begin.
  const coreLine = {
    id: 'coreLine',
    beforeDatasetsDraw(chart) {
      const cores = chart.options.plugins.coreLine && chart.options.plugins.coreLine.cores;
      const scale = chart.scales.x;
      if (!cores || cores >= scale.max || cores < scale.min) return;
      const x = scale.getPixelForValue(cores);
      const { top, bottom } = chart.chartArea;
      const context = chart.ctx;
      context.save();
      context.strokeStyle = css('--strong-line');
      context.setLineDash([2, 4]);
      context.beginPath();
      context.moveTo(x, top);
      context.lineTo(x, bottom);
      context.stroke();
      context.fillStyle = css('--muted');
      context.font = `12px ${Chart.defaults.font.family}`;
      context.textAlign = 'center';
      context.fillText(cores === 1 ? '1 core' : `${cores} cores`, x, top - 6);
      context.restore();
    },
  };

  const figure = (table, title, caption) => {
    const place = table.closest('.panel').querySelector('.charts');
    const chart = document.createElement('figure');
    chart.className = 'chart';
    const heading = document.createElement('h4');
    heading.textContent = title;
    const frame = document.createElement('div');
    frame.className = 'frame';
    const canvas = document.createElement('canvas');
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `${title}; the table below has the same numbers`);
    frame.append(canvas);
    const words = document.createElement('figcaption');
    words.textContent = caption;
    chart.append(heading, frame, words);
    place.append(chart);
    return canvas;
  };

  const common = () => ({
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    layout: { padding: { top: 18, right: 8 } },
    plugins: {
      legend: { position: 'bottom', labels: { usePointStyle: true, boxWidth: 8, boxHeight: 8, padding: 14, color: css('--ink') } },
      tooltip: {
        callbacks: {
          title: (items) => items[0].dataset.ideal ? '' : items[0].raw.title || items[0].label,
          label: (item) => item.dataset.ideal ? 'ideal' : ` ${item.raw.name}: ${item.raw.text.join('  [')}${item.raw.text.length > 1 ? ']' : ''}`,
        },
      },
    },
  });
  const axis = (title, more) => ({
    title: { display: true, text: title, color: css('--muted') },
    grid: { color: css('--line'), borderColor: css('--strong-line'), tickColor: css('--line') },
    ...more,
    ticks: { color: css('--muted'), ...(more && more.ticks) },
  });

  const dataset = (series, at) => {
    const color = series.right ? css(`--s${at % 8 + 1}`) : css('--muted');
    return {
      label: series.right ? series.name : `${series.name} (wrong)`,
      data: series.points.map((point) => ({ ...point, name: series.name })),
      spans: series.points.map((point) => point.low === null ? null : [point.low, point.high]),
      spanColor: color,
      borderColor: color,
      backgroundColor: color,
      borderWidth: 2,
      borderDash: series.right ? [] : [5, 4],
      // A colour that comes again has another shape.
      pointStyle: series.right ? points[(at + 3 * Math.floor(at / 8)) % points.length] : 'crossRot',
      pointRadius: 5,
      pointHoverRadius: 7,
      pointBorderWidth: 2,
      pointBackgroundColor: series.points.map((point) => point.over ? css('--card') : color),
      tension: 0,
    };
  };

  // Ticks where something was measured, and only there. Beyond 16-fold, equal steps would hide the small counts.
  const xAxis = (name, xs) => {
    const wide = Math.max(...xs) / Math.min(...xs) > 16;
    return axis(wide ? `${name} (log scale)` : name, {
      type: wide ? 'logarithmic' : 'linear',
      min: wide ? Math.min(...xs) / 1.2 : 0,
      max: wide ? Math.max(...xs) * 1.2 : Math.max(...xs) * 1.08,
      afterBuildTicks: (scale) => { scale.ticks = xs.map((value) => ({ value })); },
      ticks: { callback: (value) => String(value), autoSkip: false, maxRotation: 0 },
    });
  };
  const measured = (all) => [...new Set(all.flatMap((series) => series.points.map((point) => point.x)))].sort((a, b) => a - b);
  const highest = (all) => Math.max(...all.flatMap((series) => series.points.map((point) => point.high ?? point.y)));
  // The next 1, 2 or 5 times a power of ten outwards, or just the power where the axis is wide: it ends on a label.
  const round = (value, up, wide) => {
    const power = 10 ** Math.floor(Math.log10(value));
    const steps = [1, 2, 5, 10].map((step) => step * power);
    if (wide) return up ? steps.findLast((step) => step >= value * 0.9999) : power;
    return up ? steps.find((step) => step >= value * 0.9999) : steps.findLast((step) => step <= value * 1.0001);
  };
  const lowest = (all) => Math.min(...all.flatMap((series) => series.points.map((point) => point.low ?? point.y)));

  const lineChart = (canvas, data, options) => { charts.push(new Chart(canvas, { type: 'line', data, options })); };
  // As high as its lines need, and its legend besides, of which Chart.js leaves out what is beyond half of the chart.
  const fit = (chart) => {
    if (chart.config.type !== 'line') return;
    const frame = chart.canvas.parentElement;
    frame.style.height = '';
    chart.resize();
    for (let height = chart.height, least = 0, i = 0; i < 12; ++i) {
      const wanted = height + 190 - (chart.chartArea.bottom - chart.chartArea.top);
      const cut = chart.legend.height > 0.47 * height;
      if (!cut && Math.abs(Math.max(wanted, least) - height) < 1) break;
      if (cut) least = height * 1.15;
      height = cut ? least : Math.max(wanted, least);
      frame.style.height = `${height}px`;
      chart.resize();
    }
  };

  const lines = (table, all) => {
    const name = table.dataset.xName;
    const xs = measured(all);
    const right = all.some((series) => series.right) ? all.filter((series) => series.right) : all;
    // A wrong answer far from the right ones would press them flat: then it is there to be switched on.
    const far = (series) => !series.right && (highest([series]) > 5 * highest(right) || highest([series]) < lowest(right) / 20);
    const shown = all.filter((series) => !far(series));
    const logarithmic = highest(shown) / lowest(shown) > 20;
    const decades = Math.log10(highest(shown) / lowest(shown));
    const over = all.some((series) => series.points.some((point) => point.over));
    const datasets = all.map((series, at) => ({ ...dataset(series, at), hidden: far(series) }));
    for (const set of datasets) for (const point of set.data) point.title = `${point.x} ${name}${point.over ? ', oversubscribed' : ''}`;
    const canvas = figure(table, 'Time per operation', 'Whiskers: 95 % intervals.' + (over ? ' Hollow points: more workers than cores.' : '') +
      (all.some(far) ? ' Struck out: far off this scale, and wrong; switch on in the legend.' : ''));
    const options = common();
    options.plugins.coreLine = { cores: name === 'workers' ? Number(table.dataset.cores) : 0 };
    options.scales = {
      x: xAxis(name, xs),
      y: axis(logarithmic ? 'time per operation (log scale)' : 'time per operation', {
        type: logarithmic ? 'logarithmic' : 'linear',
        beginAtZero: true,
        suggestedMax: logarithmic ? undefined : highest(shown) * 1.05,
        min: logarithmic ? round(lowest(shown), false, decades > 2) : undefined,
        max: logarithmic ? round(highest(shown), true, decades > 2) : undefined,
        ticks: { callback: (value) => !logarithmic || (decades > 2 ? [1] : [1, 2, 5]).includes(Number(value.toExponential()[0])) ? time(value) : null, autoSkip: !logarithmic, maxTicksLimit: logarithmic ? 60 : 9 },
      }),
    };
    lineChart(canvas, { datasets }, options);
  };

  const bars = (table, all) => {
    const canvas = figure(table, 'Time per operation', 'Bars from zero; whiskers: 95 % intervals.' + (all.some((series) => !series.right) ? ' Grey, with ✗: wrong, so not ranked.' : ''));
    canvas.parentElement.classList.add('bars');
    canvas.parentElement.style.height = `${all.length * 38 + 80}px`;
    const color = (series) => css(series.right ? '--s1' : '--none-bg');
    const options = common();
    options.indexAxis = 'y';
    options.plugins.legend.display = false;
    options.scales = {
      x: axis('time per operation', { beginAtZero: true, suggestedMax: highest(all) * 1.05, ticks: { callback: (value) => time(value), maxTicksLimit: 6, maxRotation: 0 } }),
      y: axis('', { title: { display: false }, grid: { display: false, borderColor: css('--strong-line') }, ticks: { color: css('--ink'), autoSkip: false } }),
    };
    charts.push(new Chart(canvas, {
      type: 'bar',
      data: {
        labels: all.map((series) => series.right ? series.name : `✗ ${series.name}`),
        datasets: [{
          data: all.map((series) => ({ ...series.points[0], x: series.points[0].y, y: series.right ? series.name : `✗ ${series.name}`, name: series.name })),
          spans: all.map(({ points: [point] }) => point.low === null ? null : [point.low, point.high]),
          spanColor: css('--ink'),
          backgroundColor: all.map(color),
          borderColor: all.map((series) => css(series.right ? '--s1' : '--muted')),
          borderWidth: 1,
          maxBarThickness: 22,
        }],
      },
      options,
    }));
  };

  const scaling = (table, all) => {
    const name = table.dataset.xName;
    const xs = measured(all);
    const top = Math.max(...xs);
    const wide = top / Math.min(...xs) > 16;
    const over = all.some((series) => series.points.some((point) => point.over));
    const canvas = figure(table, `Throughput relative to ${table.dataset.one}`, 'Dashed: ideal, as many times as there are.' + (over ? ' Hollow points: more workers than cores.' : ''));
    const options = common();
    options.plugins.coreLine = { cores: name === 'workers' ? Number(table.dataset.cores) : 0 };
    const limit = Math.max(top, highest(all)) * 1.05;
    options.scales = {
      x: xAxis(name, xs),
      y: axis(wide ? 'throughput, relative (log scale)' : 'throughput, relative', {
        type: wide ? 'logarithmic' : 'linear',
        min: wide ? round(lowest(all), false, false) : 0,
        max: wide ? round(limit, true, false) : limit,
        ticks: { callback: (value) => `${Number(value.toPrecision(3))}×`, includeBounds: false },
      }),
    };
    const ideal = {
      label: 'ideal', ideal: true, data: [{ x: Math.min(...xs), y: Math.min(...xs) }, { x: top, y: top }],
      borderColor: css('--strong-line'), backgroundColor: css('--strong-line'), borderDash: [6, 5], borderWidth: 1.5, pointRadius: 0, pointHoverRadius: 0, pointStyle: 'line',
    };
    // Colours and shapes as in the chart beside it, where wrong answers come last.
    const datasets = all.map((series) => dataset(series, series.at));
    for (const set of datasets) for (const point of set.data) point.title = `${point.x} ${name}${point.over ? ', oversubscribed' : ''}`;
    lineChart(canvas, { datasets: [...datasets, ideal] }, options);
  };

  const drawPanel = (panel) => {
    const table = panel.querySelector('table[data-chart="time"]');
    const all = read(table);
    if (all.length === 0) return;
    (measured(all).length > 1 ? lines : bars)(table, all);
    const second = panel.querySelector('table[data-chart="scaling"]');
    const scaled = second ? read(second) : [];
    for (const series of scaled) series.at = all.findIndex((other) => other.name === series.name);
    if (scaled.length > 0) scaling(second, scaled);
    for (const canvas of panel.querySelectorAll('canvas')) fit(Chart.getChart(canvas));
  };
  // A long page draws what comes into view; there are browsers and pages for which all at once is a minute.
  const panels = [...document.querySelectorAll('.panel')];
  const near = root.classList.contains('long') && new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) if (isIntersecting) near.unobserve(target), drawPanel(target);
  }, { rootMargin: '50%' });
  const draw = () => {
    for (const chart of charts.splice(0)) chart.destroy();
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 12;
    for (const panel of panels) {
      panel.querySelector('.charts').replaceChildren();
      if (near) near.unobserve(panel), near.observe(panel);
      else drawPanel(panel);
    }
  };

  let resized = 0;
  addEventListener('resize', () => {
    clearTimeout(resized);
    resized = setTimeout(() => charts.forEach(fit), 200);
  });

  // What a verdict rests on, from the table that says it of all.
  const lanesOf = (reason) => said(reason.cells[reason.cells.length - 4]);
  const restsOn = (row, lane) => {
    const named = document.getElementById(`w${row.id.slice(1)}`);
    if (!named) return '';
    const reason = [...named.closest('tbody').rows].find((one) => lanesOf(one) === 'every lane' || lanesOf(one).split(', ').includes(lane));
    return reason ? said(reason.cells[reason.cells.length - 1]) : '';
  };
  // A cell's path in run.json, where only its row and its column have one.
  document.addEventListener('pointerover', ({ target }) => {
    const cell = target.closest('td');
    const row = cell && cell.parentElement;
    const table = row && row.closest('table');
    if (!table || !table.tHead || cell.dataset.told) return;
    cell.dataset.told = '1';
    if (table === matrix) {
      const first = row.title.match(/^verdicts\/(\d+)/);
      const path = cell.title || (first && cell.cellIndex > 1 ? `verdicts/${Number(first[1]) + cell.cellIndex - 2}` : '');
      if (path) cell.title = `${path}: ${restsOn(row, said(headings(table)[cell.cellIndex]))}`;
      return;
    }
    const heads = headings(table);
    const head = heads[heads.length - row.cells.length + cell.cellIndex];  // from the right: a name may span rows
    const path = cell.title || row.title;
    if (path && head && head.title) cell.title = `${path}/${head.title}`;
  });

  const made = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // The matrix: filters and order, kept in the address ("#view?lane=tsan&verdict=fail"), so that a link shows the same.
  const worstFirst = ['fail', 'missed', 'error', 'pass', 'not_judged', undefined];
  const look = { q: '', family: '', lane: '', verdict: '', sort: '' };
  let apply = () => {};
  let reveal = () => {};
  const matrixView = () => {
    const lanes = [...headings(matrix)].slice(2).map(said);
    const bodies = [...matrix.tBodies];
    const groups = bodies.map((body) => [body, [...body.rows]]);
    const rows = [...matrix.querySelectorAll('tbody tr[id]')].map((row, place) => ({
      row, place, family: row.parentElement.dataset.family, id: row.cells[0].firstChild.textContent,
      verdicts: [...row.cells].slice(2).map((cell) => cell.firstElementChild?.className),
    }));
    const text = (one) => one.text ??= one.row.textContent.toLowerCase();
    const order = () => {
      const by = look.sort.replace(/^-/, '');
      const lane = lanes.indexOf(by);
      const compare = {
        scenario: (a, b) => a.id < b.id ? -1 : a.id > b.id ? 1 : 0,
        declared: (a, b) => a.row.cells[1].textContent.localeCompare(b.row.cells[1].textContent),
      }[by] ?? ((a, b) => worstFirst.indexOf(a.verdicts[lane]) - worstFirst.indexOf(b.verdicts[lane]));
      const sorted = [...rows].sort((a, b) => compare(a, b) || a.place - b.place);
      return look.sort.startsWith('-') ? sorted.reverse() : sorted;
    };
    let sortedBy = '';
    const arrange = () => {
      if (sortedBy === look.sort) return;
      sortedBy = look.sort;
      for (const body of [...matrix.tBodies]) body.remove();
      if (!sortedBy) {
        for (const [body, own] of groups) body.append(...own), matrix.append(body);
      } else {
        const all = order().map(({ row }) => row);
        for (let at = 0; at < all.length; at += 50) matrix.append(made('tbody', {}, ...all.slice(at, at + 50)));
      }
      for (const head of headings(matrix)) {
        const own = look.sort.replace(/^-/, '') === head.dataset.sort;
        if (own) head.setAttribute('aria-sort', look.sort.startsWith('-') ? 'descending' : 'ascending');
        else head.removeAttribute('aria-sort');
      }
    };
    const hide = (element, hidden) => { if (element.hidden !== hidden) element.hidden = hidden; };
    const shown = made('output', { className: 'shown' });
    shown.setAttribute('aria-live', 'polite');
    const fields = {};
    const filter = () => {
      const lane = lanes.indexOf(look.lane);
      const words = look.q.toLowerCase();
      const families = new Set();
      const full = new Set();
      let fitting = 0;
      for (const one of rows) {
        one.body = one.row.parentElement;
        one.fits = (!look.family || one.family === look.family) &&
          (!look.verdict || (lane < 0 ? one.verdicts.includes(look.verdict) : one.verdicts[lane] === look.verdict)) &&
          (lane < 0 || one.verdicts[lane] !== undefined) && (!words || text(one).includes(words));
        if (one.fits) families.add(one.family), full.add(one.body), ++fitting;
      }
      // Rows of a group that is hidden as a whole stay as they were: each change of one costs.
      for (const one of rows) if (full.has(one.body)) hide(one.row, !one.fits);
      for (const body of matrix.tBodies) {
        // A family's first group has its heading, which stays while any of its groups is shown.
        const headed = !full.has(body) && families.has(body.dataset.family) && body.rows[0].className === 'family';
        if (headed) for (const row of body.querySelectorAll('tr[id]')) hide(row, true);
        hide(body, !full.has(body) && !headed);
      }
      if (lane < 0) delete matrix.dataset.only;
      else matrix.dataset.only = lane + 1;
      shown.textContent = fitting === rows.length ? `All ${rows.length} scenarios shown` : `${fitting} of ${rows.length} scenarios shown`;
    };
    // After the answer is there: on a page of 10,000 scenarios the address alone takes as long as a filter. Unless
    // somebody has gone elsewhere by then.
    let keeping = 0;
    const keepLater = () => {
      const here = location.href;
      clearTimeout(keeping);
      keeping = setTimeout(() => {
        if (location.href !== here) return;
        const kept = new URLSearchParams(Object.entries(look).filter(([, value]) => value)).toString();
        history.replaceState(null, '', kept ? `#view?${kept}` : here.split('#')[0]);
      }, 100);
    };
    apply = (tell) => {
      for (const [name, field] of Object.entries(fields)) {
        if (field.value !== look[name]) field.value = look[name];
        look[name] = field.value;  // what an address asks for and this page does not have is not asked for
      }
      arrange();
      filter();
      if (tell) keepLater();
    };
    reveal = (row) => {
      if (!matrix.contains(row) || !row.closest('[hidden]')) return;
      for (const name of ['q', 'family', 'lane', 'verdict']) look[name] = '';
      apply(false);
    };
    const choice = (name, words, options) => {
      fields[name] = made('select', { name }, ...options.map(([value, title]) => made('option', { value }, title)));
      fields[name].addEventListener('change', () => { look[name] = fields[name].value; apply(true); });
      return made('label', {}, `${words} `, fields[name]);
    };
    fields.q = made('input', { type: 'search', name: 'q', size: 18 });
    fields.q.addEventListener('input', () => { look.q = fields.q.value; apply(true); });
    const clear = made('button', { type: 'button' }, 'Show all');
    clear.addEventListener('click', () => { for (const name of Object.keys(look)) look[name] = ''; apply(true); });
    const sorts = ['scenario', 'declared', ...lanes];
    const form = made('form', { className: 'filter' },
      made('label', {}, 'Text ', fields.q),
      choice('family', 'Family', [['', 'all'], ...[...new Set(rows.map((one) => one.family))].map((name) => [name, name])]),
      choice('lane', 'Lane', [['', 'all'], ...lanes.map((name) => [name, name])]),
      choice('verdict', 'Verdict', [['', 'any'], ['pass', 'pass'], ['fail', 'fail'], ['missed', 'missed'], ['not_judged', 'not judged'], ['error', 'error']]),
      choice('sort', 'Order', [['', 'as run'], ...sorts.flatMap((name) => [[name, `by ${name}`], [`-${name}`, `by ${name}, reversed`]])]),
      clear, shown);
    form.setAttribute('role', 'search');
    form.setAttribute('aria-label', 'Filter the matrix');
    form.addEventListener('submit', (event) => event.preventDefault());
    [...headings(matrix)].forEach((head, at) => {
      head.dataset.sort = sorts[at];
      const button = made('button', { type: 'button', className: 'sort', title: 'Sort' }, said(head));
      button.addEventListener('click', () => {
        look.sort = look.sort === sorts[at] ? `-${sorts[at]}` : look.sort === `-${sorts[at]}` ? '' : sorts[at];
        apply(true);
      });
      head.replaceChildren(button);
    });
    matrix.before(form);
    shown.textContent = `All ${rows.length} scenarios shown`;
  };

  // Where the address points: to a view of the matrix, or to a place, which may be folded or filtered away.
  const follow = () => {
    const hash = location.hash.slice(1);
    if (hash.startsWith('view?')) {
      const told = new URLSearchParams(hash.slice(5));
      for (const name of Object.keys(look)) look[name] = told.get(name) ?? '';
      apply(false);
      document.getElementById('verdicts').scrollIntoView();
      return;
    }
    const target = hash && document.getElementById(hash);
    if (!target) return;
    reveal(target);
    for (let one = target; one; one = one.parentElement) if (one.localName === 'details') one.open = true;
    target.scrollIntoView();
  };

  // A schedule up to a moment: what comes later is not there yet.
  const slider = (table) => {
    const steps = [...table.tBodies[0].rows].filter((row) => row.cells[0].localName === 'th');
    if (steps.length < 2) return;
    const range = made('input', { type: 'range', min: 1, max: steps.length, value: steps.length });
    const told = made('output');
    const show = () => {
      const now = steps[range.value - 1];
      const all = Number(range.value) === steps.length;
      let later = false;
      for (const row of table.tBodies[0].rows) {
        row.classList.toggle('later', later);
        row.classList.toggle('now', row === now && !all);
        later ||= row === now;
      }
      told.textContent = all ? 'all steps' : `up to step ${now.cells[0].textContent}`;
    };
    range.addEventListener('input', show);
    told.textContent = 'all steps';
    table.closest('.scroll').before(made('label', { className: 'time' }, 'Time ', range, ' ', told));
  };

  // A history's lines, drawn from the figures of its table, which then fold away. Each is a slider over its runs: the
  // pointer and the arrow keys tell a point's date, commit and value. One of them is a stop of the Tab key.
  const shape = (tag, attributes) => {
    const one = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    return one;
  };
  const [lineWidth, lineHeight, lineEdge] = [360, 56, 6];
  const firstRun = 3;  // the columns before it are Scenario, Last and Changes; of the runs the newest comes first
  const historyLine = (row, runs) => {
    const unit = said(row.cells[1].firstChild).split(' ')[1] ?? '';
    const changes = [...row.querySelectorAll('[data-at]')].map(({ dataset }) => ({
      at: runs.length - 1 - dataset.at, before: Number(dataset.before), after: Number(dataset.after), worse: dataset.worse !== undefined,
    }));
    return { row, changes, here: 0, points: [...row.cells].slice(firstRun).reverse().flatMap((cell, at) => {
      const told = said(cell).match(/^([\d.,]+)(?: -([\d.,]+)\+([\d.,]+))?$/);
      if (!told) return [];
      const [value, below, above] = told.slice(1).map((text) => Number((text ?? '0').replaceAll(',', '')));
      const digits = (told[1].split('.')[1] ?? '').length;
      const point = { at, value, low: value - below, high: value + above, right: !row.className && !cell.querySelector('s'), now: runs[at].now, spans: told[2] !== undefined };
      const change = changes.find((one) => one.at === at);
      const percent = change && Number((100 * (change.after / change.before - 1)).toPrecision(2));
      point.words = `${runs[at].words}: ${told[1]}${unit && ` ${unit}`}` + (point.spans ? ` [${point.low.toFixed(digits)}–${point.high.toFixed(digits)}]` : '') +
        (point.right ? '' : ', not right') + (change ? `; change point: ${percent > 0 ? '+' : '−'}${Math.abs(percent)} %` : '');
      return [point];
    }) };
  };
  const drawLine = (line, count) => {
    const { points, changes, row } = line;
    const x = (at) => count < 2 ? lineWidth / 2 : lineEdge + at / (count - 1) * (lineWidth - 2 * lineEdge);
    // No narrower than 4 % of what it shows: noise is not to look like a change.
    const ends = points.flatMap(({ low, high }) => [low, high]);
    const centre = (Math.min(...ends) + Math.max(...ends)) / 2;
    const least = Math.max(0.02 * Math.abs(centre), 1e-12);
    const [low, high] = [Math.min(...ends, centre - least), Math.max(...ends, centre + least)];
    const y = (value) => lineHeight - lineEdge - (value - low) / (high - low) * (lineHeight - 2 * lineEdge);
    const svg = shape('svg', { viewBox: `0 0 ${lineWidth} ${lineHeight}`, role: 'slider', tabindex: -1, 'aria-label': `${said(row.cells[0])}: its runs`, 'aria-valuemin': 1, 'aria-valuemax': points.length });
    const path = (look, d) => { if (d) svg.append(shape('path', { class: look, d })); };
    changes.forEach(({ at, before, after, worse }, i) => {
      const from = x(at - 0.5);
      if (i === 0) path('level', `M0 ${y(before)}H${from}`);
      path('level', `M${from} ${y(after)}H${i + 1 < changes.length ? x(changes[i + 1].at - 0.5) : lineWidth}`);
      path(worse ? 'worse' : 'better', `M${from} 0V${lineHeight}`);
    });
    // All points of a kind as one shape. A line of no length with round ends is a dot.
    const all = (takes, draw) => points.filter(takes).map(draw).join('');
    const dot = ({ at, value }) => `M${x(at)} ${y(value)}h0`;
    path('interval', all(({ spans }) => spans, (point) => `M${x(point.at)} ${y(point.low)}V${y(point.high)}`));
    path('dots', all(({ right, now }) => right && !now, dot));
    path('dots wrong', all(({ right, now }) => !right && !now, dot));
    path('dots now', all(({ now }) => now, dot));
    return Object.assign(line, { svg, mark: (point) => shape('circle', { class: 'here', cx: x(point.at), cy: y(point.value), r: 5 }), xOf: (point) => x(point.at) });
  };
  const drawHistory = (table) => {
    const runs = [...headings(table)].slice(firstRun).reverse().map((head) => ({
      words: `${said(head.firstChild).replace('T', ' ')}, ${said(head.lastElementChild)}`, now: head.className === 'now',
    }));
    const lines = [...table.tBodies[0].rows].map((row) => historyLine(row, runs));
    const bySvg = new Map();
    for (const line of lines) {
      if (line.points.length > 0) bySvg.set(drawLine(line, runs.length).svg, line);
      line.row.cells[0].after(made('td', {}, line.svg ?? ''));
    }
    const head = made('th', {}, 'Over the runs');
    head.scope = 'col';
    headings(table)[0].after(head);

    const tip = made('div', { className: 'tip' });
    let told = null;
    let mark = null;
    const place = () => {
      if (!told) return;
      const box = mark.getBoundingClientRect();
      tip.style.left = `${Math.max(8, Math.min(box.left, root.clientWidth - tip.offsetWidth - 8))}px`;
      tip.style.top = `${box.bottom + 8 + tip.offsetHeight > innerHeight ? box.top - tip.offsetHeight - 8 : box.bottom + 8}px`;
    };
    const point = (line, at) => {
      line.here = at;
      line.svg.setAttribute('aria-valuenow', at + 1);
      line.svg.setAttribute('aria-valuetext', line.points[at].words);
    };
    const hide = () => { mark?.remove(); tip.remove(); told = null; };
    const tell = (line, at) => {
      if (told === line && line.here === at) return;
      hide();
      point(line, at);
      told = line;
      mark = line.mark(line.points[at]);
      line.svg.append(mark);
      tip.textContent = line.points[at].words;
      document.querySelector('main').append(tip);
      place();
    };
    for (const line of bySvg.values()) point(line, line.points.length - 1);
    const stops = [...bySvg.keys()];
    stops[0]?.setAttribute('tabindex', 0);
    const lineAt = ({ target }) => bySvg.get(target.closest('svg'));
    const trace = (event) => {
      const line = lineAt(event);
      if (!line) return;
      const box = line.svg.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width * lineWidth;
      const far = line.points.map((one) => Math.abs(line.xOf(one) - x));
      tell(line, far.indexOf(Math.min(...far)));
    };
    table.addEventListener('pointermove', trace);
    table.addEventListener('pointerdown', trace);
    table.addEventListener('pointerout', (event) => { if (lineAt(event) && !lineAt(event).svg.contains(event.relatedTarget)) hide(); });
    table.addEventListener('focusin', (event) => { const line = lineAt(event); if (line) tell(line, line.here); });
    table.addEventListener('focusout', hide);
    table.addEventListener('keydown', (event) => {
      const line = lineAt(event);
      const last = line && line.points.length - 1;
      const to = line && { ArrowLeft: Math.max(0, line.here - 1), ArrowRight: Math.min(last, line.here + 1), Home: 0, End: last }[event.key];
      const other = line && stops[stops.indexOf(line.svg) + ({ ArrowUp: -1, ArrowDown: 1 }[event.key] ?? NaN)];
      if (to === undefined && !other) return;
      event.preventDefault();
      if (to !== undefined) return tell(line, to);
      line.svg.setAttribute('tabindex', -1);
      other.setAttribute('tabindex', 0);
      other.focus();
    });
    addEventListener('scroll', place, { capture: true, passive: true });

    const button = made('button', { type: 'button' });
    const fold = (folded) => {
      table.classList.toggle('folded', folded);
      button.textContent = folded ? 'Show the figures of each run' : 'Hide the figures of each run';
    };
    fold(true);
    button.addEventListener('click', () => fold(!table.classList.contains('folded')));
    table.closest('.scroll').before(made('p', { className: 'muted' }, 'Drawn with the oldest run on the left, each line on a scale of its own: medians with their intervals, ' +
      'levels, and change points between them. The larger point is this run. Point at a line to read it, or go to it with Tab: left and right keys go through its runs, up and down to other lines. ', button));
  };

  const dark = () => (root.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'theme';
  const label = () => { button.textContent = dark() ? 'Light' : 'Dark'; button.setAttribute('aria-label', dark() ? 'Show in light colours' : 'Show in dark colours'); };
  const remember = (theme) => { try { localStorage.setItem('chicane-theme', theme); } catch { /* not kept: no storage for files here */ } };
  try { root.dataset.theme = localStorage.getItem('chicane-theme') || ''; } catch { /* as above */ }
  button.addEventListener('click', () => {
    root.dataset.theme = dark() ? 'light' : 'dark';
    remember(root.dataset.theme);
    label();
    draw();
  });
  document.querySelector('.top').append(button);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { label(); draw(); });

  // Paper is white, can't unfold, nor scroll to what is drawn later.
  let theme = '';
  addEventListener('beforeprint', () => {
    theme = root.dataset.theme || '';
    root.dataset.theme = 'light';
    document.querySelectorAll('details').forEach((fold) => { fold.open = true; });
    draw();
    if (near && panels.length <= 400) for (const panel of panels) near.unobserve(panel), drawPanel(panel);
  });
  addEventListener('afterprint', () => { root.dataset.theme = theme; draw(); });

  Chart.register(sideBySide, intervals, coreLine);
  label();
  if (matrix) matrixView();
  document.querySelectorAll('.steps').forEach(slider);
  document.querySelectorAll('.history').forEach(drawHistory);
  addEventListener('hashchange', follow);
  follow();
  draw();
})();
