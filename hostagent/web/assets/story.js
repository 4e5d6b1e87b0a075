// Told is the box in which the page tells one thing: a move, a host or a guest. What it tells of
// has an address, so that it can be linked to, and back closes it.
class Told {
  constructor(dialog) {
    this.dialog = dialog;
    this.title = dialog.querySelector('h2');
    this.body = dialog.querySelector('.body');
    this.key = '';
    dialog.addEventListener('close', () => {
      if (dialog.open) return; // it shows the next already: the event comes late
      const { key } = this;
      this.key = '';
      this.source = null;
      // Going back instead would come later, and could close what is opened next.
      if (key && location.hash === '#' + key) history.replaceState(null, '', location.pathname);
    });
    dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  }

  close() { this.dialog.close(); }

  // live has what the box tells next: its address, source(), which returns another value when it
  // has changed, and tell(value), which shows it.
  live(key, source, tell) {
    if (key && this.key !== key) {
      if (location.hash !== '#' + key) history[this.key ? 'replaceState' : 'pushState'](null, '', '#' + key);
    }
    Object.assign(this, { key, source, tell, seen: source() });
    tell(this.seen, true);
  }

  // refresh tells again what has changed, unless the reader is in the middle of it.
  refresh() {
    if (!this.dialog.open || !this.source || this.body.matches(':focus-within') || this.body.querySelector('details[open]')) return;
    const now = this.source();
    if (!now || now === this.seen || String(getSelection())) return;
    this.seen = now;
    const top = this.body.scrollTop;
    this.tell(now, false);
    this.body.scrollTop = top;
  }

  // show shows a text until it is closed; what is told live goes on being told.
  show(title, ...parts) {
    this.title.textContent = title;
    this.body.replaceChildren(...parts.filter(Boolean));
    if (!this.dialog.open) this.dialog.showModal();
    this.body.scrollTop = 0;
  }

  // asks shows a question, which what changes must not replace.
  asks(title, ...parts) {
    this.source = null;
    this.show(title, ...parts);
  }
}

// amount is the head of a column of numbers.
function amount(title, cls) { return { title, cls: 'number' + (cls ? ' ' + cls : '') }; }

// list is a table for a reader who compares: heads are texts or amounts, cells texts or
// elements; rows may be marked.
function list(heads, rows, caption) {
  const table = make('table');
  if (caption) table.append(make('caption', '', caption));
  table.append(make('thead', '', make('tr', '', ...heads.map((h) => make('th', h.cls || '', h.title || h)))));
  const body = make('tbody');
  for (const { cells, mark } of rows) {
    body.append(make('tr', mark ? 'marked' : '', ...cells.map((cell, i) => make(i ? 'td' : 'th', heads[i].cls || '', ...[cell].flat()))));
  }
  table.append(body);
  return make('div', 'wide', table);
}

function seconds(nanoseconds) {
  const n = nanoseconds / 1e9;
  if (!(n > 0)) return 'not known';
  return n >= 1 && n < 9.95 ? n.toFixed(1) + ' s' : Charts.span(n);
}

// storyOf tells a deal: what made the host act, what it was expected to cost and bring, why that
// guest and that target, who said what. load(host) is the load of a host now, capacity(host) what
// it has, since(deal) how many other moves its hosts have had since it began, before(deal) the
// move of its source that ended shortly before.
function storyOf(told, load, capacity, since, before) {
  const parts = [make('p', 'sentence', ...coded(unbroken(told.text)))];
  const source = told.source, target = told.target, deal = source || target;
  if (told.silent.length) parts.push(make('p', 'bad', 'Not all is known. ' + told.silent.join('; ')));
  if (!deal) return parts;
  const could = source && source.begin && told.choice.length ? outcomes(told.choice, deal, source, target, capacity) : null;
  parts.push(...acted(told, deal, before(deal)));
  parts.push(make('h3', '', 'What it cost and brought'), costs(deal, source, target, load, could && could.ours), differs(told, deal, since(deal)), ...brought([source, target]));
  if (could) parts.push(make('h3', '', 'Why this guest'), ...choice(could, deal, capacity));
  parts.push(...(deal.drain ? drained(deal) : aimed(told, deal)));
  parts.push(make('h3', '', 'Who said what'), ...transcript(told.lines, deal));
  return parts;
}

// costs compares what was expected with what was; ours is what this move alone would bring.
function costs(deal, source, target, load, ours) {
  const share = (end) => (end && end.begin ? percent(end.begin.load) : 'not known');
  const now = (name) => { const v = load(name); return v === null ? 'not known' : percent(v); };
  const rows = [
    { cells: ['Time of the move', seconds(deal.expected_total_ns), deal.state === 'done' ? seconds(deal.total_ns) : deal.state] },
    { cells: ['Time in which the guest stops', seconds(deal.expected_downtime_ns), deal.state === 'done' ? seconds(deal.downtime_ns) : deal.state] },
  ];
  const loads = [
    { cells: [deal.source + ', the source', share(source), ours ? percent(ours.left) : 'not known', now(deal.source)] },
    { cells: [deal.target + ', the target', share(target), ours && ours.there !== null ? percent(ours.there) : 'not known', now(deal.target)] },
  ];
  return make('div', 'pair', list(['Cost', amount('Expected'), amount('Was')], rows),
    list(['Load', amount('Before'), amount('By this move alone'), amount('At ' + Charts.timeOfDay(Charts.now(), true))], loads));
}

