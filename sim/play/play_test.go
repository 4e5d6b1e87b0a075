package play

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/site"
	"parley/lcc"
	"parley/models"
	"parley/sim"
)

const gib = 1 << 30

// recordOf records a run in which one of two hosts is relieved.
func recordOf(t *testing.T, change func(*sim.Site)) *Run {
	t.Helper()
	return recordTo(t, change, (*sim.Running).ToQuiet)
}

// recordTo is recordOf of a run that ends where it is told to.
func recordTo(t *testing.T, change func(*sim.Site), run func(*sim.Running) error) *Run {
	t.Helper()
	text, _ := models.Text("agility")
	policy, found := lcc.Compile("agility", text, hostagent.Vocabulary())
	if policy == nil {
		t.Fatal(found)
	}
	s := sim.Site{Policies: []*lcc.Model{policy}, Seed: 1}
	for _, name := range []string{"a", "b"} {
		s.Hosts = append(s.Hosts, sim.SiteHost{Name: name, Capacity: hostagent.Resources{CPU: 8, MemoryBytes: 64 * gib}})
	}
	for _, name := range []string{"g1", "g2", "g3", "g4"} {
		s.Guests = append(s.Guests, sim.SiteGuest{
			Name: name, Host: "a", CPU: 2, Declared: hostagent.Resources{CPU: 4, MemoryBytes: 4 * gib},
		})
	}
	if change != nil {
		change(&s)
	}
	running, err := s.Start()
	if err != nil {
		t.Fatal(err)
	}
	recorder := NewRecorder(site.PastStep)
	running.Tell(recorder)
	if err := run(running); err != nil {
		t.Fatal(err)
	}
	return recorder.Run(About{Title: "two hosts"}, running.Ran())
}

// The site is shown as it was at any moment, and a move with what led to it.
func TestRun(t *testing.T) {
	run := recordOf(t, nil)
	begin, end := run.Span()
	guests := func(at time.Time) (a, b int) {
		r := run.At(at)
		return r.Hosts[0].Count(), r.Hosts[1].Count()
	}
	if a, b := guests(begin.Add(5 * time.Second)); a != 4 || b != 0 {
		t.Errorf("at first: got %d and %d guests, want 4 and 0", a, b)
	}
	if a, b := guests(end); a != 2 || b != 2 {
		t.Errorf("at last: got %d and %d guests, want 2 and 2", a, b)
	}
	if early := run.At(begin.Add(-time.Hour)); !early.At.Equal(begin) || early.Hosts[0].Silent != "" {
		t.Errorf("before the beginning: got %v and %q", early.At, early.Hosts[0].Silent)
	}
	last := run.At(end)
	moves := last.Moves()
	if len(moves) != 2 || moves[0].Deal.State != "done" || moves[0].Deal.Total == 0 ||
		moves[0].Deal.ExpectedTotal == 0 || !moves[0].SourceBefore.Known {
		t.Fatalf("got the moves %+v", moves)
	}
	first := moves[1].Deal
	if n := len(run.At(first.Begin.At.Add(-time.Second)).Moves()); n != 0 {
		t.Errorf("before the first deal there are %d moves", n)
	}
	if flying := run.At(first.Begin.At); flying.Totals().InFlight != 1 {
		t.Errorf("when the first deal begins %d are in flight", flying.Totals().InFlight)
	}
	if past := last.Hosts[0].Past; past.CPU[0] < 90 || past.CPU[len(past.CPU)-1] > 60 {
		t.Errorf("the loads of a are %v", past.CPU)
	}
	whole := run.Whole(end, 10)["a"]
	if len(whole.CPU) > 11 || whole.CPU[len(whole.CPU)-1] > 60 {
		t.Errorf("the loads of a in ten steps are %v", whole.CPU)
	}
	if o := run.Outline(10); sum(o.Moves) != 2 {
		t.Errorf("the outline has the moves %v", o.Moves)
	}

	story, err := run.Deal(end, first.Deal)
	if err != nil {
		t.Fatal(err)
	}
	if len(story.Ends) != 2 || story.Ends[0].Host != "a" || len(story.Ends[0].Choice) != 4 || story.Ends[0].Deal.State != "done" {
		t.Errorf("got the ends %+v", story.Ends)
	}
	var talk strings.Builder
	for _, line := range story.Transcript() {
		talk.WriteString(line.Host + " " + line.Kind + " " + line.Term + "\n")
	}
	for _, want := range []string{"a message ", "b message ", "solved"} {
		if !strings.Contains(talk.String(), want) {
			t.Errorf("the transcript has no %q:\n%s", want, talk.String())
		}
	}
	begun, err := run.Deal(first.Begin.At, first.Deal)
	if err != nil || len(begun.Transcript()) >= len(story.Transcript()) {
		t.Errorf("when the deal begins its end is told already: %v, %d lines", err, len(begun.Transcript()))
	}
	if heard := last.Hosts[0].Talk; len(heard) != 1 || heard[0].With != "b" || heard[0].Sent[2].All() == 0 || heard[0].Received[2].All() == 0 {
		t.Errorf("the messages of a are %+v", heard)
	}
	said, err := run.Talk(end, "a", "b")
	if err != nil || len(said.Transcript()) < 4 {
		t.Errorf("a and b said %+v, %v", said.Transcript(), err)
	}
	if _, err := run.Talk(end, "a", "c"); err == nil {
		t.Error("a host that is not there speaks")
	}
	if _, err := run.Deal(end, "none"); err == nil {
		t.Error("a deal that is not there is told")
	}
}

