package chain

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"parley/models/publish/bundle"
)

// This file has a network of followers with disks: messages are lost, doubled and
// overtake each other, agents crash between any two effects, disks fail, and one
// listed peer lies. What must hold is checked after every effect.

// network is the world of one run.
type network struct {
	t         *rapid.T
	now       time.Time
	publisher *publisher
	chain     []bundle.Signed     // what the publisher has published
	releases  []bundle.Release    // the same
	policies  []map[string][]byte // content digests by name, of each release
	hosts     []*testHost
	mail      []letter
	evil      evil
	quiet     bool // no faults any more
	firstRoot bundle.Root
	forked    bool // the publisher has signed two histories
	pulls     int
}

// letter is an event under way to a host; from "" is local, and never lost.
type letter struct {
	from, to    string
	incarnation int
	ev          Event
}

// testHost is a driver, modelled.
type testHost struct {
	id          string
	side        int // of a partition
	incarnation int // which run of its agent
	up          bool
	f           *Follower
	pin         bundle.Anchor

	local []Event // answers that come for sure, in order
	alarm time.Time

	// The disk.
	state    []byte
	releases map[uint64]bundle.Signed
	objects  map[bundle.Digest][]byte

	// What the driver was told, and what it can see of promises kept.
	keeping, switching bool
	pulling            map[string]bool
	enacted            []bundle.Policy
	held               string
	roster             int // the release of the roster in force
	version            uint64
}

const evilID = "evil"

func newNetwork(t *rapid.T, hosts int, quiet bool) *network {
	n := &network{t: t, quiet: quiet, now: time.Unix(1_800_000_000, 0).UTC()}
	n.publisher = newPublisher(t, "north", 3, 2, 1)
	n.evil = newEvil(n)
	n.publisher.root.Beats = []bundle.Key{{Name: "beat", Public: n.evil.beat.Public()}}
	n.firstRoot = n.publisher.root
	for i := range hosts {
		h := &testHost{id: fmt.Sprintf("h%d", i), pin: n.publisher.anchor(), releases: map[uint64]bundle.Signed{},
			objects: map[bundle.Digest][]byte{}}
		n.hosts = append(n.hosts, h)
		n.start(h)
	}
	return n
}

// fail ends the run with what must not happen.
func (n *network) fail(format string, args ...any) { n.t.Helper(); n.t.Fatalf(format, args...) }

func (n *network) start(h *testHost) {
	h.incarnation++
	h.up, h.local, h.alarm = true, nil, time.Time{}
	h.keeping, h.switching, h.pulling = false, false, map[string]bool{}
	h.enacted, h.held = nil, ""
	f, err := New(Options{Anchor: h.pin, Self: h.id, Seed: [32]byte{byte(h.incarnation), h.id[1]}, Verify: verify, Sign: signAs(h.id)})
	if err != nil {
		n.fail("%v", err)
	}
	h.f = f
	n.step(h, Started{State: h.state, Object: func(d bundle.Digest) ([]byte, bool) { data, ok := h.objects[d]; return data, ok }})
	n.step(h, Peers{n.peersOf(h)})
}

func (n *network) peersOf(h *testHost) (ids []string) {
	for _, other := range n.hosts {
		if other != h && other.up && other.side == h.side {
			ids = append(ids, other.id)
		}
	}
	return append(ids, evilID)
}

// meet tells every host whom it can reach now.
func (n *network) meet() {
	for _, h := range n.hosts {
		if h.up {
			n.step(h, Peers{n.peersOf(h)})
		}
	}
}

