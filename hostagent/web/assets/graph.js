// Graph is who talks to whom: hosts on a circle, and a line for the messages of models between
// two of them. It keeps its elements, and changes only what differs.
class Graph {
  // tell(pair) and tellHost(name) open what a line or a host stands for.
  constructor(section, tell, tellHost) {
    Object.assign(this, { tell, tellHost, section, lines: new Map(), dots: new Map(), width: 0, last: null, order: [], focused: 0 });
    this.element = section.querySelector('.graph');
    this.about = section.querySelector('.shown');
    this.colours = Heat.palette();
    this.svg = Graph.make('svg', { role: 'group', 'aria-label': 'Hosts on a circle, with a line for the messages between two of them; the table below has the numbers' });
    this.under = Graph.make('g', {});
    this.over = Graph.make('g', {});
    this.svg.append(this.under, this.over);
    this.element.append(this.svg);
    this.svg.addEventListener('keydown', (event) => this.key(event));
    // The width is noted when it changes: whoever reads it while the page is being drawn has all
    // of it laid out.
    new ResizeObserver(([{ contentRect: { width } }]) => { this.width = Math.floor(width); this.draw(); }).observe(this.element);
    Seen.watch(this.element, () => this.draw());
  }

  static make(name, attributes) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    Graph.put(element, attributes);
    return element;
  }

  // put sets the attributes that differ.
  static put(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
      const text = String(value);
      if (element.getAttribute(name) !== text) element.setAttribute(name, text);
    }
  }

  // pairs adds up what both ends of each pair say; a message counts once. span is 0 to 2.
  static pairs(talks, span) {
    const found = new Map();
    const note = (from, to, said) => {
      const first = compare(from, to) < 0, key = first ? from + '\n' + to : to + '\n' + from;
      let pair = found.get(key);
      if (!pair) found.set(key, pair = { key, a: first ? from : to, b: first ? to : from, ab: Graph.none(), ba: Graph.none() });
      const sum = first ? pair.ab : pair.ba;
      for (const kind of Graph.kinds) sum[kind] = Math.max(sum[kind], said[kind] || 0);
    };
    for (const [host, { with: list }] of talks) {
      for (const t of list || []) {
        note(host, t.with, t.sent[span]);
        note(t.with, host, t.received[span]);
      }
    }
    const list = [];
    for (const pair of found.values()) {
      for (const kind of Graph.kinds) pair[kind] = pair.ab[kind] + pair.ba[kind];
      pair.all = pair.asks + pair.refusals + pair.deals;
      if (pair.all) list.push(pair);
    }
    return list.sort((p, q) => q.all - p.all || compare(p.key, q.key));
  }

  static none() { return { asks: 0, refusals: 0, deals: 0 }; }

  // set shows hosts ({name, load}: a share, or null where it is not known) and the first of the
  // pairs; omitted is with how many more the hosts talked, unkept since when messages of a played
  // run are not kept; '': all are.
  set(hosts, pairs, omitted, unkept) {
    this.last = { hosts, pairs, omitted, unkept };
    this.draw();
  }

  draw() {
    if (!this.last || !this.width || !Seen.near(this.element)) return;
    const { hosts, pairs, omitted, unkept } = this.last;
    if (!hosts.length) return;
    const most = this.width < 500 ? 60 : 150, shown = pairs.slice(0, most);
    const n = hosts.length, size = Math.min(this.width, 680, 220 + 40 * n); // few hosts need little room
    const longest = Math.max(...hosts.map((h) => h.name.length)), upright = n > 16;
    const fits = (radius) => Math.max(6, Math.min(12, 2 * Math.PI * radius / n * 0.9));
    const room = Math.min(size / 5, 18 + 0.6 * fits(size / 2 - 40) * Math.min(longest, 16)), radius = size / 2 - room, font = fits(radius);
    const height = upright ? size : size - 2 * room + 56;
    Graph.put(this.svg, { viewBox: -size / 2 + ' ' + -height / 2 + ' ' + size + ' ' + height, width: size, height });
    const at = new Map(hosts.map((h, i) => [h.name, 2 * Math.PI * i / n - Math.PI / 2]));
    this.dotsOf(hosts, at, radius, font, upright, pairs);
    this.linesOf(shown.filter((p) => at.has(p.a) && at.has(p.b)), at, radius);
    const text = [];
    if (pairs.length > shown.length) text.push('The ' + shown.length + ' of ' + pairs.length + ' pairs with most messages are drawn; the table has all.');
    if (omitted) text.push('A host tells of the 16 others with which it exchanges most: ' + omitted + (omitted === 1 ? ' exchange is' : ' exchanges are') + ' not told.');
    if (unkept) text.push('Messages since ' + unkept + ' are not kept.');
    else if (!pairs.length) text.push('No model has sent a message in this time.');
    const said = text.join(' ');
    if (this.about.textContent !== said) this.about.textContent = said;
  }

  dotsOf(hosts, at, radius, font, upright, pairs) {
    const sums = new Map();
    for (const p of pairs) {
      for (const name of [p.a, p.b]) {
        const sum = sums.get(name) || { all: 0, others: 0, refusals: 0, deals: 0 };
        sum.others++;
        for (const kind of ['all', 'refusals', 'deals']) sum[kind] += p[kind];
        sums.set(name, sum);
      }
    }
    const keep = new Set(), round = Math.max(2.2, Math.min(6, 2 * Math.PI * radius / hosts.length / 3));
    this.order = hosts.map((h) => h.name);
    for (const h of hosts) {
      keep.add(h.name);
      const angle = at.get(h.name), x = Math.cos(angle), y = Math.sin(angle), left = x < -0.01;
      let dot = this.dots.get(h.name);
      if (!dot) this.dots.set(h.name, dot = this.dot(h.name));
      const sum = sums.get(h.name), far = radius + round + 5;
      Graph.put(dot.circle, { cx: (radius * x).toFixed(1), cy: (radius * y).toFixed(1), r: round.toFixed(1), fill: h.load === null ? 'none' : 'rgb(' + this.colours[Heat.step(100 * h.load)].color + ')' });
      const turn = upright ? 'rotate(' + (angle * 180 / Math.PI + (left ? 180 : 0)).toFixed(1) + ')' : '';
      const place = upright ? { x: left ? -far : far, y: 0 } : { x: (far * x).toFixed(1), y: (far * y + (Math.abs(x) < 0.2 ? 5 * Math.sign(y) : 0)).toFixed(1) };
      Graph.put(dot.text, { ...place, transform: turn, 'font-size': font.toFixed(1), 'text-anchor': !upright && Math.abs(x) < 0.2 ? 'middle' : left ? 'end' : 'start' });
      Graph.put(dot.group, { class: 'dot' + (sum ? '' : ' quiet'), 'aria-label': h.name + (sum ? ': ' + sum.all + ' messages with ' + sum.others + (sum.others === 1 ? ' host, ' : ' hosts, ') + sum.refusals + ' refusals, ' + sum.deals + ' for deals' : ': no messages') });
    }
    Graph.drop(this.dots, keep, (dot) => dot.group);
    this.rove(Math.min(this.focused, this.order.length - 1));
  }

  dot(name) {
    const group = Graph.make('g', { tabindex: -1, role: 'button' }), circle = Graph.make('circle', {}), text = Graph.make('text', { 'dominant-baseline': 'central' });
    text.textContent = name.length > 16 ? name.slice(0, 15) + '…' : name;
    group.append(circle, text);
    group.addEventListener('click', () => this.tellHost(name));
    for (const [event, on] of [['pointerenter', true], ['pointerleave', false], ['focus', true], ['blur', false]]) group.addEventListener(event, () => this.light(on ? name : null));
    this.over.append(group);
    return { group, circle, text };
  }

  linesOf(pairs, at, radius) {
    const widest = Math.max(1, ...pairs.map((p) => p.all)), keep = new Set(), wider = Math.max(3.5, Math.min(8, 2 * Math.PI * radius / at.size / 3));
    for (const p of pairs) {
      keep.add(p.key);
      let line = this.lines.get(p.key);
      if (!line) this.lines.set(p.key, line = this.line(p));
      line.pair = p;
      const from = at.get(p.a), to = at.get(p.b), apart = Math.abs(Math.sin((from - to) / 2)); // lines of neighbours keep near the edge
      const bend = 0.75 * (1 - apart), middle = [Math.cos(from) + Math.cos(to), Math.sin(from) + Math.sin(to)].map((v) => v / 2 * bend * radius);
      const d = 'M' + (radius * Math.cos(from)).toFixed(1) + ' ' + (radius * Math.sin(from)).toFixed(1) + 'Q' + middle[0].toFixed(1) + ' ' + middle[1].toFixed(1) + ' ' + (radius * Math.cos(to)).toFixed(1) + ' ' + (radius * Math.sin(to)).toFixed(1);
      const wide = 1 + wider * Math.sqrt(p.all / widest), share = [1, (p.refusals + p.deals) / p.all, p.deals / p.all];
      line.paths.forEach((path, i) => Graph.put(path, { d, 'stroke-width': share[i] ? Math.max(1.4 - 0.2 * i, wide * share[i]).toFixed(1) : 0 }));
      Graph.put(line.hit, { d });
      const title = p.a + ' and ' + p.b + ': ' + Graph.told(p);
      if (line.title.textContent !== title) line.title.textContent = title;
    }
    Graph.drop(this.lines, keep, (line) => line.group);
  }

  line(pair) {
    const group = Graph.make('g', { class: 'line' }), paths = ['asks', 'refusals', 'deals'].map((kind) => Graph.make('path', { class: kind }));
    const hit = Graph.make('path', { class: 'hit' }), title = Graph.make('title', {}), line = { group, paths, hit, title, pair };
    hit.append(title);
    group.append(...paths, hit);
    group.addEventListener('click', () => this.tell(line.pair));
    this.under.append(group);
    return line;
  }

  // told says what was exchanged: {asks, refusals, deals} or a pair.
  static told({ asks, refusals, deals }) {
    const all = asks + refusals + deals;
    return all + (all === 1 ? ' message' : ' messages') + (refusals ? ', ' + refusals + (refusals === 1 ? ' refusal' : ' refusals') : '') + (deals ? ', ' + deals + ' for deals' : '');
  }

  static drop(kept, keep, element) {
    for (const [key, one] of kept) {
      if (keep.has(key)) continue;
      element(one).remove();
      kept.delete(key);
    }
  }

  // light shows the lines of one host alone; null: all.
  light(name) {
    this.svg.classList.toggle('lit', name !== null);
    for (const { group, pair } of this.lines.values()) group.classList.toggle('near', pair.a === name || pair.b === name);
  }

  // rove makes one host the one that the key Tab comes to.
  rove(i) {
    const old = this.dots.get(this.order[this.focused]), now = this.dots.get(this.order[i]);
    if (old && old !== now) Graph.put(old.group, { tabindex: -1 });
    if (now) Graph.put(now.group, { tabindex: 0 });
    this.focused = Math.max(0, i);
  }

  // key: arrows go round the circle, Enter opens.
  key(event) {
    const n = this.order.length, by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: n - 1, ArrowUp: n - 1 }[event.key];
    if (by) {
      this.rove((this.focused + by) % n);
      this.dots.get(this.order[this.focused]).group.focus();
    } else if (event.key === 'Enter' || event.key === ' ') this.tellHost(this.order[this.focused]);
    else return;
    event.preventDefault();
  }
}
Graph.kinds = ['asks', 'refusals', 'deals'];
