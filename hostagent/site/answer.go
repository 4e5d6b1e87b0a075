package site

import (
	"encoding/json"
	"fmt"
)

// AnswerBytes bounds what a host answers: a thousand answers of this size fit into memory.
const AnswerBytes = 256 << 10

// Encode encodes the answer of a host. Where it is too large, ended deals, messages and then
// guests are left out.
func (s State) Encode() ([]byte, error) {
	for {
		data, err := json.Marshal(s)
		if err != nil || len(data) <= AnswerBytes {
			return data, err
		}
		n := len(s.Guests)
		switch {
		case len(s.Ended) > 0:
			s.Ended = nil
		case len(s.Talk) > 0:
			s.Talk, s.TalkOmitted = nil, s.TalkOmitted+len(s.Talk)
		case n > 0:
			// The guests are nearly all of it: keep about as many as fit.
			keep := min(n-1, n*AnswerBytes/len(data))
			s.Guests, s.GuestsOmitted = s.Guests[:keep], s.GuestsOmitted+n-keep
		default:
			return nil, fmt.Errorf("the state of this host has %d bytes, more than %d", len(data), AnswerBytes)
		}
	}
}

// Decode decodes the answer of a host.
func Decode(data []byte) (s State, err error) {
	if len(data) > AnswerBytes {
		return State{}, fmt.Errorf("its answer has %d bytes, more than %d", len(data), AnswerBytes)
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return State{}, fmt.Errorf("its answer is malformed: %w", err)
	}
	return s, nil
}
