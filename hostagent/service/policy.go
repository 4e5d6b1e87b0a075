package service

import (
	"time"

	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/peer"
)

// policy is what the host enacts now: the models of its publishers, or those of a
// file of its own.
type policy struct {
	file    string // "": of publishers
	enacted []enacting
	err     string // why nothing, or nothing newer, is enacted
	again   bool   // it was the disk: it is tried again
}

// leaves are the models of a policy that are not, or not so, among others.
func (p policy) leaves(next []enacting) (list []lcc.Digest) {
	for _, e := range p.enacted {
		if !slices.ContainsFunc(next, e.same) {
			list = append(list, e.model.Digest())
		}
	}
	return list
}

// compilePolicy reads and compiles every model of the configured policy. The error
// holds every finding, one a line.
func compilePolicy(path string) (list []enacting, err error) {
	set, err := bundle.Load(path)
	if err != nil {
		return nil, err
	}
	var findings []string
	for _, f := range set.Files {
		model, faults, unfit := compileModel(f.Path, f.Text)
		findings = append(findings, faults...)
		for _, err := range unfit {
			var r *bundle.Refusal
			if errors.As(err, &r) {
				findings = append(findings, r.Detail)
			}
		}
		list = append(list, enacting{model: model})
	}
	if len(findings) > 0 {
		return nil, fmt.Errorf("%s is not enacted (`parley check %s` shows more):\n  %s", path, path, strings.Join(findings, "\n  "))
	}
	return list, nil
}

// CheckPolicy says what keeps a host from enacting a policy.
func CheckPolicy(path string) error {
	_, err := compilePolicy(path)
	return err
}

// admitted compiles the configured policy unless it is quarantined.
func (s *Service) admitted(path string) ([]enacting, error) {
	set, err := bundle.Load(path)
	if err != nil {
		return nil, err
	}
	if err := s.quarantine.admit(set, time.Now()); err != nil {
		return nil, err
	}
	return compilePolicy(path)
}

// loadPolicy puts the configured policy in force. A policy with faults changes
// nothing: what ran before goes on, and the error is kept for the status.
func (s *Service) loadPolicy() error {
	path := s.config.Policy.File
	if s.following.driver != nil {
		return nil // its publishers say what is enacted
	}
	if path == "" {
		s.policy.err = "no policy is configured: set policy.file to an .lcc file"
		s.log.Warn("no policy is configured: the host answers nobody and moves nothing; set policy.file to an .lcc file")
		return nil
	}
	models, err := s.admitted(path)
	if err != nil {
		tried := s.policy.again && s.policy.err == err.Error()
		s.policy.err, s.policy.again = err.Error(), ofDisk(err) || errors.Is(err, errQuarantined)
		if tried {
			return nil // it was told before
		}
		s.notePolicy("refused", err.Error())
		s.log.Error("the policy is refused; the agent goes on without a change", "error", err)
		return nil
	}
	return s.putInForce(policy{file: path, enacted: models})
}

// putInForce enacts what a policy has and the one before had not, or not so, after
// that one's others are withdrawn: a changed text of a model never runs beside the old
// one.
func (s *Service) putInForce(next policy) error {
	before := s.policy
	s.policy = next
	for _, digest := range before.leaves(next.enacted) {
		if err := s.step(peer.Withdraw{Model: digest}); err != nil {
			return err
		}
	}
	log := s.log
	if next.file != "" {
		log = log.With("file", filepath.Base(next.file))
	}
	for _, e := range next.enacted {
		if slices.ContainsFunc(before.enacted, e.same) {
			continue
		}
		if err := s.step(e.enact()); err != nil {
			return err
		}
		s.notePolicy("in force", fmt.Sprintf("%s %s", e.model.Name(), fullDigest(e.model.Digest())))
		log.Info("policy in force", "model", e.model.Name(), "digest", short(e.model.Digest()))
	}
	return nil
}

// enact starts one agent in each initial role.
func (e enacting) enact() peer.Enact {
	event := peer.Enact{Model: e.model, Refuse: e.refuse}
	for _, role := range e.model.Initial() {
		event.Start = append(event.Start, lcc.Start{Role: lcc.Atom(role)})
	}
	return event
}

func short(d lcc.Digest) string { return fullDigest(d)[:12] }

func fullDigest(d lcc.Digest) string { return fmt.Sprintf("%x", d[:]) }
