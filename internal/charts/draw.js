// Charts draws lines over time and maps of load, with uPlot. A page gives it an element
// with the class chart, and data; colours are those of the style: p0 to p7.
const Charts = (function () {
  'use strict';

  const drawn = new Set(); // the charts on the page
  let printing = false;
  const font = '12px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
  const titleFont = '12px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
  const day = 86400, hour = 3600, minute = 60;
  const timeSteps = [0.001, 0.01, 0.1, 1, 5, 15, 30, minute, 5 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour,
    12 * hour, day, 2 * day, 7 * day, 28 * day, 91 * day, 364 * day];

  // span says how long a time is: "1 h 30 min".
  function span(seconds) {
    if (seconds > 0 && seconds < 1) return Math.round(seconds * 1000) + ' ms';
    const said = [];
    let left = Math.round(seconds);
    for (const [size, name] of [[day, 'd'], [hour, 'h'], [minute, 'min'], [1, 's']]) {
      const n = Math.floor(left / size);
      left -= n * size;
      if (n > 0 && said.length < 2) said.push(n + ' ' + name);
    }
    return said.length ? said.join(' ') : '0';
  }

  // clock says a time on an axis with that step, briefly.
  function clock(seconds, step) {
    if (seconds === 0) return '0';
    if (step < hour && step >= minute && seconds > hour && seconds % hour !== 0) {
      return Math.floor(seconds / hour) + ':' + String(Math.round(seconds % hour / minute)).padStart(2, '0') + ' h';
    }
    if (step < day && seconds % hour === 0) return seconds / hour + ' h';
    return span(seconds);
  }

  // What is shown may be of another time than now: reckon says what its time zone is
  // (undefined: that of the reader), and what its present moment.
  let zone, now = () => Date.now() / 1000;
  function reckon(as) { zone = as.zone; now = as.now; }

  // timeOfDay says when a second since 1970 is here.
  function timeOfDay(seconds, exact) {
    const format = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone };
    if (exact) format.second = '2-digit';
    return new Date(seconds * 1000).toLocaleTimeString(undefined, format);
  }

  // number formats a value, with at least two significant digits.
  function number(v, digits) {
    if (typeof v !== 'number' || !isFinite(v)) return '–';
    if (v !== 0 && Math.abs(v) < 1e-6) return v.toExponential(1);
    if (v !== 0 && !(digits === 0 && Number.isInteger(v))) digits = Math.max(digits, 1 - Math.floor(Math.log10(Math.abs(v))));
    return v.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: v === 0 ? 0 : digits });
  }

  // label is a value on an axis with that step.
  function label(v, step) {
    const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    if (v !== 0 && digits > 6) return v.toExponential(1);
    return v.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: v === 0 ? 0 : digits });
  }

  function colour(element, name) { return getComputedStyle(element).getPropertyValue(name).trim(); }

  // tip is the box with values. A screen reader reads it when a key has moved the cursor.
  const tip = document.createElement('div');
  tip.className = 'chart-tip';
  tip.hidden = true;
  tip.setAttribute('role', 'status');
  document.body.append(tip);

  function row(cls, name, value, more) {
    const line = document.createElement('div'), left = document.createElement('span'), right = document.createElement('span');
    if (cls) {
      const dot = document.createElement('i');
      dot.className = cls;
      left.append(dot);
    }
    left.append(name);
    right.append(value);
    if (more) {
      const small = document.createElement('small');
      small.textContent = ' (' + more + ')';
      right.append(small);
    }
    line.append(left, right);
    return line;
  }

  function show(x, y, head, rows) {
    const title = document.createElement('b');
    title.textContent = head;
    tip.replaceChildren(title, ...rows);
    tip.hidden = false;
    const box = tip.getBoundingClientRect(), gap = 14;
    tip.style.left = Math.max(4, x + gap + box.width > innerWidth ? x - gap - box.width : x + gap) + 'px';
    tip.style.top = Math.max(4, y + gap + box.height > innerHeight ? y - gap - box.height : y + gap) + 'px';
  }

  function hide() { tip.hidden = true; }

  // make draws a chart into an element, and keeps it as wide as that.
  function make(element, height, options, data, tell) {
    element.hidden = false;
    element.tabIndex = 0;
    const back = document.createElement('button');
    back.type = 'button';
    back.textContent = 'Whole time';
    back.hidden = true;
    const size = () => {
      const room = Math.max(160, Math.floor(element.clientWidth));
      const width = printing ? (room > 900 ? 900 : 480) : room; // paper scales it to the room that is there
      element.style.setProperty('--shape', width + ' / ' + height());
      return { width, height: height() };
    };
    const axis = (more) => Object.assign({
      stroke: () => colour(element, '--quiet'), font, labelFont: titleFont, labelSize: 20, labelGap: 2, gap: 4,
      grid: { stroke: () => colour(element, '--rule'), width: 1 },
      ticks: { stroke: () => colour(element, '--rule'), width: 1, size: 5 },
    }, more);
    let end = options.end, begin = options.begin || 0;
    const whole = (u) => u.scales.x.min <= begin && u.scales.x.max >= end;
    let told = false; // by another chart
    const u = new uPlot(Object.assign({
      ...size(), legend: { show: false }, padding: [10, options.clock ? 30 : 22, 0, 0], // half of the last time
      cursor: Object.assign({ y: false, points: { show: false }, sync: { key: 'charts', setSeries: false }, drag: { x: true, y: false, dist: 4 } }, options.cursor),
      scales: Object.assign({ x: { time: false, range: (u, low, high) => (low == null ? [begin, end] : [Math.max(begin, low), Math.min(end, high)]) } }, options.scales),
      axes: [
        axis({ label: options.clock ? 'time of day' : 'time since the start', incrs: timeSteps, space: 64, size: 28, grid: { show: options.upright !== false, stroke: () => colour(element, '--rule'), width: 1 },
          values: (u, splits, i, space, step) => splits.map((v) => (options.clock ? timeOfDay(v, step < minute) : clock(Math.round(v * 1000) / 1000, step))) }),
        axis(options.y),
      ],
      hooks: Object.assign({}, options.hooks, {
        setScale: [(u, key) => {
          if (key !== 'x' || u.status !== 1) return;
          back.hidden = whole(u);
          if (told) return;
          for (const other of drawn) other.zoom(u, u.scales.x.min, u.scales.x.max);
        }],
        setCursor: [(u) => {
          if (!element.matches(':hover') && document.activeElement !== element) return;
          if (u.cursor.left == null || u.cursor.left < 0) return hide();
          const box = u.over.getBoundingClientRect();
          const said = tell(u);
          if (said) show(box.left + u.cursor.left, box.top + Math.max(0, u.cursor.top), said.head, said.rows);
        }],
      }),
    }, { series: options.series, bands: options.bands }), data, element);
    element.append(back);
    const chart = {
      u, element,
      zoom(from, low, high) {
        if (from === u || (u.scales.x.min === low && u.scales.x.max === high)) return;
        told = true;
        u.setScale('x', { min: low, max: Math.min(high, end) });
        queueMicrotask(() => { told = false; });
      },
      fit() { u.setSize(size()); },
      set(data, at, from) {
        const all = whole(u);
        end = at;
        begin = from || 0;
        u.batch(() => {
          u.setData(data, false);
          if (all || u.scales.x.min >= end || u.scales.x.max <= begin) u.setScale('x', { min: begin, max: end });
        });
        u.redraw(true, true);
      },
      redraw() { u.redraw(true, true); },
    };
    drawn.add(chart);
    new ResizeObserver(() => { if (Math.abs(size().width - u.width) >= 1) chart.fit(); }).observe(element);
    back.addEventListener('click', () => u.setScale('x', { min: begin, max: end }));
    element.addEventListener('pointerleave', hide);
    element.addEventListener('blur', () => { hide(); u.setCursor({ left: -10, top: -10 }); });
    element.addEventListener('keydown', (event) => keys(event, u, begin, end, options.step, options.rows && options.rows(u)));
    return chart;
  }

  // keys: arrows move the cursor, + and - zoom at it, Escape shows all.
  function keys(event, u, begin, end, step, row) {
    const { left, top } = u.cursor, high = u.over.clientHeight;
    const x = left == null || left < 0 ? -1 : left, y = top == null || top < 0 ? 0 : top;
    const go = (by) => {
      const { min, max } = u.scales.x, from = x < 0 ? min - step * Math.sign(by) : u.posToVal(x, 'x');
      const to = (Math.round(from / step) + by * (event.shiftKey ? 10 : 1)) * step;
      u.setCursor({ left: u.valToPos(Math.max(min, Math.min(max, to)), 'x'), top: y });
    };
    const zoom = (factor) => {
      const at = u.posToVal(Math.max(0, x), 'x'), { min, max } = u.scales.x;
      u.setScale('x', { min: Math.max(begin, at - (at - min) * factor), max: Math.min(end, at + (max - at) * factor) });
    };
    switch (event.key) {
      case 'ArrowLeft': go(-1); break;
      case 'ArrowRight': go(1); break;
      case 'ArrowUp': u.setCursor({ left: Math.max(0, x), top: Math.max(0, y - (row || 10)) }); break;
      case 'ArrowDown': u.setCursor({ left: Math.max(0, x), top: Math.min(high - 1, y + (row || 10)) }); break;
      case '+': zoom(0.5); break;
      case '-': zoom(2); break;
      case 'Escape': u.setScale('x', { min: begin, max: end }); break;
      default: return;
    }
    event.preventDefault();
  }

  // sizeOf is the room for the labels of an upright axis.
  function sizeOf(u, values, i, cycle) {
    if (cycle > 1) return u.axes[i]._size; // it would not end otherwise
    let longest = 0;
    u.ctx.save();
    u.ctx.font = u.axes[i].font[0];
    for (const v of values || []) longest = Math.max(longest, u.ctx.measureText(v || '').width);
    u.ctx.restore();
    return Math.ceil(longest / devicePixelRatio) + 16;
  }

  // lines draws a chart of lines. What: {title, end, count, digits, lines: [{cls, name, x,
  // y, low, high, dash}]}. The times of all lines that are shown are the same or fewer:
  // x has them.
  function lines(element, what) {
    let shifts = [], bands = true;
    const shown = (i) => !what.lines[i].hidden;
    const edges = 2 * what.lines.length, of = (s) => s - 1 - edges; // the edges of all bands come first, below the lines
    const dashes = { again1: [7, 4], again2: [2, 4], again3: [9, 3, 2, 3] };
    const shape = what.count ? uPlot.paths.stepped({ align: 1 }) : uPlot.paths.linear();
    const mark = document.createElement('span'); // has the colours of a line
    mark.hidden = true;
    element.append(mark);
    const stroke = (i) => { mark.className = what.lines[i].cls; return colour(mark, '--c'); };
    const path = (u, s, from, to) => ({ stroke: moved(u, what.x, what.lines[of(s)].y, shifts[of(s)], what.count, from, to), flags: 1 });
    const series = [{}], between = [];
    what.lines.forEach((line, i) => {
      const edge = { width: 0, stroke: 'transparent', paths: shape, points: { show: false } };
      series.push({ ...edge }, { ...edge });
      between.push({ series: [2 * i + 2, 2 * i + 1], fill: () => (bands && shown(i) ? stroke(i) + '2b' : 'transparent') });
    });
    what.lines.forEach((line, i) => {
      const again = Object.keys(dashes).find((name) => line.cls.includes(name));
      series.push({ width: line.cls === 'p0' ? 1.6 : 2, stroke: () => stroke(i), paths: path, points: { show: false }, dash: dashes[again] });
    });
    const table = () => {
      const blank = what.x.map(() => null), of = (line, values) => (line.hidden ? blank : values || blank);
      return [what.x, ...what.lines.flatMap((line) => [of(line, line.low), of(line, line.high)]), ...what.lines.map((line) => of(line, line.y))];
    };
    const steps = [];
    for (let power = what.count ? 0 : -9; power < 16; power++) for (const by of [1, 2, 5]) steps.push(Number(by + 'e' + power));
    const chart = make(element, () => 260, {
      end: what.end, step: what.x.length > 1 ? what.x[1] : 1, series, bands: between,
      scales: { y: { range: (u, low, high) => range(low, high) } },
      y: { label: (u) => what.title + (u.scales.y.min > 0 ? ' (not from 0)' : ''), size: sizeOf, incrs: steps, space: 34,
        values: (u, splits, i, space, step) => splits.map((v) => label(v, step)) },
      hooks: { drawClear: [(u) => { shifts = beside(u, what.lines, shown); }] },
    }, table(), (u) => {
      const k = u.cursor.idx;
      if (k == null) return null;
      const rows = [];
      what.lines.forEach((line, i) => {
        const v = line.y[k];
        if (!shown(i) || v == null) return;
        const wide = line.low && line.high[k] !== line.low[k];
        rows.push([v, row(line.cls, line.name, number(v, what.digits), wide ? number(line.low[k], what.digits) + ' to ' + number(line.high[k], what.digits) : '')]);
      });
      return { head: span(what.x[k]), rows: rows.sort((a, b) => b[0] - a[0]).map((r) => r[1]) };
    });
    return {
      set(next) { Object.assign(what, next); chart.set(table(), what.end); },
      bands(on) { bands = on; chart.redraw(); },
    };
  }

  // range begins at zero, unless all lines are far from it and close to each other.
  function range(low, high) {
    if (low == null || high == null) return [0, 1];
    if (low === 0 && high === 0) return [0, 1];
    if (low > 0.5 * high) return [Math.max(0, low - (high - low) * 0.15 - high * 0.01), high + (high - low) * 0.15 + high * 0.01];
    return [low < 0 ? low * 1.08 : 0, high > 0 ? high * 1.08 : 0];
  }

  // beside says by how many pixels each point of each line moves up, so that lines that
  // coincide are seen side by side.
  function beside(u, list, shown) {
    const { min, max } = u.scales.y, near = (max - min) / u.bbox.height * 1.5 * devicePixelRatio;
    let most = 1;
    const ranks = list.map((line, i) => line.y.map((v, k) => {
      let rank = 0;
      for (let j = 0; j < i && v != null && shown(i); j++) {
        const other = list[j].y[k];
        if (shown(j) && other != null && Math.abs(other - v) < near) rank++;
      }
      most = Math.max(most, rank);
      return rank;
    }));
    const gap = Math.min(2.4, 10 / most) * devicePixelRatio;
    return ranks.map((line) => line.map((rank) => rank * gap));
  }

  // moved is the path of a line whose points are moved up; a point without a value is a gap.
  function moved(u, xs, ys, shifts, steps, from, to) {
    const path = new Path2D();
    let before = null;
    for (let k = from; k <= to; k++) {
      if (ys[k] == null) {
        before = null;
        continue;
      }
      const x = u.valToPos(xs[k], 'x', true), y = u.valToPos(ys[k], 'y', true) - shifts[k];
      if (before === null) path.moveTo(x, y);
      else if (steps) path.lineTo(x, before);
      path.lineTo(x, y);
      before = y;
    }
    return path;
  }

  // map draws a map of load. What: {end, image, rows, columns, hosts, hostsEach, step, scale}:
  // a pixel of the image is the load of hostsEach hosts at a time; scale has the colours.
  // With clock, times are seconds since 1970, from begin on. Marks: {at, until, from, to, dash,
  // text}: an arrow from row to row.
  function map(element, what) {
    const label = 14;
    const height = () => Math.min(Math.max(what.hosts.length * label, 150), 380) + 58;
    const pixels = document.createElement('canvas');
    const inside = pixels.getContext('2d', { willReadFrequently: true });
    const take = () => {
      pixels.width = what.columns;
      pixels.height = what.rows;
      inside.drawImage(what.image, 0, 0);
    };
    take();
    const first = () => what.begin || 0, data = () => [[first(), what.end], [null, null]];
    const short = (name) => (name.length > 14 ? name.slice(0, 13) + '…' : name);
    const chart = make(element, height, {
      begin: what.begin, clock: what.clock, end: what.end, step: what.step, upright: false,
      rows: (u) => u.over.clientHeight / what.hosts.length, series: [{}, { paths: () => null, points: { show: false } }],
      cursor: { y: true, sync: { key: 'charts', setSeries: false, scales: ['x', null] } },
      scales: { y: { dir: -1, range: () => [0, what.hosts.length] } },
      y: { size: sizeOf, grid: { show: false }, ticks: { show: false },
        splits: (u) => nth(what.hosts.length, u.over ? u.bbox.height / devicePixelRatio : 200, label).map((i) => i + 0.5),
        values: (u, splits) => splits.map((v) => short(what.hosts[Math.floor(v)] || '')) },
      hooks: { drawAxes: [(u) => {
        const { ctx, bbox } = u, { left, top, width, height } = bbox;
        ctx.save();
        ctx.beginPath();
        ctx.rect(left, top, width, height);
        ctx.clip();
        ctx.fillStyle = hatch(element, ctx);
        ctx.fillRect(left, top, width, height);
        ctx.imageSmoothingEnabled = false;
        const from = u.valToPos(first() - what.step / 2, 'x', true), to = u.valToPos(first() + (what.columns - 0.5) * what.step, 'x', true);
        const bottom = u.valToPos(what.rows * what.hostsEach, 'y', true);
        ctx.drawImage(pixels, from, top, to - from, bottom - top);
        const colours = ['--paper', '--ink'].map((name) => colour(element, name));
        for (const mark of apart(u, what.marks || [])) arrow(u, colours, mark);
        ctx.restore();
      }] },
    }, data(), (u) => {
      const { hosts, columns, rows } = what, count = hosts.length;
      const host = Math.min(count - 1, Math.max(0, Math.floor(u.posToVal(u.cursor.top, 'y'))));
      const column = Math.min(columns - 1, Math.max(0, Math.round((u.posToVal(u.cursor.left, 'x') - first()) / what.step)));
      const line = Math.min(rows - 1, Math.floor(host / what.hostsEach));
      const one = hosts[line * what.hostsEach], last = hosts[Math.min(count, (line + 1) * what.hostsEach) - 1];
      const at = stepOf(inside.getImageData(column, line, 1, 1).data, what.scale);
      const when = Math.min(first() + column * what.step, what.end);
      const told = [row('', what.clock ? timeOfDay(when, true) : span(when), what.scale[at].text)];
      for (const mark of what.marks || []) {
        const near = Math.abs(u.valToPos(mark.at, 'x') - u.cursor.left) < 7, low = Math.min(mark.from, mark.to), high = Math.max(mark.from, mark.to);
        if (near && host >= low && host <= high && told.length < 6) told.push(row('', mark.text, ''));
      }
      return { head: one === last ? one : one + ' to ' + last, rows: told };
    });
    return {
      set(next) {
        const rows = what.hosts.length;
        Object.assign(what, next);
        take();
        chart.set(data(), what.end, what.begin);
        if (what.hosts.length !== rows) chart.fit();
      },
    };
  }

  // apart leaves out the marks that would overlap a later one.
  function apart(u, marks) {
    const kept = [], near = 9 * devicePixelRatio;
    for (const mark of marks.slice().sort((a, b) => b.at - a.at)) {
      const x = u.valToPos(mark.at, 'x', true), low = Math.min(mark.from, mark.to), high = Math.max(mark.from, mark.to);
      if (!kept.some((k) => Math.abs(k.x - x) < near && k.low <= high && low <= k.high)) kept.push({ mark, x, low, high });
    }
    return kept.map((k) => k.mark).reverse();
  }

  // arrow draws a move from a row to another, with a seam that shows it on every colour.
  function arrow(u, [paper, ink], mark) {
    const { ctx } = u, scale = devicePixelRatio, head = 5 * scale;
    const x = u.valToPos(mark.at, 'x', true), from = u.valToPos(mark.from + 0.5, 'y', true), to = u.valToPos(mark.to + 0.5, 'y', true);
    const down = to > from ? 1 : -1;
    for (const [colour, width] of [[paper, 4.5], [ink, 1.6]]) {
      ctx.strokeStyle = ctx.fillStyle = colour;
      ctx.lineWidth = width * scale;
      ctx.setLineDash(mark.dash && colour === ink ? [4 * scale, 3 * scale] : []);
      ctx.beginPath();
      ctx.moveTo(x, from);
      ctx.lineTo(x, to - down * head);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.beginPath();
      ctx.moveTo(x, to);
      ctx.lineTo(x - head * 0.75, to - down * head * 1.4);
      ctx.lineTo(x + head * 0.75, to - down * head * 1.4);
      ctx.closePath();
      if (colour === paper) ctx.stroke(); else ctx.fill();
      ctx.beginPath();
      ctx.arc(x, from, 2.2 * scale, 0, 7);
      if (colour === paper) ctx.stroke(); else ctx.fill();
    }
  }

  // nth chooses every n-th host for a label, with n of 1, 2 or 5 times a power of ten.
  function nth(count, high, label) {
    let n = 1;
    for (const factors = [2, 2.5, 2]; count / n * label > high + 1;) {
      n *= factors[0];
      factors.push(factors.shift());
    }
    const out = [];
    for (let i = 0; i < count; i += n) out.push(i);
    return out;
  }

  function hatch(element, ctx) {
    const tile = document.createElement('canvas'), size = 8;
    tile.width = tile.height = size;
    const c = tile.getContext('2d');
    c.fillStyle = colour(element, '--off-a');
    c.fillRect(0, 0, size, size);
    c.strokeStyle = colour(element, '--off-b');
    c.lineWidth = 2.5;
    c.beginPath();
    for (const by of [-size, 0, size]) {
      c.moveTo(by - 2, size + 2);
      c.lineTo(by + size + 2, -2);
    }
    c.stroke();
    return ctx.createPattern(tile, 'repeat');
  }

  // stepOf finds the step of a colour: pictures have few colours, so that a pixel tells
  // its load.
  function stepOf(pixel, scale) {
    if (pixel[3] < 128) return 0;
    let best = 1, least = Infinity;
    for (let i = 1; i < scale.length; i++) {
      const c = scale[i].color, d = (c[0] - pixel[0]) ** 2 + (c[1] - pixel[1]) ** 2 + (c[2] - pixel[2]) ** 2;
      if (d < least) { least = d; best = i; }
    }
    return best;
  }

  // A change of mode changes colours; paper is light.
  const again = () => { for (const chart of drawn) { chart.fit(); chart.redraw(); } };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  const print = (on) => () => {
    printing = on;
    document.documentElement.classList.toggle('printed', on);
    again();
  };
  addEventListener('beforeprint', print(true));
  addEventListener('afterprint', print(false));
  addEventListener('scroll', hide, { passive: true });

  return { lines, map, span, number, timeOfDay, reckon, now: () => now() };
})();
