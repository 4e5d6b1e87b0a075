package service

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"parley/hostagent/enact"
	"parley/lcc"
	"parley/models/publish/source"
	"parley/peer"
)

// policy is what the host enacts now: the models of its publishers, or those of a local
// file.
type policy struct {
	file    string // "": from publishers
	enacted []enact.Model
	err     string // why nothing, or nothing newer, is enacted
	again   bool   // the error may be transient (ofDisk) or is a quarantine: load is retried
}

// leaves returns the models of a policy that are absent or changed in next.
func (p policy) leaves(next []enact.Model) (list []lcc.Digest) {
	for _, e := range p.enacted {
		if !slices.ContainsFunc(next, e.Same) {
			list = append(list, e.Digest())
		}
	}
	return list
}

// admitted compiles the configured policy unless it is quarantined.
func (w *switcher) admitted(path string) ([]enact.Model, error) {
	set, err := source.Load(path)
	if err != nil {
		return nil, err
	}
	if err := w.quarantine.admit(set, time.Now()); err != nil {
		return nil, err
	}
	return enact.File(path)
}

// load puts the configured policy in force. A policy with faults changes nothing: the
// previous one stays in force, and the status shows the error.
func (w *switcher) load(path string) error {
	if w.publishers.following() {
		return nil // the publishers decide what is enacted
	}
	if path == "" {
		w.policy.err = "no policy is configured: set policy.file to an .lcc file"
		w.log.Warn("no policy is configured: the host takes part in no negotiation and moves nothing; set policy.file to an .lcc file",
			"event", "policy_missing")
		return nil
	}
	models, err := w.admitted(path)
	if err != nil {
		tried := w.policy.again && w.policy.err == err.Error()
		w.policy.err, w.policy.again = err.Error(), ofDisk(err) || errors.Is(err, errQuarantined)
		if tried {
			return nil // it is logged already
		}
		w.note("refused", err.Error())
		w.log.Error("the policy is refused; the agent keeps what it enacts", "event", "policy_refused", "error", err)
		return nil
	}
	return w.putInForce(policy{file: path, enacted: models})
}

// putInForce withdraws the models that are absent or changed in the next policy, and
// then enacts the new ones: two versions of a model never run at the same time.
func (w *switcher) putInForce(next policy) error {
	before := w.policy
	w.policy = next
	for _, digest := range before.leaves(next.enacted) {
		if err := w.host.step(peer.Withdraw{Model: digest}); err != nil {
			return err
		}
	}
	log := w.log
	if next.file != "" {
		log = log.With("file", filepath.Base(next.file))
	}
	for _, e := range next.enacted {
		if slices.ContainsFunc(before.enacted, e.Same) {
			continue
		}
		if err := w.host.step(enacted(e)); err != nil {
			return err
		}
		w.note("in force", fmt.Sprintf("%s %s", e.Name(), fullDigest(e.Digest())))
		log.Info("policy in force", "event", "policy_in_force", "model", e.Name(), "digest", short(e.Digest()))
	}
	return nil
}

// enacted returns the event that enacts a model with one agent in each initial role.
func enacted(e enact.Model) peer.Enact {
	return peer.Enact{Model: e.Model, Refuse: e.Refuse, Start: enact.Starts(e.Model, e.Refuse)}
}

func short(d lcc.Digest) string { return fullDigest(d)[:12] }

func fullDigest(d lcc.Digest) string { return fmt.Sprintf("%x", d[:]) }
