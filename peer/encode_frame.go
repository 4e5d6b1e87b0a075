package peer

import (
	"errors"
	"fmt"

	"parley/internal/cborstrict"
	"parley/lcc"
)

// A frame is a CBOR map with numbered fields (RFC 8949), in the deterministic encoding:
//
//	frame    1 incarnation, and one of 2 message, 3 receipt, 4 host's payload
//	message  1 model, 2 conversation, 3 agent, 4 number, 5 from, 6 its role,
//	         7 to, 8 its agent (absent: any), 9 its role, 10 body
//	receipt  1 peer, 2 agent, 3 number, 4 code, 5 detail (absent: empty)
//
// Roles and bodies are lcc's encoding of terms, as byte strings.

// EncodeFrame encodes a frame; it returns an error when the frame is too large.
func EncodeFrame(f Frame) ([]byte, error) { return AppendFrame(make([]byte, 0, 512), f) }

// AppendFrame appends what EncodeFrame returns.
func AppendFrame(b []byte, f Frame) ([]byte, error) {
	begin := len(b)
	b = cborstrict.AppendUint(append(cborstrict.AppendHead(b, cborstrict.Map, 2), 1), f.Incarnation)
	switch {
	case f.Message != nil:
		var err error
		if b, err = appendMessage(append(b, 2), f.Message); err != nil {
			return nil, err
		}
	case f.Receipt != nil:
		b = appendReceipt(append(b, 3), f.Receipt)
	case f.Host != nil && len(f.Host.Payload) > 0:
		b = cborstrict.AppendBytes(append(b, 4), f.Host.Payload)
	default:
		return nil, errors.New("peer: a frame without a message, a receipt or a payload")
	}
	if size := len(b) - begin; size > FrameBytes {
		return nil, fmt.Errorf("peer: a frame of %d bytes, more than %d", size, FrameBytes)
	}
	return b, nil
}

func appendMessage(b []byte, m *lcc.Message) (_ []byte, err error) {
	fields := uint64(10)
	if m.To.Agent == 0 {
		fields--
	}
	b = cborstrict.AppendBytes(append(cborstrict.AppendHead(b, cborstrict.Map, fields), 1), m.Model[:])
	b = cborstrict.AppendText(append(b, 2), string(m.Conversation))
	b = cborstrict.AppendUint(append(b, 3), uint64(m.ID.Agent))
	b = cborstrict.AppendUint(append(b, 4), m.ID.Seq)
	b = cborstrict.AppendText(append(b, 5), string(m.From.Peer))
	if b, err = appendPart(append(b, 6), m.From.Role); err != nil {
		return nil, err
	}
	b = cborstrict.AppendText(append(b, 7), string(m.To.Peer))
	if m.To.Agent != 0 {
		b = cborstrict.AppendUint(append(b, 8), uint64(m.To.Agent))
	}
	if b, err = appendPart(append(b, 9), m.To.Role); err != nil {
		return nil, err
	}
	return appendPart(append(b, 10), m.Body)
}

func appendPart(b []byte, t lcc.Term) ([]byte, error) {
	return cborstrict.AppendNested(b, func(b []byte) ([]byte, error) { return lcc.AppendTerm(b, t) })
}

