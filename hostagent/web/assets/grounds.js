// What made a host act, and why it chose that target: what the messages of a deal depended on
// when they were sent, as the text of the policy has it.

// short writes numbers as a computation leaves them with four digits.
function short(text) { return brief(text).replace(/\b\d+\.\d{5,}\b/g, (n) => String(Number(Number(n).toPrecision(4)))); }

function after(line, other) { return Date.parse(line.at) >= Date.parse(other.at); }

// asking is the message that began a deal: the last one between its ends before the deal that
// says what it depended on.
function asking(lines, deal) {
  const ends = [deal.source, deal.target], began = deal.begin ? Date.parse(deal.begin.at) : Infinity;
  const told = lines.filter((l) => l.kind === 'message' && l.grounds && ends.includes(l.host) && ends.includes(l.with));
  const first = told.filter((l) => l.host === (deal.begin && deal.begin.asked_by || told[0].host));
  return first.findLast((l) => Date.parse(l.at) <= began) || first[0];
}

// originOf names the policy that has a model.
function originOf(origins, model) {
  const found = origins.find((o) => o.model === model) || origins[0];
  if (!found) return [];
  if (found.policy) return ['the policy ', make('b', '', found.policy), ' of ' + found.publisher + (found.release ? ', release ' + found.release : '') + ' (' + found.model + ')'];
  return [found.model + (found.gone ? ', which is no longer in force there' : ', a file of the host')];
}

