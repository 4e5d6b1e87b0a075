package main

import (
	"fmt"
	"io"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"parley/hostagent/site"
)

// haltSite pauses or resumes all hosts of the owner.
func (a *agentFlags) haltSite(cmd *cobra.Command, ask site.Halt) error {
	halts, err := a.client().Halt(cmd.Context(), ask)
	if err != nil {
		return wrong(err)
	}
	if !a.asJSON {
		printHalts(cmd.OutOrStdout(), halts)
	} else if err := a.print(cmd, halts); err != nil {
		return err
	}
	return wrong(notAllFollow(halts))
}

// printHalts says what the hosts have done: in one line, where all did the same.
func printHalts(out io.Writer, halts site.Halts) {
	done, verb := 0, "paused"
	if halts.Resume {
		verb = "resumed"
	}
	for _, h := range halts.Hosts {
		switch {
		case !h.Follows():
		case halts.Resume && h.Own:
			sayWrapped(out, h.Host+" ", "stays paused: its own operator has paused it (`parley resume` there)")
		default:
			done++
		}
	}
	sayf(out, "%s: %s\n", verb, english.Plural(done, "host", ""))
}

// notAllFollow is the error of a pause or a resume that some hosts did not follow.
func notAllFollow(halts site.Halts) error {
	var list []string
	for _, h := range halts.Hosts {
		switch {
		case h.Silent != "":
			list = append(list, oneLine(h.Host+": "+h.Silent))
		case h.Code != "":
			list = append(list, oneLine(h.Host+": "+h.Why))
		}
	}
	if len(list) == 0 {
		return nil
	}
	text := fmt.Sprintf("%s did not follow; repeat the order when they answer:", english.Plural(len(list), "host", ""))
	for _, line := range list {
		text += "\n  " + line
	}
	return fmt.Errorf("%s", text)
}
