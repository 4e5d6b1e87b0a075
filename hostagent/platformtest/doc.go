// Package platformtest is the suite of tests that every platform passes: the
// promises of hostagent.Platform that the ledger of deals relies on. The
// platform in memory runs it in a bubble of virtual time, libvirt against real
// hosts, where a migration takes seconds: nothing here sleeps, it waits for a
// platform's Changes and looks again.
package platformtest
