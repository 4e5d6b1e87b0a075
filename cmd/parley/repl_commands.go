package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/hostagent"
	"parley/lcc"
	"parley/lcc/check"
	"parley/sim"
)

// repl is an interactive run with its recorded events.
type repl struct {
	out    io.Writer
	seed   uint64
	model  string
	text   *lcc.Model
	stage  *sim.Interactive
	events []sim.PeerRunEvent
	said   map[check.Missing]bool // the constraints of which it was said that nobody knows them
}

// replCommand is a command; alone means that it needs no model.
type replCommand struct {
	name, args, doc string
	alone           bool
	do              func(r *repl, rest string) error
}

func replCommands() []replCommand {
	return []replCommand{
		{"load", "MODEL", "read a model, and start with it", true, (*repl).load},
		{"reset", "", "start again with the same model", false, func(r *repl, _ string) error { return r.load(r.model) }},
		{"peer", "NAME...", "add peers", false, (*repl).peer},
		{"fact", "NAME: FACT", "a peer learns a fact", false, func(r *repl, s string) error { return r.fact(s, sim.Learn) }},
		{"forget", "NAME: PATTERN", "a peer forgets the facts that fit", false, func(r *repl, s string) error { return r.fact(s, sim.Forget) }},
		{"ask", "NAME: CONSTRAINT", "the answers that a peer has now", false, (*repl).ask},
		{"start", "NAME ROLE [X=value...]", "start an agent", false, (*repl).start},
		{"subscribe", "NAME ROLE", "offer a role: messages begin it", false, (*repl).subscribe},
		{"send", "FROM(ROLE) => TO(ROLE): MESSAGE", "deliver a message as if FROM had sent it", false, (*repl).send},
		{"enabled", "[NAME]", "what each agent may do next, and why it has not", false, (*repl).enabled},
		{"state", "[NAME]", "facts, roles, memory and mail", false, (*repl).state},
		{"step", "[N]", "let the next N things happen (a message comes, time is up), with all that follows at once", false, (*repl).step},
		{"run", "", "run until nothing happens for a minute", false, (*repl).run},
		{"advance", "TIME", "let time pass, such as 5s", false, (*repl).advance},
		{"solve", "NAME true|false [GOAL|\"why\"]", "answer the oldest action of a peer", false, (*repl).solve},
		{"lose", "[N] FROM => TO: PATTERN", "lose the next N messages that fit; * is any peer", false, (*repl).lose},
		{"crash", "NAME", "crash a peer", false, func(r *repl, s string) error { return r.stage.Do(sim.Act{Kind: sim.Crash, Peer: s}) }},
		{"restart", "NAME", "restart a crashed peer", false, func(r *repl,
			s string) error {
			return r.stage.Do(sim.Act{Kind: sim.Restart, Peer: s})
		}},
		{"cut", "A B | C", "cut the network between the sides", false, (*repl).cut},
		{"heal", "", "join the network again", false, func(r *repl, _ string) error { return r.stage.Do(sim.Act{Kind: sim.Heal}) }},
		{"chart", "[mermaid]", "draw the run so far", false, (*repl).chart},
		{"help", "", "this", true, (*repl).help},
	}
}

func (r *repl) help(string) error {
	for _, c := range replCommands() {
		fmt.Fprintf(r.out, "  %-42s %s\n", strings.TrimSpace(c.name+" "+c.args), c.doc)
	}
	fmt.Fprintf(r.out, "  %-42s %s\n", "quit", "leave")
	return nil
}

// load compiles a model, against the vocabulary of a host if it needs that.
func (r *repl) load(name string) error {
	text, err := readModel(name)
	if err != nil {
		return err
	}
	v := compileModel(name, text, hostagent.Vocabulary())
	for _, d := range v.Errors() {
		fmt.Fprintln(r.out, d.Text(text))
	}
	if v.Model == nil {
		return fmt.Errorf("%s has faults", name)
	}
	saySilent(r.out, v)
	r.model, r.text, r.events, r.said = name, v.Model, nil, map[check.Missing]bool{}
	r.sayStrangers(misspelt(strangers(v.Model, nil, hostagent.Vocabulary())))
	r.stage, err = sim.NewInteractive(sim.PeerRun{Model: v.Model, Seed: r.seed, OnEvent: r.show})
	return err
}

