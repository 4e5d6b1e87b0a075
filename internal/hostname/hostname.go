// Package hostname is the one rule for the names of hosts, wherever they are written
// or read.
package hostname

import (
	"fmt"
	"strings"

	"parley/internal/netaddr"
)

// Bytes is the most that a name may have.
const Bytes = 64

// Check says why a text cannot name a host. A name must never be taken for something
// else that can stand in its place: a peer id, owner/name, or an option of a command.
func Check(name string) error {
	switch {
	case name == "" || len(name) > Bytes:
		return fmt.Errorf("%s cannot name a host: give 1 to %d characters", shown(name), Bytes)
	case strings.ContainsFunc(name, unfit):
		return fmt.Errorf("%q cannot name a host: use letters, digits, and the characters - _ . only", name)
	case name[0] == '-' || name[0] == '.':
		return fmt.Errorf("%q cannot name a host: begin it with a letter, a digit or _", name)
	case netaddr.IsPeerID(name):
		return fmt.Errorf("%q cannot name a host: it reads as a peer id, and could be taken for that of another host", name)
	}
	return nil
}

func unfit(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	return !letter && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.'
}

// shown quotes a text for an error; of a long one the beginning.
func shown(text string) string {
	if len(text) > Bytes {
		return fmt.Sprintf("%q...", text[:Bytes])
	}
	return fmt.Sprintf("%q", text)
}
