// Package memory is an in-memory platform: guests are numbers that use CPU time and
// dirty their memory, and a live migration is the rounds of a pre-copy over a link,
// with real durations or a fraction of them. The demo and the tests use it; everything
// above it is the same as above libvirt.
//
// A Site is a set of hosts that reach each other. Time is the process's, so in a
// testing/synctest bubble it is the bubble's.
//
// It behaves as libvirt was observed to: a migration continues when its caller stops
// waiting; an abort may come too late; with Options.Overlap both hosts show the guest
// running for a while; what fails before the switchover leaves the guest where it was.
// Faults can be injected (Platform.Inject), and each host may ask its agent before it
// admits a guest (Platform.SetAdmission).
package memory
