package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"parley/hostagent/enact"
	"parley/lcc"
	"parley/lcc/check"
	"parley/lcc/link"
	"parley/lcc/vocabulary"
	"parley/sim/compare"
)

// This file says what a run would be silent about: a message that nobody takes, a constraint
// that nobody knows, a branch that is never taken. The run continues, as if that was meant.

// silentCodes are the findings that show in a run only as something that does not happen.
var silentCodes = []string{"LCC017", "LCC018", "LCC031", "LCC037", check.CodeNeverTaken, check.CodeMeantAsVar}

// compileModel compiles a text; where it lacks something that a library has, the finding says so.
func compileModel(name string, text []byte, words *vocabulary.Set) enact.Verdict {
	v := enact.Compile(name, text, words)
	link.Offer(v.Found, importSources())
	return v
}

// saySilent prints what a run of a model would be silent about.
func saySilent(out io.Writer, v enact.Verdict) {
	for _, d := range v.Found {
		if slices.Contains(silentCodes, d.Code) {
			printJudged(out, d.Text(v.Text))
		}
	}
}

// saySilentPolicies prints what runs of policies would be silent about.
func saySilentPolicies(out io.Writer, policies ...compare.Policy) {
	for _, p := range policies {
		for _, v := range p.Verdicts {
			for _, d := range v.Found {
				if slices.Contains(silentCodes, d.Code) {
					printJudged(out, d.String())
				}
			}
		}
	}
}

// strangers are the constraints of a model that nobody knows: neither a peer by its facts, nor
// the text, which would say with @knows that a peer may.
func strangers(m *lcc.Model, facts []lcc.Term, host *vocabulary.Set) (list []check.Diagnostic) {
	known := &vocabulary.Set{}
	if host != nil {
		known.Predicates = slices.Clone(host.Predicates)
	}
	for _, fact := range facts {
		if name, args, ok := lcc.Name(fact); ok {
			known.Predicates = append(known.Predicates, signatureOf(name, len(args)))
		}
	}
	for _, d := range check.File(m.File(), lcc.Builtins(), known) {
		if d.Code == check.CodeUnanswered {
			list = append(list, nobodyKnows(d))
		}
	}
	link.Offer(list, importSources())
	return list
}

// nobodyKnows words the finding that no host answers a constraint for peers that are none.
func nobodyKnows(d check.Diagnostic) check.Diagnostic {
	d.Message = fmt.Sprintf("nobody knows %s/%d: it is no fact of a peer, not built in and not in the text", d.Missing.Name, d.Missing.Arity)
	return d
}

// signatureOf is the signature of a fact, of which nothing is known but its arguments' number.
func signatureOf(name string, arity int) vocabulary.Signature {
	s := vocabulary.Signature{Name: name}
	for i := range arity {
		s.Params = append(s.Params, vocabulary.Param{Name: fmt.Sprintf("Arg%d", i+1), Mode: vocabulary.InOut})
	}
	return s
}

// misspelt are the strangers that are like something that is known.
func misspelt(list []check.Diagnostic) []check.Diagnostic {
	return slices.DeleteFunc(slices.Clone(list), func(d check.Diagnostic) bool { return !strings.HasPrefix(d.Hint, "did you mean") })
}
