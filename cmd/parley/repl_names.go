package main

import (
	"fmt"
	"slices"
	"strings"

	"parley/internal/spell"
	"parley/lcc"
	"parley/sim"
	"parley/sim/modeltest"
)

// This file holds the names in commands against what there is. A name that is nothing would be
// taken without a word, and nothing would come of it.

// peersOf refuses names that are no peers of the run; "" is any of them.
func (r *repl) peersOf(names ...string) error {
	all := r.stage.Peers()
	for _, name := range names {
		if name != "" && !slices.Contains(all, name) {
			return sim.NoPeerError{Name: name}
		}
	}
	return nil
}

// warnMessage says of a message that the model neither sends nor receives it.
func (r *repl) warnMessage(name string, arity int) {
	all, open := r.text.Messages()
	message := fmt.Sprintf("%s/%d", name, arity)
	if open || name == "" || slices.Contains(all, message) {
		return
	}
	hint := ": it has " + strings.Join(all, ", ")
	if near := spell.Nearest(message, all); near != "" {
		hint = ": did you mean " + near + "?"
	}
	sayf(r.out, "%s: the model has no message %s%s\n", verdict("warning"), message, hint)
}

// warnFact says of a fact that the model asks for another one like it.
func (r *repl) warnFact(fact lcc.Term) {
	if name, args, ok := lcc.Name(fact); ok {
		if err := modeltest.Asked(r.text, name, len(args)); err != nil {
			sayf(r.out, "%s: %v\n", verdict("warning"), err)
		}
	}
}

// noCommand says that a word is no command.
func noCommand(word string) error {
	var all []string
	for _, c := range replCommands() {
		all = append(all, c.name)
	}
	if near := spell.Nearest(word, all); near != "" {
		return fmt.Errorf("%s is not a command: did you mean %s? (help lists them)", word, near)
	}
	return fmt.Errorf("%s is not a command: help lists them", word)
}
