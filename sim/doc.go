// Package sim runs peers and hosts in virtual time: the same cores as in
// production (lcc, peer, hostagent, joined by hostagent/node), driven by one
// agenda instead of sockets, files and clocks.
//
// An agenda orders events by time and number; one source gives all chance; a network
// loses, duplicates, delays and cuts off. PeerRun runs plain peers that enact one model,
// with a script of what happens to them: `parley run` and `parley test` (modeltest) use
// it. Interactive is such a run that a person drives: `parley repl`. Site runs hosts with
// guests, for `parley sim`: loads come from traces or generators; guests move in pre-copy
// rounds that share links, cost both ends and have a downtime; hosts take power and may
// sleep; agents and hosts stop, and the network falls apart, by a schedule or by chance.
// Invariants are checked after each step that could break them, and at the end Figures
// are summed up. The cost of a step does not grow with the number of hosts.
//
// The same options and seed give the same run, event for event.
package sim
