// Package guestnet is the network of a guest that Parley carries itself: a network namespace
// with one device, a veth whose other end is a port of a bridge of the host. It makes and
// removes them, cuts and opens the port, says in ARP where the address is, and holds what
// comes for a guest before the guest is there.
//
// It is for Linux, and needs CAP_NET_ADMIN and CAP_SYS_ADMIN.
package guestnet
