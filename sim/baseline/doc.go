// Package baseline is the centralized consolidation that Parley is compared with,
// without any LCC: that of Beloglazov and Buyya (CCPE 24, 2012) as CloudSim 3.0.3 runs
// it. One process knows the load of all hosts and guests, decides for all of them every
// five minutes, and is always obeyed.
//
// A Fleet is the site of the experiment: hosts of two kinds with their power curves,
// guests of four types, and their initial placement. A Run is a day. At each tick a
// test finds the overloaded hosts (THR, IQR, MAD, LR); from those the guests with the
// least memory leave until the test passes (MMT), and are placed, largest first, where
// the power grows least (PABFD). Then the least used host is emptied if all its guests
// find a place, and so on with the next one, until none is left.
//
// CloudSim's run has two faults, which Options.Stock restores: a guest with two
// consecutive samples of 0 % is deleted for good, and SLATAH counts a target as
// violated while a guest moves in. The run without them is the one to beat. Other
// quirks of CloudSim are kept in both, since they affect the published measurements:
// see plan.go. Rows has CloudSim's measurements, and Table sets our runs beside them.
package baseline
