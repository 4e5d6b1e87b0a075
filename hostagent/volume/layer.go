//go:build linux

package volume

import (
	"bytes"
	"slices"

	"golang.org/x/sys/unix"
)

// ofThisHost are the attributes in which the kernel notes where the files of a layer come
// from, and which make sense to the layers of this host alone.
var ofThisHost = [][]byte{[]byte("trusted.overlay.origin"), []byte("trusted.overlay.impure"), []byte("trusted.overlay.uuid"),
	[]byte("trusted.overlay.nlink"), []byte("trusted.overlay.upper"), []byte("trusted.overlay.protattr")}

// carried returns those of a file's extended attributes that are copied.
func (o Options) carried(list []attribute) []attribute {
	if !o.Layer {
		return list
	}
	return slices.DeleteFunc(list, func(a attribute) bool {
		return slices.ContainsFunc(ofThisHost, func(name []byte) bool { return bytes.Equal(name, a.Name) })
	})
}

// read returns the attributes of a file that are copied.
func (o Options) read(p place, st unix.Stat_t) (attributes, error) {
	a, err := p.read(st)
	a.Extended = o.carried(a.Extended)
	return a, err
}

// write gives a file the attributes that are copied.
func (o Options) write(p place, a attributes) error {
	a.Extended = o.carried(a.Extended)
	return p.write(a)
}
