package lcc

import (
	"fmt"
	"time"

	"parley/lcc/check"
)

// Limits bound the resources of one agent. A zero field means its default; New rejects
// a negative one. An agent that passes a limit fails with ReasonLimit; other agents are
// not affected.
type Limits struct {
	StepsPerEvent   int           // reductions in one Step of one agent; default 100,000
	StepsPerTurn    int           // reductions after which a Step defers the other agents to the next one; default 20,000
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

// defaultLimits are the defaults of docs/language.md.
var defaultLimits = Limits{
	StepsPerEvent: 100_000, StepsPerTurn: 20_000, ActionsAtOnce: 1000, CellsPerAgent: 100_000, TermDepth: 64,
	StringBytes: 4 << 10, ListItems: 4096, MessageBytes: 16 << 10,
	MailboxMessages: 64, Agents: 100_000, AgentsPerPeer: 256,
	TimeoutMax: check.TimeoutMax,
}

// withDefaults replaces zero fields by defaults and rejects negative ones.
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

// refuse says why a term from outside is rejected; code is "" when it is accepted. It
// uses an explicit stack, because nothing is known of the term yet.
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

// simple reports whether all terms are constants or numbers.
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

// size is the size of a term, and whether it has unbound variables.
type size struct {
	cells int
	open  bool
}

// inspected is a part of a term that is still to be checked.
type inspected struct {
	t     Term
	depth int
}

// appendParts appends the parts of a compound term: its arguments, or all items of a
// list and its tail. It returns nil for a list with too many items.
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

// isCell reports whether a compound term is a list cell.
func isCell(t *Compound) bool { return t.Functor == Cons && len(t.Args) == 2 }
