package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"parley/hostagent/api"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
	"parley/models/publish/repository"
)

// bundleTarget hands the releases of a repository to this host's agent, and writes them to a
// file.
type bundleTarget struct {
	socket string
	out    string
	within time.Duration
	agent  bool   // send to the agent
	has    uint64 // the release that the agent has
}

func (s *bundleTarget) flags(cmd *cobra.Command) {
	s.waitFlags(cmd)
	cmd.Flags().StringVar(&s.out, "out", "", "write the bundle to this file")
}

func (s *bundleTarget) waitFlags(cmd *cobra.Command) {
	socketFlag(cmd, &s.socket)
	cmd.Flags().DurationVar(&s.within, "wait", 30*time.Second, "time to wait until this host has taken or refused it")
}

func (s *bundleTarget) client() api.Client { return api.Client{Socket: s.socket} }

// prepare checks, before anything is signed, whether the agent will accept the release:
// an agent with a later release than the repository would treat the next one as a fork.
func (s *bundleTarget) prepare(cmd *cobra.Command, r *repository.Repository) error {
	s.agent = s.out == "" || cmd.Flags().Changed("socket")
	if !s.agent {
		return nil
	}
	status, err := s.chainOf(cmd.Context(), r.Anchor().Publisher)
	if err != nil {
		return wrong(err)
	}
	here := r.Anchor()
	if status.Version > here.Version || status.Version == here.Version && status.Version > 0 && status.Digest != here.Digest {
		return wrong(fmt.Errorf("the agent has release %d (%s) of %s, and this repository ends with %d (%s): somebody published from another "+
			"copy; bring this one up to date (git pull) before you publish",
			status.Version, status.Digest.Short(), here.Publisher, here.Version, here.Digest.Short()))
	}
	if !status.Created.IsZero() { // else the chain is only at its anchor, without a release
		s.has = status.Version
	}
	return nil
}

// chainOf returns the agent's state of a publisher's chain.
func (s *bundleTarget) chainOf(ctx context.Context, publisher string) (chain.Status, error) {
	report, err := s.client().Policies(ctx, false)
	if err != nil {
		return chain.Status{}, err
	}
	for _, status := range report.Hosts[0].Chains {
		if status.Publisher == publisher {
			return status, nil
		}
	}
	return chain.Status{}, fmt.Errorf("the agent on %s does not follow %s: put anchor.json on the host and name it under `publishers` in "+
		"its configuration", s.socket, publisher)
}

// send sends the chain to the agent, and waits for its result on this host.
func (s *bundleTarget) send(cmd *cobra.Command, r *repository.Repository) error {
	if s.out != "" {
		if err := s.write(cmd, r); err != nil {
			return err
		}
	}
	if !s.agent {
		return nil
	}
	// An agent that has the latest release is handed it again: an object of it may be
	// missing there, or hosts that only it reaches may have missed it.
	data, err := packed(r, min(s.has, max(r.Anchor().Version, 1)-1))
	if err != nil {
		return err
	}
	return s.handOver(cmd, data)
}

func packed(r *repository.Repository, after uint64) ([]byte, error) {
	archive, err := r.Archive(after)
	if err != nil {
		return nil, err
	}
	return archive.Pack()
}

// write writes the whole chain, since the hosts that get the file may have any release.
func (s *bundleTarget) write(cmd *cobra.Command, r *repository.Repository) error {
	data, err := packed(r, 0)
	if err != nil {
		return err
	}
	if err := os.WriteFile(s.out, data, 0o644); err != nil {
		return err
	}
	sayf(cmd.OutOrStdout(), "%s has releases 1 to %d of %s, %d bytes: `parley policy apply %s` hands it to the agent of a host\n", s.out,
		r.Anchor().Version, r.Anchor().Publisher, len(data), s.out)
	return nil
}

// handOver sends an archive to the agent and prints the result on this host.
func (s *bundleTarget) handOver(cmd *cobra.Command, archive []byte) error {
	p, err := s.client().Publish(cmd.Context(), archive)
	if err != nil {
		return err
	}
	fmt.Fprintln(cmd.OutOrStdout(), p.Detail)
	status, err := s.settled(cmd.Context(), p)
	if err != nil {
		return continues(cmd.Context(), err, fmt.Sprintf(
			"release %d is on its way to the hosts: `parley policy status` shows who has it, `parley policy rollback` takes it back", p.Version))
	}
	t := newTable(cmd.OutOrStdout(), "policy", "here", "detail")
	var refused []string
	for _, policy := range status.Policies {
		t.AppendRow(table.Row{policy.Name, verdict(policy.State), policyText(policy)})
		if policy.State == "refused" {
			refused = append(refused, policy.Name)
		}
	}
	t.print()
	if len(refused) > 0 {
		return fmt.Errorf("this host refused %v; the table says why, docs/operations.md what to do", refused)
	}
	return nil
}

// settled waits until no policy of a release is in transition.
func (s *bundleTarget) settled(ctx context.Context, p api.Published) (chain.Status, error) {
	ctx, cancel := context.WithTimeout(ctx, s.within)
	defer cancel()
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for {
		status, err := s.chainOf(ctx, p.Publisher)
		if err == nil && status.Version >= p.Version && !slices.ContainsFunc(status.Policies, isUnderWay) {
			return status, nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) && err == nil {
				return status, nil // the table shows the progress
			}
			return status, errors.Join(err, ctx.Err())
		}
	}
}

func isUnderWay(p chain.PolicyStatus) bool {
	return p.State == "fetching" || p.State == "checking" || p.State == "switching"
}

// policyText describes a policy on a host beyond its state.
func policyText(p chain.PolicyStatus) string {
	text := p.Detail
	if p.Code != "" {
		text = string(p.Code) + also(p.Detail)
	}
	if text == "" && p.State == "trial" {
		text = fmt.Sprintf("stage %d", p.Stage)
	}
	switch until := p.Until.Local().Format(time.DateTime); {
	case p.Until.IsZero():
	case p.State == "trial":
		text += "; the trial, with all its stages, ends at " + until
	case p.State == "waiting":
		text += " until " + until
	}
	if (p.State == "refused" || p.State == "halted" || p.State == "waiting") && p.Active != (bundle.Digest{}) {
		text += fmt.Sprintf(" (release %d stays in force)", p.ActiveVersion)
	}
	return text
}
