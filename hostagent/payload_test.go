package hostagent

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"
)

var samplePayload = payload{
	Kind: kindCommit, Deal: "d", Token: "t", Guest: "g", Name: "web", CPU: 1.5, Memory: 1 << 30,
	Endpoint: "qemu+tcp://h/system", Reason: "why", Place: placeRunning, Over: true,
}

func TestPayloadRoundTrip(t *testing.T) {
	for _, want := range []payload{samplePayload, {Kind: kindWhere, Deal: "d"}} {
		got, err := decodePayload(encodePayload(want))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("payload: got %+v, error %v, want %+v", got, err, want)
		}
	}
}

// TestPayloadCut: long or broken texts of a platform do not make a payload
// that its receiver drops.
func TestPayloadCut(t *testing.T) {
	p := samplePayload
	p.Reason = strings.Repeat("é", payloadText)
	p.Name = "broken \xff name"
	if _, err := decodePayload(encodePayload(p)); err != nil {
		t.Errorf("payload with texts that had to be cut: got error %v, want none", err)
	}
}

func TestPayloadRefused(t *testing.T) {
	change := func(f func(*payload)) []byte {
		p := samplePayload
		f(&p)
		data, err := writer.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	unknown, err := writer.Marshal(map[int]any{1: kindWhere, 2: "d", 99: 1})
	if err != nil {
		t.Fatal(err)
	}
	good := encodePayload(samplePayload)
	for name, data := range map[string][]byte{
		"empty":           {},
		"no deal":         change(func(p *payload) { p.Deal = "" }),
		"long text":       change(func(p *payload) { p.Token = strings.Repeat("x", payloadText+1) }),
		"long payload":    append(bytes.Clone(good), make([]byte, payloadBytes)...),
		"more after it":   append(bytes.Clone(good), 0),
		"cut short":       good[:len(good)-1],
		"negative memory": change(func(p *payload) { p.Memory = -1 }),
		"much memory":     change(func(p *payload) { p.Memory = memoryMax + 1 }),
		"NaN cores":       change(func(p *payload) { p.CPU = math.NaN() }),
		"endless cores":   change(func(p *payload) { p.CPU = math.Inf(1) }),
		"negative cores":  change(func(p *payload) { p.CPU = -1 }),
		"unknown field":   unknown,
		"another type":    []byte("\x81\x01"),
		"deep":            bytes.Repeat([]byte{0x81}, 3000),
		"field twice":     {0xa2, 0x02, 0x61, 'd', 0x02, 0x61, 'e'},
		"endless map":     {0xbf, 0x02, 0x61, 'd', 0xff},
	} {
		if p, err := decodePayload(data); err == nil {
			t.Errorf("%s: got %+v, want an error", name, p)
		}
	}
}

// FuzzPayload: what is read can be written and read again, and a host that
// gets it does not break.
func FuzzPayload(f *testing.F) {
	f.Add(encodePayload(samplePayload))
	for _, kind := range []string{kindArmed, kindRefuse, kindCancel, kindWhere, kindHere, "?"} {
		f.Add(encodePayload(payload{Kind: kind, Deal: "d", Guest: "g"}))
	}
	f.Add([]byte{0xa0})
	f.Fuzz(func(t *testing.T, data []byte) {
		w := newWorld(nil, 1)
		core, err := New(Options{Self: "h", Config: w.config})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := core.Step(1, Arrived{From: "other", Payload: data}); err != nil {
			t.Errorf("Arrived: %v", err)
		}
		p, err := decodePayload(data)
		if err != nil {
			return
		}
		again, err := decodePayload(encodePayload(p))
		if err != nil || !reflect.DeepEqual(again, p) {
			t.Errorf("read again: got %+v, error %v, want %+v", again, err, p)
		}
	})
}
