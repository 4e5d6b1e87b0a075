package lcc

import (
	"slices"

	"parley/lcc/syntax"
)

// agent is a running role: its threads (several only under par), its mailbox, its
// memory, and the state of its partners.
type agent struct {
	id         AgentID
	started    Term   // the role it was started in
	by         PeerID // the peer whose message started it; "" when the driver did
	threads    []*thread
	mail       []*mail
	memory     memory
	table      *table // nil: it has called no tabled predicate
	links      []link
	failures   []failure
	seq        uint64         // of the last message sent
	convs      uint64         // conversations begun
	joined     ConversationID // of the message that started it
	uses       uses
	wake       Instant // earliest timeout of its last look; 0: none
	alarmAt    int     // its position in the engine's alarms, from 1; 0: none
	announced  counted
	held       int     // upper bound of the term cells that it holds
	space      *space  // its memory
	acting     Instant // when the budget for its actions so far is restored
	cause      PeerID  // sender of the message that it took last, or tries; "" once time has driven it
	moved      bool    // an event of it has happened
	unrecorded bool    // its entry into its first role has no Record yet
	dirty      bool
	over       bool
	awaited    bool // it ended while one of its actions was in flight
}

// thread is one line of execution: its current point and the history that led there.
type thread struct {
	point
	scope   *scope
	since   Instant // when the node became current
	wake    Instant // earliest timeout of the last look; 0: none
	pending *pendingAction
	entered []entry // roles entered since the last progress
	offered []Term  // roles that the last look tried and did not enter
	refused []Term  // actions that failed since the last change
	parked  bool    // only progress counts until something changes
	unsure  bool    // the last look met an answer that is not known yet
}

// scope is a role being played; outer is the role within which it was entered.
type scope struct {
	role   Term
	clause *clause
	outer  *scope
	end    cont             // continuation at the end of the role
	pos    *syntax.Position // of the event that entered it, or of its clause
	depth  int32            // nesting depth
	// ground says that role never changes again. An unbound argument of a role can be
	// bound, as a result, while the role is played.
	ground bool
}

// point is a position in a thread: a node of a clause, and next, the continuation at
// the end of the clause. A nil node is the end itself.
type point struct {
	node  *node
	frame *frame
	next  *cont
}

// cont is the continuation at the end of a clause or of a branch of a par; exactly one
// of leave and join is set.
type cont struct {
	point        // to continue at
	leave *scope // the end of a role's clause: return to its outer role
	join  *join  // the end of a branch of a par
}

// join counts the unfinished branches of a par. The last branch to end continues.
type join struct{ remaining int }

// pendingAction is an event whose constraint waits for an action.
type pendingAction struct {
	request RequestID
	solver  *solver
	try     attempt
}

// entry records a role that was entered, and when; the parking check uses it.
type entry struct {
	role  Term
	after point
	since Instant
}

// mail is a message in a mailbox, with the names that are compared first.
type mail struct {
	message Message
	role    string // the role it is for
	from    string // the sender's role
	args    []Term // arguments of the sender's role
	cells   int    // size of the message, charged to the agent that takes it
	held    bool   // reserved by an event that waits for an action
}

// failure is one answer to failed(Peer, Reason).
type failure struct {
	peer   PeerID
	reason ReasonCode
}

func (t *thread) wakeAt(at Instant) {
	if t.wake == 0 || at < t.wake {
		t.wake = at
	}
}

// retryAll makes the thread reconsider the roles that it entered without progress and
// the actions that failed. The timeouts of its current role keep running.
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

// plays reports whether a thread of the agent plays a role of this name, or would enter
// it on the right message.
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

// roles appends the ground roles that the agent plays now.
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

// fail records that a partner failed; the latest failure is last.
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
