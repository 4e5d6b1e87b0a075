package modeltest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/lcc"
)

// expectation is the section `expect`: messages in a partial order, and assertions
// about the whole run.
type expectation struct {
	messages   []expected
	assertions []assertion
}

// expected is a message that must be sent.
type expected struct {
	line
	from, to string // "" is anybody
	what     lcc.Pattern
	maybe    bool
	by       time.Duration // 0: at any time
	after    []int         // the messages directly before it
}

// assertion is a condition on the whole run.
type assertion struct {
	line
	never    bool
	kind     string // ends, fails, waits, enters, achieves, failsTo, or "" for a message
	peer     string
	role     *lcc.Pattern // of ends, waits and enters; nil is any
	reason   string       // of fails; "" is any
	from, to string
	what     lcc.Pattern // of a message, or the goal of achieves and failsTo
}

// The kinds of assertions about actions.
const (
	achieves = "achieves"
	failsTo  = "fails to"
)

// messagesMax bounds the messages of the section `expect`.
const messagesMax = 1000

// expectations reads the section. It keeps a stack of branches: each level has the
// messages that came last before it, and the ends of its finished branches.
func (r *reader) expectations(s *section) {
	e := &expectation{}
	r.test.expect = e
	if s == nil {
		r.fail(1, "nothing is expected: write a section -- expect --")
		return
	}
	type level struct {
		line        int
		start, ends []int
	}
	var stack []level
	var last []int
	for _, l := range s.lines() {
		top := len(stack) - 1
		switch {
		case l.text == "together":
			stack = append(stack, level{line: l.number, start: last})
		case l.text == "and" && top >= 0:
			stack[top].ends = union(stack[top].ends, last)
			last = stack[top].start
		case l.text == "end" && top >= 0:
			last = union(stack[top].ends, last)
			stack = stack[:top]
		case l.text == "and" || l.text == "end":
			r.fail(l.number, "%s without together before it", l.text)
		case isMessage(l.text):
			m, err := r.expected(l)
			if err != nil {
				r.fail(l.number, "%v", err)
				continue
			}
			if len(e.messages) == messagesMax {
				r.fail(l.number, "more than %d messages are expected: allow others, and expect those that matter", messagesMax)
				return
			}
			m.after = last
			e.messages = append(e.messages, m)
			last = []int{len(e.messages) - 1}
		default:
			a, err := r.assertion(l)
			if err != nil {
				r.fail(l.number, "%v", err)
				continue
			}
			e.assertions = append(e.assertions, a)
		}
	}
	for _, l := range stack {
		r.fail(l.line, "together without end")
	}
}

func union(a, b []int) []int {
	list := slices.Concat(a, b)
	slices.Sort(list)
	return slices.Compact(list)
}

// isMessage says whether a line expects a message, and is not a never line.
func isMessage(text string) bool {
	if strings.HasPrefix(text, "by ") || strings.HasPrefix(text, "maybe ") {
		return true
	}
	ends, _, _ := strings.Cut(text, ":")
	return !strings.HasPrefix(text, "never ") && strings.Contains(ends, "=>")
}

func (r *reader) expected(l line) (m expected, err error) {
	m.line = l
	text := l.text
	for {
		if rest, ok := strings.CutPrefix(text, "maybe "); ok {
			m.maybe, text = true, strings.TrimSpace(rest)
			continue
		}
		rest, ok := strings.CutPrefix(text, "by ")
		if !ok {
			break
		}
		when, message, colon := strings.Cut(rest, ":")
		if m.by, err = duration("by", strings.TrimSpace(when)); err != nil || !colon {
			return m, fmt.Errorf("%s: write by 5s: alice => bob: ask(lamp)", l.text)
		}
		text = strings.TrimSpace(message)
	}
	m.from, m.to, m.what, err = r.message(text)
	return m, err
}

var errAssertion = errors.New("write alice => bob: MESSAGE, alice ends [ROLE], alice fails REASON, alice waits in ROLE, alice enters " +
	"ROLE, alice achieves ACTION, alice fails to ACTION, never before one of these, or together, and, end")

func (r *reader) assertion(l line) (a assertion, err error) {
	a.line = l
	text, never := strings.CutPrefix(l.text, "never ")
	a.never = never
	if never && isMessage(text) {
		a.from, a.to, a.what, err = r.message(text)
		return a, err
	}
	name, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	if a.peer, err = r.known(name); err != nil {
		return a, errors.Join(err, errAssertion)
	}
	verb, rest, _ := strings.Cut(strings.TrimSpace(rest), " ")
	rest = strings.TrimSpace(rest)
	a.kind = verb
	switch verb {
	case "ends":
		if rest == "" {
			return a, nil
		}
	case achieves:
		return a, r.goal(&a, rest)
	case "fails":
		if goal, ok := strings.CutPrefix(rest, "to "); ok {
			a.kind = failsTo
			return a, r.goal(&a, goal)
		}
		if a.reason = rest; rest == "_" {
			a.reason = ""
		} else if rest == "" {
			return a, errors.New("fails for what reason? Write the code, such as unbound, or _ for any")
		}
		return a, nil
	case "waits":
		in, role, _ := strings.Cut(rest, " ")
		if rest = strings.TrimSpace(role); in != "in" {
			return a, errAssertion
		}
	case "enters":
	default:
		return a, errAssertion
	}
	role, err := lcc.ParsePattern(rest)
	if err != nil {
		return a, fmt.Errorf("the role %s: %w", rest, err)
	}
	a.role = &role
	if name, arity := role.Functor(); name != "" && !r.hasRole(name, arity) {
		return a, misfit(fmt.Sprintf("the model has no clause a(%s, ...)%s", rest, NearestRole(r.test.compiled, name, arity)))
	}
	return a, nil
}

// goal parses the action of an assertion.
func (r *reader) goal(a *assertion, text string) (err error) {
	if a.what, err = lcc.ParsePattern(strings.TrimSpace(text)); err != nil {
		return fmt.Errorf("the action %s: %w", text, err)
	}
	name, arity := a.what.Functor()
	if name == "" {
		return fmt.Errorf("%s is no action: write one such as migrate(_, \"vm1\", _)", text)
	}
	return r.asks(name, arity)
}
