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
	textMax     = 1 << 10
)

// The wire forms. lcc.MarshalTerm encodes terms, which are carried as bytes, so the
// limits of the calculus apply to them. Fields are numbered; an unknown or duplicate
// field is rejected.
type (
	wireFrame struct {
		Incarnation uint64       `cbor:"1,keyasint"`
		Message     *wireMessage `cbor:"2,keyasint,omitempty"`
		Receipt     *wireReceipt `cbor:"3,keyasint,omitempty"`
		Host        []byte       `cbor:"4,keyasint,omitempty"`
	}
	wireMessage struct {
		Model        []byte `cbor:"1,keyasint"`
		Conversation string `cbor:"2,keyasint"`
		Agent        uint64 `cbor:"3,keyasint"`
		Seq          uint64 `cbor:"4,keyasint"`
		From         string `cbor:"5,keyasint"`
		FromRole     []byte `cbor:"6,keyasint"`
		To           string `cbor:"7,keyasint"`
		ToAgent      uint64 `cbor:"8,keyasint,omitempty"`
		ToRole       []byte `cbor:"9,keyasint"`
		Body         []byte `cbor:"10,keyasint"`
	}
	wireReceipt struct {
		Peer   string `cbor:"1,keyasint"`
		Agent  uint64 `cbor:"2,keyasint"`
		Seq    uint64 `cbor:"3,keyasint"`
		Code   string `cbor:"4,keyasint,omitempty"`
		Detail string `cbor:"5,keyasint,omitempty"`
	}
	wireAdvert struct {
		Peer        string     `cbor:"1,keyasint"`
		Incarnation uint64     `cbor:"2,keyasint"`
		Seq         uint64     `cbor:"3,keyasint"`
		Plays       []wirePlay `cbor:"4,keyasint"`
	}
	wirePlay struct {
		Model []byte   `cbor:"1,keyasint"`
		Roles [][]byte `cbor:"2,keyasint"`
	}
)

var writer, reader = cborstrict.Writer(), cborstrict.Reader(cborstrict.Limits{Nested: 8, Elements: 1024, Pairs: 16})

// EncodeFrame encodes a frame; it returns an error when the frame is too large.
func EncodeFrame(f Frame) ([]byte, error) {
	w := wireFrame{Incarnation: f.Incarnation}
	switch {
	case f.Message != nil:
		m, err := messageToWire(*f.Message)
		if err != nil {
			return nil, err
		}
		w.Message = m
	case f.Receipt != nil:
		w.Receipt = &wireReceipt{
			Peer: string(f.Receipt.Message.Peer), Agent: uint64(f.Receipt.Message.Agent), Seq: f.Receipt.Message.Seq,
			Code: string(f.Receipt.Reason.Code), Detail: cut(f.Receipt.Reason.Detail),
		}
	case f.Host != nil:
		w.Host = f.Host.Payload
	}
	data, err := writer.Marshal(w)
	if err == nil && len(data) > FrameBytes {
		err = fmt.Errorf("peer: a frame of %d bytes, more than %d", len(data), FrameBytes)
	}
	return data, err
}

// cut shortens a text that is meant for people.
func cut(text string) string {
	if len(text) <= textMax {
		return text
	}
	end := textMax - 4
	for end > 0 && text[end]&0xc0 == 0x80 {
		end-- // not in the middle of a character
	}
	return text[:end] + "..."
}

func messageToWire(m lcc.Message) (*wireMessage, error) {
	w := &wireMessage{
		Model: m.Model[:], Conversation: string(m.Conversation), Agent: uint64(m.ID.Agent), Seq: m.ID.Seq,
		From: string(m.From.Peer), To: string(m.To.Peer), ToAgent: uint64(m.To.Agent),
	}
	for _, part := range []struct {
		into *[]byte
		term lcc.Term
	}{{&w.FromRole, m.From.Role}, {&w.ToRole, m.To.Role}, {&w.Body, m.Body}} {
		data, err := lcc.MarshalTerm(part.term)
		if err != nil {
			return nil, err
		}
		*part.into = data
	}
	return w, nil
}

// DecodeFrame decodes a frame; it rejects one that exceeds a limit or is malformed.
func DecodeFrame(data []byte) (Frame, error) {
	var w wireFrame
	if len(data) > FrameBytes {
		return Frame{}, fmt.Errorf("peer: a frame of %d bytes, more than %d", len(data), FrameBytes)
	}
	if err := reader.Unmarshal(data, &w); err != nil {
		return Frame{}, fmt.Errorf("peer: frame: %w", err)
	}
	f := Frame{Incarnation: w.Incarnation}
	parts := 0
	if w.Message != nil {
		parts++
		m, err := messageFromWire(*w.Message)
		if err != nil {
			return Frame{}, err
		}
		f.Message = m
	}
	if r := w.Receipt; r != nil {
		parts++
		if len(r.Peer) > textMax || len(r.Code) > textMax || len(r.Detail) > textMax {
			return Frame{}, errors.New("peer: receipt: a text is too long")
		}
		f.Receipt = &Receipt{
			Message: lcc.MessageID{Peer: lcc.PeerID(r.Peer), Agent: lcc.AgentID(r.Agent), Seq: r.Seq},
			Reason:  lcc.Reason{Code: lcc.ReasonCode(r.Code), Detail: r.Detail},
		}
	}
	if w.Host != nil {
		parts++
		f.Host = &Host{Payload: w.Host}
	}
	if parts != 1 {
		return Frame{}, fmt.Errorf("peer: a frame holds one thing, this one %d", parts)
	}
	return f, nil
}

func messageFromWire(w wireMessage) (*lcc.Message, error) {
	m := &lcc.Message{
		ID:           lcc.MessageID{Peer: lcc.PeerID(w.From), Agent: lcc.AgentID(w.Agent), Seq: w.Seq},
		Conversation: lcc.ConversationID(w.Conversation),
		From:         lcc.Party{Peer: lcc.PeerID(w.From), Agent: lcc.AgentID(w.Agent)},
		To:           lcc.Party{Peer: lcc.PeerID(w.To), Agent: lcc.AgentID(w.ToAgent)},
	}
	if len(w.Model) != len(m.Model) || len(w.From) > textMax || len(w.To) > textMax || len(w.Conversation) > textMax {
		return nil, errors.New("peer: message: a digest or a text has the wrong length")
	}
	copy(m.Model[:], w.Model)
	for _, part := range []struct {
		into *lcc.Term
		data []byte
	}{{&m.From.Role, w.FromRole}, {&m.To.Role, w.ToRole}, {&m.Body, w.Body}} {
		t, err := lcc.UnmarshalTerm(part.data, lcc.Limits{})
		if err != nil {
			return nil, err
		}
		*part.into = t
	}
	return m, nil
}

// EncodeAdvert encodes an advert; it returns an error when the advert is too large.
func EncodeAdvert(a Advert) ([]byte, error) {
	w := wireAdvert{Peer: string(a.Peer), Incarnation: a.Incarnation, Seq: a.Seq}
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
	a := Advert{Peer: lcc.PeerID(w.Peer), Incarnation: w.Incarnation, Seq: w.Seq}
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
