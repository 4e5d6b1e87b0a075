//go:build linux

// Command lab is the laboratory: hosts with a libvirtd and a parley agent each, in
// network namespaces of one machine, with real QEMU guests that migrate live between
// them while a client counts echoes.
//
// It runs as root, installs the packages that it lacks, and removes everything at its
// end, including the remains of a killed run. Its files are under
// /var/cache/parley-lab, and its namespaces have names that begin with plab-; the
// addresses 10.77.0.0/24 exist only in those.
//
// Guests run under QEMU's emulation (TCG): a laboratory must also work without hardware
// virtualization. The hosts share the machine's cores, so the load of a host is that of
// its own guests relative to a declared capacity, in most steps of their memory.
package main
