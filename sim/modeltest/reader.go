package modeltest

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"golang.org/x/tools/txtar"

	"parley/internal/spell"
	"parley/lcc"
	"parley/sim"
)

// reader parses the sections of a test, and records the position of each line.
type reader struct {
	test     *Test
	archive  *txtar.Archive
	data     []byte
	list     []*section
	at       map[string]int // of peers, by name
	problems []error
	messages []string // that the model sends or receives, as name/arity; nil: any
}

// section is one file of the archive.
type section struct {
	name string
	line int // of its marker
	data []byte
	used bool
}

// line is a line of a section, without comment and surrounding space.
type line struct {
	number int
	text   string
}

func (r *reader) fail(number int, format string, args ...any) {
	p := &Problem{File: r.test.Name, Line: number, Message: fmt.Sprintf(format, args...)}
	for _, arg := range args {
		err, _ := arg.(error)
		p.Misfit = p.Misfit || errors.As(err, new(misfit))
	}
	r.problems = append(r.problems, p)
}

// misfit is an error about what the model does not have.
type misfit string

func (m misfit) Error() string { return string(m) }

// sections finds the line of each section, which txtar does not report.
func (r *reader) sections() {
	number := 1 + bytes.Count(r.archive.Comment, []byte("\n"))
	seen := map[string]bool{}
	for _, f := range r.archive.Files {
		if seen[f.Name] {
			r.fail(number, "a second section -- %s --", f.Name)
		}
		seen[f.Name] = true
		r.list = append(r.list, &section{name: f.Name, line: number, data: f.Data})
		number += 1 + bytes.Count(f.Data, []byte("\n"))
	}
}

func (r *reader) take(name string) *section {
	for _, s := range r.list {
		if s.name == name {
			s.used = true
			return s
		}
	}
	return nil
}

func (r *reader) takeSuffix(suffix string) *section {
	for _, s := range r.list {
		if strings.HasSuffix(s.name, suffix) {
			s.used = true
			return s
		}
	}
	return nil
}

// lines returns the lines with content.
func (s *section) lines() (list []line) {
	if s == nil {
		return nil
	}
	for i, text := range strings.Split(string(s.data), "\n") {
		if text = strings.TrimSpace(uncomment(text)); text != "" {
			list = append(list, line{s.line + 1 + i, text})
		}
	}
	return list
}

// uncomment cuts a comment off, but not a # within a string.
func uncomment(text string) string {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			if quoted {
				i++
			}
		case '"':
			quoted = !quoted
		case '#':
			if !quoted {
				return text[:i]
			}
		}
	}
	return text
}

// body reads all sections except those of the model and of the run.
func (r *reader) body() {
	r.peers()
	for i := range r.test.peers {
		p := &r.test.peers[i]
		r.facts(p, r.take(p.Name+".facts"))
		r.given(p, r.take(p.Name+".given"))
		r.actions(p, r.take(p.Name+".actions"))
	}
	r.events(r.take("events"))
	r.expectations(r.take("expect"))
	for _, s := range r.list {
		if !s.used {
			r.fail(s.line, "-- %s -- %s", s.name, r.notASection(s.name))
		}
	}
	sort.SliceStable(r.problems, func(i, j int) bool {
		return r.problems[i].(*Problem).Line < r.problems[j].(*Problem).Line
	})
}

// partsOfPeers are what a section may say of a peer.
var partsOfPeers = []string{"facts", "given", "actions"}

// notASection says why a name is none of a section, and which may be meant.
func (r *reader) notASection(name string) string {
	peers := slices.Sorted(maps.Keys(r.at))
	peer, part, dotted := strings.Cut(name, ".")
	if dotted && slices.Contains(partsOfPeers, part) {
		if near := spell.Nearest(peer, peers); near != "" {
			return fmt.Sprintf("there is no peer %s: did you mean %s?", peer, near)
		}
		return fmt.Sprintf("there is no peer %s: -- peers -- has %s", peer, strings.Join(peers, ", "))
	}
	all := []string{"model", "peers", "run", "events", "expect"}
	for _, peer := range peers {
		for _, part := range partsOfPeers {
			all = append(all, peer+"."+part)
		}
	}
	if near := spell.Nearest(name, all); near != "" {
		return fmt.Sprintf("is not a section: did you mean -- %s --?", near)
	}
	return "is not a section: there are model, peers, NAME.facts, NAME.given, NAME.actions (of a peer), run, events and expect"
}

// peersMax bounds the peers of a test: each of them hears of all others.
const peersMax = 256

// keywords begin other kinds of lines, so they cannot be names of peers.
var keywords = []string{"by", "cut", "end", "heal", "lose", "maybe", "never", "together"}

func (r *reader) peers() {
	s := r.take("peers")
	r.at = map[string]int{}
	r.test.actions = map[string][]line{}
	for _, l := range s.lines() {
		name, roles, ok := strings.Cut(l.text, ":")
		if name = strings.TrimSpace(name); !ok || !isName(name) {
			r.fail(l.number, "%q: write name: role, such as alice: buyer", l.text)
			continue
		}
		if _, known := r.at[name]; known {
			r.fail(l.number, "a second peer %s: give several roles as role; role", name)
			continue
		}
		if slices.Contains(keywords, name) {
			r.fail(l.number, "%s is a word of the format: call the peer something else", name)
			continue
		}
		if len(r.test.peers) == peersMax {
			r.fail(l.number, "more than %d peers", peersMax)
			return
		}
		r.at[name] = len(r.test.peers)
		p := sim.PeerRunPeer{Name: name}
		for _, text := range strings.Split(roles, ";") {
			if text = strings.TrimSpace(text); text != "" {
				r.role(&p, l.number, text)
			}
		}
		r.test.peers = append(r.test.peers, p)
	}
	if len(r.test.peers) == 0 {
		r.fail(1, "no peers: write a section -- peers -- with lines such as alice: buyer")
	}
}

