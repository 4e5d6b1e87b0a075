// Without this script the page says the same; it adds values under the pointer
// and switches lines off.
(function () {
  'use strict';
  const data = JSON.parse(document.getElementById('data').textContent);
  const tip = document.getElementById('tip');
  const hidden = new Set();

  function clock(seconds) {
    const parts = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']], said = [];
    let left = Math.round(seconds);
    for (const [size, name] of parts) {
      const n = Math.floor(left / size);
      left -= n * size;
      if (n > 0 && said.length < 2) said.push(n + ' ' + name);
    }
    return said.length ? said.join(' ') : '0';
  }

  function row(mark, name, value) {
    const line = document.createElement('div'), left = document.createElement('span'), right = document.createElement('span');
    if (mark) {
      const dot = document.createElement('i');
      dot.className = mark;
      left.append(dot);
    }
    left.append(name);
    right.textContent = value;
    line.append(left, right);
    return line;
  }

  function show(event, head, rows) {
    const title = document.createElement('b');
    title.textContent = head;
    tip.replaceChildren(title, ...rows);
    tip.hidden = false;
    const box = tip.getBoundingClientRect(), gap = 14;
    const x = event.clientX + gap + box.width > innerWidth ? event.clientX - gap - box.width : event.clientX + gap;
    const y = event.clientY + gap + box.height > innerHeight ? event.clientY - gap - box.height : event.clientY + gap;
    tip.style.left = Math.max(4, x) + 'px';
    tip.style.top = Math.max(4, y) + 'px';
  }

  function leave() { tip.hidden = true; }

  for (const box of document.querySelectorAll('.keys input')) {
    box.addEventListener('change', () => {
      const policy = Number(box.dataset.policy);
      if (box.checked) hidden.delete(policy); else hidden.add(policy);
      for (const line of document.querySelectorAll('.lines .line[data-policy="' + policy + '"]')) {
        line.classList.toggle('hidden', !box.checked);
      }
    });
  }

  for (const svg of document.querySelectorAll('svg.lines')) {
    const set = svg.dataset, left = Number(set.left), right = Number(set.right), seconds = Number(set.seconds);
    const cursor = svg.querySelector('.cursor'), series = data.series[set.series], digits = Number(set.digits);
    for (const title of svg.querySelectorAll('.line title')) title.remove(); // the box of this script says more
    svg.addEventListener('pointermove', (event) => {
      const box = svg.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
      const at = Math.min(1, Math.max(0, (x - left) / (right - left))) * seconds;
      const rows = [];
      for (const line of series) {
        const i = Math.min(line.values.length - 1, Math.round(at / line.step)), v = line.values[i];
        if (!hidden.has(line.policy) && typeof v === 'number') rows.push([v, line.policy]);
      }
      rows.sort((a, b) => b[0] - a[0]);
      cursor.removeAttribute('hidden');
      cursor.setAttribute('transform', 'translate(' + (left + at / (seconds || 1) * (right - left)) + ' 0)');
      show(event, clock(at), rows.map(([v, p]) => row(data.policies[p].class, data.policies[p].name,
        v.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits }))));
    });
    svg.addEventListener('pointerleave', () => { cursor.setAttribute('hidden', ''); leave(); });
  }

  // The pictures have few colours, so that a pixel tells its load.
  function stepOf(pixel) {
    if (pixel[3] < 128) return 0;
    let best = 1, least = Infinity;
    for (let i = 1; i < data.scale.length; i++) {
      const c = data.scale[i].color;
      const d = (c[0] - pixel[0]) ** 2 + (c[1] - pixel[1]) ** 2 + (c[2] - pixel[2]) ** 2;
      if (d < least) { least = d; best = i; }
    }
    return best;
  }

  for (const figure of document.querySelectorAll('.heat')) {
    const set = figure.dataset, img = figure.querySelector('.plot img');
    const rows = Number(set.rows), columns = Number(set.columns), each = Number(set.hostsEach);
    const hosts = data.hosts[Number(set.hosts)];
    let pixels = null;
    img.addEventListener('pointermove', (event) => {
      if (!pixels) {
        const canvas = document.createElement('canvas');
        canvas.width = columns;
        canvas.height = rows;
        pixels = canvas.getContext('2d', { willReadFrequently: true });
        pixels.drawImage(img, 0, 0);
      }
      const box = img.getBoundingClientRect();
      const column = Math.min(columns - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * columns)));
      const line = Math.min(rows - 1, Math.max(0, Math.floor((event.clientY - box.top) / box.height * rows)));
      const first = hosts[line * each], last = hosts[Math.min(hosts.length, (line + 1) * each) - 1];
      const step = stepOf(pixels.getImageData(column, line, 1, 1).data);
      show(event, first === last ? first : first + ' to ' + last, [row('', clock(column * Number(set.secondsEach)), data.scale[step].text)]);
    });
    img.addEventListener('pointerleave', leave);
  }
  addEventListener('scroll', leave, { passive: true });
})();
