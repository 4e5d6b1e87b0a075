package lcc

import (
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"parley/lcc/vocabulary"
)

// TestStories runs the stories in testdata/stories: engines of several peers in one
// world of virtual time, with every effect printed. `go test ./lcc -rewrite` writes the
// results into the files for review.
func TestStories(t *testing.T) {
	datadriven.Walk(t, "testdata/stories", func(t *testing.T, path string) {
		w := &storyWorld{peers: map[PeerID]*storyPeer{}}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			w.out.Reset()
			if err := w.command(d); err != nil {
				fmt.Fprintf(&w.out, "error: %v\n", err)
			}
			return w.out.String()
		})
	})
}

// TestRulesHaveStories checks the table of testdata/README.md: each rule of the
// language has a story, and one for its edge case where the table says so.
func TestRulesHaveStories(t *testing.T) {
	table, err := os.ReadFile("testdata/README.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[int]int{}
	for _, line := range strings.Split(string(table), "\n") {
		cells := strings.Split(line, " | ")
		var rule int
		if _, err := fmt.Sscanf(line, "| %d ", &rule); err != nil || len(cells) != 3 {
			continue
		}
		path := cells[1]
		if strings.HasPrefix(path, "stories/") {
			path = "testdata/" + path
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
			continue
		}
		quoted, err := strconv.Unquote(strings.TrimSuffix(cells[2], " |"))
		if err != nil || !strings.Contains(string(text), quoted) {
			t.Errorf("rule %d: %s does not hold %s", rule, path, cells[2])
			continue
		}
		shown[rule]++
	}
	for rule := 1; rule <= 13; rule++ {
		if shown[rule] < 2 {
			t.Errorf("rule %d: got %d stories, want two or more", rule, shown[rule])
		}
	}
}

// storyWorld is the driver of the stories: the network, the clock, and the knowledge of
// each peer's host.
type storyWorld struct {
	out        strings.Builder
	now        Instant
	model      *Model
	vocabulary vocabulary.Set
	limits     Limits
	refuse     []string
	peers      map[PeerID]*storyPeer
	order      []*storyPeer // by id
	net        []parcel     // in flight, in order
	dead       map[PeerID]bool
}

// parcel is a message in flight to a peer, or the notice that one was lost.
type parcel struct {
	to      PeerID
	message *Message
	lost    Undelivered
}

type storyPeer struct {
	id       PeerID
	engine   *Engine
	world    *storyWorld
	facts    map[key][]Term
	later    map[key]bool
	roles    []Term
	alarm    Instant
	requests []RequestID
	silent   bool // do not print its steps
}

func (p *storyPeer) Ask(goal Term) (Answer, bool) {
	name, args, _ := Name(goal)
	k := key{name, len(args)}
	if p.later[k] {
		return Answer{Truth: Later}, true
	}
	facts, known := p.facts[k]
	answer := Answer{}
	for _, fact := range facts {
		answer.Truth = True
		if _, args, _ := Name(fact); len(args) > 0 {
			answer.Solutions = append(answer.Solutions, args)
		}
	}
	return answer, known
}

func (p *storyPeer) Players(_ Digest, role Term) (players []Player, truth Truth) {
	wanted, _, _ := Name(role)
	for _, other := range p.world.order {
		for _, plays := range other.roles {
			if name, _, _ := Name(plays); name == wanted && other != p {
				players = append(players, Player{Peer: other.id, Role: plays})
			}
		}
	}
	return players, True
}

// deliver delivers at most most parcels.
func (w *storyWorld) deliver(most int) {
	for ; most > 0 && len(w.net) > 0; most-- {
		p := w.net[0]
		w.net = w.net[1:]
		to := w.peers[p.to]
		switch {
		case p.message == nil:
			w.step(to, p.lost)
		case to == nil || w.dead[p.to]:
			w.back(*p.message, Reason{Code: ReasonUnreachable})
		default:
			w.step(to, Received{Message: *p.message})
		}
	}
}

// back tells the sender of a message that it was not delivered.
func (w *storyWorld) back(m Message, reason Reason) {
	w.net = append(w.net, parcel{to: m.From.Peer, lost: Undelivered{Message: m.ID, To: m.To.Peer, Reason: reason}})
}

func (w *storyWorld) advance(delay time.Duration) {
	w.now += Instant(delay)
	for _, p := range w.order {
		if p.alarm != 0 && p.alarm <= w.now {
			p.alarm = 0
			w.step(p, Woken{})
		}
	}
}

// step passes an event to a peer's engine, and prints and carries out the effects.
func (w *storyWorld) step(p *storyPeer, ev Event) {
	effects, err := p.engine.Step(w.now, ev)
	if err != nil {
		fmt.Fprintf(&w.out, "%s: error: %v\n", p.id, err)
		return
	}
	changed := false
	for _, effect := range effects {
		if !p.silent {
			fmt.Fprintf(&w.out, "%s: %s\n", p.id, describe(effect))
		}
		switch effect := effect.(type) {
		case Send:
			w.net = append(w.net, parcel{to: effect.Message.To.Peer, message: &effect.Message})
		case Bounce:
			w.net = append(w.net, parcel{to: effect.Message.Peer, lost: Undelivered{Message: effect.Message, To: p.id, Reason: effect.Reason}})
		case Solve:
			p.requests = append(p.requests, effect.Request)
		case Alarm:
			p.alarm = effect.At
		case Advertise:
			p.roles = effect.Roles
			changed = true
		}
	}
	if changed {
		w.players(p)
	}
}

// players tells the other peers that the roles of a peer changed.
func (w *storyWorld) players(changed *storyPeer) {
	for _, other := range w.order {
		if other != changed {
			w.step(other, Changed{Names: []string{"player"}})
		}
	}
}

// describe formats an effect on one line.
func describe(effect Effect) string {
	switch e := effect.(type) {
	case Send:
		m := e.Message
		return fmt.Sprintf("send %s from a(%s) to a(%s, %s) [%s]", m.Body, m.From.Role, m.To.Role, party(m.To), m.Conversation)
	case Deliver:
		return fmt.Sprintf("agent %d takes %s", e.Agent, e.Message)
	case Bounce:
		return fmt.Sprintf("bounce %s: %s", e.Message, e.Reason)
	case Solve:
		return fmt.Sprintf("agent %d asks for %s", e.Agent, e.Goal)
	case Alarm:
		if e.At == 0 {
			return "no alarm"
		}
		return fmt.Sprintf("alarm at %v", time.Duration(e.At))
	case Advertise:
		return fmt.Sprintf("plays %v", e.Roles)
	case Finish:
		return fmt.Sprintf("agent %d (%s) ends: %s", e.Agent, e.Role, e.Reason)
	case Record:
		text := fmt.Sprintf("| %s: %s", e.Role, e.Kind)
		if e.Term != nil {
			text += " " + e.Term.String()
		}
		if e.Peer != "" {
			text += " with " + string(e.Peer)
		}
		return text
	}
	return fmt.Sprintf("%T", effect)
}

func party(p Party) string {
	if p.Agent == 0 {
		return string(p.Peer)
	}
	return fmt.Sprintf("%s/%d", p.Peer, p.Agent)
}

func (w *storyWorld) newPeer(id PeerID, records bool) error {
	p := &storyPeer{id: id, world: w, facts: map[key][]Term{}, later: map[key]bool{}}
	engine, err := New(w.model, Options{Self: id, World: p, Limits: w.limits, Records: records, Refuse: w.refuse})
	if err != nil {
		return err
	}
	p.engine = engine
	w.peers[id] = p
	w.order = append(w.order, p)
	sort.Slice(w.order, func(i, j int) bool { return w.order[i].id < w.order[j].id })
	return nil
}
