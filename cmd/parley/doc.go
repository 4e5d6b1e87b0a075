// Command parley lets the hosts of a site move guests among themselves by negotiation.
// Most verbs have a file of their own.
//
// Exit codes: 0 success, 1 the checked thing is wrong, 2 wrong usage.
package main
