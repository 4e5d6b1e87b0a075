package service

import (
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"parley/hostagent"
	"parley/hostagent/audit"
	"parley/hostagent/recall"
)

// This file keeps what moves were expected to bring and what they brought.

// kindOutcome is the kind of the entries of the audit with measured outcomes.
const kindOutcome = "outcome"

// dealMeasured keeps what was measured of a deal that is done.
func (r *recorder) dealMeasured(e hostagent.DealMeasured) {
	r.history.measured(e.DealChanged)
	r.metrics.outcomes.note(e.DealChanged)
	r.audit.Add(outcomeEntry(e.DealChanged, time.Now()))
	last := e.Measured[len(e.Measured)-1]
	expected := hostagent.Outcome{}
	if e.Expected != nil {
		expected = *e.Expected
	}
	r.log.Info("what a move brought", "event", "deal_measured", "deal", e.Deal, "guest", e.Name, "side", e.Side, "after", last.After,
		"source", r.names.name(e.Source), "target", r.names.name(e.Target), "expected_cores", expected.CPU, "cores", last.CPU,
		"expected_worth", expected.Worth, "worth", last.Worth)
}

// measured adds what was measured to a deal that has ended.
func (h *history) measured(story hostagent.DealChanged) {
	for i := len(h.ended) - 1; i >= 0; i-- {
		if d := &h.ended[i]; d.Deal == string(story.Deal) && d.Side == string(story.Side) {
			d.Sequel = recall.Sequel(story)
			return
		}
	}
}

func outcomeEntry(story hostagent.DealChanged, at time.Time) audit.Entry {
	return audit.Entry{
		At: at, Kind: kindOutcome, Deal: string(story.Deal), Guest: string(story.Guest), Name: story.Name,
		Source: string(story.Source), Target: string(story.Target), Side: string(story.Side), State: "measured",
		Operator: story.Operator, Drain: story.Drain, Of: string(story.Kind), Sequel: recall.Sequel(story),
	}
}

// entriesOf are the entries of a record of the journal, after these. The journal may have the
// end of a deal with its outcome alone.
func entriesOf(r hostagent.HistoryEntry, before []audit.Entry) (list []audit.Entry) {
	if len(r.Measured) == 0 {
		return []audit.Entry{entryOf(r.DealChanged, r.At)}
	}
	known := slices.ContainsFunc(before, func(e audit.Entry) bool {
		return e.Ended && e.Deal == string(r.Deal) && e.Side == string(r.Side)
	})
	if !known {
		list = append(list, entryOf(r.DealChanged, r.Ended))
	}
	return append(list, outcomeEntry(r.DealChanged, r.At))
}

// join adds the outcomes that a query finds to the ends of deals in a list.
func (a *auditor) join(list []audit.Entry, f audit.Filter) error {
	if !slices.ContainsFunc(list, isDone) {
		return nil
	}
	f.Kind = kindOutcome
	outcomes, err := a.Query(f)
	if err != nil {
		return err
	}
	latest := map[string]*audit.Sequel{}
	for _, e := range slices.Backward(outcomes) { // the latest is first
		latest[e.Side+e.Deal] = e.Sequel
	}
	for i, e := range list {
		if s := latest[e.Side+e.Deal]; s != nil && isDone(e) {
			list[i].Sequel = s
		}
	}
	return nil
}

func isDone(e audit.Entry) bool { return e.Kind == "deal" && e.State == string(hostagent.Done) }

// outcomesMost is how many outcomes may belong to a list: those of its deals, and of later
// ones that are not in it.
func outcomesMost(list []audit.Entry) int { return 4 * max(100, len(list)) }

// outcomeMetrics are the metrics of what moves brought, as their sources count them.
type outcomeMetrics struct{ measured, expected, relief *prometheus.CounterVec }

// afterLabel is the time after a move as a label.
func afterLabel(after time.Duration) string {
	if after >= time.Hour {
		return "1h"
	}
	return "5m"
}

func (m outcomeMetrics) begin() {
	for _, c := range []*prometheus.CounterVec{m.measured, m.expected, m.relief} {
		c.WithLabelValues("5m")
		c.WithLabelValues("1h")
	}
}

func (m outcomeMetrics) note(story hostagent.DealChanged) {
	if story.Side != hostagent.SourceSide || story.Expected == nil || len(story.Measured) == 0 {
		return
	}
	last := story.Measured[len(story.Measured)-1]
	after := afterLabel(last.After)
	m.measured.WithLabelValues(after).Inc()
	m.expected.WithLabelValues(after).Add(story.Expected.CPU)
	m.relief.WithLabelValues(after).Add(last.CPU)
}