// step hands an event to a host and carries out what comes of it, unless the agent
// dies on the way.
func (n *network) step(h *testHost, ev Event) {
	effects, err := h.f.Step(n.now, ev)
	if err != nil {
		n.fail("%s: %T: %v", h.id, ev, err)
	}
	dies := len(effects) + 1
	if !n.quiet && len(effects) > 0 && rapid.IntRange(0, 60).Draw(n.t, "dies") == 0 {
		dies = rapid.IntRange(0, len(effects)).Draw(n.t, "at")
	}
	for i, e := range effects {
		if i == dies {
			break
		}
		n.carryOut(h, e, i+1 == dies)
	}
	if dies <= len(effects) {
		h.up = false
		return
	}
	n.check(h)
}

// carryOut does what a driver does. With half, it dies in the middle of it.
func (n *network) carryOut(h *testHost, e Effect, half bool) {
	switch e := e.(type) {
	case Pull:
		n.pulls++
		if len(h.pulling) > 0 && !n.timedOut(h) {
			n.fail("%s asks two peers for releases at one time", h.id)
		}
		h.pulling = map[string]bool{e.From: true}
		n.ask(h, e.From, e)
	case Fetch:
		n.ask(h, e.From, e)
	case Objects:
		h.objects[e.Digest] = e.Data
	case Keep:
		n.keep(h, e, half)
	case Roster:
		n.inForce(h, e.Roster)
	case Check:
		h.local = append(h.local, Checked{Policy: e.Policy.Name, Digest: e.Policy.Digest()})
	case Switch:
		n.switchTo(h, e)
	case Hold:
		h.held = e.Why
	case Spread:
		n.gossip(h.id, h.side, e.Notice)
	case Blame:
		if e.From != evilID {
			n.fail("%s blames %s, which is honest: %s", h.id, e.From, e.Code)
		}
	case Alarm:
		if !e.At.IsZero() && !e.At.After(n.now) {
			n.fail("%s wants to be woken at %v, and it is %v", h.id, e.At, n.now)
		}
		h.alarm = e.At
	}
}

// timedOut: the follower gives a question up by itself.
func (n *network) timedOut(h *testHost) bool {
	return h.f.pulls.pull.until.Equal(n.now.Add(answerAfter))
}

func (n *network) keep(h *testHost, e Keep, half bool) {
	if h.keeping {
		n.fail("%s keeps two things at one time", h.id)
	}
	h.keeping = true
	fails := !n.quiet && rapid.IntRange(0, 15).Draw(n.t, "disk fails") == 0
	if e.Release != nil && (!fails || rapid.Bool().Draw(n.t, "after the release")) {
		h.releases[e.Version] = *e.Release
	}
	switch {
	case half:
	case fails:
		h.local = append(h.local, Kept{Err: "the disk is full"})
	default:
		h.state = e.State
		h.local = append(h.local, Kept{})
	}
}

// inForce: a roster is that of a release which was published, and no older one than
// the last.
func (n *network) inForce(h *testHost, r bundle.Roster) {
	if n.forked {
		return
	}
	digest := bundle.DigestOf(r.Encode())
	i := -1
	for at, release := range n.releases {
		if release.Roster.Digest == digest {
			i = at
		}
	}
	if i < 0 || i < h.roster {
		n.fail("%s has the roster of release %d in force, and had that of %d", h.id, i+1, h.roster+1)
	}
	h.roster = i
}

// switchTo: every policy is one that was published, with all of its files.
func (n *network) switchTo(h *testHost, e Switch) {
	if h.switching {
		n.fail("%s switches twice at one time", h.id)
	}
	for _, text := range e.Policies {
		p := text.Policy
		content := p.Content()
		if !n.forked && !slices.ContainsFunc(n.policies, func(of map[string][]byte) bool { return bytes.Equal(of[p.Name], content[:]) }) {
			n.fail("%s switches to a policy %s that was never published", h.id, p.Name)
		}
		for _, f := range p.Files {
			if f.Ref().Check(text.Files[f.Path]) != nil {
				n.fail("%s switches to a policy without its files", h.id)
			}
		}
	}
	h.switching = true
	if !n.quiet && rapid.IntRange(0, 10).Draw(n.t, "the switch fails") == 0 {
		h.local = append(h.local, Switched{Err: "the peer is stuck"})
		return
	}
	h.enacted = nil
	for _, text := range e.Policies {
		h.enacted = append(h.enacted, text.Policy)
	}
	h.local = append(h.local, Switched{})
}

