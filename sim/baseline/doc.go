// Package baseline is what Parley is compared with, and none of it is LCC: the
// consolidation of Beloglazov and Buyya (CCPE 24, 2012) as CloudSim 3.0.3 runs
// it. One process knows the load of all hosts and all guests, decides for
// everybody each five minutes, and is always obeyed.
//
// A Fleet is the site of the experiment: hosts of two kinds with their power
// curves, guests of four types and where they are at the start. A Run is a day:
// at each tick a test says which hosts are overloaded (THR, IQR, MAD, LR), of
// those the guests with the least memory leave until the test is content (MMT),
// and they are placed, largest first, where the power grows least (PABFD); then
// the least used host is emptied, if all its guests find a place, and the next
// one, until none is left.
//
// CloudSim's run has two faults, which Options.Stock brings back: a guest with
// two samples of 0 % in a row is deleted for ever, and SLATAH counts a target as
// violated while a guest moves in. Without them it is the one to beat. Other
// habits of CloudSim are kept in both, since the measured rows have them: see
// plan.go. Rows has what CloudSim measured, Table puts our runs beside it.
package baseline
