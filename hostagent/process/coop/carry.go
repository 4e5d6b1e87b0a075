package coop

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// carried is one part of the state.
type carried struct {
	name string
	save func(io.Writer) error
}

// Carry names a value that moves with the program. value is a pointer; if the program has
// moved, it is set here to what it was. Of a struct the exported fields are carried
// (encoding/gob).
func (p *Process) Carry(name string, value any) error {
	return p.CarryFunc(name,
		func(w io.Writer) error { return gob.NewEncoder(w).Encode(value) },
		func(r io.Reader) error { return gob.NewDecoder(r).Decode(value) })
}

// CarryFunc is Carry for what saves and loads itself. load is called now, if the program
// has moved; save at each suspension.
func (p *Process) CarryFunc(name string, save func(io.Writer) error, load func(io.Reader) error) error {
	if slices.ContainsFunc(p.carried, func(c carried) bool { return c.name == name }) {
		return fmt.Errorf("carry %s: it is carried already", name)
	}
	p.carried = append(p.carried, carried{name, save})
	part, is := p.state[name]
	if !is {
		return nil
	}
	delete(p.state, name)
	if err := load(bytes.NewReader(part)); err != nil {
		return fmt.Errorf("carry %s: what came cannot be read: is the program the same on both hosts? %w", name, err)
	}
	return nil
}

// pack writes the state: name and content of each part, each behind its length.
func (p *Process) pack() ([]byte, error) {
	var all []byte
	add := func(name string, part []byte) {
		all = binary.AppendUvarint(all, uint64(len(name)))
		all = append(all, name...)
		all = binary.AppendUvarint(all, uint64(len(part)))
		all = append(all, part...)
	}
	for _, name := range slices.Sorted(maps.Keys(p.state)) {
		add(name, p.state[name]) // what the program has not asked for yet
	}
	for _, c := range p.carried {
		var part bytes.Buffer
		if err := c.save(&part); err != nil {
			return nil, fmt.Errorf("carry %s: %w", c.name, err)
		}
		add(c.name, part.Bytes())
	}
	return all, nil
}

func unpack(all []byte) (map[string][]byte, error) {
	parts := map[string][]byte{}
	for len(all) > 0 {
		var of [2][]byte
		for i := range of {
			length, n := binary.Uvarint(all)
			if n <= 0 || length > uint64(len(all)-n) {
				return nil, errors.New("it is not one that this package has written: is the program the same on both hosts?")
			}
			of[i], all = all[n:n+int(length)], all[n+int(length):]
		}
		parts[string(of[0])] = of[1]
	}
	return parts, nil
}
