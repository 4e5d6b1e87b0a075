// Package enact is the one answer to the question whether a host would enact a text,
// and why not. The agent asks before it takes a policy, whoever publishes asks before
// it signs one, and the commands that read models ask when they begin.
//
// A text is parsed and checked; the constraints that it asks must be those that a host
// has; a role must be initial, or the host would never begin; and a dry run shows
// whether an agent fails by itself.
package enact

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"parley/hostagent"
	"parley/lcc"
	"parley/lcc/check"
	"parley/lcc/vocabulary"
	"parley/models/publish/bundle"
)

// Terms say what a host accepts of a publisher; the zero value accepts everything.
type Terms struct {
	// Models are patterns of the names of models, without .lcc; none: all.
	Models []string
	// RefuseRoles are roles that the host never plays.
	RefuseRoles []string
}

// Accepts says whether a model may be enacted and used. The name may end in .lcc.
func (t Terms) Accepts(model string) bool {
	model = strings.TrimSuffix(model, ".lcc")
	for _, pattern := range t.Models {
		if ok, _ := path.Match(pattern, model); ok { // a malformed pattern was refused
			return true
		}
	}
	return len(t.Models) == 0
}

// refused are the roles that the host never plays, sorted, each once.
func (t Terms) refused() []string {
	return slices.Compact(slices.Sorted(slices.Values(t.RefuseRoles)))
}

// Model is a text that a host may enact.
type Model struct {
	*lcc.Model
	Refuse []string // roles that the host never plays, sorted
	Policy string   // that has it in a release; "": it is of no release
}

// Same says whether two models are the same text under the same terms.
func (m Model) Same(other Model) bool {
	return m.Digest() == other.Digest() && slices.Equal(m.Refuse, other.Refuse)
}

// Starts begin one agent in each initial role that is not refused.
func Starts(model *lcc.Model, refuse []string) (list []lcc.Start) {
	for _, role := range model.Initial() {
		if !slices.Contains(refuse, role) {
			list = append(list, lcc.Start{Role: lcc.Atom(role)})
		}
	}
	return list
}

// Verdict is what is said of a text.
type Verdict struct {
	Name  string
	Text  []byte
	Model *lcc.Model         // nil where the text has faults
	Found []check.Diagnostic // errors and warnings
	// Unfit is why a host would not enact a text without a fault.
	Unfit []*bundle.Refusal
}

// Compile parses and checks a text, for whoever enacts it elsewhere than on a host. A
// nil vocabulary leaves the constraints open.
func Compile(name string, text []byte, words *vocabulary.Set) Verdict {
	v := Verdict{Name: name, Text: text}
	v.Model, v.Found = lcc.Compile(name, text, words)
	return v
}

// Examine is Compile with a search for roles that wait for ever, which may take
// seconds.
func Examine(name string, text []byte, words *vocabulary.Set) Verdict {
	v := Verdict{Name: name, Text: text}
	v.Model, v.Found = lcc.Examine(name, text, words)
	return v
}

// Prepare says whether a host with these terms would enact a text.
func Prepare(name string, text []byte, t Terms) (Model, Verdict) {
	v := Compile(name, text, hostagent.Vocabulary())
	v.Judge(t)
	return Model{Model: v.Model, Refuse: t.refused()}, v
}

// Judge finds why a host with these terms would not enact a text without a fault, which
// was compiled with the vocabulary of a host.
func (v *Verdict) Judge(t Terms) {
	if v.Model == nil || len(v.Errors()) > 0 {
		return
	}
	refuse := func(code bundle.Code, format string, args ...any) {
		v.Unfit = append(v.Unfit, refusal(code, "%s: "+format, append([]any{v.Name}, args...)...))
	}
	if needs := v.Model.Needs(); len(needs) > 0 {
		refuse(bundle.NoVocabulary, "no host has the constraint %s: %sdocs/vocabulary.md lists those that hosts have", strings.Join(needs, ", "),
			v.meant())
	}
	if len(v.Model.Initial()) == 0 {
		refuse(bundle.NotChecked, "no role is initial, so no host would ever begin: write r(idle, initial)")
	}
	if len(v.Unfit) > 0 {
		return // a dry run would say the same
	}
	if r := dryRun(v.Model, t.refused()); r != nil {
		v.Unfit = append(v.Unfit, r)
	}
}

// meant names a constraint that a host has for one that it has not, if they are alike.
func (v Verdict) meant() string {
	for _, d := range v.Found {
		if d.Code == check.CodeUnanswered && strings.HasPrefix(d.Hint, "did you mean") {
			return d.Hint + " "
		}
	}
	return ""
}

// Errors are the faults of a text; warnings are left out.
func (v Verdict) Errors() (list []check.Diagnostic) {
	for _, d := range v.Found {
		if d.Severity == check.Error {
			list = append(list, d)
		}
	}
	return list
}

// Refusal is why a host would not enact a text, the first reason; nil: it would.
func (v Verdict) Refusal() *bundle.Refusal {
	if faults := v.lines(); v.Model == nil || len(faults) > 0 {
		return refusal(bundle.NotChecked, "%s has faults (`parley check` shows more): %s", v.Name, strings.Join(faults, "; "))
	}
	if len(v.Unfit) > 0 {
		return v.Unfit[0]
	}
	return nil
}

// Err is Refusal as an error.
func (v Verdict) Err() error {
	if r := v.Refusal(); r != nil {
		return r
	}
	return nil
}

func refusal(code bundle.Code, format string, args ...any) *bundle.Refusal {
	return &bundle.Refusal{Code: code, Detail: fmt.Sprintf(format, args...)}
}

// lines are the faults of a text, one a line.
func (v Verdict) lines() (list []string) {
	for _, d := range v.Errors() {
		list = append(list, d.String())
	}
	return list
}
