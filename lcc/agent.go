package lcc

import "slices"

// agent is a running role: threads (more than one only under par), a mailbox,
// what it remembers, and what became of its partners.
type agent struct {
	id       AgentID
	started  Term   // the role it was started in
	by       PeerID // the peer whose message began it; "" when the driver did
	threads  []*thread
	mail     []Message
	memory   []memo
	links    []link
	failures []failure
	seq      uint64         // of the last message sent
	convs    uint64         // conversations begun
	joined   ConversationID // of the message that began it
	deps     []string       // predicates whose answers its last look used, sorted
	wake     Instant        // earliest timeout that its last look wants; 0: none
	offered  []Term         // roles entered tentatively by its last look
	entered  []entry        // roles entered since it last made progress
	told     []Term         // roles as counted in the engine's table
	alarmed  Instant        // the entry in the engine's alarms; 0: none
	dirty    bool
	over     bool
}

// thread is one line of execution: a node that is current, and what comes
// after it.
type thread struct {
	node    *node
	frame   *frame
	next    *cont
	scope   *scope
	since   Instant // when the node became current
	engaged *engagement
	parked  bool   // only progress counts until something changes
	refused []Term // actions that were not achieved since something changed
}

// scope is a role being played; outer is the role within which it was entered.
type scope struct {
	role  Term
	name  string
	outer *scope
}

// cont is what a thread does after its node. Exactly one of node, leave and
// join says which.
type cont struct {
	node  *node
	frame *frame
	leave *scope // the end of a role's clause: back to its outer role
	join  *join  // the end of a branch of a par
	next  *cont
}

// join waits for the branches of a par. The last branch to end carries on.
type join struct{ remaining int }

// engagement is an event whose constraint waits for an action.
type engagement struct {
	request RequestID
	solver  *solver
	try     attempt
}

// entry remembers a role that was entered, and when, for parking.
type entry struct {
	role  Term
	since Instant
}

// memo is a fact that the agent remembers.
type memo struct {
	key  key
	args []Term
}

// link is what an agent knows of its conversation with a partner.
type link struct {
	peer  PeerID
	role  string
	conv  ConversationID
	agent AgentID   // 0 until it was heard from
	taken MessageID // the last message that was taken from it
}

// failure is what failed(Peer, Reason) finds.
type failure struct {
	peer   PeerID
	reason ReasonCode
}

func (a *agent) depend(name string) {
	at, found := slices.BinarySearch(a.deps, name)
	if !found {
		a.deps = slices.Insert(a.deps, at, name)
	}
}

func (a *agent) wakeAt(at Instant) {
	if a.wake == 0 || at < a.wake {
		a.wake = at
	}
}

// remembered returns the argument tuples of the remembered facts of a
// predicate, oldest first.
func (a *agent) remembered(k key) (tuples [][]Term) {
	for _, m := range a.memory {
		if m.key == k {
			tuples = append(tuples, m.args)
		}
	}
	return tuples
}

func (a *agent) remember(fact Term) {
	name, args, _ := Name(fact)
	a.memory = append(a.memory, memo{key{name, len(args)}, args})
}

// forget drops the first remembered fact that equals this one.
func (a *agent) forget(fact Term) {
	for i, m := range a.memory {
		if Equal(NewTerm(m.key.name, m.args...), fact) {
			a.memory = slices.Delete(a.memory, i, i+1)
			return
		}
	}
}

// progress forgets which roles were entered without any.
func (a *agent) progress() { a.entered = a.entered[:0] }

// plays says whether the agent plays a role of this name, in any thread, or
// would begin it with the right message.
func (a *agent) plays(name string) bool {
	for _, t := range a.threads {
		for s := t.scope; s != nil; s = s.outer {
			if s.name == name {
				return true
			}
		}
	}
	for _, role := range a.offered {
		if functor, _, _ := Name(role); functor == name {
			return true
		}
	}
	return false
}

// roles appends the roles that the agent plays now.
func (a *agent) roles(list []Term) []Term {
	for _, t := range a.threads {
		for s := t.scope; s != nil; s = s.outer {
			list = append(list, s.role)
		}
	}
	return append(list, a.offered...)
}

func (a *agent) link(peer PeerID, role string) *link {
	for i := range a.links {
		if l := &a.links[i]; l.peer == peer && l.role == role {
			return l
		}
	}
	return nil
}

// linksMax bounds the conversations that an agent keeps in mind. A host meets
// more partners than that over the years; the oldest go.
const linksMax = 256

func (a *agent) addLink(l link) *link {
	if len(a.links) >= linksMax {
		a.links = slices.Delete(a.links, 0, 1)
	}
	a.links = append(a.links, l)
	return &a.links[len(a.links)-1]
}

func (a *agent) dropLinks(peer PeerID) {
	a.links = slices.DeleteFunc(a.links, func(l link) bool { return l.peer == peer })
}

func (a *agent) fail(peer PeerID, reason ReasonCode) {
	for i := range a.failures {
		if a.failures[i].peer == peer {
			a.failures[i].reason = reason
			return
		}
	}
	if len(a.failures) >= linksMax {
		a.failures = slices.Delete(a.failures, 0, 1)
	}
	a.failures = append(a.failures, failure{peer, reason})
}

func (a *agent) forgive(peer PeerID) {
	a.failures = slices.DeleteFunc(a.failures, func(f failure) bool { return f.peer == peer })
}

func (a *agent) inConversation(id ConversationID) bool {
	if a.joined == id {
		return true
	}
	for _, l := range a.links {
		if l.conv == id {
			return true
		}
	}
	return false
}
