package check

import (
	"fmt"

	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// This file decides which constraints are the host's: those that the text does not define
// itself. So a text keeps its meaning when a later vocabulary has a word that it uses.

// Words returns the constraints of a host that a text can ask for: without those that it
// defines itself.
func Words(file *syntax.File, host *vocabulary.Set) *vocabulary.Set {
	own := ownPredicates(file)
	return host.Without(func(s vocabulary.Signature) bool { return own[key{s.Name, len(s.Params)}] })
}

func ownPredicates(file *syntax.File) map[key]bool {
	own := map[key]bool{}
	if file == nil {
		return own
	}
	for _, item := range file.Items {
		if rule, ok := item.(*syntax.Rule); ok {
			own[key{rule.Head.Name, len(rule.Head.Args)}] = true
		}
	}
	for _, head := range file.Unread {
		own[key{head.Name, len(head.Args)}] = true
	}
	return own
}

// Stated returns the version of the vocabulary that a text was written for, as
// @vocabulary(2) says; 0 where it does not.
func Stated(file *syntax.File) int {
	for _, item := range file.Items {
		if a, ok := item.(*syntax.Annotation); ok && a.Name == "vocabulary" && len(a.Args) == 1 {
			if n, ok := a.Args[0].(*syntax.IntTerm); ok && n.Value > 0 {
				return int(min(n.Value, 1<<20))
			}
		}
	}
	return 0
}

// statement checks @vocabulary(N).
func statement(c *checker, a *syntax.Annotation, host *vocabulary.Set) {
	version := 0
	if len(a.Args) == 1 {
		if n, ok := a.Args[0].(*syntax.IntTerm); ok && n.Value > 0 {
			version = int(min(n.Value, 1<<20))
		}
	}
	switch {
	case version == 0:
		c.report(codeDeclaration, Warning, a.Pos(), "write @vocabulary(2) with the version that docs/vocabulary.md has at its beginning",
			"@vocabulary names the version of the vocabulary that the text was written for")
	case host != nil && host.Version > 0 && version > host.Version:
		c.report(codeDeclaration, Warning, a.Pos(), "upgrade the hosts first, or write the version that they have",
			"the text was written for vocabulary %d, and this is %d", version, host.Version)
	}
}

// redefined reports a rule for a word that is not the text's alone. A built-in cannot be
// defined again; of the host's words the text's own wins.
func redefined(c *checker, rule *syntax.Rule, file *syntax.File, host *vocabulary.Set) {
	k := key{rule.Head.Name, len(rule.Head.Args)}
	if _, ok := c.builtins.Lookup(k.name, k.arity); ok {
		c.report(codeRedefined, Error, rule.Pos(), "give it another name", "%s/%d is built in and cannot be redefined", k.name, k.arity)
		return
	}
	s, ok := host.Lookup(k.name, k.arity)
	if !ok || c.words.shadows[k] {
		return
	}
	c.words.shadows[k] = true
	severity, hint := Info, "nothing to correct, unless the host's was meant"
	if stated := Stated(file); stated > 0 && s.Since <= stated {
		severity, hint = Warning, "give it another name: the vocabulary that the text was written for has it"
	}
	c.report(codeRedefined, severity, rule.Pos(), hint, "%s/%d is a word of hosts%s: this text has its own, and never asks the host for it",
		k.name, k.arity, since(s))
}

func since(s vocabulary.Signature) string {
	if s.Since < 2 {
		return ""
	}
	return fmt.Sprintf(" since vocabulary %d", s.Since)
}

// newer reports a word that the vocabulary does not have that the text was written for.
func newer(cc *clauseCheck, call *syntax.Call, s vocabulary.Signature) {
	if cc.words.stated > 0 && s.Since > cc.words.stated {
		cc.report(codeDeclaration, Warning, call.Pos(), fmt.Sprintf("write @vocabulary(%d): hosts with an earlier one refuse the text", s.Since),
			"%s/%d is a word of vocabulary %d, and the text was written for %d", s.Name, len(s.Params), s.Since, cc.words.stated)
	}
}

// elsewhere are names that other languages have, and what to write here.
var elsewhere = map[string]string{
	"null":       "null is an event: a constraint leaves it out, or says true",
	"memberchk":  "write member(Item, List)",
	"size":       "write length(List, Count)",
	"assert":     "write k(Fact): the agent remembers it",
	"asserta":    "write k(Fact): the agent remembers it",
	"assertz":    "write k(Fact): the agent remembers it",
	"retractall": "write retract(Fact)",
	"bagof":      "write findall(Item, Goal, List)",
	"setof":      "write findall(Item, Goal, List), and sort(List, Sorted)",
	"nth0":       "write nth(Index, List, Item)",
	"nth1":       "write nth(Index, List, Item)",
	"msort":      "write sort(List, Sorted)",
	"sumlist":    "write sum_list(List, Sum)",
	"max":        "write M is max(A, B), or max_list(List, M)",
	"min":        "write M is min(A, B), or min_list(List, M)",
	"succ":       "write Y is X + 1",
	"plus":       "write Z is X + Y",
	"sleep":      "write timeout(Seconds): it holds once they have passed",
	"wait":       "write timeout(Seconds): it holds once they have passed",
	"self":       "write me(Id)",
}
