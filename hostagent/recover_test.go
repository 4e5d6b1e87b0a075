package hostagent

import (
	"strings"
	"testing"
	"time"
)

// recovery is the table of how a run of the agent settles a deal of the previous run:
// by the last record of its journal, by what its own platform shows of the guest, and
// by what the other end answers.
//
//	side    record    here              the other end  the deal ends
const recovery = `
	source  intended  running           absent         aborted
	source  intended  running           silent         aborted
	source  intended  absent            running        done
	source  intended  absent            silent         stuck
	source  intended  absent            absent         aborted
	source  moving    running           absent         aborted
	source  moving    running           silent         aborted
	source  moving    running           running        stuck
	source  moving    leaving           incoming       stuck
	source  moving    leaving           silent         stuck
	source  moving    absent            running        done
	source  moving    absent            paused         stuck
	source  moving    absent            absent         aborted
	source  moving    absent            silent         stuck
	source  moving    paused            absent         stuck
	source  checking  running           absent         aborted
	source  checking  absent            running        done
	source  done      absent            running        remembered
	source  aborted   running           absent         remembered
	target  offered   absent            absent         expired
	target  offered   absent            silent         expired
	target  armed     absent            over           aborted
	target  armed     absent            silent         expired
	target  armed     absent            running        expired
	target  armed     incoming          silent         open
	target  armed     incoming          running        open
	target  armed     running           absent         done
	target  armed     running           silent         done
	target  armed     running           running        stuck
	target  checking  running           absent         done
	target  checking  running           silent         done
	target  checking  absent            over           aborted
	target  done      running           absent         remembered
	target  expired   absent            absent         remembered
`

func TestRecovery(t *testing.T) {
	rows := 0
	for line := range strings.Lines(recovery) {
		if f := strings.Fields(line); len(f) == 5 {
			rows++
			t.Run(strings.Join(f[:4], " "), func(t *testing.T) {
				if got := recovered(t, Side(f[0]), DealState(f[1]), f[2], f[3]); got != f[4] {
					t.Errorf("the deal: got %s, want %s", got, f[4])
				}
			})
		}
	}
	if rows < 30 {
		t.Errorf("only %d rows were read", rows)
	}
}

// recovered runs an agent for some minutes of virtual time on the journal of the
// previous run, and returns the outcome of its deal.
func recovered(t *testing.T, side Side, state DealState, here, there string) string {
	r := record{Deal: "d1", Side: side, State: state, Guest: "g", Name: "web", Source: "src", Target: "tgt", Token: "t1", CPU: 1,
		Memory: 1 << 30, Endpoint: "at:tgt", Wall: 1}
	self, other := r.Source, r.Target
	if side == TargetSide {
		self, other = other, self
	}
	core, err := New(Options{Self: self, Config: configWith(func(c *Config) { c.SampleEvery = time.Second })})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := core.Recover([][]byte{encode(r)}); err != nil {
		t.Fatal(err)
	}
	e := &end{t: t, core: core, now: 1}
	var guests []Guest
	switch here {
	case "running", "incoming", "paused":
		guests = []Guest{{ID: "g", Name: "web", State: GuestState(here)}}
	case "leaving":
		guests = []Guest{{ID: "g", Name: "web", State: Running, Leaving: true}}
	}
	for range 1800 {
		e.later(time.Second)
		e.sees(guests...)
		e.step(Woken{})
		e.durable()
		asked := e.said(kindWhere)
		if len(asked) == 0 || there == "silent" {
			continue
		}
		answer := payload{Kind: kindHere, Deal: "d1", Place: place(there)}
		if there == "over" {
			answer.Place, answer.Over = placeRunning, true
		}
		e.hears(other, answer)
	}
	if d := core.book.deals["d1"]; d != nil {
		if side == TargetSide && core.room.reserved() == (Resources{}) && here != "running" {
			t.Error("the deal is open, and no room is held for it")
		}
		return "open"
	}
	d := core.book.endedDeal("d1")
	if d == nil {
		return "forgotten"
	}
	if d.state == state {
		return "remembered"
	}
	if held := core.room.reserved(); held != (Resources{}) && here != "incoming" {
		t.Errorf("%+v is held after the end of the deal", held)
	}
	return string(d.state)
}
