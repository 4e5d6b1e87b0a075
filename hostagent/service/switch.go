package service

import (
	"slices"
	"time"

	"parley/hostagent/enact"
	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/peer"
)

// switching is a change of policy under way: the models that are left begin nothing
// new, and when their negotiations have ended the others take their place at once.
type switching struct {
	target  []enact.Model
	retired map[lcc.Digest]bool
	began   time.Time
	done    []func(error)
}

// restWithin is how long it is waited for the roles of a model that is left to come to
// rest. Deals are waited for in any case: each has a bound of its own.
const restWithin = 10 * time.Second

// wants takes what a publisher wants this host to enact.
func (s *Service) wants(w wish) error {
	var list []enact.Model
	for _, p := range w.policies {
		models, err := s.prepare(w.publisher, p, w.files)
		if err != nil {
			w.done(err)
			return nil
		}
		list = append(list, models...)
	}
	s.wanted[w.publisher] = list
	return s.beginSwitch(s.union(), w.done)
}

// prepare compiles a policy that is to be enacted; its check has left it in the cache.
func (s *Service) prepare(publisher string, p bundle.Policy, objects map[bundle.Digest][]byte) ([]enact.Model, error) {
	files, err := filesOf(p, objects)
	if err != nil {
		return nil, err
	}
	return s.prepared.Policy(s.acceptance().terms(publisher), p, files)
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
func (s *Service) union() (list []enact.Model) {
	for i, publisher := range s.acceptance().names {
		if i > 0 && s.following.held[publisher] != "" {
			continue // another owner's policies that have expired are left
		}
		for _, e := range s.wanted[publisher] {
			i := slices.IndexFunc(list, func(other enact.Model) bool { return other.Digest() == e.Digest() })
			if i < 0 {
				list = append(list, e)
				continue
			}
			both := append(slices.Clone(list[i].Refuse), e.Refuse...)
			slices.Sort(both)
			list[i].Refuse = slices.Compact(both)
		}
	}
	return list
}

// beginSwitch leaves the models that are not in the target. done is called when the
// target is in force.
func (s *Service) beginSwitch(target []enact.Model, done func(error)) error {
	err := s.safe.admit(target)
	if err == nil {
		err = s.quarantine.admit(setOf(target), time.Now())
	}
	if err != nil {
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
	for _, e := range s.policy.enacted {
		digest := e.Digest()
		stays := !slices.Contains(leaving, digest)
		if stays && retired[digest] {
			if err := s.step(peer.Enact{Model: e.Model, Refuse: e.Refuse}); err != nil {
				return err
			}
		}
		retired[digest] = !stays
	}
	return nil
}

// setOf is a set of models as one bundle, for the quarantine.
func setOf(list []enact.Model) (b bundle.Bundle) {
	for _, e := range list {
		digest := e.Digest()
		b.Files = append(b.Files, bundle.File{Path: e.Name(), Text: digest[:], SHA256: digest})
	}
	b.Digest = bundle.DigestOfFiles(b.Files)
	return b
}

// leaving are the models that are enacted and not, or not so, in the target.
func (s *Service) leaving() []lcc.Digest { return s.policy.leaves(s.switching.target) }

// finishSwitch puts the target in force when nothing speaks against it any more.
func (s *Service) finishSwitch() error {
	if s.switching == nil || !s.rests() {
		return nil
	}
	sw := s.switching
	s.switching = nil
	if err := s.putInForce(policy{enacted: sw.target}); err != nil {
		return err
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
