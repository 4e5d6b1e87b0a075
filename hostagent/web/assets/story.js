// Told is the box in which the page tells one thing: a move, a host or a guest.
class Told {
  constructor(dialog) {
    this.dialog = dialog;
    this.title = dialog.querySelector('h2');
    this.body = dialog.querySelector('.body');
    dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  }

  show(title, ...parts) {
    this.title.textContent = title;
    this.body.replaceChildren(...parts.filter(Boolean));
    if (!this.dialog.open) this.dialog.showModal();
    this.body.scrollTop = 0;
  }
}

// list is a table of texts, for a reader who compares; rows may be marked.
function list(heads, rows, caption) {
  const table = make('table');
  if (caption) table.append(make('caption', '', caption));
  table.append(make('thead', '', make('tr', '', ...heads.map((h, i) => make('th', i ? 'number' : '', h)))));
  const body = make('tbody');
  for (const { cells, mark } of rows) {
    body.append(make('tr', mark ? 'marked' : '', ...cells.map((text, i) => make(i ? 'td' : 'th', i ? 'number' : '', text))));
  }
  table.append(body);
  return make('div', 'wide', table);
}

function seconds(nanoseconds) { return nanoseconds > 0 ? Charts.span(nanoseconds / 1e9 < 1 ? nanoseconds / 1e9 : Math.round(nanoseconds / 1e9)) : 'not known'; }

// storyOf tells a deal: what it was expected to cost and bring, why that guest, who said what.
// load(host) is the load of a host now, capacity(host) what it has.
function storyOf(told, load, capacity) {
  const parts = [make('p', 'sentence', told.text)];
  const source = told.source, target = told.target, deal = source || target;
  if (told.silent.length) parts.push(make('p', 'bad', 'Not all is known. ' + told.silent.join('; ')));
  if (!deal) return parts;
  parts.push(make('h3', '', 'What it cost and brought'), costs(deal, source, target, load));
  const why = choice(told.choice, deal, source, target, capacity);
  if (why) parts.push(make('h3', '', 'Why this guest'), ...why);
  parts.push(make('h3', '', 'Who said what'), ...transcript(told.lines, deal));
  return parts;
}

function costs(deal, source, target, load) {
  const share = (end) => (end && end.begin ? percent(end.begin.load) : 'not known');
  const now = (name) => { const v = load(name); return v === null ? 'not known' : percent(v); };
  const rows = [
    { cells: ['Time of the move', seconds(deal.expected_total_ns), deal.state === 'done' ? seconds(deal.total_ns) : deal.state] },
    { cells: ['Time in which the guest stops', seconds(deal.expected_downtime_ns), deal.state === 'done' ? seconds(deal.downtime_ns) : deal.state] },
  ];
  const loads = [
    { cells: [deal.source + ', the source', share(source), now(deal.source)] },
    { cells: [deal.target + ', the target', share(target), now(deal.target)] },
  ];
  return make('div', 'pair', list(['Cost', 'expected', 'was'], rows), list(['Load', 'before', 'now'], loads));
}

// choice says what each guest of the source would have brought.
function choice(guests, deal, source, target, capacity) {
  if (!guests.length || !source || !source.begin) return null;
  const sum = (key) => guests.reduce((all, g) => all + g[key], 0), key = sum('memory') > sum('cpu') ? 'memory' : 'cpu';
  const from = capacity(deal.source), to = capacity(deal.target);
  const ratio = from && to ? (key === 'cpu' ? from.cpu / to.cpu : from.memory / to.memory) : 1;
  const before = target && target.begin ? target.begin.load : null;
  const rows = guests.map((g) => {
    const left = source.begin.load - g[key], there = before === null ? null : before + g[key] * ratio;
    return { g, left, there, apart: there === null ? 0 : Math.abs(left - there) };
  });
  const ours = rows.find((r) => r.g.guest === deal.guest);
  if (before !== null) rows.sort((a, b) => a.apart - b.apart);
  const better = ours && before !== null ? rows.filter((r) => r.apart < ours.apart - 0.005 && !r.g.stays).length : null;
  const lines = [];
  const many = guests.length === 1 ? 'It was the only guest of ' + deal.source : deal.source + ' had ' + guests.length + ' guests to choose from';
  if (better === 0) lines.push(many + '. This one brings the loads of the two hosts closest together.');
  else if (better !== null) lines.push(many + '; ' + better + (better === 1 ? ' other guest' : ' other guests') + ' would have brought the loads of the two hosts closer together: the policy had another reason, see below.');
  else lines.push(many + '.');
  const shown = rows.slice(0, 12);
  if (ours && !shown.includes(ours)) shown.push(ours);
  const word = key === 'cpu' ? 'CPU' : 'memory';
  return [make('p', '', ...lines), list(
    ['Guest', 'its share of ' + word, deal.source + ' without it', deal.target + ' with it', 'apart', ''],
    shown.map((r) => ({
      mark: r === ours,
      cells: [r.g.name, percent(r.g[key]), percent(r.left), r.there === null ? '?' : percent(r.there), r.there === null ? '?' : percent(r.apart),
        r === ours ? 'was chosen' : r.g.stays || ''],
    })), 'Loads as they would have been, when the deal began')];
}

// transcript tells the messages and actions of the models.
function transcript(lines, deal) {
  if (!lines.length) {
    return [make('p', '', deal.operator ? 'No model had a say: an operator gave the order.' : 'The hosts no longer remember the messages.')];
  }
  const first = lines.find((l) => l.kind === 'message'), parts = [];
  if (first) parts.push(make('p', '', first.host + ' spoke first, to ' + first.with + '.'));
  const items = lines.map((l) => {
    const at = new Date(l.at), clock = at.toLocaleTimeString(undefined, { hourCycle: 'h23' }) + '.' + String(at.getMilliseconds()).padStart(3, '0');
    const time = make('time', '', clock);
    time.dateTime = l.at;
    const who = l.kind === 'message' ? l.host + ' → ' + l.with : l.host;
    const does = l.kind === 'message' ? '' : ({ solve: 'begins', solved: 'has done', failed: 'could not do' }[l.kind] || l.kind) + ' ';
    const place = (l.role ? 'as ' + l.role.replace(/,\s*"?[^,]*$/, ')').replace(/^a\(/, '').replace(/\)\)$/, ')') + ', ' : '') + l.model + ':' + l.line;
    return make('li', l.kind, time, ' ', make('b', '', who), ' ', does, make('code', '', l.term), ' ', make('small', '', place));
  });
  parts.push(make('ol', 'transcript', ...items));
  return parts;
}