// check holds what must be so at any moment.
func (n *network) check(h *testHost) {
	version, digest := h.f.Position()
	if version < h.version {
		n.fail("%s went back from release %d to %d", h.id, h.version, version)
	}
	h.version = version
	if n.forked {
		return
	}
	if version > uint64(len(n.chain)) || version > 0 && n.chain[version-1].Digest() != digest {
		n.fail("%s has in force what the publisher has not signed, as release %d", h.id, version)
	}
	if s := h.f.Status(); s.Alarm != "" || strings.Contains(s.Error, "damaged") {
		n.fail("%s raises an alarm without need: %s%s", h.id, s.Alarm, s.Error)
	}
	for v := h.pin.Version + 1; v <= version; v++ {
		if _, ok := h.releases[v]; !ok {
			n.fail("%s is at release %d, and its disk lacks release %d", h.id, version, v)
		}
	}
	if len(h.f.objects.fetches) > fetchesMost || len(h.f.intake.queue) > archiveMost || len(h.f.state.Halts) > haltsMost ||
		len(h.f.peers.known) > peersMost || len(h.f.pulls.asks) > asksMost {
		n.fail("%s holds more than it may", h.id)
	}
}

// gossip sends a notice to all on one side.
func (n *network) gossip(from string, side int, notice bundle.Notice) {
	for _, h := range n.hosts {
		if h.id == from || h.side != side && from != evilID {
			continue
		}
		again, err := bundle.DecodeNotice(notice.Encode())
		if err != nil {
			n.fail("a notice of %s cannot be read: %v", from, err)
		}
		switch {
		case again.Heartbeat != nil:
			n.post(from, h, Beat{from, *again.Heartbeat})
		case again.Halt != nil:
			n.post(from, h, Halted{from, *again.Halt})
		default:
			s, err := bundle.DecodeSigned(again.Head)
			if err != nil {
				n.fail("a head of %s cannot be read: %v", from, err)
			}
			n.post(from, h, Heard{from, s})
		}
	}
}

func (n *network) post(from string, to *testHost, ev Event) {
	n.mail = append(n.mail, letter{from, to.id, to.incarnation, ev})
}

// ask has a peer answer a question, if it can be reached.
func (n *network) ask(h *testHost, to string, question Effect) {
	if to == evilID {
		n.evil.answer(h, question)
		return
	}
	other := n.host(to)
	reachable := other.up && other.side == h.side
	switch q := question.(type) {
	case Pull:
		ev := Pulled{From: to, Err: "unreachable"}
		if reachable {
			ev = Pulled{From: to, Releases: other.after(q.After)}
		}
		n.post(to, h, ev)
	case Fetch:
		data, ok := other.objects[q.Ref.Digest]
		ev := Fetched{From: to, Digest: q.Ref.Digest, Data: data}
		if !reachable || !ok {
			ev = Fetched{From: to, Digest: q.Ref.Digest, Err: "no such object"}
		}
		n.post(to, h, ev)
	}
}

// after are the releases on a disk that follow a version.
func (h *testHost) after(version uint64) (list []bundle.Signed) {
	at, _ := h.f.Position()
	for v := version + 1; v <= at && len(list) < 5; v++ {
		s, ok := h.releases[v]
		if !ok {
			break
		}
		list = append(list, s)
	}
	return list
}

func (n *network) host(id string) *testHost {
	i := slices.IndexFunc(n.hosts, func(h *testHost) bool { return h.id == id })
	return n.hosts[i]
}

