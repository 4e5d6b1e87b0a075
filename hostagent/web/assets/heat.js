// Heat is the map of load of the last hour, with the moves as arrows.
class Heat {
  constructor(section) {
    this.element = section.querySelector('.chart');
    this.picture = document.createElement('canvas');
    this.colours = Heat.palette();
    this.map = null;
    this.last = null; // what is to be drawn when it comes on the screen
    this.drawn = ''; // what the map shows
    Seen.watch(this.element, () => this.draw());
    const within = this.colours.findIndex((c) => c.text.startsWith('100 to'));
    this.key(section.querySelector('.ramp .within'), this.colours.slice(1, within));
    this.key(section.querySelector('.ramp .above'), this.colours.slice(within));
  }

  // palette has a colour for each step of load: 0 is not known, then steps of 2.5 % up to
  // full load, then of 5 %. They are those of the simulator's page.
  static palette() {
    const within = ['440154', '482878', '3e4989', '31688e', '26828e', '1f9e89', '35b779', '6ece58', 'b5de2b', 'fde725'];
    const above = ['ff6a3d', 'e31a1c', 'b3001b'];
    const rgb = (hex) => [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16));
    const between = (anchors, at) => {
      const i = Math.min(Math.floor(at * (anchors.length - 1)), anchors.length - 2), part = at * (anchors.length - 1) - i;
      const a = rgb(anchors[i]), b = rgb(anchors[i + 1]);
      return a.map((v, k) => Math.round(v + part * (b[k] - v)));
    };
    const steps = [{ color: [0, 0, 0], text: 'not known' }];
    for (let i = 0; i < 40; i++) steps.push({ color: between(within, i / 39), text: Math.floor(2.5 * i) + ' to ' + Math.ceil(2.5 * (i + 1)) + ' %' });
    for (let i = 0; i < 10; i++) steps.push({ color: between(above, i / 9), text: i === 9 ? '145 % or more' : 100 + 5 * i + ' to ' + (105 + 5 * i) + ' %' });
    return steps;
  }

  static step(percent) {
    if (percent === 255) return 0;
    return percent <= 100 ? 1 + Math.min(39, Math.floor(percent / 2.5)) : 41 + Math.min(9, Math.floor((percent - 100) / 5));
  }

  // key draws a part of the scale.
  key(canvas, colours) {
    const inside = canvas.getContext('2d');
    colours.forEach(({ color }, i) => { inside.fillStyle = 'rgb(' + color + ')'; inside.fillRect(i, 0, 1, 1); });
  }

  // set shows hosts (a list of {name, past}) and moves. Until is the end of a time that is
  // shown as a whole, although what comes is not known yet.
  set(hosts, moves, resource, span, until) {
    this.last = { hosts, moves, resource, span, until };
    this.draw();
  }

  draw() {
    if (!this.last || !Seen.near(this.element)) return;
    const { hosts, moves, resource, span, until } = this.last;
    const known = hosts.filter((h) => h.past);
    if (known.length === 0) return;
    const step = known[0].past.step;
    let end = Math.max(...known.map((h) => h.past.end)), columns = Math.ceil(span / step);
    if (!span) columns = Math.max(2, ...known.map((h) => h.past.cpu.length));
    if (!span && until > end) {
      const more = Math.ceil((until - end) / step);
      columns += more;
      end += more * step;
    }
    const each = Math.ceil(hosts.length / 400), rows = Math.ceil(hosts.length / each);
    const begin = end - columns * step, at = new Map(hosts.map((h, i) => [h.name, i]));
    const marks = [];
    for (const m of moves) {
      if (!at.has(m.source) || !at.has(m.target) || (m.ended && m.state !== 'done') || m.at < begin) continue;
      marks.push({ at: Math.min(m.at, end), from: at.get(m.source), to: at.get(m.target), dash: !m.ended, text: m.name + ' to ' + m.target });
    }
    const shown = [resource, span, end, columns, marks.map((m) => [m.at, m.from, m.to, m.dash]), hosts.map((h) => [h.name, h.past && h.past.end])].join();
    if (this.drawn === shown) return;
    this.drawn = shown;
    this.paint(hosts, columns, rows, each, step, end, resource);
    const what = {
      image: this.picture, rows, columns, hostsEach: each, hosts: hosts.map((h) => h.name), step, clock: true, begin: begin + step / 2, end, marks,
      scale: this.colours,
    };
    if (this.map) this.map.set(what); else this.map = Charts.map(this.element, what);
  }

  // paint writes a pixel for each time and host; one for several hosts has the highest load.
  paint(hosts, columns, rows, each, step, end, resource) {
    this.picture.width = columns;
    this.picture.height = rows;
    const inside = this.picture.getContext('2d'), pixels = inside.createImageData(columns, rows);
    const levels = new Uint8Array(columns * rows);
    hosts.forEach((h, i) => {
      if (!h.past) return;
      const { cpu, memory } = h.past, row = Math.floor(i / each) * columns;
      const late = columns - cpu.length - Math.round((end - h.past.end) / step);
      for (let k = Math.max(0, -late); k < cpu.length; k++) {
        const v = cpu[k] === 255 ? 255 : resource === 'cpu' ? cpu[k] : resource === 'memory' ? memory[k] : Math.max(cpu[k], memory[k]);
        const to = row + late + k;
        levels[to] = Math.max(levels[to], Heat.step(v));
      }
    });
    levels.forEach((level, i) => {
      if (level === 0) return;
      pixels.data.set(this.colours[level].color, 4 * i);
      pixels.data[4 * i + 3] = 255;
    });
    inside.putImageData(pixels, 0, 0);
  }
}
