package service

import (
	"context"
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/peer"
)

// BenchmarkArrivalUnderLoad measures how long a platform waits for the answer to an
// arriving migration, without load and while a listed peer sends as much as it may, of
// one kind in each row: 1,900 frames a second, or as many as the agent reads. Both
// alternate each second in one run, so that other load of the machine affects both. The
// rows of sums make the agent work in proportion to their number. Beside other
// programs, run the test binary at a real-time priority (chrt -r 1); otherwise both
// figures are those of the scheduler.
func BenchmarkArrivalUnderLoad(b *testing.B) {
	deep := strings.Repeat("f(", 60) + "1" + strings.Repeat(")", 60)
	long := "[" + strings.Repeat("1,", 3999) + "1]"
	for _, row := range []struct {
		name      string
		perSecond float64
		frame     func(*siege, int) peer.Frame
	}{
		{"questions", 1900, func(s *siege, i int) peer.Frame { return s.payload("ask", i, false) }},
		{"receipts for nothing", 1900, func(s *siege, i int) peer.Frame { return s.receipt(i) }},
		{"signed proposals", 1900, func(s *siege, i int) peer.Frame { return s.payload("propose", i, true) }},
		{"no such role", 1900, func(s *siege, i int) peer.Frame { return s.message(1, i, 1, "nobody(1)", "hello") }},
		{"a new life each", 1900, func(s *siege, i int) peer.Frame { return s.message(i, 0, 1, "asker", "hello") }},
		{"a new agent each", 1900, func(s *siege, i int) peer.Frame { return s.message(1, 0, i+1, "asker", "hello") }},
		{"lists of 4,000", 260, func(s *siege, i int) peer.Frame { return s.message(1, i, i+1, "asker", "list("+long+")") }},
		{"60 deep", 1900, func(s *siege, i int) peer.Frame { return s.message(1, i, i+1, "server", deep) }},
		{"sum of 2,000", 1900, func(s *siege, i int) peer.Frame { return s.message(1, i, i+1, "server", "ask(2000)") }},
		{"sum of 3,200", 1900, func(s *siege, i int) peer.Frame { return s.message(1, i, i+1, "server", "ask(3200)") }},
		{"sum of 4,000", 1900, func(s *siege, i int) peer.Frame { return s.message(1, i, i+1, "server", "ask(4000)") }},
	} {
		b.Run(row.name, func(b *testing.B) { newSiege(b).measure(b, row.perSecond, row.frame) })
	}
}

// measure asks for admission, alternately without and under load.
func (s *siege) measure(b *testing.B, perSecond float64, frame func(*siege, int) peer.Frame) {
	var frames [][]byte
	for i := range int(perSecond * siegeTurns * siegeFor.Seconds()) {
		data, err := peer.EncodeFrame(frame(s, i))
		if err != nil {
			b.Fatal(err)
		}
		frames = append(frames, append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), data...))
	}
	var quiet, load figures
	s.arrivals(b, &figures{}) // warm
	for turn := range siegeTurns {
		s.arrivals(b, &quiet)
		ctx, cancel := context.WithCancel(b.Context())
		sent := make(chan int64)
		part := frames[turn*len(frames)/siegeTurns : (turn+1)*len(frames)/siegeTurns]
		go func() { sent <- s.send(ctx, perSecond, part) }()
		s.arrivals(b, &load)
		cancel()
		load.sent += <-sent
		s.lifted(b)
	}
	load.passed = siegeTurns * siegeFor
	b.ReportMetric(ms(quiet.at(50)), "ms-p50-quiet")
	b.ReportMetric(ms(quiet.at(99)), "ms-p99-quiet")
	b.ReportMetric(ms(load.at(50)), "ms-p50-load")
	b.ReportMetric(ms(load.at(99)), "ms-p99-load")
	b.ReportMetric(float64(load.at(99))/float64(quiet.at(99)), "p99-load/quiet")
	b.ReportMetric(load.perSecond(load.sent), "frames/s")
	b.ReportMetric(0, "ns/op")
}

// lifted ends the rogue's load and drops what is left of it: frames in the network or
// in the lane would be load in the quiet turn. The rogue's used share stays.
func (s *siege) lifted(b *testing.B) {
	if err := s.rogue.host.Network().ClosePeer(s.rogue.target.ID); err != nil {
		b.Fatal(err)
	}
	clear(s.rogue.streams)
	inbox := s.agent.inbox
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for quiet := 0; quiet < 10; <-ticker.C {
		inbox.mu.Lock()
		lane := inbox.lanes.lane(s.rogue.id)
		if quiet++; len(lane.items) > 0 {
			quiet, lane.items, lane.bytes = 0, nil, 0
			signal(lane.room)
		}
		inbox.mu.Unlock()
	}
}

// send sends frames at a rate, or slower if the agent reads slower.
func (s *siege) send(ctx context.Context, perSecond float64, frames [][]byte) (sent int64) {
	if err := s.rogue.host.Connect(ctx, s.rogue.target); err != nil {
		return 0
	}
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for began, done := time.Now(), 0; ; {
		select {
		case <-ctx.Done():
			return sent
		case <-ticker.C:
		}
		for ; done < len(frames) && ctx.Err() == nil && float64(done) < time.Since(began).Seconds()*perSecond; done++ {
			if s.rogue.write(ctx, framesID, greeting, frames[done]) == nil {
				sent++
			}
		}
	}
}

// arrivals asks on the socket, as a platform's hook does.
func (s *siege) arrivals(b *testing.B, f *figures) {
	client := api.Client{Socket: s.agent.fixed.Socket}
	for end := time.Now().Add(siegeFor); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		began := time.Now()
		if err := client.Arriving(b.Context(), hostagent.AdmissionAsked{Guest: "nobody", Deal: "d", Token: "t"}); err == nil {
			b.Fatal("a guest that nobody agreed on was let in")
		}
		f.took = append(f.took, time.Since(began))
	}
}
