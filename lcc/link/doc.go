// Package link closes texts: it replaces each @import by the roles and rules of the
// library that is named, so that what is signed, sent and enacted is one text that
// depends on nothing else. It reads no file: its sources are handed in.
//
// A library is parsed into parts, one for each item, whose names are apart from the rest
// (part.go). Names are given and hidden on those (unit.go, spec.go); which parts are kept
// follows from who uses them (close.go).
package link
