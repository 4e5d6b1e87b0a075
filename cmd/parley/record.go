package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/past"
	"parley/hostagent/site"
	"parley/sim/record"
)

// recording are the flags of `parley record`.
type recording struct {
	agentFlags
	since  period
	out    string
	within time.Duration
}

func newRecord() *cobra.Command {
	o := recording{since: period(7 * 24 * time.Hour)}
	cmd := &cobra.Command{
		Use:   "record",
		Short: "Gather what the guests of the site used, as a scenario",
		Long: `Gather from all hosts what their guests used, when guests came and went and on which
hosts they were, which moves were made, and what the hosts enact, through the agent of
this host. The directory that is written is a scenario: ` + "`parley sim run DIR`" + ` plays it
again under the policies that were in force, ` + "`parley sim backtest DIR POLICY`" + ` under
another one as well. Hosts that do not answer are named, and left out.

Agents keep what guests used for 30 days (audit.loads_for), as means of a minute
(audit.loads_every).`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.record(cmd) },
	}
	o.flags(cmd)
	cmd.Flags().Var(&o.since, "since", "period to record, up to now, such as 24h or 7d (default 7d)")
	cmd.Flags().StringVar(&o.out, "out", "record", "directory to write; a record that is there is replaced")
	cmd.Flags().DurationVar(&o.within, "within", 2*time.Second, "time to find out which hosts answer")
	return cmd
}

func (o *recording) record(cmd *cobra.Command) error {
	if o.since <= 0 {
		return errors.New("--since: give a time such as 24h or 7d")
	}
	if o.within < time.Second || o.within > time.Minute {
		return fmt.Errorf("--within is %v: from 1s to 1m", o.within)
	}
	now := time.Now()
	gathered, err := gather(cmd.Context(), o.client(), o.within, now.Add(-time.Duration(o.since)), now)
	if err != nil {
		return wrong(err)
	}
	summary, err := record.Write(o.out, gathered)
	if err != nil {
		return wrong(err)
	}
	if o.asJSON {
		return o.print(cmd, summary)
	}
	printRecord(cmd.OutOrStdout(), o.out, summary)
	return nil
}

func printRecord(out io.Writer, dir string, s record.Summary) {
	sayf(out, "%s: %s from %s on, in steps of %v: %s, %s (%d came, %d went)\n", dir, spanText(s.Lasts),
		s.Begin.Local().Format("2006-01-02 15:04"), s.Step, english.Plural(s.Hosts, "host", ""), english.Plural(s.Guests, "guest", ""), s.Came,
		s.Went)
	sayf(out, "policies: %s; they moved %s, and orders %d\n", strings.Join(s.Policies, ", "), english.Plural(s.Moved, "guest", ""), s.Ordered)
	for _, note := range s.Notes {
		sayf(out, "note: %s\n", note)
	}
	sayf(out, "\nNext: parley sim run %s, or parley sim backtest %s POLICY\n", shellWord(dir), shellWord(dir))
}

// spanText is a length of time without zeros at its end.
func spanText(d time.Duration) string {
	text := d.Round(time.Second).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// recordedAtOnce is how many hosts are asked at one time.
const recordedAtOnce = 4

// gather asks all hosts for what they have kept.
func gather(ctx context.Context, client api.Client, within time.Duration, since, until time.Time) (record.Site, error) {
	report, err := client.Site(ctx, within)
	if err != nil {
		return record.Site{}, err
	}
	s := record.Site{Begin: since, End: until, Hosts: make([]record.Host, len(report.Hosts))}
	var group errgroup.Group
	group.SetLimit(recordedAtOnce)
	for i, h := range report.Hosts {
		s.Hosts[i] = record.Host{Name: h.Host, ID: h.PeerID}
		if h.Silent != "" {
			s.Hosts[i].Silent = "it did not answer: " + h.Silent
			continue
		}
		group.Go(func() error {
			if err := gatherHost(ctx, client, &s.Hosts[i], since, until); err != nil {
				s.Hosts[i].Silent = "not all of its past is known: " + err.Error()
			}
			return ctx.Err()
		})
	}
	return s, group.Wait()
}

// gatherHost asks one host. A block that begins before the time may last into it.
func gatherHost(ctx context.Context, client api.Client, h *record.Host, since, until time.Time) error {
	// A host answers 20 questions a second, and takes more for misconduct.
	pace := rate.NewLimiter(5, 10)
	ask := func(of string, since time.Time, take func(site.PastAnswer) error) error {
		q := site.PastQuestion{Of: of, Since: since.UTC(), Until: until.UTC()}
		for {
			if err := pace.Wait(ctx); err != nil {
				return err
			}
			a, err := client.Past(ctx, h.ID, q)
			if err == nil {
				err = take(a)
			}
			if err != nil || a.Next == nil {
				return err
			}
			if !a.Next.After(q) {
				return errors.New("its answers do not come to an end, which is a bug of its agent")
			}
			q = *a.Next
		}
	}
	err := ask(site.PastModels, since, func(a site.PastAnswer) error {
		h.Models = a.Models
		h.Tuning = &hostagent.Tuning{}
		return json.Unmarshal([]byte(a.Tuning), h.Tuning)
	})
	if err != nil {
		return err
	}
	err = ask(site.PastDeals, since, func(a site.PastAnswer) error {
		h.Deals = append(h.Deals, a.Deals...)
		return nil
	})
	if err != nil {
		return err
	}
	return ask(site.PastLoads, since.Add(-past.LongestBlock), func(a site.PastAnswer) error {
		blocks, _, torn := past.Read(a.Blocks)
		h.Kept, h.Blocks = a.Kept, append(h.Blocks, blocks...)
		return torn
	})
}