// role parses one role of a peer.
func (r *reader) role(p *sim.PeerRunPeer, number int, text string) {
	rest, starts := strings.CutPrefix(text, "starts ")
	rest, offers := strings.CutPrefix(rest, "offers ")
	role, err := lcc.ParseTerm(strings.TrimSpace(rest))
	if err != nil {
		r.fail(number, "the role %s: %v", rest, err)
		return
	}
	name, args, _ := lcc.Name(role)
	if !r.hasRole(name, len(args)) {
		r.fail(number, "the model has no clause a(%s, ...)%s", role, NearestRole(r.test.compiled, name, len(args)))
		return
	}
	if offers && len(args) > 0 {
		r.fail(number, "a role with parameters cannot be offered: a message would not say what they are")
		return
	}
	if offers || !starts && sim.BegunByMessage(r.test.compiled, role) {
		p.Subscribe = append(p.Subscribe, name)
		return
	}
	p.Start = append(p.Start, lcc.Start{Role: role})
}

func (r *reader) hasRole(name string, arity int) bool {
	for _, role := range r.test.compiled.Roles() {
		if role.Name == name && role.Arity == arity {
			return true
		}
	}
	return false
}

func isName(s string) bool {
	for i, c := range s {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '-') {
			return false
		}
	}
	return s != "" && s != "_"
}

func (r *reader) facts(p *sim.PeerRunPeer, s *section) {
	if s == nil {
		return
	}
	facts, rules, faults := lcc.ParseFacts(p.Name+".facts", s.uncommented())
	for _, f := range faults {
		hint := ""
		if f.Hint != "" {
			hint = ": " + f.Hint
		}
		r.fail(s.line+f.Line, "%s%s", f.Message, hint)
	}
	p.Rules = rules
	for _, f := range facts {
		if err := r.isFact(f.Term); err != nil && !asks(rules, f.Term) {
			r.fail(s.line+f.Pos.Line, "%v", err)
		}
		p.Facts = append(p.Facts, f.Term)
	}
}

// asks reports whether rules ask for facts like one.
func asks(rules *lcc.Rules, fact lcc.Term) bool {
	name, args, ok := lcc.Name(fact)
	return ok && rules != nil && slices.Contains(rules.Needs(), fmt.Sprintf("%s/%d", name, len(args)))
}

// uncommented is the text of a section in which spaces stand for the comments of the
// format, so that columns stay.
func (s *section) uncommented() []byte {
	lines := strings.Split(string(s.data), "\n")
	for i, line := range lines {
		kept := uncomment(line)
		lines[i] = kept + strings.Repeat(" ", len(line)-len(kept))
	}
	return []byte(strings.Join(lines, "\n"))
}

// isFact returns an error if a term is no fact, or none that the model asks for.
func (r *reader) isFact(fact lcc.Term) error {
	name, args, ok := lcc.Name(fact)
	if !ok {
		return fmt.Errorf("%s is no fact: write one such as in_stock(lamp, 5)", fact)
	}
	return r.asks(name, len(args))
}

func (r *reader) given(p *sim.PeerRunPeer, s *section) {
	for _, l := range s.lines() {
		name, text, ok := strings.Cut(l.text, "=")
		value, err := lcc.ParseTerm(strings.TrimSuffix(strings.TrimSpace(text), "."))
		switch {
		case !ok:
			r.fail(l.number, "%s: write Variable = value", l.text)
		case err != nil:
			r.fail(l.number, "%v", err)
		case len(p.Start) == 0:
			r.fail(l.number, "%s is started in no role: only the clause of such a role is given values", p.Name)
		default:
			start := &p.Start[len(p.Start)-1]
			start.Given = append(start.Given, lcc.Given{Variable: strings.TrimSpace(name), Value: value})
		}
	}
}

func (r *reader) asks(name string, arity int) error { return Asked(r.test.compiled, name, arity) }

// Asked returns an error if a fact or an action that a peer is given is misspelt, or has
// another number of arguments than the model gives it: the model then never asks for it, but
// for one like it. A predicate that the model defines itself it also asks of its peer.
func Asked(m *lcc.Model, name string, arity int) error {
	predicate := fmt.Sprintf("%s/%d", name, arity)
	if _, builtIn := lcc.Builtins().Lookup(name, arity); builtIn {
		return fmt.Errorf("%s is built in: a peer is never asked for it", predicate)
	}
	asked := m.Asks()
	if slices.Contains(asked, predicate) || m.Defines(name, arity) {
		return nil
	}
	for _, other := range asked {
		if same, _, _ := strings.Cut(other, "/"); same == name {
			return fmt.Errorf("the model never asks its peer for %s: it asks for %s", predicate, other)
		}
	}
	if near := spell.Nearest(predicate, asked); near != "" {
		return fmt.Errorf("the model never asks its peer for %s: did you mean %s?", predicate, near)
	}
	return nil // of no use, as when the model has changed
}

// NearestRole suggests a role of a model for one that it does not have; "": none is alike.
func NearestRole(m *lcc.Model, name string, arity int) string {
	var all []string
	for _, role := range m.Roles() {
		shown := fmt.Sprintf("%s/%d", role.Name, role.Arity)
		if role.Name == name {
			return ": it has " + shown
		}
		all = append(all, shown)
	}
	if near := spell.Nearest(fmt.Sprintf("%s/%d", name, arity), all); near != "" {
		return ": did you mean " + near + "?"
	}
	return ": it has " + strings.Join(all, ", ")
}
