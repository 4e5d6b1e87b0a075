// Package notify tells people of the problems of a host, by a command or as JSON over HTTP:
// once when a problem has lasted, and once when it has ended. Watch decides, as a pure
// state machine, which messages are due; Run sends them, with retries.
package notify
