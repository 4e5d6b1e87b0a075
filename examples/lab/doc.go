//go:build linux

// Command lab is the laboratory: hosts with a libvirtd and a parley agent each,
// in network namespaces of one machine, with real QEMU guests that are migrated
// live between them while a client counts echoes.
//
// It runs as root, installs the packages that it lacks, and takes everything
// down again, also what a predecessor left that was killed. Everything of it
// lies under /var/cache/parley-lab and in namespaces whose
// names begin with plab-; the addresses 10.77.0.0/24 exist only in those.
//
// Guests run under QEMU's own emulation (TCG): a laboratory must also work
// where there is no hardware virtualisation. The hosts share the machine's
// cores, so the load of a host is that of its own guests against a declared
// capacity.
package main
