// The page of a site: it keeps what the stream says, and draws it once a frame.
(function () {
  'use strict';
  const by = (id) => document.getElementById(id);
  const site = { hosts: new Map(), pasts: new Map(), moves: new Map(), talks: new Map(), head: null, policy: null };
  const told = new Told(by('told')), heat = new Heat(by('heat'));
  const post = (path, body) => get(path, { method: 'POST', body: JSON.stringify(body) });
  const player = new Player(by('play'), get, post);
  const orders = new Orders(told, post, () => [...site.hosts.keys()].sort(compare), (text) => { by('news').textContent = text; });
  const frames = []; // how long the last ones took to draw, in ms
  const narrow = matchMedia('(max-width: 700px)').matches; // long lists are shorter there at first
  window.Parley = { frames };
  let token = '', begun = false;

  // A token comes in the part of the address that a browser does not send.
  if (location.hash.startsWith('#token=')) {
    const [given, ...rest] = location.hash.slice(7).split('&');
    sessionStorage.setItem('token', decodeURIComponent(given));
    history.replaceState(null, '', location.pathname + (rest.length ? '#' + rest.join('&') : ''));
  }
  token = sessionStorage.getItem('token') || '';

  function get(path, options) {
    const headers = token ? { Authorization: 'Bearer ' + token } : {};
    if (options && options.body) headers['Content-Type'] = 'application/json';
    return fetch(path, Object.assign({ headers, cache: 'no-store' }, options));
  }

  // --- the stream

  function say(text, bad) {
    by('live').textContent = text;
    by('live').className = bad ? 'bad' : 'good';
  }

  async function follow() {
    for (let wait = 500; ; wait = Math.min(10000, wait * 2)) {
      const stop = new AbortController();
      try {
        const answer = await get('/events', { signal: stop.signal });
        if (answer.status === 401) {
          askToken();
          return;
        }
        if (!answer.ok) throw new Error(await answer.text());
        clear();
        await read(answer.body.getReader(), stop, () => { wait = 500; });
      } catch (failure) {
        if (failure.name !== 'AbortError') console.debug(failure);
      }
      say('no connection; the page tries again', true);
      await new Promise((done) => setTimeout(done, wait));
    }
  }

  // read reads events until the stream ends, or is silent for too long.
  async function read(reader, stop, alive) {
    const decoder = new TextDecoder();
    let text = '', watchdog;
    for (;;) {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => stop.abort(), 45000);
      const { done, value } = await reader.read();
      if (done) break;
      alive();
      text += decoder.decode(value, { stream: true });
      const events = text.split('\n\n');
      text = events.pop();
      for (const one of events) if (one.startsWith('data: ')) take(JSON.parse(one.slice(6)));
    }
    clearTimeout(watchdog);
  }

  function clear() {
    for (const kept of [site.hosts, site.pasts, site.moves, site.talks]) kept.clear();
    begun = false;
  }

  // take keeps what an event says.
  function take(event) {
    for (const [name, host] of Object.entries(event.hosts || {})) site.hosts.set(name, Object.assign(host, { name }));
    for (const [name, past] of Object.entries(event.pasts || {})) {
      const unpack = (data) => Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
      site.pasts.set(name, { end: Date.parse(past.end) / 1000, step: past.step_seconds, cpu: unpack(past.cpu_percent), memory: unpack(past.memory_percent) });
    }
    for (const [deal, move] of Object.entries(event.moves || {})) {
      const was = site.moves.get(deal);
      move.at = Date.parse(move.begin) / 1000;
      site.moves.set(deal, move);
      if (begun && move.ended && (!was || !was.ended)) by('news').textContent = move.text;
    }
    for (const [name, talk] of Object.entries(event.talks || {})) site.talks.set(name, talk);
    for (const name of event.gone_talks || []) site.talks.delete(name);
    for (const name of event.gone_hosts || []) { site.hosts.delete(name); site.pasts.delete(name); }
    for (const deal of event.gone_moves || []) site.moves.delete(deal);
    if (event.policy) site.policy = event.policy;
    if (event.plan) site.plan = event.plan;
    if (event.drains) site.drains = event.drains;
    site.head = event;
    orders.take(event.orders);
    if (event.play) player.take(event.at, event.play);
    const first = !begun;
    begun = true;
    if (first && location.hash.length > 1 && !told.key) opened();
    draw();
  }

  function askToken() {
    say('a token is needed', true);
    by('refused').textContent = token ? 'The token is wrong.' : '';
    document.querySelector('main').hidden = true;
    by('ask').hidden = false;
    by('token').focus();
  }

  by('ask').addEventListener('submit', (event) => {
    event.preventDefault();
    token = by('token').value.trim();
    sessionStorage.setItem('token', token);
    by('ask').hidden = true;
    follow();
  });

  // --- what is told in the box

  const load = (h) => Math.max(h.load.cpu, h.load.memory);
  const loadOf = (name) => { const h = site.hosts.get(name); return h && h.load && h.load.known ? load(h) : null; };
  const capacityOf = (name) => { const h = site.hosts.get(name); return h && h.load ? { cpu: h.load.capacity_cpu_cores, memory: h.load.capacity_memory_bytes } : null; };

  // movesSince counts the other moves of the hosts of a deal that were done since it began.
  function movesSince(deal) {
    const ends = [deal.source, deal.target], began = deal.begin ? Date.parse(deal.begin.at) / 1000 : 0;
    return [...site.moves.values()].filter((m) => m.state === 'done' && m.deal !== deal.deal && m.at >= began && (ends.includes(m.source) || ends.includes(m.target))).length;
  }

  // before is the move of the same source that ended shortly before a deal began.
  function before(deal) {
    const began = deal.begin ? Date.parse(deal.begin.at) : NaN;
    const ended = [...site.moves.values()].filter((m) => m.source === deal.source && m.deal !== deal.deal && m.ended && Date.parse(m.end) <= began && began - Date.parse(m.end) < 20000);
    return ended.sort((a, b) => Date.parse(b.end) - Date.parse(a.end))[0];
  }

  function tellMove(move) {
    told.live('move=' + move.deal, () => site.moves.get(move.deal) || move, askStory);
  }

  async function askStory(move, first) {
    const title = move.name + ': ' + move.source + ' to ' + move.target, key = told.key;
    if (first) told.show(title, make('p', '', 'The hosts are asked.'));
    const show = (...parts) => { if (told.key === key) told.show(title, ...parts); };
    try {
      const answer = await get('/deal?deal=' + encodeURIComponent(move.deal));
      if (!answer.ok) throw new Error((await answer.text()).trim());
      show(...storyOf(await answer.json(), loadOf, capacityOf, movesSince, before));
    } catch (failure) {
      show(make('p', 'sentence', ...coded(unbroken(move.text))), make('p', 'bad', 'It cannot be told: ' + failure.message));
    }
  }

  // opened opens what the address names, if anything.
  function opened() {
    const [kind, name] = location.hash.slice(1).split('=').map(decodeURIComponent);
    if (kind === 'move' && site.moves.has(name)) tellMove(site.moves.get(name));
    else if (kind === 'host' && site.hosts.has(name)) tellHost(site.hosts.get(name));
    else if (kind === 'guest' && guestOf(name)) tellGuest(guestOf(name));
    else if (told.key) told.close();
  }
  addEventListener('popstate', opened);

  // guestOf finds a guest, on its source while it moves.
  function guestOf(id) {
    let found = null;
    for (const h of site.hosts.values()) {
      for (const g of h.guests || []) if (g.id === id && (!found || g.state !== 'incoming')) found = Object.assign(g, { host: h.name });
    }
    return found;
  }

  function facts(pairs) {
    const parts = [];
    for (const [name, value] of pairs) if (value) parts.push(make('dt', '', name), make('dd', '', value));
    return make('dl', '', ...parts);
  }

  function movesOf(match, title) {
    const found = [...site.moves.values()].filter(match).sort((a, b) => b.at - a.at);
    if (!found.length) return [];
    return [make('h3', '', title || 'Its moves'), make('ol', 'moves', ...found.map((m) => item(m).element))];
  }

  function tellHost(h) {
    told.live('host=' + encodeURIComponent(h.name), () => site.hosts.get(h.name) || h, showHost);
  }

  function showHost(h) {
    if (h.silent) {
      told.show(h.name, make('p', 'bad', 'It does not answer: ' + h.silent), ...movesOf((m) => m.source === h.name || m.target === h.name));
      return;
    }
    const stays = (h.guests || []).some((g) => g.stays), heads = ['Guest', amount('CPU'), amount('Memory'), 'State', ...(stays ? ['Why it stays'] : [])];
    const guests = (h.guests || []).map((g) => ({
      cells: [press(g.name, 'link', () => tellGuest(Object.assign(g, { host: h.name }))), cores(g.cpu_cores), bytes(g.memory_bytes), g.state, ...(stays ? [g.stays || ''] : [])],
    }));
    told.show(h.name,
      ...(h.problems || []).map((p) => make('p', 'bad', ...coded((p.about ? p.about + ': ' : '') + p.text))),
      orders.forHost(h),
      ...(h.stays ? [make('h3', '', 'Why its guests stay now'), make('p', '', ...coded(unbroken(h.stays)))] : []),
      facts([
        ['State', h.state + (h.note && !(h.problems || []).length ? ', ' + h.note : '')], ['Mode', h.mode === 'auto' ? 'auto: policies move guests' : h.mode + ': policies only say what they would do'],
        ['CPU', h.load.known ? percent(h.load.cpu) + ' of ' + cores(h.load.capacity_cpu_cores) : 'not known'],
        ['Memory', h.load.known ? percent(h.load.memory) + ' of ' + bytes(h.load.capacity_memory_bytes) : 'not known'],
        ['Reserved for guests that come', h.load.reserved_memory_bytes ? bytes(h.load.reserved_memory_bytes) : ''],
        ['Labels', (h.labels || []).join(' ')], ['Plays', (h.models || []).flatMap((m) => m.roles || []).map(brief).join(', ')],
        ['Releases', (h.releases || []).map((r) => r.publisher + ' ' + r.version).join(', ')], ['Agent', h.version],
      ]),
      make('h3', '', 'Its guests'), guests.length ? list(heads, guests) : make('p', '', 'It has none.'),
      ...movesOf((m) => m.source === h.name || m.target === h.name));
  }

  function tellGuest(g) {
    told.live('guest=' + encodeURIComponent(g.id), () => guestOf(g.id) || g, showGuest);
  }

  function showGuest(g) {
    told.show(g.name, orders.forGuest(g), facts([
      ['On', g.host], ['State', g.state], ['Kind', g.kind], ['CPU', cores(g.cpu_cores) + ' of ' + g.processors], ['Memory', bytes(g.memory_bytes)],
      ['Priority', g.priority ? String(g.priority) : ''], ['Why it stays', g.stays || 'it may be moved; whether it is, is for the policy'],
    ]), ...movesOf((m) => m.guest === g.id));
  }

  // tellTalk tells what models said last: of a host, or between two.
  async function tellTalk(title, query, ...parts) {
    told.live('', () => null, () => {});
    const show = (...said) => told.show(title, ...parts, make('h3', '', 'What was said last'), ...said);
    show(make('p', '', 'The hosts are asked.'));
    try {
      const answer = await get('/talk?' + new URLSearchParams(query));
      if (!answer.ok) throw new Error((await answer.text()).trim());
      const { lines, silent } = await answer.json();
      show(silent.length ? make('p', 'bad', 'Not all is known. ' + silent.join('; ')) : '',
        lines.length ? sayings(lines.slice(-60).reverse()) : make('p', '', 'The hosts no longer remember the messages.'));
    } catch (failure) {
      show(make('p', 'bad', 'It cannot be told: ' + failure.message));
    }
  }

  const spanSaid = () => by('talk-span').selectedOptions[0].textContent;
  function tellPair(p) {
    const between = (m) => (m.source === p.a && m.target === p.b) || (m.source === p.b && m.target === p.a);
    tellTalk(p.a + ' and ' + p.b, { host: p.a, with: p.b },
      make('p', 'sentence', 'In ' + spanSaid() + ' ' + p.a + ' sent ' + Graph.told(p.ab) + '; ' + p.b + ' sent ' + Graph.told(p.ba) + '.'),
      ...movesOf(between, 'The moves between them'));
  }

  function tellTalker(name) {
    const own = pairs.filter((p) => p.a === name || p.b === name);
    const rows = own.map((p) => ({ cells: [press(p.a === name ? p.b : p.a, 'link', () => tellPair(p)), String(p.asks), String(p.refusals), String(p.deals)] }));
    tellTalk(name + ': with whom it talks', { host: name, with: '' },
      rows.length ? list(['Host', amount('Questions and answers'), amount('Refusals'), amount('About a deal')], rows, 'Messages of ' + spanSaid() + ', both ways')
        : make('p', '', 'Its models have sent no message in ' + spanSaid() + '.'));
  }

  // --- what is drawn

  const bad = (state) => (state === state.toUpperCase() ? 'bad' : state === 'overloaded' ? 'warn' : '');
  const known = (h) => h.load && h.load.known;
  const hosts = new Table(document.querySelector('#hosts table'), [
    { title: 'Host', text: (h) => h.name, open: tellHost },
    { title: 'State', text: (h) => h.state, cls: (h) => bad(h.state), order: (h) => h.urgency, number: false },
    { title: 'CPU', text: (h) => (known(h) ? percent(h.load.cpu) : ''), order: (h) => (known(h) ? h.load.cpu : -1), share: (h) => (known(h) ? h.load.cpu : 0), number: true },
    { title: 'Memory', text: (h) => (known(h) ? percent(h.load.memory) : ''), order: (h) => (known(h) ? h.load.memory : -1), share: (h) => (known(h) ? h.load.memory : 0), number: true },
    { title: 'Guests', text: (h) => (h.silent ? '' : String(h.count)), order: (h) => h.count, number: true },
    { title: 'Moves', text: (h) => inFlight.get(h.name) || '', order: (h) => (inFlight.has(h.name) ? 1 : 0) },
    { title: 'Note', text: (h) => h.note },
  ], (h) => h.name, { most: 100, what: 'hosts' });
  const guests = new Table(document.querySelector('#guests table'), [
    { title: 'Guest', text: (g) => g.name, open: tellGuest },
    { title: 'Host', text: (g) => g.host + (g.goes ? ' → ' + g.goes : '') },
    { title: 'CPU', text: (g) => cores(g.cpu_cores), order: (g) => g.cpu_cores, number: true },
    { title: 'Memory', text: (g) => bytes(g.memory_bytes), order: (g) => g.memory_bytes, number: true },
    { title: 'State', text: (g) => g.state },
    { title: 'Last move', text: (g) => { const m = lastMove.get(g.id); return m ? clock(m.at) + ' from ' + m.source : ''; }, order: (g) => (lastMove.has(g.id) ? lastMove.get(g.id).at : 0), number: true },
    { title: 'Why it stays', text: (g) => g.stays || '' },
  ], (g) => g.host + ' ' + g.id, { most: narrow ? 15 : 50, what: 'guests' });
  let pairs = [];
  const graph = new Graph(by('talk'), tellPair, tellTalker);
  const talkers = new Table(document.querySelector('#talk table'), [
    { title: 'Hosts', text: (p) => p.a + ' and ' + p.b, open: tellPair },
    { title: 'Messages', text: (p) => String(p.all), order: (p) => p.all, number: true },
    { title: 'Questions and answers', text: (p) => String(p.asks), order: (p) => p.asks, number: true },
    { title: 'Refusals', text: (p) => String(p.refusals), order: (p) => p.refusals, number: true },
    { title: 'About a deal', text: (p) => String(p.deals), order: (p) => p.deals, number: true },
  ], (p) => p.key, { most: 8, what: 'pairs of hosts', by: 1, down: true });
  const inFlight = new Map(), lastMove = new Map();
  const clock = (at) => Charts.timeOfDay(at, true);

  // A frame takes until the browser has laid out and painted what has changed: the message
  // comes after that.
  let asked = false, began = 0;
  const after = new MessageChannel();
  after.port1.onmessage = () => {
    frames.push(performance.now() - began);
    if (frames.length > 200) frames.shift();
  };
  function draw() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      if (document.hidden || !site.head) return;
      began = performance.now();
      paint();
      after.port2.postMessage(null);
    });
  }
  document.addEventListener('visibilitychange', draw);

  function paint() {
    inFlight.clear();
    lastMove.clear();
    const moves = [...site.moves.values()].sort((a, b) => b.at - a.at);
    for (const m of moves) {
      if (!m.ended) {
        inFlight.set(m.source, m.name + ' to ' + m.target);
        inFlight.set(m.target, m.name + ' from ' + m.source);
      } else if (m.state === 'done' && !lastMove.has(m.guest)) lastMove.set(m.guest, m);
    }
    const list = [...site.hosts.values()].sort((a, b) => compare(a.name, b.name));
    // What reads the style of the page comes first: after a change it would have all of it worked
    // out in the middle of a frame.
    const rows = by('order').value === 'load' ? list.toSorted((a, b) => (known(b) ? load(b) : -1) - (known(a) ? load(a) : -1)) : list;
    heat.set(rows.map((h) => ({ name: h.name, past: site.pasts.get(h.name) })), moves, by('resource').value, Number(by('span').value), player.end());
    const words = by('find').value.toLowerCase().split(/\s+/).filter(Boolean);
    const has = (...texts) => { if (!words.length) return true; const all = texts.join(' ').toLowerCase(); return words.every((w) => all.includes(w)); };
    header();
    told.refresh();
    problems(list);
    hosts.set(list, list.filter((h) => has(h.name, h.state, h.note, (h.labels || []).join(' '), h.mode)));
    const all = guestsOf(list, moves);
    guests.set(all, all.filter((g) => has(g.name, g.host, g.goes, g.state, g.kind, g.stays || '')));
    timeline(moves.filter((m) => has(m.name, m.source, m.target, m.state, m.by, m.text)), moves.length);
    talk(list, has);
    policies();
    const tried = site.policy && site.policy !== made.get('trials') ? trialsOf(site.policy, few, clock) : null;
    if (tried) part('trials', tried.length, site.policy, () => tried);
    part('drains', site.drains && site.drains.length, site.drains, () => drainsOf(site.drains));
    part('plan', site.plan && (site.plan.moves.length || site.plan.recommending), site.head, () => planOf(site.plan, Date.parse(at()) / 1000, loadOf, tellMove));
  }

  // guestsOf are the guests of the site. One in flight shows on both its hosts: it has one row, of
  // the source, that names both.
  function guestsOf(list, moves) {
    const flies = new Map(moves.filter((m) => !m.ended).map((m) => [m.guest, m]));
    const all = list.flatMap((h) => (h.guests || []).map((g) => Object.assign(g, { host: h.name, goes: '' })));
    const ids = new Set(all.filter((g) => g.state !== 'incoming').map((g) => g.id));
    return all.filter((g) => {
      const m = flies.get(g.id);
      if (m && m.source === g.host) g.goes = m.target;
      return g.state !== 'incoming' || !ids.has(g.id);
    });
  }

  const at = () => site.head.at;
  // part shows a part of the page while there is something to show, and makes it again when it
  // has changed.
  const made = new Map();
  function part(id, is, of, fill) {
    by(id).hidden = !is;
    if (!is || made.get(id) === of || by(id).matches(':focus-within')) return;
    made.set(id, of);
    by(id).querySelector('.body').replaceChildren(...fill());
  }

  function talk(hosts, has) {
    pairs = Graph.pairs(site.talks, Number(by('talk-span').value));
    let omitted = 0;
    for (const t of site.talks.values()) omitted += t.omitted;
    graph.set(hosts.map((h) => ({ name: h.name, load: known(h) ? load(h) : null })), pairs, omitted, player.unkept);
    talkers.set(pairs, pairs.filter((p) => has(p.a, p.b)));
  }

  function header() {
    document.querySelector('main').hidden = false;
    by('ask').hidden = true;
    const { totals, from, at, error } = site.head;
    document.title = 'Parley: ' + from;
    if (site.head.play) say('simulated, ' + (site.head.play.playing ? 'played: ' : 'stopped: ') + from);
    else if (error) say('no look since ' + clock(Date.parse(at) / 1000) + ': ' + error, true);
    else say('live, seen from ' + from + ' at ' + clock(Date.parse(at) / 1000));
    const n = (count, one) => count + ' ' + one + (count === 1 ? '' : 's');
    chips([n(totals.hosts, 'host'), n(totals.guests, 'guest'), 'CPU ' + percent(totals.cpu), 'memory ' + percent(totals.memory),
      totals.in_flight ? n(totals.in_flight, 'move') + ' in flight' : '', totals.problems ? n(totals.problems, 'problem') : '',
      totals.silent ? n(totals.silent, 'host') + ' silent' : '']);
  }

  let chipsShown = '';
  function chips(texts) {
    const said = texts.filter(Boolean);
    if (chipsShown === said.join()) return;
    chipsShown = said.join();
    by('totals').replaceChildren(...said.map((text) => make('li', / problem| silent/.test(text) ? 'bad' : '', text)));
  }

  let problemsShown = '';
  function problems(list) {
    const lines = [];
    for (const h of list) {
      if (h.silent) lines.push([h, 'does not answer: ' + h.silent]);
      for (const p of h.problems || []) lines.push([h, (p.about ? p.about + ': ' : '') + p.text]);
    }
    const text = lines.map(([h, line]) => h.name + line).join('\n');
    if (text === problemsShown) return;
    problemsShown = text;
    const section = by('problems'), most = 8;
    section.hidden = lines.length === 0;
    const items = lines.slice(0, most).map(([h, line]) => make('li', '', press(h.name, 'link', () => tellHost(site.hosts.get(h.name) || h)), ' ', ...coded(line)));
    if (lines.length > most) items.push(make('li', '', 'and ' + (lines.length - most) + ' more: sort the hosts by state'));
    section.querySelector('ul').replaceChildren(...items);
  }

  // item is a move in a list.
  function item(m) {
    const time = make('time', '', clock(m.at)), state = make('span', 'state'), text = make('span', 'text'), bar = make('progress');
    time.dateTime = m.begin;
    bar.max = 1;
    bar.hidden = true;
    const line = { move: m, said: '' };
    const why = press('Why', '', () => tellMove(line.move));
    why.setAttribute('aria-label', 'Why ' + m.name + ' moved from ' + m.source + ' to ' + m.target);
    line.element = make('li', '', time, state, text, bar, why);
    line.fill = (now) => {
      line.move = now;
      const said = now.state + now.text + now.share;
      if (said === line.said) return;
      line.said = said;
      line.element.className = now.state === 'done' ? 'done' : now.ended ? 'failed' : 'moving';
      state.textContent = now.ended ? now.state : 'in flight';
      text.replaceChildren(...coded(unbroken(now.text)));
      bar.hidden = now.ended || !now.share;
      bar.value = now.share;
    };
    line.fill(m);
    return line;
  }

  const shown = new Map();
  let movesMost = narrow ? 6 : 20;
  function timeline(moves, all) {
    const section = by('moves'), ol = section.querySelector('ol'), more = section.querySelector('.more'), none = section.querySelector('.none');
    none.hidden = moves.length > 0;
    none.textContent = all ? 'None of the ' + all + ' moves has what is in the field Find.' : 'No guest has moved yet that the hosts remember.';
    const keep = new Set();
    let before = null;
    for (const m of moves.slice(0, movesMost)) {
      keep.add(m.deal);
      let line = shown.get(m.deal);
      if (!line) shown.set(m.deal, line = item(m));
      line.fill(m);
      const place = before ? before.nextSibling : ol.firstChild;
      if (place !== line.element) ol.insertBefore(line.element, place);
      before = line.element;
    }
    for (const [deal, line] of shown) {
      if (keep.has(deal)) continue;
      line.element.remove();
      shown.delete(deal);
    }
    more.hidden = moves.length <= movesMost;
    more.textContent = 'Show earlier ones';
  }
  document.querySelector('#moves .more').addEventListener('click', () => { movesMost += 50; draw(); });

  let policyShown = null;
  function policies() {
    if (site.policy === policyShown || !site.policy) return;
    policyShown = site.policy;
    const { publishers, policies: rows, models } = site.policy, parts = [];
    for (const p of publishers) {
      parts.push(make('p', '', 'Release ' + p.newest + ' of ', make('b', '', p.name), ' is on ' + p.on + (p.on === 1 ? ' host.' : ' hosts.')));
      if (p.behind.length) parts.push(make('p', 'bad', 'These have an older one: ' + few(p.behind)));
    }
    if (!publishers.length) parts.push(make('p', '', 'No publisher is followed here.'));
    if (rows.length) {
      parts.push(list(['Policy', 'Publisher', 'Active on', 'Elsewhere'], rows.map((p) => ({
        cells: [p.name, p.publisher, p.active + (p.active === 1 ? ' host' : ' hosts'), [p.trial.hosts.length ? make('b', 'warn', onTrial(p.trial, few, clock) + '; ') : '', p.waiting.length ? few(p.waiting) + (p.waiting.length === 1 ? ' waits' : ' wait') + ' for its end; ' : '', few(p.others)]], mark: p.trial.hosts.length > 0,
      }))));
    }
    if (models.length) {
      parts.push(list(['Model', 'Plays on', 'Digest'], models.map((m) => ({ cells: [m.name, m.hosts + (m.hosts === 1 ? ' host' : ' hosts'), make('code', '', m.digest.slice(0, 12))] }))));
    }
    by('policies').querySelector('.body').replaceChildren(...parts);
  }
  const few = (names) => (names.length > 12 ? names.slice(0, 12).join(', ') + ' and ' + (names.length - 12) + ' more' : names.join(', '));

  // --- what the reader does

  for (const id of ['resource', 'span', 'order', 'talk-span']) by(id).addEventListener('change', draw);
  by('find').addEventListener('input', draw);
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || /INPUT|SELECT|TEXTAREA/.test(event.target.tagName)) return;
    event.preventDefault();
    by('find').focus();
  });

  follow();
})();
