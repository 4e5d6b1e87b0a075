// Package cborstrict is the one way in which Parley writes and reads CBOR: what comes
// from others has one meaning, and bounds, before anything in it is believed.
package cborstrict

import "github.com/fxamacker/cbor/v2"

// Limits bounds what a reader takes.
type Limits struct {
	Nested   int // levels of arrays and maps
	Elements int // of an array
	Pairs    int // of a map

	// Later lets fields be that the reader does not know: those of a later version.
	Later bool
}

// Writer writes deterministic CBOR: the same value is the same bytes.
func Writer() cbor.EncMode {
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		panic(err) // the options are constants
	}
	return mode
}

// Reader refuses what exceeds the limits, doubled keys, tags, indefinite lengths and
// texts that are not UTF-8. The limits are constants of whoever asks: numbers that the
// library does not take are a bug, and panic.
func Reader(l Limits) cbor.DecMode {
	options := cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden, TagsMd: cbor.TagsForbidden,
		MaxNestedLevels: l.Nested, MaxArrayElements: l.Elements, MaxMapPairs: l.Pairs, UTF8: cbor.UTF8RejectInvalid,
	}
	if !l.Later {
		options.ExtraReturnErrors = cbor.ExtraDecErrorUnknownField
	}
	mode, err := options.DecMode()
	if err != nil {
		panic(err)
	}
	return mode
}
