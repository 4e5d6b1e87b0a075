package handover

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/hostagent"
	"parley/hostagent/handover/handovertest"
	"parley/hostagent/handover/stages"
)

// rogue is a source that speaks by hand.
type rogue struct {
	t    *testing.T
	conn hostagent.Conn
	r    *bufio.Reader
	gone chan struct{} // closed once the target has let go of the connection
}

// against connects to the agent of host b as host a.
func against(t *testing.T, w *world) *rogue {
	near, far := handovertest.Pipe()
	r := &rogue{t: t, conn: near, r: bufio.NewReader(near), gone: make(chan struct{})}
	m := w.hosts["b"].agent.mover
	go func() {
		m.Arrive(t.Context(), "a", far)
		_ = far.Close()
		close(r.gone)
	}()
	return r
}

// send writes frames; the target may close the connection meanwhile.
func (r *rogue) send(frames ...[]byte) {
	for _, f := range frames {
		if _, err := r.conn.Write(f); err != nil {
			return
		}
	}
}

func (r *rogue) opening(move MoveID) []byte {
	return r.frame(frameOpening, opening{version, move, guestID})
}

func (r *rogue) frame(kind byte, v any) []byte {
	data, err := encoding.Marshal(v)
	if err != nil {
		r.t.Fatal(err)
	}
	return appendFrame(nil, kind, nil, data)
}

func (r *rogue) say(saying stages.Saying, round int, last bool) []byte {
	return r.frame(frameMessage, message{Saying: saying, Round: round, Last: last})
}

func (r *rogue) offer(edit func(*offer)) []byte {
	o := offer{Name: "guest one", CPU: 1, Memory: 1 << 20}
	edit(&o)
	return r.frame(frameMessage, message{Saying: stages.Offer, Offer: &o})
}

// hears returns what the target says until it says what is wanted, or is silent.
func (r *rogue) hears(want stages.Saying) (said []stages.Saying) {
	for {
		f, err := readFrame(r.r)
		if err != nil {
			return said
		}
		if f.kind != frameMessage {
			continue
		}
		m, err := decode[message](f.body)
		if err != nil {
			r.t.Fatal(err)
		}
		if said = append(said, m.Saying); m.Saying == want {
			return said
		}
	}
}

func asIs(*offer) {}

