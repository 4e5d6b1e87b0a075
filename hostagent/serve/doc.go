// Package serve bounds what the clients of the agent's HTTP servers can cost:
// connections in all and for each client, the time of a request, idle time, bodies.
// It also says who asks on a local socket.
package serve
