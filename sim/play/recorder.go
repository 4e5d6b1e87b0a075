package play

import (
	"hash/fnv"
	"time"

	"parley/hostagent"
	"parley/hostagent/audit"
	"parley/hostagent/recall"
	"parley/hostagent/site"
	"parley/lcc"
	"parley/sim"
)

// Begin is when every recorded run begins, so that the time of day is the time since then.
var Begin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Recorder records a run: it is a sim.Witness.
type Recorder struct {
	step  time.Duration
	hosts []*hostTrack
	named map[string]*hostTrack
	deals []*dealTrack
	said  int           // messages that are kept
	lost  time.Duration // when the first one was not; 0: all are kept
}

// NewRecorder makes a recorder that keeps the loads as often as step says.
func NewRecorder(step time.Duration) *Recorder {
	return &Recorder{step: step, named: map[string]*hostTrack{}}
}

// valuesMost is about how many loads of guests a recording has at most.
const valuesMost = 2_000_000

// Step is how often the loads of a run of this size are kept.
func Step(span time.Duration, guests int) time.Duration {
	return max(site.PastStep, (span * time.Duration(guests) / valuesMost).Round(time.Second))
}

// hostTrack is what a host showed over time.
type hostTrack struct {
	name   string
	labels []string
	points []hostPoint
	guests []*guestTrack
	of     map[hostagent.GuestID]*guestTrack
	kept   time.Duration // when the loads were kept last
	shape  uint64        // of the last look

	mentions recall.Mentions
	origins  recall.Origins
	open     map[string]*dealTrack // that are not complete yet, by side and id
	done     map[string]*dealTrack // whose guest has moved, by side and id
	said     []message
}

// message is a message of a model that a host sent or received.
type message struct {
	recall.Mention
	carried site.Messages
}

// saidMost bounds the messages of a recording.
const saidMost = 200_000

// hostPoint is a host from a time on.
type hostPoint struct {
	at              time.Duration
	up              bool // its agent runs
	known           bool
	drained, paused bool
	cpu, memory     float32 // shares
	cores           float64
	bytes           int64
	reserved        hostagent.Resources
}

// guestTrack is a guest on a host over time.
type guestTrack struct {
	guest  site.Guest // what does not change
	points []guestPoint
}

// guestPoint is a guest on a host from a time on.
type guestPoint struct {
	at    time.Duration
	state hostagent.GuestState // "": it is not there
	pin   bool
	cpu   float32
	stays string
}

// dealTrack is a deal as one of its ends sees it, over time.
type dealTrack struct {
	host   string
	states []site.Deal // each from its At on
	begin  recall.Origin
	ended  time.Duration // 0: it is in flight
	talk   []site.Line
	// learned is what was measured after the move, each from its time on.
	learned []outcome
}

// outcome is what is known from a time on of what a move has brought.
type outcome struct {
	at     time.Time
	sequel *audit.Sequel
}

func (r *Recorder) host(h *sim.SiteHost) *hostTrack {
	t := r.named[h.Name]
	if t == nil {
		t = &hostTrack{
			name: h.Name, labels: h.Labels, of: map[hostagent.GuestID]*guestTrack{}, open: map[string]*dealTrack{}, done: map[string]*dealTrack{},
		}
		r.named[h.Name] = t
		r.hosts = append(r.hosts, t)
	}
	return t
}

// Began notes that the agent of a host has begun.
func (r *Recorder) Began(h *sim.SiteHost, at time.Duration) {
	t := r.host(h)
	t.shape = 0 // its next look is kept
	t.points = append(t.points, hostPoint{at: at, up: true})
}

// Ended notes that the agent of a host has ended: what the models said is lost with it.
func (r *Recorder) Ended(h *sim.SiteHost, at time.Duration) {
	t := r.host(h)
	t.complete(at, true)
	t.points = append(t.points, hostPoint{at: at})
	t.mentions = recall.Mentions{}
}

// Said notes what a model of a host did.
func (r *Recorder) Said(h *sim.SiteHost, at time.Duration, record lcc.Record) {
	one, ok := recall.Mentioned(record, Begin.Add(at))
	if !ok {
		return
	}
	t := r.host(h)
	t.mentions.Add(one)
	switch {
	case one.Peer == "":
	case r.said < saidMost:
		r.said++
		t.said = append(t.said, message{one, site.Carried(one.Term)})
	case r.lost == 0:
		r.lost = at
	}
}

// Looked notes what an agent knows of its host after a look.
func (r *Recorder) Looked(h *sim.SiteHost, at time.Duration, s hostagent.Status) {
	t := r.host(h)
	t.origins.Looked(s)
	t.complete(at, false)
	if shape := shapeOf(s); shape == t.shape && at-t.kept < r.step {
		return
	} else {
		t.shape, t.kept = shape, at
	}
	t.points = append(t.points, hostPoint{
		at: at, up: true, known: s.Known, drained: s.Settings.Drained, paused: s.Settings.Paused, cpu: float32(s.CPU),
		memory: float32(s.Memory), cores: s.Capacity.CPU, bytes: s.Capacity.MemoryBytes, reserved: s.Reserved,
	})
	there := map[hostagent.GuestID]bool{}
	for _, g := range s.Guests {
		there[g.ID] = true
		t.guest(g).add(guestPoint{at: at, state: g.State, pin: g.Rules.Pinned, cpu: float32(g.CPU), stays: g.Unmoved.Detail})
	}
	for id, g := range t.of {
		if !there[id] {
			g.add(guestPoint{at: at})
		}
	}
}

