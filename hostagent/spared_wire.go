package hostagent

import (
	"fmt"
	"math"

	"parley/hostagent/spare"
	"parley/internal/cborstrict"
	"parley/internal/label"
)

// This file is how a host tells others of its room and its guests, within an advert.

// spareBytes bounds what a host tells, and spareGuests its guests. With more it tells nothing.
const (
	spareBytes  = 20 << 10
	spareGuests = 500
)

type (
	wireSpare struct {
		Free     []int64          `cbor:"1,keyasint"` // millicores, bytes of memory and of disk
		State    int              `cbor:"2,keyasint,omitempty"`
		Labels   []string         `cbor:"3,keyasint,omitempty"`
		Kinds    []string         `cbor:"4,keyasint,omitempty"`
		Offers   []string         `cbor:"5,keyasint,omitempty"`
		Networks []string         `cbor:"6,keyasint,omitempty"`
		Guests   []wireSpareGuest `cbor:"7,keyasint,omitempty"`
		Coming   []wireSpareGuest `cbor:"8,keyasint,omitempty"`
	}
	wireSpareGuest struct {
		ID       string   `cbor:"1,keyasint"`
		Need     []int64  `cbor:"2,keyasint"`
		Name     string   `cbor:"3,keyasint,omitempty"` // if it is not the id
		Kind     string   `cbor:"4,keyasint,omitempty"` // if it is not vm
		Needs    []string `cbor:"5,keyasint,omitempty"`
		Networks []string `cbor:"6,keyasint,omitempty"`
		Labels   []string `cbor:"7,keyasint,omitempty"`
		Requires []string `cbor:"8,keyasint,omitempty"`
		Apart    []string `cbor:"9,keyasint,omitempty"`
		Avoids   []string `cbor:"10,keyasint,omitempty"`

		AtMost []spare.Limit `cbor:"11,keyasint,omitempty"`
	}
)

// What wireSpare.State adds up.
const (
	spareDrained = 1
	spareClosed  = 2
)

var spareReader = cborstrict.Reader(cborstrict.Limits{Nested: 8, Elements: spareGuests, Pairs: 32, Later: true})

// wireRoom rounds cores to hundredths, so that noise is no news.
func wireRoom(r spare.Room) []int64 {
	list := []int64{10 * int64(math.Round(100*r.Cores)), r.MemoryBytes, r.DiskBytes}
	if r.DiskBytes == 0 {
		list = list[:2]
	}
	return list
}

func readRoom(list []int64) (r spare.Room, err error) {
	if len(list) < 2 || len(list) > 3 {
		return r, fmt.Errorf("an amount of %d numbers", len(list))
	}
	for _, n := range list {
		if n > memoryMax || n < -memoryMax {
			return r, fmt.Errorf("an amount of %d", n)
		}
	}
	r.Cores, r.MemoryBytes = float64(list[0])/1000, list[1]
	if len(list) == 3 {
		r.DiskBytes = list[2]
	}
	return r, nil
}

// encodeSpare encodes what a host tells; false if it is too much.
func encodeSpare(h spare.Host) ([]byte, bool) {
	if len(h.Guests) > spareGuests || len(h.Coming) > spareGuests {
		return nil, false
	}
	w := wireSpare{Free: wireRoom(h.Free), Labels: h.Labels, Kinds: h.Kinds, Offers: h.Offers, Networks: h.Networks,
		Guests: wireGuests(h.Guests), Coming: wireGuests(h.Coming)}
	if h.Drained {
		w.State += spareDrained
	}
	if h.Closed {
		w.State += spareClosed
	}
	data, err := writer.Marshal(w)
	return data, err == nil && len(data) <= spareBytes
}

func wireGuests(guests []spare.Guest) (list []wireSpareGuest) {
	for _, g := range guests {
		one := wireSpareGuest{ID: g.ID, Need: wireRoom(g.Need), Name: g.Name, Kind: g.Kind, Needs: g.Needs, Networks: g.Networks,
			Labels: g.Labels, Requires: g.Requires, Apart: g.Apart, Avoids: g.Avoids, AtMost: g.AtMost}
		if one.Name == one.ID {
			one.Name = ""
		}
		if one.Kind == string(VM) {
			one.Kind = ""
		}
		list = append(list, one)
	}
	return list
}

// decodeSpare decodes what another host tells.
func decodeSpare(data []byte) (h spare.Host, err error) {
	var w wireSpare
	if len(data) > spareBytes {
		return h, fmt.Errorf("%d bytes, more than %d", len(data), spareBytes)
	}
	if err := spareReader.Unmarshal(data, &w); err != nil {
		return h, err
	}
	h = spare.Host{ID: "it", Labels: w.Labels, Kinds: w.Kinds, Offers: w.Offers, Networks: w.Networks,
		Drained: w.State&spareDrained != 0, Closed: w.State&spareClosed != 0}
	if h.Free, err = readRoom(w.Free); err != nil {
		return h, err
	}
	if err := label.CheckAll(w.Labels); err != nil {
		return h, err
	}
	if h.Guests, err = readGuests(w.Guests); err != nil {
		return h, err
	}
	if h.Coming, err = readGuests(w.Coming); err != nil {
		return h, err
	}
	return h, spare.Validate([]spare.Host{h})
}

func readGuests(list []wireSpareGuest) (guests []spare.Guest, err error) {
	for _, w := range list {
		g := spare.Guest{ID: w.ID, Name: w.Name, Kind: string(Kind(w.Kind).Known()), Needs: w.Needs, Networks: w.Networks, Labels: w.Labels,
			Requires: w.Requires, Apart: w.Apart, Avoids: w.Avoids, AtMost: w.AtMost}
		if !isName(g.ID) || len(g.Name) > payloadText {
			return nil, fmt.Errorf("a guest without an id, or with a name of %d bytes", len(g.Name))
		}
		if g.Need, err = readRoom(w.Need); err != nil {
			return nil, err
		}
		guests = append(guests, g)
	}
	return guests, nil
}
