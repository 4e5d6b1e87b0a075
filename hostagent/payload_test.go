package hostagent

import (
	"bytes"
	"fmt"
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

// TestPayloadCut: long or invalid texts of a platform do not make a payload that its
// receiver drops.
func TestPayloadCut(t *testing.T) {
	p := samplePayload
	p.Reason = strings.Repeat("é", payloadText)
	p.Name = "broken \xff name"
	p.Load = 10 * loadMax // of a host that declares almost nothing
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
	good := encodePayload(samplePayload)
	for name, data := range map[string][]byte{
		"empty":             {},
		"no deal":           change(func(p *payload) { p.Deal = "" }),
		"long text":         change(func(p *payload) { p.Token = strings.Repeat("x", payloadText+1) }),
		"long payload":      append(bytes.Clone(good), make([]byte, payloadBytes)...),
		"more after it":     append(bytes.Clone(good), 0),
		"cut short":         good[:len(good)-1],
		"negative memory":   change(func(p *payload) { p.Memory = -1 }),
		"much memory":       change(func(p *payload) { p.Memory = memoryMax + 1 }),
		"a load below none": change(func(p *payload) { p.Load = -0.9 }),
		"an absurd load":    change(func(p *payload) { p.Load = loadMax + 1 }),
		"a load of NaN":     change(func(p *payload) { p.Load = math.NaN() }),
		"NaN cores":         change(func(p *payload) { p.CPU = math.NaN() }),
		"endless cores":     change(func(p *payload) { p.CPU = math.Inf(1) }),
		"negative cores":    change(func(p *payload) { p.CPU = -1 }),
		"another type":      []byte("\x81\x01"),
		"deep":              bytes.Repeat([]byte{0x81}, 3000),
		"field twice":       {0xa2, 0x02, 0x61, 'd', 0x02, 0x61, 'e'},
		"endless map":       {0xbf, 0x02, 0x61, 'd', 0xff},
	} {
		if p, err := decodePayload(data); err == nil {
			t.Errorf("%s: got %+v, want an error", name, p)
		}
	}
}

// FuzzPayload: each decoded payload can be encoded and decoded again, and does not
// break the host that gets it.
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
		if _, err := core.Step(1, Received{From: "other", Payload: data}); err != nil {
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

// later returns a payload as a later version may send it: with a field that is unknown
// here.
func later(t *testing.T, from, to HostID, p payload) []byte {
	t.Helper()
	var fields map[uint64]any
	if err := reader.Unmarshal(encodePayload(p), &fields); err != nil {
		t.Fatal(err)
	}
	fields[99] = []any{"what", map[uint64]any{1: "a later version says"}}
	text, err := writer.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	fields[signatureField] = keys{from}.Sign(signedBytes(from, to, text))
	data, err := writer.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A later version's payload is understood as far as possible, refused if it exceeds
// this version's limits, and never blamed; a payload that no version sends is blamed.
func TestLaterVersions(t *testing.T) {
	many := payload{Kind: kindPropose, Deal: "d3", Guest: "g", Name: "web", CPU: 1, Memory: 1 << 20}
	for i := range 20 {
		many.Rules.Labels = append(many.Rules.Labels, fmt.Sprint("c", i, "=x"))
	}
	target := signing(t, "tgt")
	send := func(p payload) {
		target.step(Received{From: "src", Payload: later(t, "src", "tgt", p)})
		target.durable()
	}
	send(payload{Kind: kindPropose, Deal: "d1", Guest: "g", Name: "web", CPU: 1, Memory: 1 << 20})
	if len(target.said(kindOffer)) != 1 {
		t.Error("a proposal with a field more: got no offer")
	}
	send(payload{Kind: "greet", Deal: "d2"})
	if len(target.out) != 0 {
		t.Errorf("a kind that is not known: got %+v", target.out)
	}
	send(many)
	if said := target.said(kindRefuse); len(said) != 1 || !strings.Contains(said[0].Reason, "20 labels") {
		t.Errorf("more labels than are taken: got %+v, want a refusal with the reason", said)
	}
	big := many
	big.Rules, big.Memory = Rules{}, memoryMax+1
	send(big)
	if said := target.said(kindRefuse); len(said) != 1 {
		t.Errorf("a guest of more than there is: got %+v, want a refusal", said)
	}
	for _, p := range []payload{many, big, {Kind: "greet", Deal: "d2"}} {
		send(p)
	}
	if got := target.blamed("src"); len(got) != 0 {
		t.Errorf("blamed for %v, want nothing", got)
	}
	for range 3 * straysAtOnce {
		p := many
		p.Kind = kindDescribe // of no deal
		send(p)
	}
	if got := target.blamed("src"); got[blameStray] == 0 || len(got) != 1 {
		t.Errorf("the same on end, about no deal: blamed for %v, want strays", got)
	}
	minus := many
	minus.Rules, minus.Memory = Rules{}, -1
	data, err := writer.Marshal(minus)
	if err != nil {
		t.Fatal(err)
	}
	target.step(Received{From: "src", Payload: data})
	if got := target.blamed("src"); got[blameMalformed] != 1 {
		t.Errorf("less than nothing: blamed for %v, want it malformed", got)
	}
}

// Every guest's description can be decoded by the other host, or the guest is not
// moved, with the reason.
func TestDescriptionsFit(t *testing.T) {
	long := func(n int, prefix string, length int) (list []string) {
		for i := range n {
			text := fmt.Sprintf("%s%02d=", prefix, i)
			list = append(list, text+strings.Repeat("x", length-len(text)))
		}
		return list
	}
	for name, c := range map[string]struct {
		guest Guest
		added Rules
		want  string // "": it can be described
	}{
		"sixteen of each": {Guest{Rules: Rules{Labels: long(16, "a", 64), Requires: long(16, "b", 64), Near: long(16, "c", 64),
			Apart: long(16, "d", 64)}}, Rules{}, ""},
		"its own and those of its host": {Guest{Rules: Rules{Labels: long(10, "a", 9)}}, Rules{Labels: long(10, "b", 9)}, "20 labels"},
		"as many as one can have":       {Guest{Rules: Rules{Labels: long(8, "a", 9)}}, Rules{Labels: long(8, "b", 9)}, ""},
		"some networks":                 {Guest{Networks: long(20, "the network ", 40)}, Rules{}, ""},
		"more networks":                 {Guest{Networks: long(65, "n", 9)}, Rules{}, "65 networks"},
		"networks with long names":      {Guest{Networks: long(20, "n", 900)}, Rules{}, "bytes"},
		"a network that is no text":     {Guest{Networks: []string{"\xff"}}, Rules{}, "is not UTF-8"},
		"a long name":                   {Guest{Name: strings.Repeat("n", 20000)}, Rules{}, ""},
		"a long id":                     {Guest{ID: GuestID(strings.Repeat("n", 300))}, Rules{}, "its id"},
	} {
		t.Run(name, func(t *testing.T) {
			g := c.guest
			if g.ID == "" {
				g.ID = "g"
			}
			if g.Name == "" {
				g.Name = "web"
			}
			g.State = Running
			source := newEnd(t, "src", g)
			source.core.config.Rules = []RulesFor{{Guests: "*", Rules: c.added}}
			source.out = nil
			why := source.core.eligible.whyStays(source.core.load.guests[g.ID], true)
			source.step(Ordered{ID: 1, Order: MoveGuest{Guest: g.ID, Target: "tgt"}})
			if (!why.Is()) != (c.want == "") || !strings.Contains(why.Detail, c.want) {
				t.Errorf("got %q, want %q", why, c.want)
			}
			if n := len(source.said(kindPropose)); (n == 1) != (c.want == "") {
				t.Errorf("proposals that can be read: got %d", n)
			}
			data := encodePayload(source.core.sources.description(kindDescribe, "d", source.core.load.guests[g.ID]))
			if _, err := decodePayload(data); c.want == "" && err != nil {
				t.Errorf("the description: %v", err)
			}
		})
	}
}
