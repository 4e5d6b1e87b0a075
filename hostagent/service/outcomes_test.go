package service

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"parley/hostagent"
	"parley/hostagent/audit"
)

// measuredDeal is a deal that is done, with what was measured after it.
func measuredDeal(after ...time.Duration) hostagent.DealChanged {
	d := hostagent.DealChanged{
		Deal: "d", Guest: "id", Name: "web", Source: "h1", Target: "h2", Side: hostagent.SourceSide, State: hostagent.Done,
		Expected: &hostagent.Outcome{CPU: 2, Source: hostagent.OutcomeEnd{Known: true, Load: 0.8, Relief: 0.25}},
	}
	for _, a := range after {
		d.Measured = append(d.Measured, hostagent.Outcome{After: a, CPU: 1})
	}
	return d
}

// A deal that has ended is shown with what was measured since, and a source counts it.
func TestMeasuredDealInHistory(t *testing.T) {
	var h history
	at := time.Unix(1_700_000_000, 0)
	h.note(measuredDeal(), at)
	target := measuredDeal()
	target.Side = hostagent.TargetSide
	h.note(target, at)
	m := newMetrics(func() uint64 { return 0 })
	for _, d := range []hostagent.DealChanged{measuredDeal(5 * time.Minute), measuredDeal(5*time.Minute, time.Hour), target} {
		h.measured(d)
		m.outcomes.note(d)
	}
	s := h.ended[0].Sequel
	if len(h.ended) != 2 || s.Expected == nil || len(s.Measured) != 2 || s.Measured[1].After != time.Hour ||
		len(h.ended[1].Sequel.Measured) != 0 {
		t.Errorf("got %+v", h.ended)
	}
	if s.Expected.Source == nil || s.Expected.Target != nil {
		t.Errorf("got %+v, want the source's end alone", s.Expected)
	}
	for label, want := range map[string]float64{"5m": 2, "1h": 2} {
		if got := testutil.ToFloat64(m.outcomes.expected.WithLabelValues(label)); got != want {
			t.Errorf("%s: got %v cores expected, want %v", label, got, want)
		}
	}
}

// A journal may have kept the end of a deal with its outcome alone, or both: either way an
// audit that is made of it has the deal once, when it was done.
func TestOutcomesFromJournal(t *testing.T) {
	done, later := time.Unix(1_700_000_000, 0), time.Unix(1_700_003_600, 0)
	end := hostagent.HistoryEntry{DealChanged: measuredDeal(), At: done}
	outcome := hostagent.HistoryEntry{DealChanged: measuredDeal(time.Hour), At: later, Ended: done}
	for _, records := range [][]hostagent.HistoryEntry{{end, outcome}, {outcome}} {
		var list []audit.Entry
		for _, r := range records {
			list = append(list, entriesOf(r, list)...)
		}
		if len(list) != 2 || list[0].Kind != "deal" || !list[0].At.Equal(done) || list[1].Kind != kindOutcome || !list[1].At.Equal(later) ||
			len(list[1].Sequel.Measured) != 1 {
			t.Errorf("got %+v", list)
		}
	}
}
