package main

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"parley/hostagent/api"
	"parley/internal/bytesize"
)

func newProcessPs() *cobra.Command {
	var a agentFlags
	cmd := &cobra.Command{
		Use:   "ps",
		Short: "List the processes of this host",
		Long: `List the processes of this host, and for a day those that have ended here. The beat is
how long ago the program last said that it works, the checkpoint how old the state
is from which it would start again. Instructions are shown only where the machine
counts them.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := a.client().Processes(cmd.Context())
			if err != nil {
				return wrong(err)
			}
			if a.asJSON {
				return a.print(cmd, list)
			}
			printProcesses(cmd.OutOrStdout(), list, time.Now())
			return nil
		},
	}
	a.flags(cmd)
	return cmd
}

func printProcesses(out io.Writer, list []api.Process, now time.Time) {
	if len(list) == 0 {
		sayf(out, "no process: `parley process run PROGRAM` starts one\n")
		return
	}
	t := newTable(out, "process", "pid", "state", "done", "beat", "checkpoint", "restarts", "cpu time", "memory", "instructions", "reason")
	t.mayGoBelow("instructions", "checkpoint", "restarts", "memory", "cpu time")
	for _, p := range list {
		pid, part, restarts, instructions := "", "", "", ""
		if p.PID != 0 {
			pid = strconv.Itoa(p.PID)
		}
		if p.Progress != nil {
			part = fmt.Sprintf("%.0f %%", 100**p.Progress)
		}
		if p.Restarts != 0 {
			restarts = strconv.Itoa(p.Restarts)
		}
		if p.Instructions != nil {
			instructions = fmt.Sprintf("%.3g million", float64(*p.Instructions)/1e6)
		}
		memory := ""
		if p.Memory > 0 {
			memory = bytesize.Text(p.Memory)
		}
		t.AppendRow(table.Row{
			p.Name, amount(pid), verdict(p.State), amount(part), amount(since(now, p.Beat)), amount(since(now, p.Checkpoint)),
			amount(restarts), amount(durationText(p.CPUTime.Round(10 * time.Millisecond))), amount(memory), amount(instructions),
			reasonCell(p.Why),
		})
	}
	t.print()
}

// since is how long ago a moment was; "" if it never was.
func since(now, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return max(0, now.Sub(at)).Round(100 * time.Millisecond).String()
}

// printEnded shows in the status the processes that have ended last.
func printEnded(out io.Writer, list []api.Process) {
	if n := len(list) - endedShown; n > 0 {
		defer sayIndented(out, "", "  ", "%s not shown: `parley process ps`", english.Plural(n, "more ended process", "more ended processes"))
		list = list[n:]
	}
	t := newTable(out, "ended process", "state", "at", "why")
	for _, p := range list {
		t.AppendRow(table.Row{p.Name, verdict(p.State), p.EndedAt.Local().Format(time.DateTime), reasonCell(p.Why)})
	}
	t.print()
}
