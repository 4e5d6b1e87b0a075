// Package service is the daemon of a host: it drives a node.Node with real
// time, a real network, a real platform and a real journal.
//
// One goroutine, the loop in loop.go, owns the node. Everything else is a
// goroutine with one job that hands events to the loop or carries out an
// effect for it: the sampler looks at the platform and at the machine, the
// mover waits for migrations, the journal writes and syncs, the network sends
// and receives, the API answers an operator on a local socket. Each is started
// by Run and waited for by Run.
//
// The loop turns an effect into work and never waits for it: a migration of minutes, a
// disk with slow syncs or a peer that does not read delays only what depends on it.
//
// The platform is handed in (Options.Platform), so this package knows neither
// libvirt nor the one in memory.
package service
