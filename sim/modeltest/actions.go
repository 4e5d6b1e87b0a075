package modeltest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parley/lcc"
	"parley/lcc/check"
	"parley/lcc/vocabulary"
	"parley/sim"
)

// actions parses the section of the actions of a peer.
func (r *reader) actions(p *sim.PeerRunPeer, s *section) {
	for _, l := range s.lines() {
		a, err := action(l.text)
		if err != nil {
			r.fail(l.number, "%v", err)
			continue
		}
		if name, arity := a.Goal.Functor(); name != "" {
			if err := r.asks(name, arity); err != nil {
				r.fail(l.number, "%v", err)
			}
		}
		p.Actions = append(p.Actions, a)
		r.test.actions[p.Name] = append(r.test.actions[p.Name], l)
	}
}

// action parses goal [fails ["why"]] [after 2s] [once | 3 times]; the words at the end may
// stand in any order.
func action(line string) (a sim.Scripted, err error) {
	text := strings.TrimSuffix(line, ".")
	if text, a.Times, err = times(text); err != nil {
		return a, err
	}
	if at := strings.LastIndex(text, " after "); at >= 0 {
		if a.After, err = duration("after", strings.TrimSpace(text[at+len(" after "):])); err != nil {
			return a, fmt.Errorf("%s: after what time? Write after 2s", line)
		}
		text = text[:at]
	}
	if a.Times == 0 {
		if text, a.Times, err = times(text); err != nil {
			return a, err
		}
	}
	if at := strings.LastIndex(text, " fails"); at >= 0 {
		why := strings.TrimSpace(text[at+len(" fails"):])
		if a.Detail, err = strconv.Unquote(why); why != "" && err != nil {
			return a, fmt.Errorf("%s: the reason of a failure stands in double quotes", line)
		}
		a.Fails, text = true, text[:at]
	}
	a.Goal, err = lcc.ParsePattern(strings.TrimSpace(text))
	return a, err
}

// times cuts `once` or `3 times` off the end of a line; 0: there is neither.
func times(text string) (rest string, n int, err error) {
	if rest, ok := strings.CutSuffix(text, " once"); ok {
		return rest, 1, nil
	}
	rest, ok := strings.CutSuffix(text, " times")
	if !ok {
		return text, 0, nil
	}
	at := strings.LastIndex(rest, " ")
	if n, err = strconv.Atoi(rest[at+1:]); at < 0 || err != nil || n < 1 {
		return text, 0, fmt.Errorf("%s: how often? Write once, or 3 times", text)
	}
	return rest[:at], n, nil
}

// stubs returns the predicates that the text asks its peer as questions, and that the test
// answers as actions, with the line of each.
func (r *reader) stubs(m *lcc.Model, host *vocabulary.Set) (list []vocabulary.Signature, at []int) {
	for _, s := range r.list {
		if !strings.HasSuffix(s.name, ".actions") {
			continue
		}
		for _, l := range s.lines() {
			a, err := action(l.text)
			if err != nil {
				continue // it is reported when the section is read
			}
			name, arity := a.Goal.Functor()
			known, _ := host.Lookup(name, arity)
			asked := slices.Contains(m.Asks(), fmt.Sprintf("%s/%d", name, arity))
			stub := vocabulary.Signature{Name: name, Acts: true, Params: make([]vocabulary.Param, arity)}
			for i := range stub.Params {
				stub.Params[i] = vocabulary.Param{Mode: vocabulary.InOut, Type: "term"}
			}
			same := func(s vocabulary.Signature) bool { return s.Name == name && len(s.Params) == arity }
			if asked && !known.Acts && !slices.ContainsFunc(list, same) {
				list, at = append(list, stub), append(at, l.number)
			}
		}
	}
	return list, at
}

// scripted compiles the text again, with the questions that the test answers as actions.
func (r *reader) scripted(m *lcc.Model, host *vocabulary.Set) *lcc.Model {
	stubs, lines := r.stubs(m, host)
	if len(stubs) == 0 {
		return m
	}
	with := &vocabulary.Set{Predicates: stubs}
	if host != nil {
		with.Predicates = append(with.Predicates, host.Predicates...) // the first one counts
	}
	again, found := lcc.Compile(r.test.Model, r.test.Text, with)
	if again != nil {
		return again
	}
	why := errors.New("it has faults")
	for _, d := range slices.Backward(found) {
		if d.Severity == check.Error {
			why = errors.New(d.String())
		}
	}
	for i, stub := range stubs {
		r.fail(lines[i], "%s/%d is a question of the text; with a line here it is an action, and there it cannot be one: %v. Give its answers "+
			"as facts or rules in -- NAME.facts --", stub.Name, len(stub.Params), why)
	}
	return m
}
