// Without this script the page has tables in the place of charts over time.
(function () {
  'use strict';
  const data = JSON.parse(document.getElementById('data').textContent);
  for (const element of document.querySelectorAll('.scripted')) element.hidden = false;

  // summed turns differences into values.
  function summed(changes, unit) {
    let at = 0;
    return changes && changes.map((by) => (by === null ? null : Number(((at += by) * unit).toPrecision(12))));
  }

  // times are those of so many points, the last at the end.
  function times(points, step, end) { return Array.from({ length: points }, (_, k) => Math.min(k * step, end)); }

  const drawn = [], off = new Set();
  const seed = document.getElementById('seed'), bands = document.getElementById('bands');

  // view is what a chart shows: the mean of all seeds with the range, or one seed.
  function view(chart) {
    const one = seed && seed.value;
    let points = 0, end = one ? 0 : chart.end;
    const lines = chart.lines.map((line) => {
      const policy = data.policies[line.policy], run = one ? line.seeds[one] : null;
      const out = { name: policy.name, cls: policy.class, hidden: off.has(line.policy) };
      if (one) {
        out.y = run ? summed(run.values, chart.unit) : [];
        end = Math.max(end, run ? run.end : 0);
      } else {
        Object.assign(out, { y: summed(line.mean, chart.unit), low: summed(line.low, chart.unit), high: summed(line.high, chart.unit) });
      }
      points = Math.max(points, out.y.length);
      return out;
    });
    for (const line of lines) while (line.y.length < points) line.y.push(null);
    return { x: times(points, chart.step, end), end, lines, title: chart.axis, count: chart.count, digits: chart.digits };
  }

  for (const element of document.querySelectorAll('.chart[data-chart]')) {
    const chart = data.charts[element.dataset.chart];
    drawn.push({ chart, lines: Charts.lines(element, view(chart)) });
  }
  function all() { for (const { chart, lines } of drawn) lines.set(view(chart)); }

  for (const box of document.querySelectorAll('.keys input[data-policy]')) {
    box.addEventListener('change', () => {
      const policy = Number(box.dataset.policy);
      if (box.checked) off.delete(policy); else off.add(policy);
      all();
    });
  }
  if (seed) seed.addEventListener('change', all);
  if (bands) {
    bands.checked = data.policies.length <= 4;
    const tell = () => { for (const { lines } of drawn) lines.bands(bands.checked); };
    bands.addEventListener('change', tell);
    tell();
  }

  for (const figure of document.querySelectorAll('.heat')) {
    const set = figure.dataset, plot = figure.querySelector('.plot'), image = plot.querySelector('img');
    const draw = () => {
      Charts.map(figure.querySelector('.chart'), {
        image, rows: Number(set.rows), columns: Number(set.columns), hosts: data.hosts[Number(set.hosts)], hostsEach: Number(set.hostsEach),
        step: Number(set.step), end: Number(set.end), scale: data.scale,
      });
      plot.hidden = true;
    };
    image.decode().then(draw, () => {}); // a picture that cannot be read stays as it is
  }

  // A link into what is folded opens it.
  function open() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const fold = target.closest('details') || target.querySelector('details');
    if (fold) fold.open = true;
    target.scrollIntoView();
  }
  addEventListener('hashchange', open);
  open();

  // Paper shows what is folded of the figures.
  const opened = [];
  addEventListener('beforeprint', () => {
    for (const fold of document.querySelectorAll('details.definitions:not([open])')) { fold.open = true; opened.push(fold); }
  });
  addEventListener('afterprint', () => { for (const fold of opened.splice(0)) fold.open = false; });
})();