// TestHostileSources: whatever a listed host says, the target ends its connection, keeps
// nothing of its guest, and takes the next one.
func TestHostileSources(t *testing.T) {
	data := func(n int) []byte { return appendFrame(nil, frameData, []uint32{1}, make([]byte, n)) }
	part := appendFrame(nil, framePart, []uint32{1}, []byte("half 0"))
	for name, play := range map[string]func(r *rogue){
		"junk":                      func(r *rogue) { r.send([]byte("GET / HTTP/1.1\r\nHost: b\r\n\r\n")) },
		"silence":                   func(*rogue) {},
		"silence after its opening": func(r *rogue) { r.send(r.opening("m")) },
		"half a frame":              func(r *rogue) { r.send(r.opening("m")[:9]) },
		"another version":           func(r *rogue) { r.send(r.frame(frameOpening, opening{2, "m", guestID})) },
		"a move without an id":      func(r *rogue) { r.send(r.frame(frameOpening, opening{version, "", guestID})) },
		"an id of a megabyte": func(r *rogue) {
			r.send(appendFrame(nil, frameOpening, nil, make([]byte, 1<<20)))
		},
		"an offer of nothing":   func(r *rogue) { r.send(r.opening("m"), r.say(stages.Offer, 0, false)) },
		"a guest below nothing": func(r *rogue) { r.send(r.opening("m"), r.offer(func(o *offer) { o.Disk = -1 })) },
		"a guest of all memory": func(r *rogue) { r.send(r.opening("m"), r.offer(func(o *offer) { o.Memory = 1 << 62 })) },
		"a long manifest": func(r *rogue) {
			r.send(r.opening("m"), r.offer(func(o *offer) { o.Manifest = make([]byte, ManifestMost+1) }))
		},
		"many needs": func(r *rogue) {
			r.send(r.opening("m"), r.offer(func(o *offer) { o.Needs = slices.Repeat([]string{"x"}, namesMost+1) }))
		},
		"a round before the offer": func(r *rogue) { r.send(r.opening("m"), r.say(stages.Round, 1, false)) },
		"bytes before the offer":   func(r *rogue) { r.send(r.opening("m"), data(10)) },
		"a target's word": func(r *rogue) {
			r.send(r.opening("m"), r.offer(asIs))
			r.hears(stages.Prepared)
			r.send(r.say(stages.Active, 0, false))
		},
		"go before it is ready": func(r *rogue) {
			r.send(r.opening("m"), r.offer(asIs))
			r.hears(stages.Prepared)
			r.send(r.say(stages.Go, 0, false))
			if said := r.hears(stages.Never); !slices.Contains(said, stages.Never) {
				r.t.Errorf("a guest that is released too early: the target says %v, want never", said)
			}
		},
		"a round that is not next": func(r *rogue) {
			r.send(r.opening("m"), r.offer(asIs))
			r.hears(stages.Prepared)
			r.send(r.say(stages.Round, 7, false))
		},
		"rounds without end": func(r *rogue) {
			r.send(r.opening("m"), r.offer(asIs))
			r.hears(stages.Prepared)
			for n := 1; n < 3*RoundsMost; n++ {
				r.send(r.say(stages.Round, n, false), appendFrame(nil, frameRound, nil, nil), r.say(stages.Sent, n, false))
				if !slices.Contains(r.hears(stages.Received), stages.Received) {
					return
				}
			}
			r.t.Error("the target takes rounds without end")
		},
		"more than the window": func(r *rogue) {
			r.send(r.opening("m"), r.offer(asIs))
			r.hears(stages.Prepared)
			for range 2 * windowBytes / dataBytes { // no round: nobody reads it
				r.send(data(dataBytes))
			}
		},
		"a guest without end": func(r *rogue) {
			r.send(r.opening("m"), r.offer(asIs))
			r.hears(stages.Prepared)
			r.send(r.say(stages.Round, 1, false), part)
			go func() { _, _ = io.Copy(io.Discard, r.r) }()
			for range 2 * roundSlack / dataBytes {
				r.send(data(dataBytes))
			}
		},
		"credit without end": func(r *rogue) {
			r.send(r.opening("m"), r.offer(asIs), appendFrame(nil, frameCredit, []uint32{windowBytes}, nil))
		},
		"words without end": func(r *rogue) {
			r.send(r.opening("m"), r.offer(asIs))
			for range 10_000 {
				r.send(r.say(stages.Closed, 0, false))
			}
		},
		"an opening in the middle": func(r *rogue) { r.send(r.opening("m"), r.offer(asIs), r.opening("n")) },
		"a part out of turn": func(r *rogue) {
			r.send(r.opening("m"), r.offer(asIs))
			r.hears(stages.Prepared)
			r.send(r.say(stages.Round, 1, false), appendFrame(nil, framePart, []uint32{5}, []byte("half 0")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.start("a")
				w.start("b")
				defer w.end()
				r := against(t, w)
				play(r)
				time.Sleep(3 * time.Minute) // of the bubble: longer than any silence lasts
				select {
				case <-r.gone:
				default:
					t.Error("the target still has the connection")
				}
				_ = r.conn.Close()
				w.mu.Lock()
				left := w.hosts["b"].guests[guestID]
				w.mu.Unlock()
				if left != nil {
					t.Errorf("the target still has %+v of the guest", left)
				}
				if _, err := w.migrate(t.Context(), "a", "b"); err != nil {
					t.Errorf("the next move: %v", err)
				}
				w.settled()
			})
		})
	}
}

