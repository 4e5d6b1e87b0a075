package lcc

import (
	"slices"

	"parley/lcc/syntax"
)

// agent is a running role: threads (more than one only under par), a mailbox,
// what it remembers, and what became of its partners.
type agent struct {
	id         AgentID
	started    Term   // the role it was started in
	by         PeerID // the peer whose message began it; "" when the driver did
	threads    []*thread
	mail       []*mail
	memory     memory
	links      []link
	failures   []failure
	seq        uint64         // of the last message sent
	convs      uint64         // conversations begun
	joined     ConversationID // of the message that began it
	deps       []string       // predicates that its last look used, sorted
	indexed    []string       // the deps under which the engine knows it
	wake       Instant        // earliest timeout that its last look wants; 0: none
	alarmAt    int            // its place in the engine's alarms, from 1; 0: none
	told       counted
	held       int     // term cells it may hold; never too low
	space      *space  // where it stands
	acting     Instant // when all its actions so far are earned back
	cause      PeerID  // whose message it took last, or tries; "" once time has moved it
	moved      bool    // something has happened in it
	unrecorded bool    // its entry into its first role has no Record yet
	dirty      bool
	over       bool
	awaited    bool // it ended while an action of it was under way
}

// thread is one line of execution: the place that is current, and how it got
// there.
type thread struct {
	point
	scope   *scope
	since   Instant // when the node became current
	wake    Instant // earliest timeout that the last look wants; 0: none
	pending *pendingAction
	entered []entry // roles entered since the thread last made progress
	offered []Term  // roles looked into by the last look, and not entered
	refused []Term  // actions that were not achieved since something changed
	parked  bool    // only progress counts until something changes
	unsure  bool    // the last look met an answer that is not known yet
}

// scope is a role being played; outer is the role within which it was entered.
type scope struct {
	role   Term
	clause *clause
	outer  *scope
	end    cont             // what comes when the role ends
	pos    *syntax.Position // of the event that entered it, or of its clause
	depth  int32            // how many roles it is within
	// ground says that role never changes any more. A role entered with an
	// unbound argument gets it bound while it is played, as a result.
	ground bool
}

// point is where a thread is, or goes on: at a node of a clause, and next where
// the clause ends. A nil node is the end itself.
type point struct {
	node  *node
	frame *frame
	next  *cont
}

// cont is what follows the end of a clause, or of a branch of a par; one of
// leave and join says which.
type cont struct {
	point        // to go on at
	leave *scope // the end of a role's clause: back to its outer role
	join  *join  // the end of a branch of a par
}

// join waits for the branches of a par. The last branch to end carries on.
type join struct{ remaining int }

// pendingAction is an event whose constraint waits for an action.
type pendingAction struct {
	request RequestID
	solver  *solver
	try     attempt
}

// entry remembers a role that was entered, and when, for parking.
type entry struct {
	role  Term
	after point
	since Instant
}

// mail is a message in a mailbox, with the names that are looked at first.
type mail struct {
	message Message
	role    string // the role it is for
	from    string // the sender's role
	args    []Term // of the sender's role
	cells   int    // of the message, charged to the agent that takes it
	held    bool   // an event that waits for an action has it
}

// failure is what failed(Peer, Reason) finds.
type failure struct {
	peer   PeerID
	reason ReasonCode
}

// depend notes that the look under way used a predicate's answer.
func (a *agent) depend(name string) {
	at, found := slices.BinarySearch(a.deps, name)
	if !found {
		a.deps = slices.Insert(a.deps, at, name)
	}
}

func (t *thread) wakeAt(at Instant) {
	if t.wake == 0 || at < t.wake {
		t.wake = at
	}
}

// retryAll has the thread look again at what it had given up: what it entered
// without progress (but for the role it is in, whose timeouts go on) and what
// was refused.
func (t *thread) retryAll() {
	t.parked, t.refused = false, nil
	if len(t.entered) == 0 || t.scope == nil {
		return
	}
	t.entered = slices.DeleteFunc(t.entered, func(e entry) bool {
		return e.after != t.scope.end.point || !Equal(e.role, t.scope.role)
	})
}

func (t *thread) entry(role Term, after point) *entry {
	for i := range t.entered {
		if e := &t.entered[i]; e.after == after && Equal(e.role, role) {
			return e
		}
	}
	return nil
}

// plays says whether the agent plays a role of this name, in any thread, or
// would begin it with the right message.
func (a *agent) plays(name string) bool {
	for _, t := range a.threads {
		for s := t.scope; s != nil; s = s.outer {
			if s.clause.role == name {
				return true
			}
		}
		for _, role := range t.offered {
			if functor, _, _ := Name(role); functor == name {
				return true
			}
		}
	}
	return false
}

// roles appends the roles that the agent plays now and that have no unbound
// argument.
func (a *agent) roles(m *meter, list []Term) []Term {
	add := func(role Term, ground bool) {
		if !ground {
			role = m.resolve(role)
			if !m.ground(role) {
				return
			}
			name, args, _ := Name(role)
			m.holdRole(name, args)
		}
		list = append(list, role)
	}
	for _, t := range a.threads {
		for s := t.scope; s != nil; s = s.outer {
			add(s.role, s.ground)
		}
		for _, role := range t.offered {
			add(role, false)
		}
	}
	return list
}

// fail notes that a partner failed; the latest stands last.
func (a *agent) fail(peer PeerID, reason ReasonCode) {
	a.forgive(peer)
	if len(a.failures) >= linksMax {
		a.failures = slices.Delete(a.failures, 0, 1)
	}
	a.failures = append(a.failures, failure{peer, reason})
}

func (a *agent) forgive(peer PeerID) {
	if len(a.failures) > 0 {
		a.failures = slices.DeleteFunc(a.failures, func(f failure) bool { return f.peer == peer })
	}
}

func (a *agent) failedBy(peer PeerID) bool {
	return slices.ContainsFunc(a.failures, func(f failure) bool { return f.peer == peer })
}
