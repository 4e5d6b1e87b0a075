package service

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"parley/lcc"
	"parley/peer"
)

// A storm is told once for a model; what a site of this size may send is none.
func TestStorms(t *testing.T) {
	sent := func(model byte, offset int) *peer.Record {
		r := &peer.Record{Model: lcc.Digest{model}, Record: lcc.Record{Kind: lcc.RecordSend}}
		r.Record.Pos.Offset = offset
		return r
	}
	var s storms
	now := time.Unix(0, 0)
	told := 0
	send := func(r *peer.Record, times, hosts int, every time.Duration) {
		for range times {
			now = now.Add(every)
			if n, storm := s.note(r, hosts, now); storm {
				told++
				if n <= stormAtLeast {
					t.Errorf("got %d messages, want more than %d", n, stormAtLeast)
				}
			}
		}
	}
	send(sent(1, 3), 5000, 3, time.Second)                // all day, but with pauses
	send(sent(1, 3), stormAtLeast/2, 3, time.Millisecond) // a burst
	send(sent(2, 3), 3000, 400, time.Millisecond)         // to each host of a large site
	send(sent(1, 4), stormAtLeast, 3, time.Millisecond)   // another send
	if told != 0 {
		t.Errorf("got %d storms, want none", told)
	}
	send(sent(3, 21), 2000, 3, 2*time.Millisecond)
	send(sent(3, 22), 2000, 3, 2*time.Millisecond)
	if told != 1 {
		t.Errorf("got %d storms of one model, want one", told)
	}
}

// The log says which send of which model it is.
func TestStormIsLogged(t *testing.T) {
	var out bytes.Buffer
	r := recorder{
		log: slog.New(slog.NewTextHandler(&out, nil)), names: &directory{self: "h1"}, metrics: newMetrics(func() uint64 { return 0 }),
		watch: func(Occurrence) {},
	}
	r.names.put(&members{})
	sent := peer.Record{Record: lcc.Record{Kind: lcc.RecordSend, Role: lcc.Atom("cool"), Term: lcc.Atom("want")}}
	sent.Record.Pos.File, sent.Record.Pos.Line = "pull", 21
	for range 2000 {
		r.emit(Occurrence{Record: &sent})
	}
	if got := out.String(); strings.Count(got, "event=model_storm") != 1 || !strings.Contains(got, "model=pull line=21") {
		t.Errorf("got the log\n%s\nwant one line about line 21 of pull", got)
	}
}
