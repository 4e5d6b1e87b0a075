package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"parley/hostagent/site"
)

// siteFlags are those of the verbs that ask all hosts of the site.
type siteFlags struct {
	outputFlags
	sort    string
	limit   int
	watch   bool
	wait    string
	until   site.Condition // that wait says
	within  time.Duration  // for the answers
	timeout time.Duration  // for the condition
}

const (
	siteRowsMost = 40
	siteWatch    = 2 * time.Second
	siteWait     = time.Second
)

// siteFlagNames are the flags that mean something only where all hosts are asked.
var siteFlagNames = []string{"output", "no-headers", "sort", "limit", "watch", "wait", "within", "timeout"}

func (s *siteFlags) flags(cmd *cobra.Command) {
	s.outputFlags.flags(cmd)
	cmd.Flags().BoolVarP(&s.watch, "watch", "w", false, "print it again when it has changed, until Ctrl-C")
	cmd.Flags().DurationVar(&s.within, "within", 2*time.Second, "time to wait for the answers of the hosts")
}

// rowFlags are those of a list of hosts.
func (s *siteFlags) rowFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.sort, "sort", "urgency", "order of the hosts: "+strings.Join(site.Orders(), ", "))
	completesFlag(cmd, "sort", oneOf(site.Orders()...))
	cmd.Flags().IntVar(&s.limit, "limit", siteRowsMost, "maximum number of rows; 0: all")
	cmd.Flags().StringVar(&s.wait, "wait", "", "wait until this holds: active=POLICY, empty=HOST or done=DEAL")
	completesFlag(cmd, "wait", oneOf("active=", "empty=", "done="))
	cmd.Flags().DurationVar(&s.timeout, "timeout", 5*time.Minute, "time to --wait")
}

func (s *siteFlags) check(asJSON bool) (err error) {
	if err := s.outputFlags.check(asJSON); err != nil {
		return err
	}
	if s.wait != "" {
		if s.until, err = site.ParseCondition(s.wait); err != nil {
			return fmt.Errorf("--wait: %w", err)
		}
	}
	if s.sort != "" {
		if err := known("order", s.sort, site.Orders()); err != nil {
			return fmt.Errorf("--sort: %w", err)
		}
	}
	switch {
	case s.limit < 0:
		return fmt.Errorf("--limit is %d: give a number of rows, or 0 for all", s.limit)
	case s.within < time.Second || s.within > time.Minute:
		return fmt.Errorf("--within is %v: from 1s to 1m", s.within)
	case s.timeout < 0:
		return fmt.Errorf("--timeout is %v: give a time such as 30s or 10m", s.timeout)
	case s.watch && s.wait != "":
		return errors.New("--watch and --wait: give one of them")
	}
	return nil
}

// show prints what render makes of the site: once, or with --watch whenever it differs.
func (s *siteFlags) show(ctx context.Context, out io.Writer, a *agentFlags, render func(io.Writer, site.Report) error) error {
	ticker := time.NewTicker(siteWatch)
	defer ticker.Stop()
	var last []byte
	for {
		report, err := a.client().Site(ctx, s.within)
		if err != nil {
			if s.watch && ctx.Err() != nil {
				return nil
			}
			return err
		}
		if !s.watch {
			return render(out, report)
		}
		var now bytes.Buffer
		if err := render(&now, report); err != nil {
			return err
		}
		if !bytes.Equal(now.Bytes(), last) {
			if err := s.again(out, last != nil, report, render); err != nil {
				return err
			}
			last = now.Bytes()
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// again prints a report in the place of the one before: on a terminal on a cleared screen,
// elsewhere below it.
func (s *siteFlags) again(out io.Writer, before bool, report site.Report, render func(io.Writer, site.Report) error) error {
	if w, ok := out.(*plainWriter); ok && atTerminal(out) {
		w.colour("\x1b[H\x1b[J")
	} else if before && s.format != "json" && s.format != "yaml" {
		sayf(out, "\n%s\n", report.At.Local().Format(time.TimeOnly))
	} else if before && s.format == "yaml" {
		fmt.Fprintln(out, "---")
	}
	return render(out, report)
}

// await waits until the condition holds, and says so.
func (s *siteFlags) await(ctx context.Context, out io.Writer, a *agentFlags) error {
	late := time.NewTimer(s.timeout)
	defer late.Stop()
	ticker := time.NewTicker(siteWait)
	defer ticker.Stop()
	for {
		report, err := a.client().Site(ctx, s.within)
		if err != nil {
			return err
		}
		outcome, err := s.until.Check(report)
		if err != nil {
			return err
		}
		if outcome.Met {
			sayf(out, "%s\n", outcome.Text)
			return nil
		}
		select {
		case <-ticker.C:
		case <-late.C:
			return fmt.Errorf("it does not hold after %v: %s", s.timeout, outcome.Text)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// silentText names the hosts that did not answer; "": all did.
func silentText(report site.Report) string {
	silent := report.Silent()
	if len(silent) == 0 {
		return ""
	}
	const most = 3
	var names []string
	for _, h := range silent[:min(most, len(silent))] {
		names = append(names, h.Host)
	}
	text := english.Plural(len(silent), "host", "") + " did not answer: " + strings.Join(names, ", ")
	if len(silent) > most {
		text += fmt.Sprintf(" and %d more", len(silent)-most)
	}
	return text
}
