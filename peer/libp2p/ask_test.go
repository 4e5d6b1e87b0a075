package libp2p

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/network"

	"parley/lcc"
)

// echo answers with what was asked, and knows a few questions.
func echo(o *Options) {
	o.Answer = func(from lcc.PeerID, request []byte) ([]byte, error) {
		switch string(request) {
		case "fail":
			return nil, errors.New("there is no such blob here")
		case "large":
			return bytes.Repeat([]byte{'x'}, AnswerBytes), nil
		case "too large":
			return make([]byte, AnswerBytes+1), nil
		case "who":
			return []byte(from), nil
		}
		return request, nil
	}
}

func TestAsk(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(2)
		ends := s.full(places, echo)
		a, b := ends[0], ends[1]
		for question, want := range map[string]string{
			"": "", "hello": "hello", "who": string(a.id),
			"large":                            strings.Repeat("x", AnswerBytes),
			strings.Repeat("q", QuestionBytes): strings.Repeat("q", QuestionBytes),
		} {
			got, err := a.host.Ask(t.Context(), b.id, []byte(question))
			if err != nil || string(got) != want {
				t.Errorf("asked %.20q: got %d bytes and %v, want %d bytes", question, len(got), err, len(want))
			}
		}
		for question, want := range map[string]string{
			"fail":                               "there is no such blob here",
			"too large":                          "more than 1048576",
			strings.Repeat("q", QuestionBytes+1): "more than 4096",
		} {
			if _, err := a.host.Ask(t.Context(), b.id, []byte(question)); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("asked %.20q: got %v, want an error with %q", question, err, want)
			}
		}
		if _, err := a.host.Ask(t.Context(), "nobody", nil); !errors.Is(err, errNotListed) {
			t.Errorf("got %v, want %v", err, errNotListed)
		}
	})
}

// TestAskOnDemand: a question reaches a host without a link, and the end of its context
// ends it.
func TestAskOnDemand(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(24)
		var ends []*end
		stuck := make(chan struct{})
		defer close(stuck)
		for _, p := range places {
			ends = append(ends, s.open(p, addressesOf(places), few, echo, func(o *Options) {
				echo := o.Answer
				o.Answer = func(from lcc.PeerID, request []byte) ([]byte, error) {
					if string(request) == "stuck" {
						<-stuck
					}
					return echo(from, request)
				}
			}))
		}
		a, b, _, atB := stranger(t, ends, places)
		got, err := a.host.Ask(t.Context(), b.id, []byte("who"))
		if err != nil || string(got) != string(a.id) {
			t.Errorf("got %q and %v, want %s", got, err, a.id)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := a.host.Ask(ctx, b.id, []byte("stuck")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
		}
		eventually(t, "the connection to be closed", func() bool { return !a.connectedTo(atB.raw()) })
	})
}

// TestAskFlood: a peer with too many questions is answered that this host is busy; one
// that continues is banned, and others are answered meanwhile.
func TestAskFlood(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(3)
		ends := s.full(places, echo)
		a, honest, bad := ends[0], ends[1], ends[2]
		var mu sync.Mutex
		outcomes := map[bool]int{}
		var asking sync.WaitGroup
		for range 8 {
			asking.Go(func() {
				for range 60 {
					_, err := bad.host.Ask(t.Context(), a.id, []byte("x"))
					mu.Lock()
					outcomes[errors.Is(err, ErrBusy)]++
					mu.Unlock()
				}
			})
		}
		asking.Go(func() {
			for range 20 {
				if _, err := honest.host.Ask(t.Context(), a.id, []byte("x")); err != nil {
					t.Errorf("an honest question failed: %v", err)
				}
				time.Sleep(100 * time.Millisecond)
			}
		})
		asking.Wait()
		if outcomes[true] == 0 {
			t.Error("nobody was told that the peer is busy")
		}
		c := conductOf(a, bad.id)
		if c.count(kindFlood) < 190 || c.BannedUntil.IsZero() {
			t.Errorf("got %+v, want a flood and a ban", c)
		}
		if c := conductOf(a, honest.id); len(c.Kinds) != 0 {
			t.Errorf("the honest peer is blamed: %+v", c)
		}
	})
}

// TestAskJunk: malformed questions and answers are counted, and cost no memory for
// bytes that were not sent.
func TestAskJunk(t *testing.T) {
	inBubble(t, func(t *testing.T, s *site) {
		places := s.places(2)
		a := s.open(places[0], addressesOf(places), echo)
		bad := s.hostile(places[1])
		if err := s.dial(bad, places[0]); err != nil {
			t.Fatal(err)
		}
		open := func() network.Stream {
			stream, err := bad.NewStream(t.Context(), places[0].raw(), askID)
			if err != nil {
				t.Fatal(err)
			}
			return stream
		}
		for kind, junk := range map[string][]byte{
			kindOversized: {0xff, 0xff, 0xff, 0xff},
			kindTruncated: {0, 0, 0, 9, 'x'},
		} {
			stream := open()
			if _, err := stream.Write(junk); err != nil {
				t.Fatal(err)
			}
			if err := stream.CloseWrite(); err != nil {
				t.Fatal(err)
			}
			if answer, err := io.ReadAll(stream); err == nil {
				t.Errorf("%s: got the answer %q, want the stream reset", kind, answer)
			}
		}
		// One that stops in the middle is given up.
		slow := open()
		if _, err := slow.Write([]byte{0, 0, 0, 9, 'x'}); err != nil {
			t.Fatal(err)
		}
		eventually(t, "all to be counted", func() bool {
			c := conductOf(a, places[1].id)
			return c.count(kindOversized) == 1 && c.count(kindTruncated) == 1 && c.count(kindSlow) == 1
		})
		bad.SetStreamHandler(askID, func(stream network.Stream) {
			answer := binary.BigEndian.AppendUint32([]byte{statusOK}, AnswerBytes+1)
			_, _ = stream.Write(answer)
			_ = stream.Close()
		})
		if _, err := a.host.Ask(t.Context(), places[1].id, nil); err == nil || !strings.Contains(err.Error(), "more than 1048576") {
			t.Errorf("got %v, want that the answer is too large", err)
		}
		bad.SetStreamHandler(askID, func(stream network.Stream) {
			_, _ = stream.Write([]byte{9, 0, 0, 0, 0})
			_ = stream.Close()
		})
		if _, err := a.host.Ask(t.Context(), places[1].id, nil); err == nil || !strings.Contains(err.Error(), "unknown status 9") {
			t.Errorf("got %v, want that the status is unknown", err)
		}
		if c := conductOf(a, places[1].id); c.count(kindOversized) != 2 || c.count(kindMalformed) != 1 {
			t.Errorf("got %+v, want two oversized and one malformed", c)
		}
	})
}
