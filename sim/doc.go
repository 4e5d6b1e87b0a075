// Package sim runs peers and hosts in virtual time: the same cores as in
// production (lcc, peer, hostagent, joined by hostagent/node), driven by one
// agenda instead of sockets, files and clocks.
//
// An agenda orders events by time and number; all randomness comes from one seed; a
// network loses, duplicates, delays and partitions. PeerRun runs plain peers that enact
// one model, with a script of events: `parley run` and `parley test` (modeltest) use
// it. Interactive is such a run that a person drives: `parley repl`. Site runs hosts
// with guests, for `parley sim`: loads come from traces or generators; guests move in
// pre-copy rounds that share links, cost CPU at both ends and have a downtime; hosts
// take power and may sleep; agents and hosts stop, and the network partitions, by a
// schedule or at random. Invariants are checked after each step that could break them,
// and Figures are computed at the end. The cost of a step does not grow with the number
// of hosts.
//
// The same options and seed give the same run, event for event.
package sim
