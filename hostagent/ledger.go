package hostagent

import (
	"encoding/hex"
	"slices"
	"sort"
	"time"

	"parley/lcc"
)

// deal is one deal as one of its ends knows it.
type deal struct {
	id       DealID
	side     Side
	state    DealState
	guest    GuestID
	name     string // the guest's
	source   HostID
	target   HostID
	token    string
	need     Resources
	endpoint string // of the target's platform, once it is armed
	reason   string
	migrated Migrated
	progress Progress

	act     ActID       // the action of a model that waits for the end; 0: none
	expires lcc.Instant // offered, armed: the end of the hold; source: of the move
	next    lcc.Instant // when to look after it again; 0: when something comes
	tries   int
	durable bool // target: that it is armed is in the journal
	moved   bool // source: Platform.Migrate returned
	orphan  bool // source: the move was begun by an earlier run of the agent
	moveErr string
	there   place // source: what the target said last
}

// place is what a platform shows of a guest.
type place string

const (
	placeUnknown  place = ""         // the platform could not be seen
	placeRunning  place = "running"  // it runs there
	placeIncoming place = "incoming" // it is on its way there
	placeAbsent   place = "absent"
)

// question is another host's question where a guest is; it is answered after
// the next look, because an older one may be wrong by now.
type question struct {
	from HostID
	deal DealID
	done bool
}

const (
	endedMax = 256 // ended deals that are remembered
	triesMax = 30  // of a question to a silent partner, RetryEvery apart
)

// journal is what the core knows of its journal: what was handed to it and
// what waits for a record to be durable.
type journal struct {
	seq     uint64
	waiting []waiting
	err     string // it takes no more records
}

type waiting struct {
	seq  uint64
	then func()
}

// write journals a deal as it stands now and goes on once that is durable.
func (c *Core) write(d *deal, then func()) {
	c.journal.seq++
	c.emit(Journal{Seq: c.journal.seq, Record: encodeRecord(d)})
	c.journal.waiting = append(c.journal.waiting, waiting{c.journal.seq, then})
}

func (c *Core) journalled(ev Journalled) {
	if ev.Err != "" {
		// Nothing that waits happens. What is under way goes on by what the
		// platforms show; new deals are refused.
		c.journal.err = ev.Err
		c.journal.waiting = nil
		for _, d := range c.sortedDeals() {
			c.journalLost(d)
		}
		return
	}
	for len(c.journal.waiting) > 0 && c.journal.waiting[0].seq <= ev.Seq {
		w := c.journal.waiting[0]
		c.journal.waiting = c.journal.waiting[1:]
		w.then()
	}
}

// journalLost gives up a deal whose move has not begun.
func (c *Core) journalLost(d *deal) {
	if d.state == Offered || d.state == Intended {
		c.end(d, Aborted, "the journal takes no records: "+c.journal.err)
	}
}

// whyNoDeal says why this host begins no deal now; "" when it may.
func (c *Core) whyNoDeal() string {
	switch {
	case c.journal.err != "":
		return "the journal takes no records: " + c.journal.err
	case !c.known():
		return "the host's load is not known" + because(c.lookErr)
	}
	return ""
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}

// act carries out an action of the vocabulary.
func (c *Core) act(ev Act) {
	name, args, _ := lcc.Name(ev.Goal)
	switch {
	case name == "reserve" && len(args) == 4:
		c.reserve(ev, args)
	case name == "release" && len(args) == 1:
		c.release(ev, args)
	case name == "migrate" && len(args) == 3:
		c.migrate(ev, args)
	default:
		c.refuse(ev.ID, "this host has no action "+name)
	}
}

func (c *Core) refuse(id ActID, why string) {
	c.emit(Answered{ID: id, Answer: lcc.Answer{Detail: why}})
}

// set moves a deal to a state and tells the story.
func (c *Core) set(d *deal, state DealState, reason string) {
	d.state, d.reason = state, reason
	c.emit(Story{
		Deal: d.id, Guest: d.guest, Name: d.name, Source: d.source, Target: d.target,
		Side: d.side, State: state, Reason: reason, Migrated: d.migrated,
	})
}

// end ends a deal: its hold is free, whoever waits for it is answered, and the
// models may find it settled. The record of an end need not be durable before
// it is told: without it the platforms are asked again.
func (c *Core) end(d *deal, state DealState, reason string) {
	if c.deals[d.id] != d {
		return
	}
	delete(c.deals, d.id)
	d.next = 0
	c.ended = append(c.ended, d)
	if len(c.ended) > endedMax {
		c.ended = slices.Delete(c.ended, 0, 1)
	}
	c.set(d, state, reason)
	c.write(d, func() {})
	if d.act != 0 {
		answer := lcc.Answer{Detail: reason}
		if state == Done {
			answer = lcc.Answer{Truth: lcc.True}
		}
		c.emit(Answered{ID: d.act, Answer: answer})
		d.act = 0
	}
	if state == Done && d.side == SourceSide {
		c.left[d.guest] = departure{c.now}
	}
	c.emit(Changed{Names: append(loadNames(), "settled")})
}

func (c *Core) dealOf(guest GuestID) *deal {
	for _, d := range c.deals {
		if d.guest == guest {
			return d // there is one at most
		}
	}
	return nil
}

func (c *Core) endedDeal(id DealID) *deal {
	for i := len(c.ended) - 1; i >= 0; i-- {
		if c.ended[i].id == id {
			return c.ended[i]
		}
	}
	return nil
}

func (c *Core) count(side Side) (n int) {
	for _, d := range c.deals {
		if d.side == side {
			n++
		}
	}
	return n
}

func (c *Core) sortedDeals() []*deal {
	list := make([]*deal, 0, len(c.deals))
	for _, d := range c.deals {
		list = append(list, d)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].id < list[j].id })
	return list
}

// random returns n bytes of chance, in hexadecimal.
func (c *Core) random(n int) string {
	bytes := make([]byte, n)
	// ChaCha8.Read never fails.
	_, _ = c.chance.Read(bytes)
	return hex.EncodeToString(bytes)
}

// woken looks after every deal whose time has come.
func (c *Core) woken() {
	for _, d := range c.sortedDeals() {
		if d.next == 0 || d.next > c.now {
			continue
		}
		if d.side == SourceSide {
			c.tendSource(d)
		} else {
			c.tendTarget(d)
		}
	}
}

// look goes through the deals after a look at the platform.
func (c *Core) look() {
	for _, q := range c.asking {
		c.answerWhere(q)
	}
	c.asking = nil
	for _, d := range c.sortedDeals() {
		if d.side == SourceSide {
			c.sourceLooked(d)
		} else {
			c.targetLooked(d)
		}
	}
}

// askAgain tries at once what waits for a host that can be reached again.
func (c *Core) askAgain(host HostID) {
	for _, d := range c.sortedDeals() {
		if d.next != 0 && (d.source == host || d.target == host) && d.state != Offered {
			d.next = c.now
		}
	}
	c.woken()
}

// place says where the latest look showed a guest.
func (c *Core) place(guest GuestID) place {
	if !c.seen {
		return placeUnknown
	}
	t := c.guests[guest]
	switch {
	case t == nil:
		return placeAbsent
	case t.guest.State == Incoming:
		return placeIncoming
	}
	return placeRunning
}

func (c *Core) later(d *deal, after time.Duration) { d.next = c.after(after) }