// shapeOf differs between looks that show other guests or other settings: what is in
// between two kept looks is not lost then.
func shapeOf(s hostagent.Status) uint64 {
	sum := fnv.New64a()
	add := func(text string) { _, _ = sum.Write(append([]byte(text), 0)) } // a hash takes everything
	for _, g := range s.Guests {
		add(string(g.ID))
		add(string(g.State))
	}
	for _, flag := range []bool{s.Known, s.Settings.Drained, s.Settings.Paused} {
		add(map[bool]string{true: "yes", false: "no"}[flag])
	}
	return sum.Sum64()
}

func (t *hostTrack) guest(g hostagent.GuestStatus) *guestTrack {
	track := t.of[g.ID]
	if track == nil {
		track = &guestTrack{guest: site.Guest{
			ID: string(g.ID), Name: g.Name, Kind: string(g.Kind.Known()), Memory: g.Declared.MemoryBytes, Processors: g.Declared.CPU,
			Priority: g.Rules.Priority,
		}}
		t.of[g.ID] = track
		t.guests = append(t.guests, track)
	}
	return track
}

// add adds a point, unless it says what the last one says.
func (t *guestTrack) add(p guestPoint) {
	last := guestPoint{}
	if n := len(t.points); n > 0 {
		last = t.points[n-1]
	}
	if last.at = p.at; last != p {
		t.points = append(t.points, p)
	}
}

// Dealt notes a change of a deal at one of its ends.
func (r *Recorder) Dealt(h *sim.SiteHost, at time.Duration, change hostagent.DealChanged) {
	t, key, now := r.host(h), keyOf(change), Begin.Add(at)
	one := t.open[key]
	if one == nil {
		t.origins.Note(change, t.mentions.Asker(lcc.PeerID(h.Name), change, now), now)
		one = &dealTrack{host: h.Name, begin: t.origins.Of(string(change.Deal), string(change.Side))}
		t.open[key] = one
		r.deals = append(r.deals, one)
	}
	one.states = append(one.states, dealOf(change, now, one.begin))
	if change.State.Ended() {
		one.ended = at
	}
	if change.State == hostagent.Done {
		t.done[key] = one
	}
}

// Measured notes what a move has brought, as one of its ends knows it.
func (r *Recorder) Measured(h *sim.SiteHost, at time.Duration, deal hostagent.DealMeasured) {
	if one := r.host(h).done[keyOf(deal.DealChanged)]; one != nil {
		one.learned = append(one.learned, outcome{Begin.Add(at), recall.Sequel(deal.DealChanged)})
	}
}

func keyOf(change hostagent.DealChanged) string { return string(change.Side) + string(change.Deal) }

// last is the latest state of a deal.
func (t *dealTrack) last() site.Deal { return t.states[len(t.states)-1] }

// came says whether something came of a deal: what a host answers to a policy that only asks
// is no move.
func (t *dealTrack) came() bool {
	d := t.last()
	asked := d.State == string(hostagent.Refused) && !d.Operator && !d.Drain
	return !asked && d.State != string(hostagent.Withdrawn)
}

// complete keeps what the models of a host said about its deals that have ended some time
// ago, or about all of them.
func (t *hostTrack) complete(at time.Duration, all bool) {
	for key, one := range t.open {
		if !all && (one.ended == 0 || at < one.ended+recall.TalkAfter) {
			continue
		}
		until := time.Time{}
		if one.ended != 0 {
			until = Begin.Add(one.ended)
			delete(t.open, key)
		}
		if one.came() {
			one.talk = append(one.talk, t.mentions.Talk(one.last(), until, asTheyAre)...)
		}
	}
}

func dealOf(c hostagent.DealChanged, at time.Time, begin recall.Origin) site.Deal {
	d := site.Deal{
		Deal: string(c.Deal), Guest: string(c.Guest), Name: c.Name, Kind: string(c.Kind), Source: string(c.Source), Target: string(c.Target),
		Side: string(c.Side), State: string(c.State), Reason: c.Reason, Code: string(c.Code), Operator: c.Operator, Drain: c.Drain, At: at,
		Total: c.Migrated.Total, Downtime: c.Migrated.Downtime, NeedCPU: c.Need.CPU, NeedMemory: c.Need.MemoryBytes, Begin: begin.Begin(),
		Load: c.Load, Prospect: audit.Prospect{Sequel: recall.Sequel(c)},
	}
	if c.Price != nil {
		d.ExpectedTotal, d.ExpectedDowntime = c.Price.Total, c.Price.Downtime
	}
	return d
}
