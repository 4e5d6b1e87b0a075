package site

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley/lcc"
)

// field is a network of hosts in memory: each answers after a time, and needs a connection
// first, which takes another.
type field struct {
	answer, connect time.Duration
	down            func(lcc.PeerID) bool // packets to it are lost
	linked          func(lcc.PeerID) bool
	data            []byte

	connecting, most atomic.Int64
}

func (f *field) Connected(id lcc.PeerID) bool { return f.linked(id) }

func (f *field) Look(ctx context.Context, id lcc.PeerID, _ []byte) ([]byte, error) {
	wait := f.answer
	if !f.linked(id) {
		wait += f.connect
		if n := f.connecting.Add(1); n > f.most.Load() {
			f.most.Store(n)
		}
		defer f.connecting.Add(-1)
	}
	var after <-chan time.Time
	if !f.down(id) {
		after = time.After(wait)
	}
	select {
	case <-after:
		return f.data, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("ask %s: %w", id, ctx.Err())
	}
}

func members(n int) (list []Member) {
	for i := range n {
		name := fmt.Sprintf("host%04d", i)
		list = append(list, Member{ID: lcc.PeerID(name), Name: name})
	}
	return list
}

// typical is the state of a host with many guests.
func typical(tb testing.TB, guests int) []byte {
	tb.Helper()
	s := State{Version: "1", Mode: "auto", Load: Load{Known: true, CPU: 0.5, Memory: 0.5, CapacityCPU: 64, CapacityMemory: 1 << 39}}
	for i := range guests {
		s.Guests = append(s.Guests, Guest{ID: fmt.Sprintf("5c9b8a34-9c0b-4a53-8f0e-%012d", i), Name: fmt.Sprintf("web%d.example.org", i),
			Kind: "vm", State: "running", CPU: 1.25, Memory: 4 << 30, Processors: 2})
	}
	data, err := s.Encode()
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func never(lcc.PeerID) bool { return false }

func same(id string) string { return id }

func silent(list []Host) (n int) {
	for _, h := range list {
		if h.Silent != "" {
			n++
		}
	}
	return n
}

// A thousand hosts, of which most have no connection, answer within two seconds; the hosts
// that are down are named, and the time for all is kept.
func TestAskThousand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &field{answer: 5 * time.Millisecond, connect: 10 * time.Millisecond, data: typical(t, 30),
			linked: func(id lcc.PeerID) bool { return id < "host0500" },
			down:   func(id lcc.PeerID) bool { return id == "host0002" || id == "host0700" }}
		a := Asker{Network: f, Name: same}
		for range 2 {
			began := time.Now()
			list := a.Ask(t.Context(), members(1000), 2*time.Second)
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("it took %v, want 2 s", took)
			}
			if !slices.IsSortedFunc(list, func(a, b Host) int { return slices.Compare([]byte(a.Host), []byte(b.Host)) }) {
				t.Error("the hosts are not in the order of their names")
			}
			for _, h := range list {
				switch h.Host {
				case "host0002":
					if h.Silent != "no answer within 2s" {
						t.Errorf("%s: got %q", h.Host, h.Silent)
					}
				case "host0700":
					if h.Silent != "no answer within 1s" {
						t.Errorf("%s: got %q", h.Host, h.Silent)
					}
				default:
					if h.Silent != "" || len(h.Guests) != 30 {
						t.Fatalf("%s: got %q and %d guests", h.Host, h.Silent, len(h.Guests))
					}
				}
			}
		}
		if got := f.most.Load(); got > connectedAtOnce {
			t.Errorf("%d connections were made at one time, want at most %d", got, connectedAtOnce)
		}
	})
}

