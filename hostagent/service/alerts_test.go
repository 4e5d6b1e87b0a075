package service

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/hostagent/api"
	"parley/hostagent/notify"
	"parley/hostagent/site"
)

// Each trouble is told to a receiver, fires its packaged alert in a real Prometheus, and
// nothing else does: neither on the hosts on which all is well. Each query of the packaged
// dashboard has an answer. A minute of a rule's `for` is a second here: promtool tests them
// as they are.
func TestTroublesAreTold(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs 25 agents for a minute")
	}
	inbox := &received{told: map[site.Kind]map[string]notify.Message{}}
	receiver := httptest.NewServer(inbox)
	defer receiver.Close()
	in := newIncidents(t, receiver.URL)
	p := startPrometheus(t, in.targets)
	if p != nil {
		p.until(t, "all agents are scraped", func() error {
			if up := p.query(t, "up == 1"); len(up) != len(in.targets) {
				return fmt.Errorf("%d of %d agents are scraped", len(up), len(in.targets))
			}
			return nil
		})
	}
	if err := in.well[0].Order(t.Context(), api.Order{Do: "migrate", Guest: "calm"}); err != nil {
		t.Fatal(err)
	}
	in.happen()

	t.Run("Receiver", func(t *testing.T) { inbox.check(t) })
	t.Run("Alerts", func(t *testing.T) {
		if p == nil {
			t.Skip("prometheus is not here: install Debian's, or name it in PROMETHEUS")
		}
		p.checkAlerts(t, in.names)
	})
	t.Run("Dashboard", func(t *testing.T) {
		if p == nil {
			t.Skip("prometheus is not here: install Debian's, or name it in PROMETHEUS")
		}
		p.checkDashboard(t)
	})
}

// received is what a receiver of notifications was told, by kind and host.
type received struct {
	mu   sync.Mutex
	told map[site.Kind]map[string]notify.Message
	bad  []string
}

func (r *received) ServeHTTP(_ http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var m notify.Message
	if err := json.NewDecoder(request.Body).Decode(&m); err != nil {
		r.bad = append(r.bad, err.Error())
		return
	}
	if m.Ended {
		return
	}
	if r.told[m.Event] == nil {
		r.told[m.Event] = map[string]notify.Message{}
	}
	if was, again := r.told[m.Event][m.Host]; again && was.About == m.About && was.Since.Equal(m.Since) {
		r.bad = append(r.bad, "told twice: "+m.Line())
	}
	r.told[m.Event][m.Host] = m
}

// check waits until each trouble has been told, with what to do.
func (r *received) check(t *testing.T) {
	late := time.Now().Add(patience)
	for {
		missing := r.missing()
		if missing == "" {
			break
		}
		if time.Now().After(late) {
			t.Fatalf("nobody is told of %s", missing)
		}
		<-time.After(100 * time.Millisecond)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, what := range r.bad {
		t.Error(what)
	}
	for kind, hosts := range r.told {
		for host, m := range hosts {
			if strings.HasPrefix(host, "h") && kind != site.LoadUnknown {
				t.Errorf("all is well on %s, and people are told: %s", host, m.Line())
			}
		}
	}
}

func (r *received) missing() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for kind, hosts := range troubled {
		for _, host := range hosts {
			if m, told := r.told[kind][host]; !told {
				return fmt.Sprintf("%s of %s", kind, host)
			} else if m.Text == "" || m.PeerID == "" || m.Since.IsZero() {
				return fmt.Sprintf("%s of %s in full: %+v", kind, host, m)
			}
		}
	}
	return ""
}

// alerting are the hosts for which each alert fires; "": it is about no single host.
func alerting() map[string][]string {
	want := map[string][]string{
		"ParleyAgentDown": {"down"}, "ParleyMigrationsFail": {"failing"}, "ParleyOverloaded": {"overloaded"},
		"ParleyJournalFull": {"full"}, "ParleyReleasesDiffer": {""},
	}
	for kind, name := range map[site.Kind]string{
		site.NeedsPerson: "NeedsPerson", site.Quarantined: "PolicyQuarantined", site.Refused: "PolicyRefused", site.Lags: "ReleaseLags",
		site.Publisher: "PublisherWrong", site.DrainStuck: "DrainStuck", site.Duel: "Duel", site.Platform: "PlatformDown",
		site.Configuration: "ConfigurationRefused", site.Doubled: "KeyDoubled", site.Audit: "AuditIncomplete",
		site.LoadUnknown: "LoadUnknown", site.RoomMissing: "RoomMissing",
	} {
		want["Parley"+name] = troubled[kind]
	}
	return want
}

// scraper is a real Prometheus that scrapes the agents.
type scraper struct{ web string }

