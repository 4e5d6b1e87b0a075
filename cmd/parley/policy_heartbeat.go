package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"parley/hostagent/api"
	"parley/models/publish/bundle"
	"parley/models/publish/repository"
)

func newPolicyHeartbeat() *cobra.Command {
	var o repositoryFlags
	var socket, key string
	var every time.Duration
	cmd := &cobra.Command{
		Use:   "heartbeat --key FILE",
		Short: "Confirm to all hosts that the latest release is still the latest",
		Long: `Confirm to all hosts that the latest release of the repository is still the latest.
Without heartbeats a host cannot distinguish a publisher with nothing new from one that it no
longer reaches; after stale_after (cluster.yaml) it reports that. The key may be
one that signs releases, or better one for this alone (` + "`parley cluster init --beat`" + `).

The command sends one heartbeat, for use with a timer; with --every it sends them until
it is interrupted.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if key == "" {
				return errors.New("--key: name the file of the key to sign with")
			}
			if every != 0 && every < time.Second {
				return fmt.Errorf("--every is %v: at least 1s", every)
			}
			private, err := repository.LoadKey(key)
			if err != nil {
				return wrong(err)
			}
			return o.beat(cmd, private, api.Client{Socket: socket}, every)
		},
	}
	o.flags(cmd)
	cmd.Flags().StringVar(&key, "key", "", "file of the key")
	cmd.Flags().DurationVar(&every, "every", 0, "send again after this time, until interrupted")
	socketFlag(cmd, &socket)
	return cmd
}

// beat sends one heartbeat, or one every period.
func (o *repositoryFlags) beat(cmd *cobra.Command, key bundle.Private, client api.Client, every time.Duration) error {
	err := o.beatOnce(cmd, key, client)
	if every == 0 {
		return err
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		if err != nil { // the agent may be back next time
			sayf(cmd.ErrOrStderr(), "parley: %v\n", err)
		}
		select {
		case <-ticker.C:
			err = o.beatOnce(cmd, key, client)
		case <-cmd.Context().Done():
			if errors.Is(cmd.Context().Err(), context.Canceled) {
				return nil // an interrupt is the normal end
			}
			return cmd.Context().Err()
		}
	}
}

// beatOnce reads the repository again, since there may be a new release.
func (o *repositoryFlags) beatOnce(cmd *cobra.Command, key bundle.Private, client api.Client) error {
	r, err := o.open()
	if err != nil {
		return err
	}
	at := r.Anchor()
	if at.Version == 0 {
		return wrong(errors.New("nothing is published yet: `parley policy publish` makes the first release"))
	}
	now := time.Now()
	beat := bundle.Heartbeat{Publisher: at.Publisher, Version: at.Version, Digest: at.Digest, At: now.Unix()}.Sign(key)
	if err := beat.Check(at.Root); err != nil {
		return wrong(fmt.Errorf("%w: the key may not sign (`parley cluster keys` lists those that may)", err))
	}
	if err := client.Notify(cmd.Context(), bundle.Notice{Heartbeat: &beat}.Encode()); err != nil {
		return wrong(err)
	}
	sayf(cmd.OutOrStdout(), "release %d of %s is the latest at %s\n", at.Version, at.Publisher, now.Format(time.DateTime))
	return nil
}
