package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/models/publish/repository"
)

// publishing signs a draft, appends it to the repository, and sends it out.
type publishing struct {
	operating
	sending
	keys []string
}

func (p *publishing) flags(cmd *cobra.Command) {
	p.operating.flags(cmd)
	p.sending.flags(cmd)
	cmd.Flags().StringArrayVar(&p.keys, "key", nil, "sign with the key in this file; once for each")
}

func newPolicyPublish() *cobra.Command {
	var p publishing
	var b drafting
	cmd := &cobra.Command{
		Use:   "publish",
		Short: "Publish the next release to all hosts",
		Long: `Publish what cluster.yaml and policies/ say. Where there is no draft of that yet it is
built (` + "`parley policy build`" + `); it is signed with the keys given, and when enough have
signed, it becomes the next release and is handed to the agent of this host, from which
all others take it. The command waits until this host's agent has it, and says what
became of the policies here; ` + "`parley policy status`" + ` shows all hosts.

With --out the bundle is written to a file, for hosts that no network reaches
(` + "`parley policy apply`" + `); it goes to the agent too only where --socket is given.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := p.open()
			if err != nil {
				return err
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

// current is the pending draft if it matches the files, or a new one.
func (b *drafting) current(cmd *cobra.Command, r *repository.Repository) (d repository.Draft, err error) {
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
		return d, wrong(fmt.Errorf("the draft that %s signed is not what the files here say (%s): bring the files to where it was made, or make it anew with `parley policy build`, to be signed again", strings.Join(r.Quorums(d)[0].Signed, ", "), stale))
	}
	return b.draft(cmd, r)
}

// publish signs a draft, appends it once the quorum is reached, and sends it out.
func (p *publishing) publish(cmd *cobra.Command, r *repository.Repository, d repository.Draft) error {
	d, err := signAll(r, d, p.keys)
	if err != nil {
		return wrong(err)
	}
	for _, q := range r.Quorums(d) {
		if !q.Reached() {
			return wrong(fmt.Errorf("release %d is not published yet: %v: sign with --key, or have others run `parley policy sign`", d.Release.Version, q))
		}
	}
	release, err := r.Append(time.Now())
	if err != nil {
		return wrong(err)
	}
	sayf(cmd.OutOrStdout(), "release %d of %s is signed and in the repository\n", release.Version, release.Publisher)
	if err := p.send(cmd, r); err != nil {
		return wrong(errors.Join(err, fmt.Errorf("release %d is in the repository, and not on the hosts: `parley policy apply` hands it over again", release.Version)))
	}
	return nil
}