// groundsTable shows what a message depended on.
function groundsTable(line) {
  const of = (kind) => line.grounds.filter((g) => g.kind === kind), parts = [];
  if (of('compared').length) parts.push(list(['What the text compares', 'With the values of that moment'], of('compared').map((g) => ({ cells: [make('code', '', g.text), short(g.values)] }))));
  const written = (g) => (/[A-Z]/.test((g.values || '').replace(/"[^"]*"/g, '')) ? make('code', '', g.values) : ''), what = { fact: 'a level of the policy', rule: 'by a rule of the policy', computed: 'a calculation of the policy', answer: 'measured or known by ' + line.host };
  const given = ['computed', 'fact', 'rule', 'answer'].flatMap((kind) => of(kind).map((g) => ({
    cells: kind === 'computed' ? [make('code', '', short(g.values)), make('code', '', g.text), what[kind]] : [make('code', '', short(g.text)), written(g), [what[kind], g.about ? ': ' + g.about : '']],
  })));
  if (given.length) parts.push(list(['What it used', 'In the text', 'Means'], given));
  return parts;
}

// excerpt is the text of a model around a line, with that line marked.
function excerpt(origins, line) {
  const found = origins.find((o) => o.model === line.model && o.text);
  if (!found) return null;
  const rows = found.text.split('\n'), at = line.line - 1;
  if (at < 0 || at >= rows.length) return null;
  let from = at, to = at;
  while (from > 0 && at - from < 8 && rows[from - 1].trim()) from--;
  while (to < rows.length - 1 && to - at < 5 && rows[to + 1].trim()) to++;
  return make('div', 'excerpt', ...rows.slice(from, to + 1).map((row, i) => make('span', from + i === at ? 'decided' : '', String(from + i + 1).padStart(4, '\u00a0') + '  ' + row.replace(/^ +/, (s) => '\u00a0'.repeat(s.length)))));
}

// moment says why a host asked when it did: what held then and not before, and for how long the
// text had it wait.
function moment(ask, before) {
  const clock = (at) => Charts.timeOfDay(Date.parse(at) / 1000, true), parts = [];
  const turned = ask.grounds.filter((g) => g.kind === 'compared' && g.was), waited = ask.grounds.find((g) => g.kind === 'time');
  for (const g of turned) {
    parts.push(make('li', '', 'At ' + clock(g.was_at) + ' ', make('code', '', g.text), ' did not hold: it was ', make('code', '', short(g.was)), '. At ' + clock(ask.at) + ' it was ', make('code', '', short(g.values)), '.'));
  }
  if (before) parts.push(make('li', '', 'The move before this one of ' + ask.host + ', of ' + before.name + ', had ended at ' + clock(before.end) + ': a host gives one guest at a time.'));
  if (waited) {
    const n = Number((waited.values.match(/[\d.]+/) || [])[0]);
    parts.push(make('li', '', 'The text has it wait ', n >= 0 ? make('b', '', n.toFixed(1) + ' s') : '', ' before it asks (', make('code', '', waited.text), '), and all of it still held after that.'));
  }
  if (!turned.length && !before) parts.push(make('li', '', 'Since when its comparisons hold ' + ask.host + ' does not remember: they held at each of its last looks.'));
  return [make('h4', '', 'Why at that moment'), make('ul', '', ...parts)];
}

// acted says what made the host that began a deal act, and why the other one agreed.
function acted(told, deal, before) {
  const ask = asking(told.lines, deal);
  if (!ask) return [];
  const parts = [make('h3', '', 'What made ' + ask.host + ' act')], rules = groundsTable(ask), at = Charts.timeOfDay(Date.parse(ask.at) / 1000, true);
  parts.push(make('p', '', 'It follows ', ...originOf(told.origins, ask.model), '. By line ' + ask.line + ' of ' + ask.model + ' it asked ' + ask.with + ' at ' + at,
    rules.length ? ', because all of this held. A load is a share of the capacity there: 0.44 is 44 %.' : '.'), excerpt(told.origins, ask), ...rules, ...moment(ask, before));
  const reply = told.lines.find((l) => l.kind === 'message' && l.host === ask.with && l.with === ask.host && after(l, ask) && l.grounds), why = reply ? groundsTable(reply) : [];
  const [compared, ...used] = why;
  if (why.length) parts.push(make('p', '', ask.with + ' answered ', make('code', '', short(reply.term)), ' by line ' + reply.line + ' of ' + reply.model + ', because this held there:'), excerpt(told.origins, reply), compared);
  if (used.length) parts.push(make('details', '', make('summary', '', 'What ' + ask.with + ' used'), ...used));
  return parts.filter(Boolean);
}

// aimed says which hosts there were to ask, which of them were asked, and what they answered.
function aimed(told, deal) {
  const ask = asking(told.lines, deal), players = ask ? ask.grounds.filter((g) => g.kind === 'player') : [];
  const from = ask ? ask.host : deal.source, rows = players.map((g) => ({ host: g.host, role: short(g.text) }));
  const sent = told.lines.filter((l) => l.kind === 'message' && l.host === from);
  for (const l of sent) if (!rows.some((r) => r.host === l.with)) rows.push({ host: l.with, role: 'not known' });
  if (!rows.length) return [];
  const chosen = ask ? ask.with : deal.target, parts = [make('h3', '', 'Why ' + chosen)];
  const others = ask && ask.grounds.find((g) => g.kind === 'others'), all = players.length + (others ? Number(others.text) : 0);
  const at = players.findIndex((g) => g.host === chosen), least = players.length > 1 && at >= 0 && players[at].text === players[0].text;
  if (players.length && at >= 0) {
    const role = players[at].text.replace(/\(.*/, ''), has = /\(/.test(players[at].text);
    let text = all === 1 ? 'It was the only host that offered the role ' + role + '.' : all + ' hosts offered the role ' + role + '.';
    if (has && least) text += ' ' + chosen + ' had announced the least: ' + short(players[at].text) + '.';
    else if (has && at > 0) text += ' ' + players[0].host + ' had announced less: the text has further conditions, such as what a host has refused before.';
    parts.push(make('p', '', text));
  }
  const answer = (host) => {
    const asked = sent.find((l) => l.with === host);
    if (!asked) return ['no', ''];
    const said = told.lines.find((l) => l.kind === 'message' && l.host === host && l.with === from && after(l, asked));
    return [Charts.timeOfDay(Date.parse(asked.at) / 1000, true), said ? make('code', '', short(said.term)) : 'nothing'];
  };
  parts.push(list(['Host', 'What it had announced', 'Asked about this guest', 'Answered'], rows.map((r) => ({ cells: [[r.host, ' ', make('small', '', r.host === chosen ? 'was chosen' : '')], make('code', '', r.role), ...answer(r.host)], mark: r.host === chosen })),
    others ? 'Those with the least; ' + others.text + ' more offered the role' : ''));
  return parts;
}
