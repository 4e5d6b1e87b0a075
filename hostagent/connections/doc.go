// Package connections takes established TCP connections out of the kernel and makes them
// again, in another network namespace or on another host, with TCP_REPAIR. The peer of a
// connection notices nothing but the pause. It needs CAP_NET_ADMIN in the user namespace of
// the socket's network, and the address of the connection on the host where it is made
// again.
//
// A connection moves in these steps:
//
//	Freeze   it sends and takes nothing; Thaw lets it continue here
//	Dump     what it is, as a value
//	Place    a socket is made elsewhere and bound: this may be done beforehand
//	Fill     the socket becomes the connection, and does nothing yet
//	Release  it lives; Drop removes the first one, of which no packet says anything
//
// A socket of UDP is a value too (DumpDatagrams), which changes nothing of it, and is made again
// with PlaceDatagrams; Deliver gives it what had come to the first one.
//
// Whoever moves a connection keeps packets for its address away from both hosts between
// Dump and Release: a host that has the address and no socket answers them with a reset.
package connections