// deliver hands the i-th letter over.
func (n *network) deliver(i int) {
	l := n.mail[i]
	n.mail = slices.Delete(n.mail, i, i+1)
	h := n.host(l.to)
	if !h.up || l.from != evilID && n.host(l.from).side != h.side {
		return
	}
	if l.incarnation != h.incarnation {
		switch l.ev.(type) {
		case Pulled, Fetched:
			return // answers of a connection that is gone
		}
	}
	if p, ok := l.ev.(Pulled); ok {
		delete(h.pulling, p.From)
	}
	n.step(h, l.ev)
}

// local hands a host the first of its own answers.
func (n *network) local(h *testHost) {
	if !h.up || len(h.local) == 0 {
		return
	}
	ev := h.local[0]
	h.local = h.local[1:]
	switch ev.(type) {
	case Kept:
		h.keeping = false
	case Switched:
		h.switching = false
	}
	n.step(h, ev)
}

// pass lets time pass; alarms ring on the way.
func (n *network) pass(d time.Duration) {
	end := n.now.Add(d)
	for rings := 0; ; rings++ {
		h := n.nextAlarm()
		if h == nil || h.alarm.After(end) {
			break
		}
		if rings > 100_000 {
			n.fail("%s rings its alarm for ever", h.id)
		}
		if h.alarm.After(n.now) {
			n.now = h.alarm
		}
		h.alarm = time.Time{}
		n.step(h, Woken{})
		if n.quiet {
			n.settle()
		}
	}
	n.now = end
}

func (n *network) nextAlarm() (first *testHost) {
	for _, h := range n.hosts {
		if h.up && !h.alarm.IsZero() && (first == nil || h.alarm.Before(first.alarm)) {
			first = h
		}
	}
	return first
}

// settle delivers all there is.
func (n *network) settle() {
	for {
		switch {
		case slices.ContainsFunc(n.hosts, func(h *testHost) bool { return h.up && len(h.local) > 0 }):
			for _, h := range n.hosts {
				n.local(h)
			}
		case len(n.mail) > 0:
			n.deliver(0)
		default:
			return
		}
	}
}

// publish makes the next release and hands it to a host, as its operator would.
func (n *network) publish(h *testHost, r bundle.Release, keys ...bundle.Private) {
	s := sign(n.t, r, keys...)
	n.chain, n.releases = append(n.chain, s), append(n.releases, r)
	contents := map[string][]byte{}
	for _, p := range r.Policies {
		content := p.Content()
		contents[p.Name] = content[:]
	}
	n.policies = append(n.policies, contents)
	n.handIn(h)
}

// handIn has an operator hand a host all there is.
func (n *network) handIn(h *testHost) {
	n.step(h, Handed{Releases: n.chain, Objects: n.publisher.objects})
}

// draft is a next release that makes sense.
func (n *network) draft() bundle.Release {
	at := n.publisher.anchor()
	if len(n.chain) > 0 {
		at.Version, at.Digest = uint64(len(n.chain)), n.chain[len(n.chain)-1].Digest()
	}
	r := n.publisher.release(at, n.now)
	hosts := []string{evilID}
	for _, h := range n.hosts {
		hosts = append(hosts, h.id)
	}
	// Each roster is another one, so that it can be told of which release it is.
	r.Roster = n.publisher.rosterOf(append(hosts, fmt.Sprintf("x%d", r.Version))...)
	r.StaleAfter = 3600
	for _, name := range []string{"balance", "power"} {
		if text := rapid.IntRange(0, 4).Draw(n.t, name); text > 0 {
			p := bundle.Policy{Name: name, Files: []bundle.Entry{n.publisher.file(name+".lcc", fmt.Sprint(name, text))},
				Guard: bundle.Guard{Hosts: 2}}
			if rapid.Bool().Draw(n.t, "canary") {
				p.Canary = []bundle.Stage{{Share: 0.5, Seconds: 300}}
			}
			r.Policies = append(r.Policies, p)
		}
	}
	return r
}
