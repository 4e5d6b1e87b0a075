package service

import (
	"log/slog"
	"slices"
	"time"

	"parley/hostagent/enact"
	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
	"parley/peer"
)

// switching is a change of policy in flight: the models that are left begin nothing
// new, and when their negotiations have ended the new models replace them at once.
type switching struct {
	target  []enact.Model
	retired map[lcc.Digest]bool
	began   time.Time
	done    []func(error)
}

// enactor is the part of the host that a switch of policies needs.
type enactor interface {
	step(event) error
	// rest says whether no deal is in flight, and whether the agents of all these models are
	// between two negotiations.
	rest(models []lcc.Digest) (noDeals, agents bool)
}

// switcher puts policies in force: those of a file, or what the publishers want. The
// loop owns it.
type switcher struct {
	host         enactor
	log          *slog.Logger
	publishers   *publishers
	names        *directory
	note         func(state, reason string) // for the audit
	policy       policy
	wantedModels map[string][]enact.Model // by publisher
	switching    *switching               // nil: no switch is in flight
	quarantine   *quarantine
	safe         *safeStart
}

// restWithin bounds how long a switch waits for the agents of the models that are left
// to become idle. A switch always waits for deals: each has its own bound.
const restWithin = 10 * time.Second

// requestSwitch handles a publisher's wish.
func (w *switcher) requestSwitch(ev switchRequest) error {
	var list []enact.Model
	for _, p := range ev.policies {
		models, err := w.prepare(ev.publisher, p)
		if err != nil {
			ev.done(err)
			return nil
		}
		list = append(list, models...)
	}
	w.wantedModels[ev.publisher] = list
	return w.beginSwitch(w.union(), ev.done)
}

// prepare returns the compiled models of a policy; its check has put them in the cache.
func (w *switcher) prepare(publisher string, t chain.Text) ([]enact.Model, error) {
	return w.publishers.prepared.Policy(w.publishers.acceptance().terms(publisher), t.Policy, t.Files)
}

// union merges what all publishers want: a model that two of them publish is enacted
// once, without the roles that this host refuses to either.
func (w *switcher) union() (list []enact.Model) {
	for i, publisher := range w.publishers.acceptance().names {
		if i > 0 && w.publishers.held[publisher] != "" {
			continue // another owner's suspended policies are left out
		}
		for _, e := range w.wantedModels[publisher] {
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

// policiesOf returns the policies of releases that have a model, by name.
func (w *switcher) policiesOf(model lcc.Digest) (list []string) {
	for _, models := range w.wantedModels {
		for _, m := range models {
			if m.Digest() == model {
				list = append(list, m.Policy)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// beginSwitch starts to leave the models that are not in the target. It calls done when
// the target is in force.
func (w *switcher) beginSwitch(target []enact.Model, done func(error)) error {
	err := w.safe.admit(target)
	if err == nil {
		err = w.quarantine.admit(setOf(target), time.Now())
	}
	if err != nil {
		done(bundle.Refuse(bundle.Quarantined, "%v", err))
		return nil
	}
	if w.switching == nil {
		w.switching = &switching{began: time.Now(), retired: map[lcc.Digest]bool{}}
	}
	w.switching.target = target
	w.switching.done = append(w.switching.done, done)
	if err := w.retire(); err != nil {
		return err
	}
	if err := w.hold(); err != nil {
		return err
	}
	return w.finishSwitch()
}

// retire retires the models that are not in the target, and enacts again those that an
// earlier target had retired.
func (w *switcher) retire() error {
	leaving := w.leaving()
	if err := w.host.step(peer.Retire{Models: leaving}); err != nil {
		return err
	}
	retired := w.switching.retired
	for _, e := range w.policy.enacted {
		digest := e.Digest()
		stays := !slices.Contains(leaving, digest)
		if stays && retired[digest] {
			if err := w.host.step(peer.Enact{Model: e.Model, Refuse: e.Refuse}); err != nil {
				return err
			}
		}
		retired[digest] = !stays
	}
	return nil
}

// setOf makes one bundle of a set of models, for the quarantine.
func setOf(list []enact.Model) (b bundle.Bundle) {
	for _, e := range list {
		digest := e.Digest()
		b.Files = append(b.Files, bundle.File{Path: e.Name(), Text: digest[:], SHA256: digest})
	}
	b.Digest = bundle.DigestOfFiles(b.Files)
	return b
}

// leaving returns the enacted models that are absent or changed in the target.
func (w *switcher) leaving() []lcc.Digest { return w.policy.leaves(w.switching.target) }

// finishSwitch puts the target in force once the models that are left are idle.
func (w *switcher) finishSwitch() error {
	if w.switching == nil || !w.rests() {
		return nil
	}
	sw := w.switching
	w.switching = nil
	if err := w.putInForce(policy{enacted: sw.target}); err != nil {
		return err
	}
	if err := w.setOutsiders(); err != nil {
		return err
	}
	for _, done := range sw.done {
		done(nil)
	}
	return w.hold()
}

// rests says whether the models that are left can be withdrawn: no deal is in flight,
// and their agents are idle or restWithin has passed.
func (w *switcher) rests() bool {
	leaving := w.leaving()
	if len(leaving) == 0 {
		return true
	}
	noDeals, agents := w.host.rest(leaving)
	return noDeals && (agents || time.Since(w.switching.began) >= restWithin)
}
