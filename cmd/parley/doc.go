// Command parley lets the hypervisors of a site move virtual machines among
// themselves by negotiation. Each verb stands in a file of its own.
//
// Exit codes: 0 well, 1 the thing asked about is wrong, 2 wrong use.
package main
