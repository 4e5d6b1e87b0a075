// Package power accounts for a site: what its hosts take from the socket, and
// what its guests did not get for it.
//
// A Curve says what a host takes at a load. A Meter is told the state of each
// host and guest whenever it changes or is looked at, and keeps the sums behind
// the figures of Beloglazov and Buyya (CCPE 24, 2012): energy, SLATAH, PDM, SLAV
// and ESV, and the share of the requested CPU that was not served. Whoever
// compares two ways to run a site tells both to the same meter.
package power
