package service

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/hostagent"
	"parley/lcc"
	"parley/models/bundle"
	"parley/peer"
)

// enacting is a model with the roles of it that this host never plays.
type enacting struct {
	model  *lcc.Model
	refuse []string // sorted
}

// switching is a change of policy under way: the models that are left begin nothing
// new, and when their negotiations have ended the others take their place at once.
type switching struct {
	target  []enacting
	retired map[lcc.Digest]bool
	began   time.Time
	done    []func(error)
}

// restWithin is how long it is waited for the roles of a model that is left to come to
// rest. Deals are waited for in any case: each has a bound of its own.
const restWithin = 10 * time.Second

// wants takes what a publisher wants this host to enact.
func (s *Service) wants(w wish) error {
	var list []enacting
	for _, p := range w.policies {
		models, err := s.compile(w.publisher, p, w.files)
		if err != nil {
			w.done(err)
			return nil
		}
		list = append(list, models...)
	}
	s.wanted[w.publisher] = list
	return s.beginSwitch(s.union(), w.done)
}

func filesOf(p bundle.Policy, all map[bundle.Digest][]byte) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, f := range p.Files {
		data, ok := all[f.Digest]
		if !ok {
			return nil, bundle.Refuse(bundle.WrongDigest, "policy %s: %s is not there", p.Name, f.Path)
		}
		files[f.Path] = data
	}
	return files, nil
}

// union is what all publishers want: a model that two of them publish is enacted once,
// without the roles that this host refuses to either.
func (s *Service) union() (list []enacting) {
	for i, publisher := range s.acceptance().names {
		if i > 0 && s.following.held[publisher] != "" {
			continue // another owner's policies that have expired are left
		}
		for _, e := range s.wanted[publisher] {
			i := slices.IndexFunc(list, func(other enacting) bool { return other.model.Digest() == e.model.Digest() })
			if i < 0 {
				list = append(list, e)
				continue
			}
			both := append(slices.Clone(list[i].refuse), e.refuse...)
			slices.Sort(both)
			list[i].refuse = slices.Compact(both)
		}
	}
	return list
}

// beginSwitch leaves the models that are not in the target. done is called when the
// target is in force.
func (s *Service) beginSwitch(target []enacting, done func(error)) error {
	if err := s.quarantine.admit(setOf(target)); err != nil {
		done(bundle.Refuse(bundle.Quarantined, "%v", err))
		return nil
	}
	if s.switching == nil {
		s.switching = &switching{began: time.Now(), retired: map[lcc.Digest]bool{}}
	}
	s.switching.target = target
	s.switching.done = append(s.switching.done, done)
	if err := s.retire(); err != nil {
		return err
	}
	if err := s.hold(); err != nil {
		return err
	}
	return s.finishSwitch()
}

// retire begins to leave models, and takes back those that an earlier target was
// without and this one has.
func (s *Service) retire() error {
	leaving := s.leaving()
	if err := s.step(peer.Retire{Models: leaving}); err != nil {
		return err
	}
	retired := s.switching.retired
	for _, e := range s.enacted {
		digest := e.model.Digest()
		stays := !slices.Contains(leaving, digest)
		if stays && retired[digest] {
			if err := s.step(peer.Enact{Model: e.model, Refuse: e.refuse}); err != nil {
				return err
			}
		}
		retired[digest] = !stays
	}
	return nil
}

// setOf is a set of models as one bundle, for the quarantine.
func setOf(list []enacting) (b bundle.Bundle) {
	for _, e := range list {
		digest := e.model.Digest()
		b.Files = append(b.Files, bundle.File{Path: e.model.Name(), Text: digest[:], SHA256: digest})
	}
	b.Digest = bundle.DigestOfFiles(b.Files)
	return b
}

// leaving are the models that are enacted and not, or not so, in the target.
func (s *Service) leaving() (list []lcc.Digest) {
	for _, e := range s.enacted {
		if !slices.ContainsFunc(s.switching.target, e.same) {
			list = append(list, e.model.Digest())
		}
	}
	return list
}

func (e enacting) same(other enacting) bool {
	return e.model.Digest() == other.model.Digest() && slices.Equal(e.refuse, other.refuse)
}

