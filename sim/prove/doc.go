// Package prove explores what a policy of hosts does on small sites.
//
// It runs the simulator, and so the cores of the agents, on every site of a few hosts and
// guests, with loads in steps of a tenth that do not change. A run deviates from the usual
// one at a few moments: a frame is late, so that others or a timer overtake it; a migration
// fails; a host takes no guest for a while. The search is breadth first: first all sites
// without a deviation, then with one, then with two. So the first run that breaks a
// property is a shortest one.
//
// There is no chance and no clock in it: the same policy and the same bounds give the same
// answer, whatever the number of processors.
package prove