func appendReceipt(b []byte, r *Receipt) []byte {
	fields, detail := uint64(3), cut(r.Reason.Detail)
	if r.Reason.Code != "" {
		fields++
	}
	if detail != "" {
		fields++
	}
	b = cborstrict.AppendText(append(cborstrict.AppendHead(b, cborstrict.Map, fields), 1), string(r.Message.Peer))
	b = cborstrict.AppendUint(append(b, 2), uint64(r.Message.Agent))
	b = cborstrict.AppendUint(append(b, 3), r.Message.Seq)
	if r.Reason.Code != "" {
		b = cborstrict.AppendText(append(b, 4), string(r.Reason.Code))
	}
	if detail != "" {
		b = cborstrict.AppendText(append(b, 5), detail)
	}
	return b
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

// DecodeFrame decodes a frame; it rejects one that exceeds a limit, is malformed, or is
// not what EncodeFrame returns for it.
func DecodeFrame(data []byte) (Frame, error) {
	if len(data) > FrameBytes {
		return Frame{}, fmt.Errorf("peer: a frame of %d bytes, more than %d", len(data), FrameBytes)
	}
	r := frameReader{Parser: cborstrict.Parser{Data: data}}
	var f Frame
	r.fields(2, 1<<1, func(field int) {
		switch field {
		case 1:
			f.Incarnation = r.Uint()
		case 2:
			f.Message = r.message()
		case 3:
			f.Receipt = r.receipt()
		case 4:
			f.Host = &Host{Payload: append([]byte(nil), r.Bytes(FrameBytes)...)}
			if len(f.Host.Payload) == 0 {
				r.Fail(errors.New("an empty payload"))
			}
		default:
			r.unknown(field)
		}
	})
	if r.Err == nil && f.Message == nil && f.Receipt == nil && f.Host == nil {
		r.Fail(errors.New("without a message, a receipt or a payload"))
	}
	if err := r.End(); err != nil {
		return Frame{}, fmt.Errorf("peer: frame: %w", err)
	}
	return f, nil
}

// frameReader reads the parts of a frame.
type frameReader struct{ cborstrict.Parser }

// fields reads a map of at most so many fields, in ascending order. needed is the set of
// those that must be there.
func (r *frameReader) fields(most int, needed uint64, read func(field int)) {
	last, seen := uint64(0), uint64(0)
	for range r.Count(cborstrict.Map, most) {
		field := r.Uint()
		if r.Err == nil && (field <= last || field >= 64) {
			r.Fail(errors.New("fields that are unknown, doubled or out of order"))
		}
		if r.Err != nil {
			return
		}
		last = field
		seen |= 1 << field
		if read(int(field)); r.Err != nil {
			return
		}
	}
	if r.Err == nil && seen&needed != needed {
		r.Fail(errors.New("a field is missing"))
	}
}

func (r *frameReader) unknown(field int) { r.Fail(fmt.Errorf("the unknown field %d", field)) }

func (r *frameReader) message() *lcc.Message {
	m := &lcc.Message{}
	r.fields(10, 0b110_1111_1110, func(field int) {
		switch field {
		case 1:
			if copy(m.Model[:], r.Bytes(len(m.Model))) != len(m.Model) {
				r.Fail(errors.New("a digest of the wrong length"))
			}
		case 2:
			m.Conversation = lcc.ConversationID(r.Text(textMax))
		case 3:
			m.ID.Agent = lcc.AgentID(r.Uint())
		case 4:
			m.ID.Seq = r.Uint()
		case 5:
			m.ID.Peer = lcc.PeerID(r.Text(textMax))
		case 6:
			m.From.Role = r.term()
		case 7:
			m.To.Peer = lcc.PeerID(r.Text(textMax))
		case 8:
			if m.To.Agent = lcc.AgentID(r.Uint()); m.To.Agent == 0 {
				r.Fail(errors.New("the agent 0, which is left out"))
			}
		case 9:
			m.To.Role = r.term()
		case 10:
			m.Body = r.term()
		default:
			r.unknown(field)
		}
	})
	m.From.Peer, m.From.Agent = m.ID.Peer, m.ID.Agent
	return m
}

func (r *frameReader) receipt() *Receipt {
	receipt := &Receipt{}
	r.fields(5, 0b1110, func(field int) {
		switch field {
		case 1:
			receipt.Message.Peer = lcc.PeerID(r.Text(textMax))
		case 2:
			receipt.Message.Agent = lcc.AgentID(r.Uint())
		case 3:
			receipt.Message.Seq = r.Uint()
		case 4:
			receipt.Reason.Code = lcc.ReasonCode(r.given())
		case 5:
			receipt.Reason.Detail = r.given()
		default:
			r.unknown(field)
		}
	})
	return receipt
}

// given reads a text that is left out when it is empty.
func (r *frameReader) given() string {
	text := r.Text(textMax)
	if text == "" {
		r.Fail(errors.New("an empty text, which is left out"))
	}
	return text
}

func (r *frameReader) term() lcc.Term {
	data := r.Bytes(FrameBytes)
	if r.Err != nil {
		return nil
	}
	t, err := lcc.UnmarshalTerm(data, lcc.Limits{})
	if err != nil {
		r.Fail(err)
	}
	return t
}