// finishSwitch puts the target in force when nothing speaks against it any more.
func (s *Service) finishSwitch() error {
	if s.switching == nil || !s.rests() {
		return nil
	}
	sw := s.switching
	leaving := s.leaving()
	for _, digest := range leaving {
		if err := s.step(peer.Withdraw{Model: digest}); err != nil {
			return err
		}
	}
	before := s.enacted
	s.enacted, s.switching = sw.target, nil
	s.policy = policy{}
	for _, e := range sw.target {
		s.policy.models = append(s.policy.models, e.model)
		if slices.ContainsFunc(before, e.same) {
			continue
		}
		enact := enact(e.model)
		enact.Refuse = e.refuse
		if err := s.step(enact); err != nil {
			return err
		}
		s.notePolicy("in force", fmt.Sprintf("%s %s", e.model.Name(), fullDigest(e.model.Digest())))
		s.log.Info("policy in force", "model", e.model.Name(), "digest", short(e.model.Digest()))
	}
	if err := s.setOutsiders(); err != nil {
		return err
	}
	for _, done := range sw.done {
		done(nil)
	}
	return s.hold()
}

// rests says whether the models that are left can be withdrawn: no deal is under way,
// and their agents are between two negotiations, or have not come to rest for too
// long.
func (s *Service) rests() bool {
	leaving := s.leaving()
	if len(leaving) == 0 {
		return true
	}
	if !s.node.Host().Quiet() {
		return false
	}
	waited := time.Since(s.switching.began) >= restWithin
	return waited || !slices.ContainsFunc(leaving, func(d lcc.Digest) bool { return !s.node.Peer().Resting(d) })
}

// compileSigned compiles the models of a signed policy against this host's
// vocabulary, and runs each dry. The error is a *bundle.Refusal.
func compileSigned(p Publisher, policy bundle.Policy, files map[string][]byte) (list []enacting, err error) {
	for _, f := range policy.Files {
		name := strings.TrimSuffix(f.Path, ".lcc")
		if !p.accepts(name) {
			return nil, bundle.Refuse(bundle.NotAccepted, "policy %s has the model %s; this host accepts %s from this publisher (publishers.models in its configuration)", policy.Name, name, strings.Join(p.Models, ", "))
		}
		model, err := compileOne(f.Path, files[f.Path])
		if err != nil {
			return nil, err
		}
		refuse := slices.Sorted(slices.Values(p.RefuseRoles))
		if err := dryRun(model, refuse); err != nil {
			return nil, err
		}
		list = append(list, enacting{model, slices.Compact(refuse)})
	}
	return list, nil
}

func compileOne(name string, text []byte) (*lcc.Model, error) {
	model, found := lcc.Compile(name, text, hostagent.Vocabulary())
	var errs []string
	for _, d := range found {
		if d.Severity == lcc.Error {
			errs = append(errs, d.String())
		}
	}
	switch {
	case model == nil || len(errs) > 0:
		return nil, bundle.Refuse(bundle.NotChecked, "%s has faults (`parley check` shows more): %s", name, strings.Join(errs, "; "))
	case len(model.Needs()) > 0:
		return nil, bundle.Refuse(bundle.NoVocabulary, "%s: this host has no constraint %s: see docs/vocabulary.md for those it has", name, strings.Join(model.Needs(), ", "))
	case len(model.Initial()) == 0:
		return nil, bundle.Refuse(bundle.NotChecked, "%s: no role is initial, so the host would never begin: write r(idle, initial)", name)
	}
	return model, nil
}

// dryRunSteps bounds the alarms that a dry run follows.
const dryRunSteps = 100

// dryRun starts a model where nothing is known and nobody is there, and lets an hour
// of alarms pass: an agent that fails by itself there would fail here too.
func dryRun(model *lcc.Model, refuse []string) error {
	engine, err := lcc.New(model, lcc.Options{Self: "dry", World: lcc.Nobody{}, Refuse: refuse})
	if err != nil {
		return bundle.Refuse(bundle.NotRun, "%s: %v", model.Name(), err)
	}
	var events []lcc.Event
	for _, role := range model.Initial() {
		if slices.Contains(refuse, role) {
			return bundle.Refuse(bundle.NotAccepted, "%s begins in the role %s, which this host refuses (publishers.refuse_roles in its configuration)", model.Name(), role)
		}
		events = append(events, lcc.Start{Role: lcc.Atom(role)})
	}
	now, alarm := lcc.Instant(1), lcc.Instant(0)
	for range dryRunSteps {
		for _, ev := range events {
			effects, err := engine.Step(now, ev)
			if err != nil {
				return bundle.Refuse(bundle.NotRun, "%s: %v", model.Name(), err)
			}
			for _, effect := range effects {
				switch e := effect.(type) {
				case lcc.Finish:
					if e.Reason.Code != lcc.ReasonDone {
						return bundle.Refuse(bundle.NotRun, "%s: the role %s ends at once: %s", model.Name(), e.Role, e.Reason.Detail)
					}
				case lcc.Alarm:
					alarm = e.At
				}
			}
		}
		if alarm == 0 || alarm > lcc.Instant(time.Hour) {
			return nil
		}
		now, alarm, events = max(now, alarm), 0, []lcc.Event{lcc.Woken{}}
	}
	return nil
}
