package peer

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"parley/lcc"
)

// This file holds the codec of frames against one that is made with the CBOR library.

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
)

// encodeByLibrary is EncodeFrame with the CBOR library.
func encodeByLibrary(f Frame) ([]byte, error) {
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

// decodeByLibrary is DecodeFrame with the CBOR library, which takes other encodings too.
func decodeByLibrary(data []byte) (Frame, error) {
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

func drawFrame(t *rapid.T) Frame {
	text := rapid.StringN(0, 40, 90)
	term := rapid.SampledFrom([]lcc.Term{
		lcc.Atom("idle"), lcc.NewTerm("ask", lcc.Int(-70000), lcc.Float(0.1), lcc.String("g")), lcc.List(lcc.Int(1), lcc.NewTerm("f", lcc.Nil)),
		lcc.NewTerm("long", lcc.String(string(bytes.Repeat([]byte("x"), 300)))),
	})
	id := lcc.MessageID{
		Peer: lcc.PeerID(text.Draw(t, "peer")), Agent: lcc.AgentID(rapid.Uint64().Draw(t, "agent")), Seq: rapid.Uint64().Draw(t, "seq"),
	}
	f := Frame{Incarnation: rapid.Uint64().Draw(t, "incarnation")}
	switch rapid.IntRange(0, 2).Draw(t, "kind") {
	case 0:
		m := lcc.Message{ID: id, Conversation: lcc.ConversationID(text.Draw(t, "conversation")), Body: term.Draw(t, "body")}
		m.From = lcc.Party{Peer: id.Peer, Agent: id.Agent, Role: term.Draw(t, "from")}
		m.To = lcc.Party{
			Peer: lcc.PeerID(text.Draw(t, "to")), Agent: lcc.AgentID(rapid.Uint64Range(0, 3).Draw(t, "to agent")), Role: term.Draw(t, "role"),
		}
		m.Model[3] = rapid.Byte().Draw(t, "model")
		f.Message = &m
	case 1:
		f.Receipt = &Receipt{Message: id, Reason: lcc.Reason{Code: lcc.ReasonCode(text.Draw(t, "code")), Detail: text.Draw(t, "detail")}}
	case 2:
		f.Host = &Host{Payload: rapid.SliceOfN(rapid.Byte(), 1, 600).Draw(t, "payload")}
	}
	return f
}

// TestFrameCodecIsTheLibrarys encodes frames both ways. What is left of them after changes
// is refused, or decoded as the library does, and is the one encoding of its frame.
func TestFrameCodecIsTheLibrarys(t *testing.T) {
	accepted, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		f := drawFrame(t)
		want, err := encodeByLibrary(f)
		if err != nil {
			t.Fatal(err)
		}
		data, err := AppendFrame([]byte("before"), f)
		if data = bytes.TrimPrefix(data, []byte("before")); err != nil || !bytes.Equal(data, want) {
			t.Fatalf("got %x, %v, by the library %x", data, err, want)
		}
		for range rapid.IntRange(0, 2).Draw(t, "changes") {
			at := rapid.IntRange(0, len(data)-1).Draw(t, "at")
			switch rapid.IntRange(0, 2).Draw(t, "change") {
			case 0:
				data[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
			case 1:
				data = append(data[:at:at], data[at+1:]...)
			case 2:
				data = append(data[:at:at], append([]byte{rapid.Byte().Draw(t, "byte")}, data[at:]...)...)
			}
		}
		got, err := DecodeFrame(data)
		if err != nil {
			refused++
			return
		}
		accepted++
		if by, err := decodeByLibrary(data); err != nil || fmt.Sprintf("%+v%+v%+v", got.Message, got.Receipt, got.Host) !=
			fmt.Sprintf("%+v%+v%+v", by.Message, by.Receipt, by.Host) || got.Incarnation != by.Incarnation {
			t.Fatalf("%x: got %+v, by the library %+v, %v", data, got, by, err)
		}
		if again, err := EncodeFrame(got); err != nil || !bytes.Equal(again, data) {
			t.Fatalf("%x: decoded, and encoded as %x, %v", data, again, err)
		}
	})
	if accepted == 0 || refused == 0 {
		t.Errorf("got %d accepted and %d refused: the test shows nothing", accepted, refused)
	}
}
