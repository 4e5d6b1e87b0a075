package main

import (
	"bytes"
	"cmp"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"sync"
)

// seen is how many others a client is told of.
const seen = 8

// zone is who is in the zone, and where.
type zone struct {
	mu      sync.Mutex
	players map[string]player // by the id of the connection
	near    []neighbour       // of one step
}

// player is what the zone knows of a client. It moves with the zone.
type player struct {
	Name  string
	X, Y  float64
	Steps uint64 // lines of this connection
}

type neighbour struct {
	player
	far float64 // the square of the distance
}

func newZone() *zone { return &zone{players: map[string]player{}} }

// step takes a client's line, and returns what it is told.
func (z *zone) step(id string, line []byte) ([]byte, error) {
	name, number, x, y, err := parse(line)
	if err != nil {
		return nil, err
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	me := player{name, x, y, z.players[id].Steps + 1}
	z.players[id] = me
	said := append(append(make([]byte, 0, 256), number...), ' ')
	said = strconv.AppendUint(said, me.Steps, 10)
	for _, n := range z.nearest(id, me) {
		said = append(append(said, ' '), n.Name...)
		said = strconv.AppendFloat(append(said, ' '), n.X, 'f', 3, 64)
		said = strconv.AppendFloat(append(said, ' '), n.Y, 'f', 3, 64)
	}
	return append(said, '\n'), nil
}

// nearest are the others that are nearest to a client. The caller holds mu.
func (z *zone) nearest(id string, me player) []neighbour {
	z.near = z.near[:0]
	for other, p := range z.players {
		if other == id {
			continue
		}
		n := neighbour{p, (p.X-me.X)*(p.X-me.X) + (p.Y-me.Y)*(p.Y-me.Y)}
		at, _ := slices.BinarySearchFunc(z.near, n, func(a, b neighbour) int {
			return cmp.Or(cmp.Compare(a.far, b.far), cmp.Compare(a.Name, b.Name))
		})
		if at == seen {
			continue
		}
		z.near = slices.Insert(z.near[:min(len(z.near), seen-1)], at, n)
	}
	return z.near
}

// leave forgets a client.
func (z *zone) leave(id string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	delete(z.players, id)
}

func (z *zone) save(w io.Writer) error {
	z.mu.Lock()
	defer z.mu.Unlock()
	return gob.NewEncoder(w).Encode(z.players)
}

func (z *zone) load(r io.Reader) error {
	z.mu.Lock()
	defer z.mu.Unlock()
	return gob.NewDecoder(r).Decode(&z.players)
}

// parse reads a client's line: NAME NUMBER X Y.
func parse(line []byte) (name string, number []byte, x, y float64, err error) {
	var words [4][]byte
	for i := range words {
		line = bytes.TrimLeft(line, " ")
		end := bytes.IndexAny(line, " \r\n")
		if end <= 0 {
			return "", nil, 0, 0, errors.New("say NAME NUMBER X Y")
		}
		words[i], line = line[:end], line[end:]
	}
	x, errX := strconv.ParseFloat(string(words[2]), 64)
	y, errY := strconv.ParseFloat(string(words[3]), 64)
	if err := errors.Join(errX, errY); err != nil || math.IsNaN(x+y) || math.IsInf(x+y, 0) {
		return "", nil, 0, 0, fmt.Errorf("%.20q %.20q is no place: say NAME NUMBER X Y", words[2], words[3])
	}
	return string(words[0]), words[1], x, y, nil
}