// TestSecondOffer: a guest is in one move at a time, and comes once.
func TestSecondOffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start("a")
		w.start("b")
		defer w.end()
		refused := func(why string, move MoveID) {
			t.Helper()
			r := against(t, w)
			r.send(r.opening(move), r.offer(asIs))
			if said := r.hears(stages.Refused); !slices.Equal(said, []stages.Saying{stages.Refused}) {
				t.Errorf("%s: the target says %v, want that it refuses", why, said)
			}
			_ = r.conn.Close()
		}
		first := against(t, w)
		first.send(first.opening("first"), first.offer(asIs))
		first.hears(stages.Prepared)
		refused("another move of a guest that comes", "second")
		refused("the same move again", "first")
		_ = first.conn.Close()
		synctest.Wait()
		if _, err := w.migrate(t.Context(), "a", "b"); err != nil {
			t.Fatal(err)
		}
		refused("a guest that is there", "third")
		for _, saying := range []stages.Saying{stages.Go, stages.Cancel} {
			r := against(t, w)
			r.send(r.opening("forged"), r.say(saying, 0, false))
			if said := r.hears(""); !slices.Equal(said, []stages.Saying{stages.Unclear}) {
				t.Errorf("%q about an unknown move of a guest that is there: the target says %v, want that it is unclear", saying, said)
			}
			_ = r.conn.Close()
		}
		if at := w.where(); at != "b" {
			t.Errorf("the guest runs at %s, want b", at)
		}
	})
}

// FuzzFrames: no bytes of another host end the reader otherwise than with an error.
func FuzzFrames(f *testing.F) {
	f.Add(appendFrame(nil, frameData, []uint32{1}, []byte("bytes")))
	f.Add(appendFrame(nil, frameRound, nil, nil))
	f.Add([]byte("m\x00\x00\x00\x02\xa1\x01"))
	if data, err := encoding.Marshal(message{Saying: stages.Offer, Offer: &offer{Name: "g", CPU: 1, Memory: 1 << 20}}); err == nil {
		f.Add(appendFrame(nil, frameMessage, nil, data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bufio.NewReader(bytes.NewReader(data))
		for {
			got, err := readFrame(r)
			if err != nil {
				return
			}
			if len(got.body) > len(data) {
				t.Fatalf("a frame of %d bytes from %d", len(got.body), len(data))
			}
			if got.kind != frameMessage {
				continue
			}
			m, err := decode[message](got.body)
			if err != nil || m.Offer == nil {
				continue
			}
			if d, err := m.Offer.description(); err == nil && (d.Declared.MemoryBytes < 0 || len(d.Manifest) > ManifestMost) {
				t.Fatalf("%+v is taken", d)
			}
		}
	})
}

// TestDescription: a description arrives as it was given.
func TestDescription(t *testing.T) {
	d := Description{
		Name: "guest one", Declared: hostagent.Resources{CPU: 1.5, MemoryBytes: 1 << 30, DiskBytes: 1 << 31}, MemoryMaxBytes: 1 << 32,
		Networks: []string{"n"}, Files: []string{"/f"}, Needs: []string{"criu=4.2"}, Rules: hostagent.Rules{Priority: 3, Labels: []string{"a=b"}},
		MovedAt: time.Unix(1e9, 0), Manifest: []byte("manifest"),
	}
	o, err := offerOf(hostagent.Migration{Deal: "d", Token: "t"}, d)
	if err != nil {
		t.Fatal(err)
	}
	line, err := encode(message{Saying: stages.Offer, Offer: &o})
	if err != nil {
		t.Fatal(err)
	}
	m, err := decode[message](line)
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.Offer.description()
	if err != nil || got.Name != d.Name || got.Declared != d.Declared || got.MemoryMaxBytes != d.MemoryMaxBytes ||
		!slices.Equal(got.Networks, d.Networks) || !slices.Equal(got.Files, d.Files) || !slices.Equal(got.Needs, d.Needs) ||
		got.Rules.Priority != 3 || !slices.Equal(got.Rules.Labels, d.Rules.Labels) || !got.MovedAt.Equal(d.MovedAt) ||
		!bytes.Equal(got.Manifest, d.Manifest) || m.Offer.Token != "t" {
		t.Errorf("got %+v, %v, want %+v", got, err, d)
	}
	d.Name = strings.Repeat("x", NameMost+1)
	if _, err := offerOf(hostagent.Migration{}, d); err == nil {
		t.Error("a name that is too long: got no error")
	}
	if _, err := readFrame(bufio.NewReader(bytes.NewReader(binary.BigEndian.AppendUint32([]byte{'?'}, 0)))); !errors.Is(err, errProtocol) {
		t.Errorf("a frame of an unknown kind: got %v, want %v", err, errProtocol)
	}
}