func (r *repl) show(ev sim.PeerRunEvent) {
	r.events = append(r.events, ev)
	fmt.Fprintln(r.out, describeStep(ev))
}

func (r *repl) peer(rest string) error {
	names := strings.Fields(rest)
	if len(names) == 0 {
		return errors.New("write peer alice bob")
	}
	for _, name := range names {
		if err := r.stage.Add(name); err != nil {
			return err
		}
	}
	return nil
}

func (r *repl) fact(rest string, kind sim.ActKind) error {
	name, text, ok := strings.Cut(rest, ":")
	if !ok {
		return errors.New("write alice: wants(lamp)")
	}
	act := sim.Act{Kind: kind, Peer: strings.TrimSpace(name)}
	text = strings.TrimSuffix(strings.TrimSpace(text), ".")
	var err error
	if kind == sim.Learn {
		act.Fact, err = lcc.ParseTerm(text)
	} else {
		act.What, err = lcc.ParsePattern(text)
	}
	if err != nil {
		return err
	}
	if kind == sim.Learn {
		r.warnFact(act.Fact)
	}
	return r.stage.Do(act)
}

// replAnswers bounds the answers that ask prints.
const replAnswers = 100

func (r *repl) ask(rest string) error {
	name, goal, ok := strings.Cut(rest, ":")
	if !ok {
		return errors.New("write ask alice: afford(X, P) and P < 9")
	}
	q, unknown, err := newQuery(r.out, goal, r.text)
	if err != nil {
		return err
	}
	for _, d := range misspelt(unknown) {
		printJudged(r.out, d.Text([]byte(goal)))
	}
	found, err := r.stage.Ask(strings.TrimSpace(name), q, replAnswers)
	if err == nil {
		printAnswers(r.out, found)
	}
	return err
}

func (r *repl) start(rest string) error {
	name, rest, _ := strings.Cut(rest, " ")
	var role, given string
	if at := strings.LastIndex(rest, ")"); at >= 0 && !strings.Contains(rest[:at], "=") {
		role, given = rest[:at+1], rest[at+1:]
	} else {
		role, given, _ = strings.Cut(rest, " ")
	}
	term, err := lcc.ParseTerm(role)
	if err != nil {
		return fmt.Errorf("write start alice buyer: %w", err)
	}
	if err := hasRole(r.text, term); err != nil {
		return err
	}
	start := lcc.Start{Role: term}
	for _, g := range strings.Fields(given) {
		variable, text, ok := strings.Cut(g, "=")
		value, err := lcc.ParseTerm(text)
		if !ok || err != nil {
			return fmt.Errorf("%s: write X=lamp, without spaces", g)
		}
		start.Given = append(start.Given, lcc.Given{Variable: variable, Value: value})
	}
	return r.stage.Start(name, start)
}

func (r *repl) subscribe(rest string) error {
	name, role, ok := strings.Cut(rest, " ")
	if !ok {
		return errors.New("write subscribe bob shopkeeper")
	}
	role = strings.TrimSpace(role)
	term, err := lcc.ParseTerm(role)
	if err != nil {
		return fmt.Errorf("write subscribe bob shopkeeper: %w", err)
	}
	if err := hasRole(r.text, term); err != nil {
		return err
	}
	return r.stage.Subscribe(name, role)
}

// send parses and sends a message: carol(buyer) => bob(shopkeeper): ask(lamp).
func (r *repl) send(rest string) error {
	ends, message, ok := strings.Cut(rest, "):")
	left, right, arrow := strings.Cut(ends, "=>")
	from, fromRole, one := strings.Cut(strings.TrimSpace(left), "(")
	to, toRole, two := strings.Cut(strings.TrimSpace(right), "(")
	if !ok || !arrow || !one || !two {
		return errors.New("write send carol(buyer) => bob(shopkeeper): ask(lamp)")
	}
	var terms []lcc.Term
	for _, text := range []string{strings.TrimSuffix(fromRole, ")"), toRole, strings.TrimSpace(message)} {
		if strings.Count(text, "(") > strings.Count(text, ")") {
			text += ")"
		}
		term, err := lcc.ParseTerm(text)
		if err != nil {
			return err
		}
		terms = append(terms, term)
	}
	called, _, _ := lcc.Name(terms[1])
	named := func(role lcc.RoleInfo) bool { return role.Name == called } // whatever its arguments
	if !slices.ContainsFunc(r.text.Roles(), named) {
		return hasRole(r.text, terms[1])
	}
	name, args, _ := lcc.Name(terms[2])
	r.warnMessage(name, len(args))
	return r.stage.Send(from, terms[0], to, terms[1], terms[2])
}

