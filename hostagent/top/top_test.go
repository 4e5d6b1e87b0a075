package top

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"

	"parley/hostagent/api"
	"parley/hostagent/site"
)

// stage is a site of three hosts, with a move.
type stage struct {
	mu     sync.Mutex
	orders []string
	talks  int // how often the talk was asked for
	fails  error
}

func (s *stage) Site(context.Context, time.Duration) (site.Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := time.Now()
	var past site.Course
	for i := range 240 {
		past.Note(at.Add(time.Duration(i-240)*site.PastStep), site.Load{Known: true, CPU: float64(i) / 240, Memory: 0.2})
	}
	load := site.Load{Known: true, CPU: 0.91, Memory: 0.4, CapacityCPU: 16, CapacityMemory: 64 << 30}
	small := site.Load{Known: true, CPU: 0.2, Memory: 0.1, CapacityCPU: 16, CapacityMemory: 64 << 30}
	deal := site.Deal{Deal: "d1", Guest: "g9", Name: "moved", Side: "source", Source: "h1", Target: "h2", State: "done", At: at}
	return site.Report{At: at, From: "h1", Hosts: []site.Host{
		{Host: "h1", State: site.State{Mode: "auto", Load: load, Past: past.Past(), Ended: []site.Deal{deal}, Guests: []site.Guest{
			{ID: "g1", Name: "web", State: "running", CPU: 1.5, Memory: 2 << 30},
			{ID: "g2", Name: "db[1]\x1b[31m", State: "running", CPU: 4, Memory: 8 << 30},
		}, Releases: []site.Release{{Publisher: "north", Version: 3}}}},
		{Host: "h2", State: site.State{Mode: "auto", Load: small, Guests: []site.Guest{{ID: "g9", Name: "moved", State: "running"}},
			Releases: []site.Release{{Publisher: "north", Version: 2}}}},
		{Host: "h3", Silent: "no answer within 2s"},
	}}, s.fails
}

func (s *stage) Deal(context.Context, string) (site.Story, error) {
	line := site.Line{Kind: "send", With: "h2", Term: "ask(moved)", Model: "agility.lcc", Line: 42}
	return site.Story{Deal: "d1", Ends: []site.End{{Host: "h1", Account: site.Account{
		Known: true, Talk: []site.Line{line}, Choice: []site.Candidate{{Guest: "g9", Name: "moved", CPU: 0.25}},
	}}}}, nil
}

func (s *stage) Talk(_ context.Context, host, _ string) (site.Story, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if host == "h3" {
		return site.Story{Ends: []site.End{{Host: "h3", Silent: "no answer within 2s"}}}, nil
	}
	if host == "" {
		host = "h1"
	}
	s.talks++
	told := site.Account{Known: true}
	for i := range s.talks {
		told.Talk = append(told.Talk, site.Line{
			At: time.Unix(1_800_000_000+int64(i), 0), Kind: "send", With: "h9", Role: "idle",
			Term: fmt.Sprintf(`take(deal(deal abcdefgh,"hidden",10),%d)`, i), Model: "agility.lcc", Line: 42,
		})
	}
	return site.Story{Ends: []site.End{{Host: host, Account: told}}}, nil
}

func (s *stage) Explain(_ context.Context, name string) (api.Explanation, error) {
	if name == "moved" {
		return api.Explanation{}, errors.New("the agent knows no moved")
	}
	return api.Explanation{Kind: "guest", Name: name, Facts: []api.Fact{{Code: "guest_gone"}}}, nil
}

func (s *stage) Order(_ context.Context, o api.Order) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders = append(s.orders, o.Do+" "+o.Guest)
	return nil
}

// terminal is a view that runs on a screen in memory.
type terminal struct {
	*testing.T
	screen tcell.SimulationScreen
	stage  *stage
	top    *Top
}

func started(t *testing.T, width, height int) terminal {
	t.Helper()
	screen := tcell.NewSimulationScreen("UTF-8")
	if err := screen.Init(); err != nil {
		t.Fatal(err)
	}
	screen.SetSize(width, height)
	s := &stage{}
	top := New(s, screen)
	top.every = 10 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- top.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return terminal{t, screen, s, top}
}

// text is what the screen shows, read between two drawings of it.
func (t terminal) text() string {
	var b strings.Builder
	t.top.app.QueueUpdate(func() {
		cells, width, _ := t.screen.GetContents()
		for i, c := range cells {
			b.WriteString(cmp.Or(string(c.Runes), " ")) // never written
			if i%width == width-1 {
				b.WriteString("\n")
			}
		}
	})
	return b.String()
}

// shows waits until the screen has all texts.
func (t terminal) shows(wants ...string) {
	t.Helper()
	late := time.Now().Add(20 * time.Second)
	for {
		got, missing := t.text(), ""
		for _, want := range wants {
			if !strings.Contains(got, want) {
				missing = want
			}
		}
		if missing == "" {
			return
		}
		if time.Now().After(late) {
			t.Fatalf("the screen does not show %q:\n%s", missing, got)
		}
		<-time.After(5 * time.Millisecond)
	}
}

func (t terminal) press(keys string) {
	for _, r := range keys {
		switch r {
		case '\n':
			t.screen.InjectKey(tcell.KeyEnter, 0, 0)
		case '\x1b':
			t.screen.InjectKey(tcell.KeyEscape, 0, 0)
		case '\t':
			t.screen.InjectKey(tcell.KeyTab, 0, 0)
		case '↓':
			t.screen.InjectKey(tcell.KeyDown, 0, 0)
		default:
			t.screen.InjectKey(tcell.KeyRune, r, 0)
		}
	}
}

