// Package sim runs peers and hosts in virtual time: the same cores as in
// production (lcc, peer, hostagent, joined by hostagent/node), driven by one
// agenda instead of sockets, files and clocks.
//
// A World is an agenda of events ordered by time and number, one source of
// chance, and a network with latency, loss, duplication and cuts. Table is a
// world of plain peers that enact one model, with a script of what happens to
// them: it is behind `parley run` and `parley test` (modeltest). Stage is a table
// that is run by hand, behind `parley repl`. Site is
// a world of hosts with guests that migrate in pre-copy rounds, with journals in
// memory and crashes; after every event it checks what must always hold.
//
// The same options and seed give the same run, event for event.
package sim