// Hosts that are down keep no others from being asked: not within the time for all where
// they are few, and at the next look where they are many.
func TestAskManyDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			down   lcc.PeerID
			silent []int // at each look
		}{{"host0050", []int{50, 50}}, {"host0100", []int{300, 100, 100}}} {
			f := &field{answer: time.Millisecond, connect: time.Millisecond, data: typical(t, 1), linked: never,
				down: func(id lcc.PeerID) bool { return id < c.down }}
			a := Asker{Network: f, Name: same}
			for i, want := range c.silent {
				list := a.Ask(t.Context(), members(300), 2*time.Second)
				if got := silent(list); got != want {
					t.Errorf("those before %s are down: got %d silent hosts at look %d, want %d", c.down, got, i+1, want)
				}
				skipped := slices.ContainsFunc(list, func(h Host) bool { return h.Host == "host0299" && h.Silent == notAsked(2*time.Second) })
				if skipped != (want > 100) {
					t.Errorf("look %d: got %v for whether the last one was not asked", i+1, skipped)
				}
			}
		}
	})
}

type refuses struct{ data []byte }

func (refuses) Connected(lcc.PeerID) bool { return true }

func (r refuses) Look(context.Context, lcc.PeerID, []byte) ([]byte, error) {
	if r.data != nil {
		return r.data, nil
	}
	return nil, fmt.Errorf("ask x: %w", errors.New("it answers: no"))
}

// An answer that cannot be read, or is refused, is no state.
func TestAskRefused(t *testing.T) {
	for want, network := range map[string]Network{
		"it answers: no": refuses{},
		"its answer is malformed: unexpected end of JSON input": refuses{[]byte("{")},
		"its answer has 300000 bytes, more than 262144":         refuses{make([]byte, 300000)},
	} {
		a := Asker{Network: network, Name: same}
		if got := a.Ask(t.Context(), members(1), time.Second); got[0].Silent != want || got[0].Mode != "" {
			t.Errorf("got %+v, want %q", got[0], want)
		}
	}
}

// BenchmarkThousand is what it costs the asking host to gather a thousand answers.
func BenchmarkThousand(b *testing.B) {
	for _, guests := range []int{10, 50} {
		b.Run(fmt.Sprintf("guests=%d", guests), func(b *testing.B) {
			f := &field{answer: 5 * time.Millisecond, connect: 10 * time.Millisecond, data: typical(b, guests), down: never,
				linked: func(id lcc.PeerID) bool { return id < "host0200" }}
			a, list := Asker{Network: f, Name: same}, members(1000)
			for b.Loop() {
				if n := silent(a.Ask(b.Context(), list, 10*time.Second)); n > 0 {
					b.Fatalf("%d hosts are silent", n)
				}
			}
		})
	}
}

// older is a host whose agent does not know the question.
type older struct{ field }

func (*older) Look(_ context.Context, _ lcc.PeerID, question []byte) ([]byte, error) {
	_, err := DecodeQuestion([]byte(strings.Replace(string(question), `"past"`, `"later"`, 1)))
	return nil, err
}

// A question that an agent does not know is answered with what to do about it.
func TestPastOfAnOlderAgent(t *testing.T) {
	a := Asker{Network: &older{}}
	_, err := a.Past(t.Context(), "h", PastQuestion{Of: PastLoads})
	if err == nil || !strings.Contains(err.Error(), "upgrade it") {
		t.Errorf("got %v, want that the agent is older", err)
	}
}

func TestPastQuestions(t *testing.T) {
	for text, want := range map[string]string{
		`{"past":{"of":"loads","since":"2026-01-02T00:00:00Z","until":"2026-01-03T00:00:00Z"}}`: "",
		`{"past":{"of":"all","since":"2026-01-02T00:00:00Z","until":"2026-01-03T00:00:00Z"}}`:   "there is no past of",
		`{"past":{"of":"deals","since":"2026-01-04T00:00:00Z","until":"2026-01-03T00:00:00Z"}}`: "is before the time since",
		`{"past":{"of":"loads","skip":-1}}`:                                                     "skip is -1",
		`{}`:                                                                                    "asks for nothing",
	} {
		q, err := DecodeQuestion([]byte(text))
		if want == "" && (err != nil || q.Past == nil) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %+v, %v, want %q", text, q, err, want)
		}
	}
}