func sum(values []int) (all int) {
	for _, v := range values {
		all += v
	}
	return all
}

// What a move has brought is known at both ends once it was measured, and not before.
func TestRunOutcome(t *testing.T) {
	run := recordTo(t, nil, func(r *sim.Running) error { return r.To(20 * time.Minute) })
	_, end := run.Span()
	moves := run.At(end).Moves()
	if len(moves) != 2 {
		t.Fatalf("got %d moves, want 2", len(moves))
	}
	done := moves[1].Deal
	s := done.Sequel
	if s == nil || s.Expected == nil || len(s.Measured) != 1 || s.Measured[0].After != 5*time.Minute {
		t.Fatalf("got the outcome %+v", s)
	}
	if took := s.Measured[0].Source; took == nil || took.Relief < 0.2 || took.Relief > 0.3 {
		t.Errorf("a guest of 2 of 8 cores takes off %+v", took)
	}
	story, err := run.Deal(end, done.Deal)
	if err != nil || len(story.Ends) != 2 || len(story.Ends[1].Deal.Sequel.Measured) != 1 {
		t.Errorf("the ends know %+v, %v", story.Ends, err)
	}
	early := run.At(done.At.Add(time.Minute)).Moves()
	if len(early) == 0 || len(early[len(early)-1].Deal.Sequel.Measured) != 0 {
		t.Error("an outcome is known before it was measured")
	}
}

// The latest deals are shown, those in flight all of them, and it is said how many are not.
func TestRunDealsOmitted(t *testing.T) {
	run := &Run{span: time.Hour}
	add := func(id string, states ...hostagent.DealState) {
		for _, side := range []hostagent.Side{hostagent.SourceSide, hostagent.TargetSide} {
			one := &dealTrack{host: "a"}
			for i, state := range states {
				one.states = append(one.states, site.Deal{
					Deal: id, Side: string(side), State: string(state), At: Begin.Add(time.Duration(len(run.deals)+i) * time.Millisecond),
				})
			}
			run.deals = append(run.deals, one)
		}
	}
	add("flies", hostagent.Moving)
	for i := range dealsMost + 3 {
		add(fmt.Sprint(i), hostagent.Moving, hostagent.Done)
	}
	list, omitted := run.dealsAt(time.Hour)
	if omitted != 3 || len(list) != 2*(dealsMost+1) || list[0].Deal.Deal != "flies" || list[2].Deal.Deal != "3" {
		t.Errorf("got %d ends of deals, %d omitted", len(list), omitted)
	}
	if got := run.Omitted(Begin.Add(time.Hour)); got.Deals != 3 || !got.Unkept.IsZero() {
		t.Errorf("got %+v", got)
	}
	if got := run.Omitted(Begin); got.Deals != 0 {
		t.Errorf("at first: got %+v", got)
	}
}

// Messages beyond the bound are not kept, and it is said from when on.
func TestRecorderBoundsMessages(t *testing.T) {
	r := NewRecorder(site.PastStep)
	h := &sim.SiteHost{Name: "a"}
	r.said = saidMost - 1
	for i := range 3 {
		r.Said(h, time.Duration(i+1)*time.Minute, lcc.Record{Kind: lcc.RecordSend, Role: lcc.Atom("asker"), Peer: "b", Term: lcc.Atom("ask")})
	}
	run := r.Run(About{}, time.Hour)
	if n := len(run.hosts[0].said); n != 1 {
		t.Errorf("%d messages are kept, want 1", n)
	}
	if got := run.Omitted(Begin.Add(time.Minute)).Unkept; !got.IsZero() {
		t.Errorf("before one is lost: got %v", got)
	}
	if got := run.Omitted(Begin.Add(5 * time.Minute)).Unkept; !got.Equal(Begin.Add(2 * time.Minute)) {
		t.Errorf("got %v, want the time of the first one that is lost", got)
	}
}

// A host whose agent has crashed does not answer until the agent is back.
func TestRunCrash(t *testing.T) {
	run := recordOf(t, func(s *sim.Site) { s.Faults = sim.Faults{Agents: 3, Within: 5 * time.Minute} })
	begin, end := run.Span()
	silent := map[bool]int{}
	for at := begin; at.Before(end); at = at.Add(time.Second) {
		for _, h := range run.At(at).Hosts {
			silent[h.Silent != ""]++
		}
	}
	if silent[true] == 0 || silent[false] < silent[true] {
		t.Errorf("hosts are silent in %d of %d seconds", silent[true], silent[true]+silent[false])
	}
}

// The steps of a large run are longer, so that its recording fits into memory.
func TestStep(t *testing.T) {
	for _, c := range []struct {
		span   time.Duration
		guests int
		want   time.Duration
	}{{2 * time.Hour, 30, site.PastStep}, {24 * time.Hour, 1000, 43 * time.Second}, {24 * time.Hour, 10000, 432 * time.Second}} {
		if got := Step(c.span, c.guests); got != c.want {
			t.Errorf("%v with %d guests: got steps of %v, want %v", c.span, c.guests, got, c.want)
		}
	}
}
