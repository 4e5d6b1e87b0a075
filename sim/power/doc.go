// Package power computes the energy that the hosts of a site take, and the CPU that its
// guests did not get.
//
// A Curve is a host's power by load. A Meter receives the state of each host and guest
// whenever it changes or is sampled, and keeps the sums behind the figures of
// Beloglazov and Buyya (CCPE 24, 2012): energy, SLATAH and PDM, and the share of
// the requested CPU that was not served. Comparisons use the same meter for
// all policies.
package power
