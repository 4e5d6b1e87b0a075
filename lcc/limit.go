package lcc

import (
	"fmt"
	"time"
)

// Limits bound what one agent may use. A zero field means its default; a
// negative one is refused by New. Passing a limit fails the agent that passed
// it, with ReasonLimit, and no other.
type Limits struct {
	StepsPerEvent   int           // reductions in one Step of one agent; default 100,000
	StepsPerTurn    int           // reductions after which a Step leaves the other agents to the next one; default 20,000
	ActionsAtOnce   int           // of one agent; it earns back ten a second; default 1,000
	CellsPerAgent   int           // term cells held by one agent; default 100,000
	TermDepth       int           // default 64; the spine of a list does not count
	StringBytes     int           // default 4 KiB
	ListItems       int           // default 4,096
	MessageBytes    int           // of a message, and of the arguments of a role; default 16 KiB
	MailboxMessages int           // waiting in one agent; default 64
	Agents          int           // running in one engine; default 100,000
	AgentsPerPeer   int           // begun by messages of one peer; default 256
	TimeoutMax      time.Duration // the longest timeout(S); default 30 days
}

// defaultLimits are what docs/language.md gives.
var defaultLimits = Limits{
	StepsPerEvent: 100_000, StepsPerTurn: 20_000, ActionsAtOnce: 1000, CellsPerAgent: 100_000, TermDepth: 64,
	StringBytes: 4 << 10, ListItems: 4096, MessageBytes: 16 << 10,
	MailboxMessages: 64, Agents: 100_000, AgentsPerPeer: 256,
	TimeoutMax: 30 * 24 * time.Hour,
}

// withDefaults fills in what is zero and refuses what is negative.
func (l Limits) withDefaults() (Limits, error) {
	for _, f := range []struct {
		name     string
		value    *int
		standard int
	}{
		{"StepsPerEvent", &l.StepsPerEvent, defaultLimits.StepsPerEvent},
		{"StepsPerTurn", &l.StepsPerTurn, defaultLimits.StepsPerTurn},
		{"ActionsAtOnce", &l.ActionsAtOnce, defaultLimits.ActionsAtOnce},
		{"CellsPerAgent", &l.CellsPerAgent, defaultLimits.CellsPerAgent},
		{"TermDepth", &l.TermDepth, defaultLimits.TermDepth},
		{"StringBytes", &l.StringBytes, defaultLimits.StringBytes},
		{"ListItems", &l.ListItems, defaultLimits.ListItems},
		{"MessageBytes", &l.MessageBytes, defaultLimits.MessageBytes},
		{"MailboxMessages", &l.MailboxMessages, defaultLimits.MailboxMessages},
		{"Agents", &l.Agents, defaultLimits.Agents},
		{"AgentsPerPeer", &l.AgentsPerPeer, defaultLimits.AgentsPerPeer},
	} {
		if *f.value < 0 {
			return l, fmt.Errorf("limit %s is %d: give a positive number, or 0 for the default", f.name, *f.value)
		}
		if *f.value == 0 {
			*f.value = f.standard
		}
	}
	if l.TimeoutMax < 0 {
		return l, fmt.Errorf("limit TimeoutMax is %v: give a positive duration, or 0 for the default", l.TimeoutMax)
	}
	if l.TimeoutMax == 0 {
		l.TimeoutMax = defaultLimits.TimeoutMax
	}
	return l, nil
}

// refuse says why a term that came from elsewhere cannot be taken in; the code
// is "" where it can. It walks with a stack of its own: nothing is known of the
// term yet.
func (l *Limits) refuse(t Term, variables bool) (found size, code ReasonCode, detail string) {
	switch t := t.(type) {
	case Atom, Int:
		return size{cells: 1}, "", ""
	case *Compound:
		if n := len(t.Args); n > 0 && simple(t.Args) && l.TermDepth > 1 && 1+2*n <= l.CellsPerAgent {
			return size{cells: 1 + 2*n}, "", "" // the most of all messages
		}
	}
	var space [8]inspected
	stack := append(space[:0], inspected{t, 0})
	for len(stack) > 0 {
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if found.cells++; found.cells > l.CellsPerAgent {
			return found, ReasonTooLarge, fmt.Sprintf("a term of more than %d cells", l.CellsPerAgent)
		}
		switch t := deref(p.t).(type) {
		case nil:
			return found, ReasonUnbound, "a term is missing"
		case *Var:
			if !variables {
				return found, ReasonUnbound, fmt.Sprintf("the variable %s is not bound", t)
			}
			found.open = true
		case String:
			if len(t) > l.StringBytes {
				return found, ReasonTooLarge, fmt.Sprintf("a string of more than %d bytes", l.StringBytes)
			}
		case *Compound:
			if len(t.Args) == 0 {
				return found, ReasonUnbound, "a compound term without arguments"
			}
			if p.depth >= l.TermDepth {
				return found, ReasonTooLarge, fmt.Sprintf("a term nested deeper than %d", l.TermDepth)
			}
			before := len(stack)
			stack = appendParts(stack, t, p.depth+1, l.ListItems)
			if stack == nil {
				return found, ReasonTooLarge, fmt.Sprintf("a list of more than %d items", l.ListItems)
			}
			found.cells += len(stack) - before
		}
	}
	return found, "", ""
}

// simple says whether all of some terms are constants and numbers.
func simple(terms []Term) bool {
	for _, t := range terms {
		switch t.(type) {
		case Atom, Int, Float:
		default:
			return false
		}
	}
	return true
}

// size is how large a term is, and whether it has unbound variables.
type size struct {
	cells int
	open  bool
}

// inspected is a part of a term that is still to be looked at.
type inspected struct {
	t     Term
	depth int
}

// appendParts adds the parts of a compound term: its arguments, or all the
// items of a list and its tail. It is nil for a list with too many.
func appendParts(stack []inspected, t *Compound, depth, itemsMax int) []inspected {
	for items := 0; ; items++ {
		if items >= itemsMax {
			return nil
		}
		last := len(t.Args) - 1
		for _, arg := range t.Args[:last] {
			stack = append(stack, inspected{arg, depth})
		}
		tail, ok := deref(t.Args[last]).(*Compound)
		if !ok || !isCell(t) || !isCell(tail) {
			return append(stack, inspected{t.Args[last], depth})
		}
		t = tail
	}
}

// isCell says whether a compound term is a list cell.
func isCell(t *Compound) bool { return t.Functor == Cons && len(t.Args) == 2 }