// differs says why the figures of one load differ.
function differs(told, deal, others) {
  const began = deal.begin ? ' (' + Charts.timeOfDay(Date.parse(deal.begin.at) / 1000, true) + ')' : '';
  let text = 'Before: measured when the deal began' + began + '. By this move alone: that, less or plus what the guest used then. '
    + 'The last column is measured now: it has what the guests did since, and ' + (others === 0 ? 'no other move' : others === 1 ? 'one other move' : others + ' other moves') + ' of these hosts since.';
  const end = (side) => (side && side.begin ? side.begin.load : null), ours = end(told.source), theirs = end(told.target);
  if (ours !== null && theirs !== null && theirs > ours && !deal.operator) {
    text += ' ' + deal.target + ' was the fuller of the two by what was measured: a guest on its way to a host counts there already, and a policy may go by the load that lasts (lasting), not by that of the moment.';
  }
  if (!(deal.expected_total_ns > 0) && !deal.operator) text += ' What the move would take was not expected: no move from ' + deal.source + ' had shown the bandwidth yet, and platform.bandwidth_max is not set.';
  return make('p', 'about', text);
}

// drained says why the guest of a drain went to that host.
function drained(deal) {
  if (!deal.drain) return [];
  return [make('h3', '', 'Why ' + deal.target), make('p', '', ...coded('No model chose: the drain of ' + deal.source + ' asked all hosts that it reaches, and of those that had room ' + deal.target + ' was the least loaded with this guest, or had guests that it is to be near. '
    + 'Guests leave in the order of their priority, the lowest first, and then the largest; those whose move failed before come last. `parley explain ' + deal.name + '` there has the answers.'))];
}

// brought is what both hosts expected the move to do to their loads, and what they measured.
function brought(ends) {
  const deal = ends.find((d) => d && d.outcome);
  if (!deal) return [];
  const { expected, measured = [] } = deal.outcome, seen = [expected, ...measured], percentOf = (end, sign) => (o) => (o && o[end] ? percent(sign * o[end].relief) : 'not known');
  const row = (title, of) => ({ cells: [title, ...seen.map(of)] });
  const heads = ['What the move alone does', amount('Expected'), ...measured.map((m) => amount(Charts.span(m.after_ns / 1e9) + ' later'))];
  const parts = [list(heads, [
    row('It takes off the load of ' + deal.source, percentOf('source', 1)), row('It adds to the load of ' + deal.target, percentOf('target', -1)),
    row('What the guest wants', (o) => (o ? cores(o.cpu_cores) : 'not known')), row('Relief of both hosts together, at that moment', (o) => (o ? cores(o.worth_cores || 0) : 'not known')),
  ], 'Of the CPU that the guest wants, whatever other guests do: expected when the deal began, from what lasts of it; measured later, from what it wanted by then')];
  if (measured.length < 2 && deal.state === 'done') parts.push(make('p', 'about', 'Both hosts measure it five minutes and an hour after the move.'));
  return parts;
}

// weighed says whether the policy was told what a move of the guest is worth.
function weighed(row) { return row.g.worth !== undefined; }

// outcomes are the loads of both hosts with each guest of the source moved: what is worth most,
// or evens most, first.
function outcomes(guests, deal, source, target, capacity) {
  const sum = (key) => guests.reduce((all, g) => all + g[key], 0), key = sum('memory') > sum('cpu') ? 'memory' : 'cpu';
  const from = capacity(deal.source), to = capacity(deal.target);
  const ratio = from && to ? (key === 'cpu' ? from.cpu / to.cpu : from.memory / to.memory) : 1;
  const before = target && target.begin ? target.begin.load : null;
  const rows = guests.map((g) => {
    const left = source.begin.load - g[key], there = before === null ? null : before + g[key] * ratio;
    return { g, left, there, apart: there === null ? 0 : Math.abs(left - there) };
  });
  const ours = rows.find((r) => r.g.guest === deal.guest);
  if (ours && weighed(ours)) rows.sort((a, b) => (b.g.worth ?? -Infinity) - (a.g.worth ?? -Infinity) || (b === ours) - (a === ours) || a.apart - b.apart);
  else if (before !== null) rows.sort((a, b) => a.apart - b.apart);
  return { rows, ours, key, compared: before !== null };
}

function exactly(n) { return n.toFixed(3) + ' cores'; }

