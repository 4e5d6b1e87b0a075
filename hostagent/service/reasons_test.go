package service

import (
	"strings"
	"testing"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/api/wording"
	"parley/hostagent/audit"
	"parley/hostagent/memory"
	"parley/lcc"
)

// The reason of a deal's end is shown with the names of hosts instead of their ids; the
// id of an unknown host stays.
func TestReasonsNameHosts(t *testing.T) {
	p := newPair(t, alone, func(hosts []*memory.Platform) { testGuest(t, hosts[0], "web", 0.5) })
	d, other := p.daemons[0], string(p.daemons[1].PeerID())
	const stranger = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN"
	err := d.inLoop(t.Context(), func(now lcc.Instant) error {
		d.records.dealChanged(hostagent.DealChanged{
			Deal: "0123", Guest: "gone", Name: "gone", Source: hostagent.HostID(d.PeerID()), Target: hostagent.HostID(other),
			Side:  hostagent.SourceSide,
			State: hostagent.Aborted, Reason: "it runs neither here nor at host " + other + " (" + stranger + ")",
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = "it runs neither here nor at host h2 (" + stranger + ")"
	ask := api.Client{Socket: d.config.Socket}
	d.until(t, "the status names the host", func(s api.Status) bool {
		return len(s.History) > 0 && s.History[len(s.History)-1].Reason == want
	})
	d.until(t, "the history names the host", func(api.Status) bool {
		list, err := ask.History(t.Context(), audit.Filter{Guest: "gone"})
		return err == nil && len(list) > 0 && list[0].Reason == want
	})
	why, err := ask.Explain(t.Context(), "gone")
	if err != nil || len(why.Story) != 1 || !strings.HasSuffix(wording.Fact(why.Story[0].Fact), want) {
		t.Errorf("explain: got %+v, %v, want %q at the end", why, err, want)
	}
	if log := d.log.String(); !strings.Contains(log, want) {
		t.Errorf("the log does not say %q:\n%s", want, log)
	}
}

// facts are those of an explanation, in English.
func facts(e api.Explanation) string {
	texts := make([]string, len(e.Facts))
	for i, f := range e.Facts {
		texts[i] = wording.Fact(f)
	}
	return strings.Join(texts, "; ")
}
