package service

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"parley/hostagent"
	"parley/lcc"
	"parley/models/bundle"
	"parley/peer"
)

// policy is what the host enacts now: the models of one bundle.
type policy struct {
	file   string
	models []*lcc.Model
	err    string // why nothing, or nothing newer, is enacted
}

// compilePolicy reads and compiles every model of the configured policy
// against this host's vocabulary. The error holds every finding, one a line.
func compilePolicy(path string) ([]*lcc.Model, error) {
	set, err := bundle.Load(path)
	if err != nil {
		return nil, err
	}
	var models []*lcc.Model
	var findings []string
	for _, f := range set.Files {
		model, diagnostics := lcc.Compile(f.Path, f.Text, hostagent.Vocabulary())
		for _, d := range diagnostics {
			if d.Severity == lcc.Error {
				findings = append(findings, d.String())
			}
		}
		if model == nil {
			continue
		}
		if needs := model.Needs(); len(needs) > 0 {
			findings = append(findings, fmt.Sprintf("%s: this host has no constraint %s: see docs/vocabulary.md for those it has",
				f.Path, strings.Join(needs, ", ")))
		}
		if len(model.Initial()) == 0 {
			findings = append(findings, fmt.Sprintf("%s: no role is initial, so the host would never begin: write r(idle, initial)", f.Path))
		}
		models = append(models, model)
	}
	if len(findings) > 0 {
		return nil, fmt.Errorf("%s is not enacted (`parley check %s` shows more):\n  %s", path, path, strings.Join(findings, "\n  "))
	}
	return models, nil
}

// CheckPolicy says what keeps a host from enacting a policy.
func CheckPolicy(path string) error {
	_, err := compilePolicy(path)
	return err
}

// admitted compiles the configured policy unless it is quarantined.
func (s *Service) admitted(path string) ([]*lcc.Model, error) {
	set, err := bundle.Load(path)
	if err != nil {
		return nil, err
	}
	if err := s.quarantine.admit(set); err != nil {
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
		s.policy.err = err.Error()
		s.notePolicy("refused", err.Error())
		s.log.Error("the policy is refused; the agent goes on without a change", "error", err)
		return nil
	}
	before := s.policy.models
	s.policy = policy{file: path, models: models}
	// Withdrawn first: a changed text of a model never runs beside the old one.
	for _, old := range before {
		if !holds(models, old.Digest()) {
			if err := s.step(peer.Withdraw{Model: old.Digest()}); err != nil {
				return err
			}
		}
	}
	for _, model := range models {
		if holds(before, model.Digest()) {
			continue
		}
		if err := s.step(enact(model)); err != nil {
			return err
		}
		s.notePolicy("in force", fmt.Sprintf("%s %s", model.Name(), fullDigest(model.Digest())))
		s.log.Info("policy in force", "model", model.Name(), "file", filepath.Base(path), "digest", short(model.Digest()))
	}
	return nil
}

// enact starts one agent in each initial role.
func enact(model *lcc.Model) peer.Enact {
	e := peer.Enact{Model: model}
	for _, role := range model.Initial() {
		e.Start = append(e.Start, lcc.Start{Role: lcc.Atom(role)})
	}
	return e
}

func holds(models []*lcc.Model, digest lcc.Digest) bool {
	return slices.ContainsFunc(models, func(m *lcc.Model) bool { return m.Digest() == digest })
}

func short(d lcc.Digest) string { return fullDigest(d)[:12] }

func fullDigest(d lcc.Digest) string { return fmt.Sprintf("%x", d[:]) }
