// Package sim runs peers and hosts in virtual time: the same cores as in
// production (lcc, peer, hostagent, joined by hostagent/node), driven by one
// agenda instead of sockets, files and clocks.
//
// A World is an agenda of events ordered by time and number, one source of
// chance, and a network with latency, loss, duplication and cuts. Table is a
// world of plain peers that enact one model, with a script of what happens to
// them: it is behind `parley run` and `parley test` (modeltest). Stage is a table
// that is run by hand, behind `parley repl`. Site is
// a world of hosts with guests, and behind `parley sim`. Their loads come from traces
// or generators; guests move in pre-copy rounds that share links, cost both ends and
// have a downtime; hosts take power and may sleep; agents keep their journals in
// memory; agents and hosts stop, and the network falls apart, by a schedule or by
// chance. After every step that could break it, it is checked what must always hold,
// and at the end the Figures are summed up. Hosts are many and events many more, so
// what a step costs must not grow with the number of hosts: whoever is near is
// listed once, and each host is accounted for when something about it changes.
//
// The same options and seed give the same run, event for event.
package sim