// startPrometheus is nil where it is not installed.
func startPrometheus(t *testing.T, targets []string) *scraper {
	t.Helper()
	program, err := exec.LookPath(cmp.Or(os.Getenv("PROMETHEUS"), "prometheus"))
	if err != nil {
		return nil
	}
	dir := t.TempDir()
	rules, err := os.ReadFile("../../packaging/prometheus/parley.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	rules = regexp.MustCompile(`for: (\d+)m`).ReplaceAll(rules, []byte("for: ${1}s"))
	list, err := json.Marshal(targets)
	if err != nil {
		t.Fatal(err)
	}
	scrape := fmt.Sprintf(`global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
scrape_configs: [{job_name: parley, static_configs: [{targets: %s}]}]
`, list)
	for name, text := range map[string][]byte{"rules.yml": rules, "prometheus.yml": []byte(scrape)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := &scraper{web: fmt.Sprintf("127.0.0.1:%d", freePort(t))}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--config.file="+filepath.Join(dir, "prometheus.yml"),
		"--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address="+p.web)
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it is killed
		if t.Failed() {
			text, _ := os.ReadFile(log.Name()) // what there is of it
			t.Logf("Prometheus: %s", text)
		}
		_ = log.Close() // read already
	})
	p.until(t, "Prometheus answers", func() error { return p.get("query", url.Values{"query": {"vector(1)"}}, new(any)) })
	return p
}

func (p *scraper) until(t *testing.T, what string, holds func() error) {
	t.Helper()
	late := time.Now().Add(patience)
	for {
		err := holds()
		if err == nil {
			return
		}
		if time.Now().After(late) {
			t.Fatalf("gave up waiting until %s: %v", what, err)
		}
		<-time.After(200 * time.Millisecond)
	}
}

// get asks the API of Prometheus.
func (p *scraper) get(what string, values url.Values, into any) error {
	response, err := http.Get("http://" + p.web + "/api/v1/" + what + "?" + values.Encode())
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer struct {
		Status, Error string
		Data          json.RawMessage
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	if answer.Status != "success" {
		return errors.New(answer.Error)
	}
	return json.Unmarshal(answer.Data, into)
}

func (p *scraper) query(t *testing.T, expr string) []json.RawMessage {
	t.Helper()
	var data struct{ Result []json.RawMessage }
	if err := p.get("query", url.Values{"query": {expr}}, &data); err != nil {
		t.Errorf("%s: %v", expr, err)
	}
	return data.Result
}

// firing are the hosts for which each alert fires now.
func (p *scraper) firing(t *testing.T, names map[string]string) map[string][]string {
	t.Helper()
	var data struct {
		Alerts []struct {
			Labels, Annotations map[string]string
			State               string
		}
	}
	if err := p.get("alerts", nil, &data); err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, a := range data.Alerts {
		if a.State != "firing" {
			continue
		}
		if text := a.Annotations["summary"] + a.Annotations["description"]; strings.Contains(text, "<no value>") {
			t.Errorf("%s lacks a value: %s", a.Labels["alertname"], text)
		}
		name := a.Labels["alertname"]
		found[name] = append(found[name], names[a.Labels["instance"]])
	}
	for _, hosts := range found {
		slices.Sort(hosts)
	}
	return found
}

// checkAlerts waits until each alert fires where its trouble is. At no time one fires elsewhere.
func (p *scraper) checkAlerts(t *testing.T, names map[string]string) {
	want := alerting()
	text, err := os.ReadFile("../../packaging/prometheus/parley.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, match := range regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(string(text), -1) {
		if want[match[1]] == nil {
			t.Errorf("no trouble makes %s fire", match[1])
		}
	}
	elsewhere := map[string]bool{}
	p.until(t, "all alerts fire", func() error {
		found := p.firing(t, names)
		for name, hosts := range found {
			for _, host := range hosts {
				if !slices.Contains(want[name], host) {
					elsewhere[name+" "+host] = true
				}
			}
		}
		for name, hosts := range want {
			if !slices.Equal(found[name], hosts) {
				return fmt.Errorf("%s fires for %q, want %q; there are %v", name, found[name], hosts, found)
			}
		}
		return nil
	})
	for _, what := range slices.Sorted(maps.Keys(elsewhere)) {
		t.Errorf("an alert fires where it has no reason: %s", what)
	}
}

// checkDashboard asks the queries of the packaged dashboard, for all hosts.
func (p *scraper) checkDashboard(t *testing.T) {
	text, err := os.ReadFile("../../packaging/prometheus/parley.dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			found := p.query(t, strings.ReplaceAll(target.Expr, "$host", ".*"))
			if len(found) == 0 || slices.ContainsFunc(found, func(r json.RawMessage) bool { return strings.Contains(string(r), `"NaN"`) }) {
				t.Errorf("the panel %q has no data: %s gives %s", panel.Title, target.Expr, found)
			}
		}
	}
}
