package hostagent

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/fxamacker/cbor/v2"

	"parley/internal/label"
)

// This file defines what a payload may contain, for its reader and its writer. What no
// version sends is malformed, and its sender is blamed. What only exceeds this
// version's limits is refused: a later version may be honest and send more.

// errBeyond is wrapped in the error of a payload that was decoded and exceeds this
// version's limits.
var errBeyond = errors.New("payload beyond the limits")

// decodePayload decodes a payload. Unknown fields are ignored. With errBeyond the
// payload is returned as well.
func decodePayload(data []byte) (p payload, err error) {
	if len(data) > readBytes {
		return p, fmt.Errorf("a payload of %d bytes, more than %d", len(data), readBytes)
	}
	if err := reader.Unmarshal(data, &p); err != nil {
		return p, fmt.Errorf("payload: %w", err)
	}
	if err := p.possible(); err != nil {
		return p, fmt.Errorf("payload: %w", err)
	}
	if len(data) > payloadBytes {
		return p, fmt.Errorf("%w: %d bytes, more than %d", errBeyond, len(data), payloadBytes)
	}
	if err := p.within(); err != nil {
		return p, fmt.Errorf("%w: %w", errBeyond, err)
	}
	p.Rules = p.Nature.understood(p.Rules)
	return p, nil
}

// possible returns an error for what is invalid in any version.
func (p payload) possible() error {
	switch {
	case p.Deal == "" || len(p.Deal) > payloadText:
		return errors.New("it names no deal")
	case !(p.CPU >= 0) || math.IsInf(p.CPU, 0) || p.Memory < 0 || p.Nature.Disk < 0:
		return errors.New("a negative need")
	case !(p.Processors >= 0) || math.IsInf(p.Processors, 0):
		return errors.New("a negative number of processors")
	case !(p.Load >= 0 && p.Load <= loadMax):
		return errors.New("a load that is not a share")
	case p.Seconds < 0:
		return errors.New("a negative time")
	}
	return p.Sequel.possible()
}

// within returns an error for what exceeds this version's limits.
func (p payload) within() error {
	for _, text := range []string{p.Kind, p.Token, string(p.Guest), p.Name, p.Endpoint, p.Reason, string(p.Code), string(p.Place),
		string(p.State),
		string(p.Signature)} {
		if len(text) > payloadText {
			return fmt.Errorf("a text of %d bytes, more than %d", len(text), payloadText)
		}
	}
	if p.Seconds > secondsMax || p.Processors > coresMax {
		return errors.New("a number is too great")
	}
	if err := p.Sequel.within(); err != nil {
		return err
	}
	if err := p.need().Validate(); err != nil {
		return fmt.Errorf("the need of a guest: %w", err)
	}
	if err := p.Rules.Validate(); err != nil {
		return fmt.Errorf("the rules of a guest: %w", err)
	}
	if err := label.CheckAll(p.Labels); err != nil {
		return fmt.Errorf("the labels of a host: %w", err)
	}
	if len(p.Networks) > networksMax {
		return fmt.Errorf("%d networks, more than %d", len(p.Networks), networksMax)
	}
	if len(p.Files) > filesMax {
		return fmt.Errorf("%d files, more than %d", len(p.Files), filesMax)
	}
	if len(p.Nature.Needs) > needsMax || len(p.Kinds) > needsMax {
		return fmt.Errorf("%d needs and %d kinds, more than %d", len(p.Nature.Needs), len(p.Kinds), needsMax)
	}
	for _, name := range slices.Concat(p.Networks, p.Files, p.Nature.Needs) {
		if len(name) > payloadText {
			return fmt.Errorf("a network, a file or a need with a name of %d bytes, more than %d", len(name), payloadText)
		}
	}
	for _, kind := range append(slices.Clone(p.Kinds), p.Nature.Kind) {
		if len(kind) > label.Bytes/2 {
			return fmt.Errorf("a kind of guest with a name of %d bytes, more than %d", len(kind), label.Bytes/2)
		}
	}
	return nil
}

// whyNotDescribed says why a guest cannot be described to another host; the zero
// Refusal if it can. The guest's own labels and those of its host's configuration may
// be within the limits separately but not together.
func (el *eligible) whyNotDescribed(t *tracked) Refusal {
	const cannot = "it cannot be described to another host: "
	need, about := el.load.need(t), natureOf(t.guest)
	p := payload{Guest: t.guest.ID, CPU: need.CPU, Memory: need.MemoryBytes, Processors: t.guest.Declared.CPU,
		Rules: about.requiring(el.load.rules(t)), Networks: t.guest.Networks, Files: filesToAsk(t.guest.Files), Nature: about}
	if err := p.within(); err != nil {
		return Refusal{CodeUndescribed, cannot + err.Error()}
	}
	if !isName(string(p.Guest)) || !utf8.ValidString(string(p.Guest)) {
		return Refusal{CodeUndescribed, cannot + "its id is too long, or not UTF-8"}
	}
	bytes := 0
	lists := [][]string{p.Networks, p.Files, about.Needs}
	for _, list := range p.Rules.lists() {
		lists = append(lists, *list)
	}
	for _, list := range lists {
		for _, text := range list {
			bytes += len(text)
			if !utf8.ValidString(text) {
				return Refusal{CodeUndescribed, cannot + fmt.Sprintf("%q is not UTF-8", text)}
			}
		}
	}
	// The other fields take less than half.
	if bytes > payloadBytes/2 {
		return Refusal{CodeUndescribed, cannot + fmt.Sprintf("its labels, networks, files and needs take %d bytes, more than %d", bytes,
			payloadBytes/2)}
	}
	return Refusal{}
}

// unsigned returns the signed bytes of a payload. They include unknown fields, because
// a later version has signed them.
func unsigned(data []byte) ([]byte, error) {
	var fields map[uint64]cbor.RawMessage
	if err := reader.Unmarshal(data, &fields); err != nil {
		return nil, err
	}
	delete(fields, signatureField)
	return writer.Marshal(fields)
}

// signatureField is the number of payload.Signature.
const signatureField = 19