func (r *repl) step(rest string) error {
	n := 1
	if rest != "" {
		var err error
		if n, err = strconv.Atoi(rest); err != nil || n < 1 {
			return fmt.Errorf("step %s: write a number", rest)
		}
	}
	done, err := r.stage.Step(n)
	if err == nil && done < n {
		fmt.Fprintln(r.out, "nothing more happens by itself")
	}
	return err
}

// run runs until nothing happens, and says which constraints nobody knows.
func (r *repl) run(string) error {
	if err := r.stage.Run(); err != nil {
		return err
	}
	var facts []lcc.Term
	for _, name := range r.stage.Peers() {
		known, err := r.stage.Knows(name)
		if err != nil {
			return err
		}
		facts = append(facts, known...)
	}
	r.sayStrangers(strangers(r.text, facts, hostagent.Vocabulary()))
	return nil
}

// sayStrangers prints each constraint that nobody knows once.
func (r *repl) sayStrangers(list []check.Diagnostic) {
	for _, d := range list {
		if !r.said[d.Missing] {
			r.said[d.Missing] = true
			printJudged(r.out, d.Text(r.text.Text()))
		}
	}
}

func (r *repl) advance(rest string) error {
	d, err := time.ParseDuration(rest)
	if err != nil {
		return fmt.Errorf("advance %s: write a time such as 5s", rest)
	}
	if err := r.stage.Advance(d); err != nil {
		return err
	}
	fmt.Fprintf(r.out, "it is %v\n", r.stage.Now())
	return nil
}

func (r *repl) solve(rest string) error {
	name, rest, _ := strings.Cut(rest, " ")
	truth, text, _ := strings.Cut(strings.TrimSpace(rest), " ")
	text = strings.TrimSpace(text)
	switch truth {
	case "false":
		why, err := strconv.Unquote(text)
		if text != "" && err != nil {
			return errors.New(`write solve bob false "no room"`)
		}
		return r.stage.Solve(name, nil, why)
	case "true":
		if text == "" {
			return errors.New("write solve bob true reserve(_, _, _, deal(1)), with the goal that was asked for and its values")
		}
		goal, err := lcc.ParsePattern(text)
		if err != nil {
			return fmt.Errorf("write solve bob true reserve(_, _, _, deal(1)): %w", err)
		}
		return r.stage.Solve(name, &goal, "")
	}
	return errors.New("write solve bob true GOAL, or solve bob false \"why\"")
}

func (r *repl) lose(rest string) error {
	act := sim.Act{Kind: sim.Lose, Count: 1}
	if first, more, ok := strings.Cut(rest, " "); ok {
		if n, err := strconv.Atoi(first); err == nil && n > 0 {
			act.Count, rest = n, more
		}
	}
	ends, text, ok := strings.Cut(rest, ":")
	from, to, arrow := strings.Cut(ends, "=>")
	if !ok || !arrow {
		return errors.New("write lose alice => bob: ask(_)")
	}
	var err error
	if act.What, err = lcc.ParsePattern(strings.TrimSpace(text)); err != nil {
		return err
	}
	act.Peer, act.To = anybody(from), anybody(to)
	if err := r.peersOf(act.Peer, act.To); err != nil {
		return err
	}
	r.warnMessage(act.What.Functor())
	return r.stage.Do(act)
}

func anybody(name string) string {
	if name = strings.TrimSpace(name); name == "*" || name == "_" {
		return ""
	}
	return name
}

func (r *repl) cut(rest string) error {
	act := sim.Act{Kind: sim.Cut}
	for _, group := range strings.Split(rest, "|") {
		act.Groups = append(act.Groups, strings.Fields(group))
		if err := r.peersOf(strings.Fields(group)...); err != nil {
			return err
		}
	}
	if len(act.Groups) < 2 {
		return errors.New("write cut alice bob | carol")
	}
	return r.stage.Do(act)
}

func (r *repl) chart(rest string) error {
	if rest == "" {
		rest = "text"
	}
	drawn, err := drawRun(rest, r.events)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(r.out, drawn)
	return err
}
