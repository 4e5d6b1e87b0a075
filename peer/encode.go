package peer

import (
	"errors"
	"fmt"

	"parley/internal/cborstrict"
	"parley/lcc"
)

// Limits of network input, checked before memory is allocated.
const (
	FrameBytes  = 64 << 10
	AdvertBytes = 32 << 10
	playsMax    = 32  // models in an advert
	rolesMax    = 256 // roles of one model in an advert
	// HostBytes bounds Advert.Host: with what else an advert usually says it fits into one.
	HostBytes = 24 << 10
	textMax   = 1 << 10
)

// The wire forms of an advert. lcc.MarshalTerm encodes terms, which are carried as bytes,
// so the limits of the calculus apply to them. Fields are numbered; an unknown or
// duplicate field is rejected.
type (
	wireAdvert struct {
		Peer        string     `cbor:"1,keyasint"`
		Incarnation uint64     `cbor:"2,keyasint"`
		Seq         uint64     `cbor:"3,keyasint"`
		Plays       []wirePlay `cbor:"4,keyasint"`
		Host        []byte     `cbor:"5,keyasint,omitempty"`
	}
	wirePlay struct {
		Model []byte   `cbor:"1,keyasint"`
		Roles [][]byte `cbor:"2,keyasint"`
	}
)

var writer, reader = cborstrict.Writer(), cborstrict.Reader(cborstrict.Limits{Nested: 8, Elements: 1024, Pairs: 16})

// EncodeAdvert encodes an advert; it returns an error when the advert is too large.
func EncodeAdvert(a Advert) ([]byte, error) {
	w := wireAdvert{Peer: string(a.Peer), Incarnation: a.Incarnation, Seq: a.Seq, Host: a.Host}
	for _, play := range a.Plays {
		p := wirePlay{Model: play.Model[:]}
		for _, role := range play.Roles {
			data, err := lcc.MarshalTerm(role)
			if err != nil {
				return nil, err
			}
			p.Roles = append(p.Roles, data)
		}
		w.Plays = append(w.Plays, p)
	}
	data, err := writer.Marshal(w)
	if err == nil && len(data) > AdvertBytes {
		err = fmt.Errorf("peer: an advert of %d bytes, more than %d", len(data), AdvertBytes)
	}
	return data, err
}

// DecodeAdvert decodes an advert; it rejects one that exceeds a limit or is malformed.
func DecodeAdvert(data []byte) (Advert, error) {
	var w wireAdvert
	if len(data) > AdvertBytes {
		return Advert{}, fmt.Errorf("peer: an advert of %d bytes, more than %d", len(data), AdvertBytes)
	}
	if err := reader.Unmarshal(data, &w); err != nil {
		return Advert{}, fmt.Errorf("peer: advert: %w", err)
	}
	if len(w.Plays) > playsMax || len(w.Peer) > textMax || w.Peer == "" || w.Seq == 0 {
		return Advert{}, errors.New("peer: advert: without a peer or a number, or too many models")
	}
	a := Advert{Peer: lcc.PeerID(w.Peer), Incarnation: w.Incarnation, Seq: w.Seq, Host: w.Host}
	for _, p := range w.Plays {
		play := Play{}
		if len(p.Model) != len(play.Model) || len(p.Roles) > rolesMax {
			return Advert{}, errors.New("peer: advert: a digest of the wrong length, or too many roles")
		}
		copy(play.Model[:], p.Model)
		for _, data := range p.Roles {
			role, err := lcc.UnmarshalTerm(data, lcc.Limits{})
			if err != nil {
				return Advert{}, err
			}
			play.Roles = append(play.Roles, role)
		}
		a.Plays = append(a.Plays, play)
	}
	return a, nil
}