// A reader looks at hosts, guests, a move and policies at 80 columns, and filters and sorts.
func TestLook(t *testing.T) {
	s := started(t, 80, 24)
	s.shows("3 hosts, 3 guests, cpu 56 %", "[1 HOSTS]", "NO ANSWER", "91 %", "▂", "█", "q quit", "no answer within 2s")
	if got := s.text(); strings.Index(got, "h3") > strings.Index(got, "h1  ") {
		t.Errorf("the host that does not answer is not the first:\n%s", got)
	}
	s.press("2")
	s.shows("[2 GUESTS]", "db[1] [31m", "8.00 GiB", "web")
	s.press("/web\n")
	s.shows(`1 rows have "web"`)
	if strings.Contains(s.text(), "db[1]") {
		t.Errorf("the filter shows others:\n%s", s.text())
	}
	s.press("\n")
	s.shows("web: Escape closes", "it is not on this host")
	s.press("\x1b\x1b")
	s.shows("db[1]")
	s.press("3\n")
	s.shows("moved: Escape closes", "h1 → h2: ask(moved)  (agility.lcc:42)", "* moved  cpu  25 %", "EXPECTED", "time of the move")
	s.press("\x1b")
	s.shows("[3 MOVES]", "GUEST FROM TO TOOK WHAT", "The policy chose, with h1 and h2: moved moved from h1 to h2.") // whole, below the table
	s.press("e")
	s.shows("the agent knows no moved")
	s.press("5")
	s.shows("[5 POLICIES]", "north 2 (newest: 3)")
	s.press("1s")
	s.shows("CPU↓")
	if got := s.text(); strings.Index(got, "h1 ") > strings.Index(got, "h2 ") {
		t.Errorf("the fullest host is not the first:\n%s", got)
	}
	s.stage.mu.Lock()
	s.stage.fails = errors.New("the agent has ended")
	s.stage.mu.Unlock()
	s.shows("no look: the agent has ended")
}

// An order is given once it was asked again, and about the agent's own host alone.
func TestOrders(t *testing.T) {
	s := started(t, 80, 24)
	s.shows("91 %")
	s.press("sgd") // by CPU: h1 is the first
	s.shows("Drain h1: move its 2", "guests away?", "Yes")
	s.press("\n") // No
	s.shows("nothing was ordered")
	s.press("d")
	s.shows("Drain h1")
	s.press("\t\n")
	s.shows("Drain h1: move its 2 guests away: done")
	s.press("m")
	s.shows("m and p for a guest")
	s.press("↓z")
	s.shows("this agent takes orders for h1 only: give it on h2")
	s.press("2p")
	s.shows("Pin db[1]")
	s.press("\t\n")
	s.shows("to its host: done")
	s.press("m")
	s.shows("Migrate db[1]")
	s.press("\t\n")
	s.shows("to the best host: done")
	s.stage.mu.Lock()
	defer s.stage.mu.Unlock()
	if got := fmt.Sprint(s.stage.orders); got != "[drain  pin g2 migrate g2]" {
		t.Errorf("got the orders %s", got)
	}
}

// A move shows the loads after it only where no other move had a part in them.
func TestMoveLoads(t *testing.T) {
	began := time.Unix(1_800_000_000, 0)
	deal := func(id string, after time.Duration) site.Deal {
		return site.Deal{
			Deal: id, Name: id, Source: "h1", Target: "h2", Side: "source", State: "done", At: began.Add(after + time.Second),
			Begin: site.Begin{At: began.Add(after), Load: 0.9}, Total: 1500 * time.Millisecond,
		}
	}
	past := &site.Past{End: began.Add(time.Minute), Step: 15, CPU: []byte{90, 90, 40, 40, 40, 40}, Memory: make([]byte, 6)}
	for _, c := range []struct {
		deals []site.Deal
		want  string
	}{
		{[]site.Deal{deal("web", 0)}, "web|h1 90→40 %|h2 90→40 %|1.5 s"},
		{[]site.Deal{deal("web", 0), deal("db", 5*time.Second)}, "web|h1 90 %|h2 90 %|1.5 s"},
	} {
		rows := moveRows(site.Report{Hosts: []site.Host{
			{Host: "h1", State: site.State{Ended: c.deals, Past: past}}, {Host: "h2", State: site.State{Past: past}},
		}})
		cells := rows[len(rows)-1].cells
		if got := cells[2].text + "|" + cells[3].text + "|" + cells[4].text + "|" + cells[5].text; got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// The talk of the models is followed: the latest line is the first, of the host that the
// reader chooses, without the tokens of deals.
func TestTalk(t *testing.T) {
	s := started(t, 80, 24)
	s.shows("91 %")
	s.press("4")
	s.shows("[4 TALK]", "h1 → h9", "take(deal abcdefgh,3)", "agility.lcc:42", "what the models of h1 say")
	s.shows("take(deal abcdefgh,9)")
	if got := s.text(); strings.Contains(got, "hidden") || strings.Index(got, ",9)") > strings.Index(got, ",3)") {
		t.Errorf("the latest line is not the first, or a deal is not told by its name:\n%s", got)
	}
	s.press("\n")
	s.shows("h1: Escape closes", "as idle, agility.lcc:42")
	s.press("\x1b1/h2\nt")
	s.shows("[4 TALK]", "h2 → h9", "the models of h2")
	s.press("1\x1bt") // the first host does not answer
	s.shows("h3 does not say it: no answer within 2s")
}
