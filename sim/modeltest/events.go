package modeltest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"parley/internal/spell"
	"parley/lcc"
	"parley/sim"
)

// events reads the section `events`: lines such as at 2s: bob crashes.
func (r *reader) events(s *section) {
	for _, l := range s.lines() {
		rest, ok := strings.CutPrefix(l.text, "at ")
		when, what, colon := strings.Cut(rest, ":")
		if !ok || !colon {
			r.fail(l.number, "%s: write at 2s: bob crashes", l.text)
			continue
		}
		at, err := duration("at", strings.TrimSpace(when))
		if err != nil {
			r.fail(l.number, "%v", err)
			continue
		}
		act, err := r.act(strings.TrimSpace(what))
		if err != nil {
			r.fail(l.number, "%v", err)
			continue
		}
		act.At = at
		r.test.script = append(r.test.script, act)
		r.test.acts = append(r.test.acts, l.number)
	}
}

var errEvent = errors.New("write: bob learns FACT, bob forgets FACT, bob crashes, bob restarts, bob begins ROLE, cut alice bob | carol, " +
	"heal, or lose 2 alice => bob: MESSAGE")

func (r *reader) act(text string) (act sim.Act, err error) {
	word, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	switch word {
	case "cut":
		return r.cut(rest)
	case "heal":
		if rest != "" {
			return act, errEvent
		}
		return sim.Act{Kind: sim.Heal}, nil
	case "lose":
		return r.lose(rest)
	}
	verb, what, _ := strings.Cut(rest, " ")
	what = strings.TrimSuffix(strings.TrimSpace(what), ".")
	act = sim.Act{Kind: sim.ActKind(verb), Peer: word}
	if _, err := r.known(word); err != nil {
		return act, err
	}
	switch act.Kind {
	case sim.Learn:
		if act.Fact, err = lcc.ParseTerm(what); err == nil {
			err = r.isFact(act.Fact)
		}
	case sim.Forget:
		act.What, err = lcc.ParsePattern(what)
	case sim.Begin:
		act.Role.Role, err = lcc.ParseTerm(what)
		if name, args, _ := lcc.Name(act.Role.Role); err == nil && !r.hasRole(name, len(args)) {
			err = fmt.Errorf("the model has no clause a(%s, ...)%s", act.Role.Role, NearestRole(r.test.compiled, name, len(args)))
		}
	case sim.Crash, sim.Restart:
		if what != "" {
			return act, errEvent
		}
	default:
		return act, errEvent
	}
	return act, err
}

// known returns a peer's name; "" for * and _, which mean any peer.
func (r *reader) known(name string) (string, error) {
	if name == "*" || name == "_" {
		return "", nil
	}
	if _, ok := r.at[name]; !ok {
		if near := spell.Nearest(name, slices.Sorted(maps.Keys(r.at))); near != "" {
			return "", fmt.Errorf("there is no peer %s in the section -- peers --: did you mean %s?", name, near)
		}
		return "", fmt.Errorf("there is no peer %s in the section -- peers --", name)
	}
	return name, nil
}

func (r *reader) cut(text string) (sim.Act, error) {
	act := sim.Act{Kind: sim.Cut}
	for _, group := range strings.Split(text, "|") {
		names := strings.Fields(group)
		for _, name := range names {
			if named, err := r.known(name); err != nil || named == "" {
				return act, fmt.Errorf("cut: %q is not a peer: write cut alice bob | carol", name)
			}
		}
		act.Groups = append(act.Groups, names)
	}
	if len(act.Groups) < 2 {
		return act, errors.New("cut: write the peers of each side: cut alice bob | carol")
	}
	return act, nil
}

func (r *reader) lose(text string) (act sim.Act, err error) {
	act = sim.Act{Kind: sim.Lose, Count: 1}
	if first, rest, ok := strings.Cut(text, " "); ok {
		if n, err := strconv.Atoi(first); err == nil && n > 0 {
			act.Count, text = n, rest
		}
	}
	act.Peer, act.To, act.What, err = r.message(text)
	return act, err
}

// message parses from => to: pattern.
func (r *reader) message(text string) (from, to string, what lcc.Pattern, err error) {
	ends, body, ok := strings.Cut(text, ":")
	left, right, arrow := strings.Cut(ends, "=>")
	if !ok || !arrow {
		return "", "", what, fmt.Errorf("%s: write alice => bob: ask(lamp)", text)
	}
	if from, err = r.known(strings.TrimSpace(left)); err != nil {
		return "", "", what, err
	}
	if to, err = r.known(strings.TrimSpace(right)); err != nil {
		return "", "", what, err
	}
	if what, err = lcc.ParsePattern(strings.TrimSpace(body)); err != nil {
		return from, to, what, err
	}
	return from, to, what, r.sends(what)
}

// sends returns an error for a message that the model neither sends nor receives: a line
// about it would hold or fail whatever happens.
func (r *reader) sends(what lcc.Pattern) error {
	name, arity := what.Functor()
	message := fmt.Sprintf("%s/%d", name, arity)
	if name == "" || r.messages == nil || slices.Contains(r.messages, message) {
		return nil
	}
	for _, other := range r.messages {
		if same, _, _ := strings.Cut(other, "/"); same == name {
			return misfit(fmt.Sprintf("the model has no message %s: it has %s", message, other))
		}
	}
	if near := spell.Nearest(message, r.messages); near != "" {
		return misfit(fmt.Sprintf("the model has no message %s: did you mean %s?", message, near))
	}
	return misfit(fmt.Sprintf("the model has no message %s: it has %s", message, strings.Join(r.messages, ", ")))
}