// byWorth says how the policy compared the guests; rows are those of which it asked.
function byWorth(rows, ours) {
  const more = rows.filter((r) => r.g.worth > ours.g.worth).length, others = rows.filter((r) => r !== ours);
  const measure = 'the relief of both hosts as a mean over half an hour, by what is expected to last, less what the move costs';
  const own = ' ' + exactly(ours.g.worth);
  if (!others.length) return ' The policy asked what this move alone is worth (' + measure + '):' + own + '.';
  let text = ' The policy compared what ' + (rows.length === 2 ? 'two' : rows.length) + ' moves are worth: ' + measure + '. ';
  if (more === 0) text += 'This one was worth most:' + own + '. The next was ' + others[0].g.name + ', with ' + exactly(others[0].g.worth) + '.';
  else {
    text += 'This one was worth' + own + ', and ' + more + (more === 1 ? ' other' : ' others') + ' more: the policy has further conditions, '
      + 'such as what the target has refused before.';
  }
  return text;
}

// choice says what each guest of the source would have brought.
function choice({ rows, ours, key, compared }, deal, capacity) {
  const asked = ours && weighed(ours);
  const better = ours && compared && !asked ? rows.filter((r) => r.apart < ours.apart - 0.005 && !r.g.stays).length : null;
  let text = (rows.length === 1 ? 'It was the only guest of ' + deal.source : deal.source + ' had ' + rows.length + ' guests to choose from') + '.';
  if (asked) text += byWorth(rows.filter(weighed), ours);
  else if (better === 0) text += ' This one brings the loads of the two hosts closest together.';
  else if (better !== null) {
    text += ' By the loads of that moment ' + better + (better === 1 ? ' other' : ' others') + ' would have brought the two hosts closer together. '
      + 'A policy may weigh more than that: the load that lasts, or what it costs to move the memory of a guest.';
  }
  const word = key === 'cpu' ? 'CPU' : 'memory', has = capacity(deal.source);
  const said = (share) => (share === null ? 'not known' : percent(share));
  const caption = 'The loads with each guest moved, when the deal began. Apart: by how much the two loads differ then';
  const few = rows.slice(0, 12), holder = make('div');
  if (ours && !few.includes(ours)) few.push(ours);
  const show = (shown) => holder.replaceChildren(list(
    ['Guest', ...(asked ? [amount('Worth')] : []), amount('Its share of ' + word, 'spare'), amount('Its memory'), amount(deal.source + ' without it'), amount(deal.target + ' with it'), amount('Apart', 'spare')],
    shown.map((r) => ({
      mark: r === ours,
      cells: [[r.g.name, ' ', make('small', '', r === ours ? 'was chosen' : r.g.stays || '')],
        ...(asked ? [weighed(r) ? exactly(r.g.worth) : 'not asked'] : []), percent(r.g[key]),
        has ? bytes(r.g.memory * has.memory) : percent(r.g.memory), percent(r.left), said(r.there), compared ? percent(r.apart) : 'not known'],
    })), caption), ...(shown.length < rows.length ? [press('Show all ' + rows.length + ' guests', 'more', () => show(rows))] : []));
  show(few);
  return [make('p', '', text), holder];
}

// brief writes a deal with its name alone, as its token is hidden anyway, and numbers with six digits.
function brief(term) {
  return term.replace(/\bdeal\((deal \w+), ?"hidden", ?[\d.]+\)/g, '$1').replace(/\b\d+\.\d{7,}\b/g, (n) => String(Number(Number(n).toPrecision(6))));
}

// transcript tells the messages and actions of the models.
function transcript(lines, deal) {
  if (!lines.length) {
    return [make('p', '', deal.operator ? 'No model had a say: an operator gave the order.' : 'The hosts no longer remember the messages.')];
  }
  const first = lines.find((l) => l.kind === 'message'), parts = [];
  if (first) parts.push(make('p', '', first.host + ' spoke first, to ' + first.with + '.'));
  parts.push(make('p', 'about', 'In the words of the models, with the line of each. A need is in cores and MiB; a load is what the policy makes of it, '
    + 'such as what lasts of it, and may differ from the one above.'));
  parts.push(sayings(lines));
  return parts;
}

// sayings lists messages and actions.
function sayings(lines) {
  const items = lines.map((l) => {
    const at = new Date(l.at), clock = Charts.timeOfDay(at.getTime() / 1000, true) + '.' + String(at.getMilliseconds()).padStart(3, '0');
    const time = make('time', '', clock);
    time.dateTime = l.at;
    const who = l.kind === 'message' ? l.host + ' → ' + l.with : l.host;
    const does = l.kind === 'message' ? '' : ({ solve: 'begins', solved: 'has done', failed: 'could not do' }[l.kind] || l.kind) + ' ';
    const place = (l.role ? 'as ' + brief(l.role).replace(/,\s*"?[^,]*$/, ')').replace(/^a\(/, '').replace(/\)\)$/, ')') + ', ' : '') + l.model + ':' + l.line;
    return make('li', l.kind, time, ' ', make('b', '', who), ' ', does, make('code', '', brief(l.term)), ' ', make('small', '', place));
  });
  return make('ol', 'transcript', ...items);
}
