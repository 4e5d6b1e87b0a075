package service

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/audit"
	"parley/hostagent/memory"
	"parley/models/publish/chain"
	"parley/peer/libp2p"
)

// docs/metrics.md lists exactly the metrics that exist.
func TestMetricsDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	for _, match := range regexp.MustCompile("(?m)^\\| `(parley_[a-z_]+)`").FindAllStringSubmatch(string(text), -1) {
		documented[match[1]] = true
	}
	m := newMetrics(func() uint64 { return 0 })
	m.show(api.Status{}, 0)
	m.network.show(nil, libp2p.Counts{})
	m.showChains([]chain.Status{{Publisher: "north"}})
	m.showProblems(nil)
	m.chains.refusals.WithLabelValues("rollback").Inc()
	problems, err := testutil.GatherAndLint(m.registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		name := f.GetName()
		if !strings.HasPrefix(name, "parley_") {
			continue
		}
		if !documented[name] {
			t.Errorf("docs/metrics.md does not list %s", name)
		}
		delete(documented, name)
	}
	for name := range documented {
		t.Errorf("docs/metrics.md lists %s, which is not there", name)
	}
}

// The network's counts become counters, which count each event once.
func TestNetworkCounters(t *testing.T) {
	m := newMetrics(func() uint64 { return 0 })
	for _, n := range []uint64{1, 3, 2, 3} { // the third asked the network earlier than the second
		m.network.show([]libp2p.Conduct{{BannedUntil: time.Now().Add(time.Hour)}},
			libp2p.Counts{Refused: 2 * n, Misconduct: []libp2p.Count{{Kind: "flood", N: n}}})
	}
	if got := testutil.ToFloat64(m.network.conduct.WithLabelValues("flood")); got != 3 {
		t.Errorf("misconduct: got %v, want 3", got)
	}
	if got := testutil.ToFloat64(m.network.strangers); got != 6 {
		t.Errorf("refused strangers: got %v, want 6", got)
	}
	if got := testutil.ToFloat64(m.network.banned); got != 1 {
		t.Errorf("banned: got %v, want 1", got)
	}
}

// What an alert watches exists before it has happened: an increase from nothing is none.
func TestSeriesFromTheStart(t *testing.T) {
	m := newMetrics(func() uint64 { return 0 })
	for _, series := range []struct {
		vec  *prometheus.CounterVec
		name string
		want int
	}{
		{m.deals, "deals", 6}, {m.admitted, "arrivals", 2}, {m.messages, "messages", 2}, {m.lives, "incarnations", 4},
		{m.network.conduct, "misconduct of deals", len(hostagent.Misconduct())},
	} {
		if got := testutil.CollectAndCount(series.vec); got != series.want {
			t.Errorf("%s: got %d series at the start, want %d", series.name, got, series.want)
		}
	}
}

// A deal is in the audit and the metrics of both hosts, under one trace id, and in both
// logs; the audit survives the agent.
func TestSeenFromOutside(t *testing.T) {
	p := newPair(t, alone, func(hosts []*memory.Platform) { testGuest(t, hosts[0], "web", 0.5) })
	if err := p.daemons[0].Order(t.Context(), api.Order{Do: "migrate", Guest: "web"}); err != nil {
		t.Fatal(err)
	}
	p.daemons[1].until(t, "the deal has ended there", func(s api.Status) bool { return len(s.Guests) == 1 && len(s.Deals) == 0 })
	var trace string
	for i, d := range p.daemons {
		ask := api.Client{Socket: d.config.Socket}
		d.until(t, "the deal is in the audit", func(api.Status) bool {
			list, err := ask.History(t.Context(), audit.Filter{Guest: "web", Ended: true})
			if err != nil || len(list) == 0 {
				return false
			}
			if i == 0 {
				trace = list[0].Deal
			}
			return list[0].Deal == trace && list[0].State == "done" && list[0].Source == "h1" && list[0].Target == "h2"
		})
		if len(trace) != 32 || !strings.Contains(d.log.String(), "deal="+trace) {
			t.Errorf("the log of %s does not speak of %q:\n%s", d.config.Host, trace, d.log)
		}
		list, err := ask.History(t.Context(), audit.Filter{Deal: trace, Kind: "signed"})
		if err != nil || len(list) < 2 || len(list[0].Data) == 0 {
			t.Errorf("what was signed, at %s: got %+v, %v, want two payloads at least", d.config.Host, list, err)
		}
		if text := metricsOf(t, d.config.Socket); !strings.Contains(text, `state="done"} 1`) ||
			!strings.Contains(text, `parley_peers{state="connected"} 1`) {
			t.Errorf("the metrics of %s do not count the deal:\n%s", d.config.Host, text)
		}
	}
	p.daemons[0].stop()
	again := begin(t, p.daemons[0].config, p.platforms[0])
	again.until(t, "the deal is remembered", func(s api.Status) bool { return len(s.History) > 0 && s.History[0].Deal == trace })
}

func metricsOf(t *testing.T, socket string) string {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}}
	response, err := client.Get("http://parley/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
