package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/models/publish/repository"
)

// publisher signs a draft, appends it to the repository, and sends it out.
type publisher struct {
	repositoryFlags
	bundleTarget
	keys []string
}

func (p *publisher) flags(cmd *cobra.Command) {
	p.repositoryFlags.flags(cmd)
	p.bundleTarget.flags(cmd)
	cmd.Flags().StringArrayVar(&p.keys, "key", nil, "sign with the key in this file (repeat for more)")
}

func newPolicyPublish() *cobra.Command {
	var p publisher
	var b draftBuilder
	cmd := &cobra.Command{
		Use:   "publish",
		Short: "Publish the next release to all hosts",
		Long: `Publish what cluster.yaml and policies/ say. Without a draft of it the command builds
one (` + "`parley policy build`" + `), and signs it with the given keys. When enough keys have
signed, the draft becomes the next release and goes to the agent of this host, from
which all other hosts get it. The command waits until this agent has it, and reports
the state of the policies here; ` + "`parley policy status`" + ` shows all hosts.

With --out the bundle is written to a file, for hosts that no network reaches
(` + "`parley policy apply`" + `); then it goes to the agent only with --socket.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := p.open()
			if err != nil {
				return err
			}
			if err := p.checkKeys(r); err != nil {
				return wrong(err)
			}
			if err := p.prepare(cmd, r); err != nil {
				return err
			}
			d, err := b.current(cmd, r)
			if err != nil {
				return err
			}
			return p.publish(cmd, r, d)
		},
	}
	p.flags(cmd)
	b.flags(cmd)
	return cmd
}

// checkKeys checks, before anything is tried or written, that the keys may sign.
func (p *publisher) checkKeys(r *repository.Repository) error {
	for _, file := range p.keys {
		key, err := repository.LoadKey(file)
		if err != nil {
			return err
		}
		if err := r.MaySign(key.Public()); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// current is the pending draft if it matches the files, or a new one.
func (b *draftBuilder) current(cmd *cobra.Command, r *repository.Repository) (d repository.Draft, err error) {
	d, ok, err := r.Pending()
	if err != nil || !ok { // an unusable draft is replaced
		return b.draft(cmd, r)
	}
	stale, err := r.Stale(d)
	if err != nil {
		return d, wrong(err)
	}
	if stale == "" && b.note != "" && b.note != d.Release.Note {
		stale = "another note"
	}
	switch {
	case stale == "" && r.RolledBackTo(d) > 0:
		return d, nil // it was checked when it was first published
	case stale == "":
		return d, b.try(cmd, r, d)
	case len(r.Quorums(d)[0].Signed) > 0:
		return d, wrong(fmt.Errorf("the draft that %s signed does not match the files here (%s): restore the files that it was made from, or "+
			"make a new draft with `parley policy build` and have it signed again", strings.Join(r.Quorums(d)[0].Signed, ", "), stale))
	}
	return b.draft(cmd, r)
}

// publish signs a draft, appends it once the quorum is reached, and sends it out.
func (p *publisher) publish(cmd *cobra.Command, r *repository.Repository, d repository.Draft) error {
	d, err := signAll(r, d, p.keys)
	if err != nil {
		return wrong(err)
	}
	for _, q := range r.Quorums(d) {
		if !q.Reached() {
			return wrong(fmt.Errorf("release %d is not published yet: %v: sign with --key, or have others run `parley policy sign`",
				d.Release.Version, q))
		}
	}
	release, err := r.Append(time.Now())
	if err != nil {
		return wrong(err)
	}
	sayf(cmd.OutOrStdout(), "release %d of %s is signed and in the repository\n", release.Version, release.Publisher)
	if err := p.send(cmd, r); err != nil {
		return wrong(errors.Join(err, fmt.Errorf(
			"release %d is in the repository but not on the hosts: `parley policy apply` hands it over again", release.Version)))
	}
	return nil
}
