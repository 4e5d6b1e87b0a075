package recall

import (
	"path"
	"strings"
	"time"

	"parley/hostagent/site"
	"parley/lcc"
)

// Waits keeps what the models of a host waited for at the last look, and which comparisons did
// not hold before. The zero value is ready. It is not safe for concurrent use.
type Waits struct {
	now    []wait
	lacked map[lacking]lack
}

// wait is what one model waits for.
type wait struct {
	model lcc.Digest
	told  site.Wait
	lacks []Ground
}

// lacking is a comparison of a model, and lack the last time that it did not hold.
type (
	lacking struct {
		model lcc.Digest
		text  string
	}
	lack struct {
		at     time.Time
		values string
	}
)

// Bounds of what is kept.
const (
	lackedMax = 200
	lackedFor = 15 * time.Minute // an earlier look says nothing about a message
)

// Looked keeps what the agents of a model wait for, after Begin.
func (w *Waits) Looked(model lcc.Digest, file string, agents []lcc.View, at time.Time) {
	best, role := lcc.Waiting{}, ""
	for _, a := range agents {
		for _, one := range a.Waits {
			if !a.Begins && telling(one) > telling(best) {
				best, role = one, strings.Join(a.Roles, " within ")
			}
		}
		for _, one := range a.Waits {
			w.note(model, one, at)
		}
	}
	if best.Why == "" {
		return
	}
	one := wait{model: model, told: site.Wait{
		File: path.Base(file), Line: best.Pos.Line, Role: role, Event: best.Text, For: string(best.For), Why: best.Why, At: at,
	}}
	if library := best.Pos.Library(); library != "" {
		one.told.File = library
	}
	for _, g := range groundsOf(best.Lacks) {
		if g.Kind == string(lcc.GroundLacks) {
			one.told.Lacks, one.told.Values = g.Text, g.Values
			continue
		}
		one.lacks = append(one.lacks, g)
	}
	w.now = append(w.now, one)
}

// Begin forgets the look before.
func (w *Waits) Begin() { w.now = w.now[:0] }

// telling is how much a waiting event says about why a model does nothing; 0: nothing.
func telling(w lcc.Waiting) int {
	switch {
	case w.Why == "":
		return 0
	case w.For == lcc.ForAction:
		return 6
	case len(w.Lacks) > 0:
		return 5
	case w.For == lcc.ForPartner:
		return 4
	case w.For == lcc.ForTime:
		return 3
	case w.For == lcc.ForMessage:
		return 1
	}
	return 2
}

// note keeps that a comparison did not hold.
func (w *Waits) note(model lcc.Digest, waits lcc.Waiting, at time.Time) {
	if len(waits.Lacks) == 0 {
		return
	}
	if w.lacked == nil || len(w.lacked) >= lackedMax {
		w.lacked = map[lacking]lack{}
	}
	w.lacked[lacking{model, waits.Lacks[0].Text}] = lack{at, waits.Lacks[0].Values}
}

// Before adds to comparisons that held when they did not hold last.
func (w *Waits) Before(model lcc.Digest, grounds []Ground, at time.Time) {
	for i, g := range grounds {
		was, known := w.lacked[lacking{model, g.Text}]
		if g.Kind == string(lcc.GroundCompared) && known && at.Sub(was.at) < lackedFor && was.values != g.Values {
			grounds[i].Was, grounds[i].WasAt = was.values, was.at
		}
	}
}

// Of returns what the models wait for, by their digests, with the names of guests and
// hosts, and the policies that have the models.
func (w *Waits) Of(readable *strings.Replacer, names Names, policiesOf func(lcc.Digest) []string) map[lcc.Digest]*site.Wait {
	found := map[lcc.Digest]*site.Wait{}
	for _, one := range w.now {
		told := one.told
		told.Policy = strings.Join(policiesOf(one.model), ", ")
		for _, text := range []*string{&told.Role, &told.Why, &told.Values} {
			*text = names.In(readable.Replace(*text))
		}
		told.Grounds = tellGrounds(one.lacks, readable, names)
		found[one.model] = &told
	}
	return found
}
