// Package memory is a platform in memory: guests are numbers that use CPU time
// and dirty their memory, and a live migration is the rounds of a pre-copy over
// a link, taking the time that a real one would, or a fraction of it. The demo
// and the tests run on it; what they run above it is what runs above libvirt.
//
// A Site is the fabric: hosts that reach each other. Time is the process's, so
// in a testing/synctest bubble it is the bubble's.
//
// It behaves as libvirt was seen to: a migration goes on when its caller stops
// waiting; an abort may come too late; with Options.Overlap both hosts show the
// guest running for a while; what fails before the switch leaves the guest
// where it was. Faults can be injected (Platform.Inject), and each host may ask
// its agent before a guest comes in (Platform.SetAdmission).
package memory
