// planOf shows what the policies recommend: the loads now and with the plan carried out, and each
// move with its reason. load(name) is the load of a host now, why(move) opens its story.
function planOf(plan, now, load, why) {
  if (!plan.moves.length) return [make('p', '', 'Hosts that only recommend: ' + plan.recommending + '. No move is recommended now.')];
  const said = (v, after) => [percent(v), ' → ', make('b', '', percent(after))];
  const parts = [list(['Host', amount('CPU now → with the plan'), amount('Memory now → with the plan'), amount('Gives'), amount('Takes')],
    plan.hosts.map((h) => ({ cells: [h.host, said(h.cpu, h.cpu_after), said(h.memory, h.memory_after), String(h.gives), String(h.takes)] })))];
  const items = plan.moves.map((m) => {
    const age = Math.max(0, now - Date.parse(m.at) / 1000), here = load(m.source);
    let old = 'Recommended ' + (age < 1 ? 'now' : Charts.span(age) + ' ago') + '.';
    if (here !== null && here <= m.then - 0.05) old += ' ' + m.source + ' was at ' + percent(m.then) + ' then and is at ' + percent(here) + ' now: the move may no longer be needed.';
    const time = make('time', '', Charts.timeOfDay(Date.parse(m.at) / 1000, true)), press1 = press('Why', '', () => why(m));
    press1.setAttribute('aria-label', 'Why ' + m.name + ' would move from ' + m.source + ' to ' + m.target);
    return make('li', '', time, make('span', 'state', 'planned'), make('span', 'text', ...coded(unbroken(m.text)), ' ', make('small', '', old)), press1);
  });
  parts.push(make('ol', 'moves', ...items), make('p', 'about', ...coded('On the source `parley migrate GUEST HOST` carries a move out.')));
  return parts;
}

// onTrial says where a policy is on trial, and for how long. few(names) writes a list in brief,
// clock(at) a time of day.
function onTrial({ hosts, stage, until }, few, clock) {
  return 'on trial on ' + few(hosts) + (stage ? ', stage ' + stage : '') + (until ? ', until ' + clock(Date.parse(until) / 1000) : '');
}

// trialsOf says which hosts try a policy before the others take it, and which hosts lag; nothing
// while all have the same. few and clock are as for onTrial.
function trialsOf({ publishers, policies }, few, clock) {
  const items = [], say = (name, ...said) => items.push(make('li', '', make('b', '', name), ...said));
  for (const { name, trial, waiting } of policies) {
    if (!trial.hosts.length) continue;
    const rest = waiting.length ? ' Then it comes to ' + few(waiting) + '.' : '';
    say(name, ' is ' + onTrial(trial, few, clock) + '.' + rest);
  }
  for (const p of publishers) if (p.behind.length) say(p.name, ' has release ' + p.newest + '; older ones are on ' + few(p.behind) + '.');
  for (const p of policies) if (p.others.length) say(p.name, ' is not active on ' + few(p.others) + '.');
  return items.length ? [make('ul', '', ...items)] : [];
}

// drainsOf shows drains while they last.
function drainsOf(drains) {
  return drains.map((d) => {
    const bar = make('progress');
    bar.max = 1;
    bar.value = d.left ? d.share : 1;
    bar.setAttribute('aria-label', 'Memory that has left ' + d.host);
    const parts = [make('p', d.stuck.length ? 'bad' : '', ...coded(unbroken(d.text))),
      make('p', 'about', 'Of the memory of its guests ' + unbroken(percent(bar.value)) + ' has left: a move takes the longer the more memory its guest has.'), bar];
    if (d.stuck.length) parts.push(make('ul', '', ...d.stuck.map((text) => make('li', '', ...coded(text)))));
    if (d.away.length) parts.push(make('details', '', make('summary', '', 'Where its guests are'), make('ul', '', ...d.away.map((text) => make('li', '', ...coded(text))))));
    return make('div', 'drain', ...parts);
  });
}
