package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"parley/hostagent/audit"
	"parley/hostagent/audit/store"
	"parley/peer/libp2p"
)

// verification selects what `parley history --verify` checks: the audit of the running
// agent, or a file that no agent has open.
type verification struct {
	wanted     bool
	file       string
	checkpoint string
	host       string
}

func (v *verification) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&v.wanted, "verify", false, "report entries that are missing, changed or in another place; exit code 1 if there "+
		"are any")
	cmd.Flags().StringVar(&v.file, "file", "", "with --verify: an audit that no agent has open, such as a copy of audit.db")
	cmd.Flags().StringVar(&v.checkpoint, "checkpoint", "", "with --file: the checkpoint to compare it with (default: the one beside the file)")
	cmd.Flags().StringVar(&v.host, "peer", "", "with --file: the peer id of the host whose audit it should be")
}

func (v *verification) run(cmd *cobra.Command, a agentFlags) error {
	r, err := v.report(cmd, a)
	if err != nil {
		return wrong(err)
	}
	if a.asJSON {
		if err := a.print(cmd, r); err != nil {
			return err
		}
	} else {
		out := cmd.OutOrStdout()
		fmt.Fprintf(out, "%d entries in %d streams, %d older ones are forgotten\n", r.Entries, r.Streams, r.Forgotten)
		if c := r.Checkpoint; c != nil {
			fmt.Fprintf(out, "the last checkpoint is of %s, by %s: entry %d, digest %x\n", c.At.Local().Format("2006-01-02 15:04:05"), c.Host,
				c.Seq, c.Digest)
		}
		for _, f := range r.Faults {
			fmt.Fprintf(out, "FAULT: %s\n", f)
		}
	}
	if len(r.Faults) > 0 {
		return wrongError{err: errors.New("the audit is inconsistent")}
	}
	return nil
}

func (v *verification) report(cmd *cobra.Command, a agentFlags) (audit.Report, error) {
	if v.file == "" {
		return a.client().VerifyAudit(cmd.Context())
	}
	checkpoint := v.checkpoint
	if checkpoint == "" {
		checkpoint = store.CheckpointPath(v.file)
	} else if _, err := os.Stat(checkpoint); err != nil {
		return audit.Report{}, fmt.Errorf("checkpoint: %w", err)
	}
	return store.VerifyFile(v.file, checkpoint, store.Signer{Host: v.host, Verify: libp2p.VerifyBy})
}
