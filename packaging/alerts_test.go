package packaging_test

import (
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

type alertRule struct {
	Alert, Expr         string
	Labels, Annotations map[string]string
}

type ruleFile struct {
	Groups []struct {
		Rules []alertRule
	}
}

func alertRules(t *testing.T) []alertRule {
	t.Helper()
	var file ruleFile
	if err := yaml.Unmarshal(readFile(t, "prometheus/parley.rules.yml"), &file); err != nil {
		t.Fatal(err)
	}
	return file.Groups[0].Rules
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// metricsOf are the metrics of Parley in an expression.
func metricsOf(expr string) (names []string) {
	for _, name := range regexp.MustCompile(`\bparley_[a-z_]+`).FindAllString(expr, -1) {
		names = append(names, strings.TrimSuffix(name, "_bucket"))
	}
	return names
}

// queries are the expressions of the dashboard.
func queries(t *testing.T) (list []string) {
	t.Helper()
	var board struct {
		Panels []struct {
			ID      int
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(readFile(t, "prometheus/parley.dashboard.json"), &board); err != nil {
		t.Fatal(err)
	}
	ids := map[int]bool{}
	for _, p := range board.Panels {
		if ids[p.ID] || p.Title == "" || len(p.Targets) == 0 {
			t.Errorf("panel %d (%s) has no id of its own, no title or no query", p.ID, p.Title)
		}
		ids[p.ID] = true
		for _, target := range p.Targets {
			list = append(list, target.Expr)
		}
	}
	return list
}

// Alerts and panels ask for metrics that exist, each alert says what to do, and a test of
// promtool makes it fire.
func TestAlerts(t *testing.T) {
	metrics, tests := string(readFile(t, "../docs/metrics.md")), string(readFile(t, "prometheus/parley.test.yml"))
	exprs := queries(t)
	rules := alertRules(t)
	for _, r := range rules {
		exprs = append(exprs, r.Expr)
		if r.Labels["severity"] == "" || r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
			t.Errorf("%s has no severity, no summary or no description", r.Alert)
		}
		if !strings.Contains(tests, "  - name: "+r.Alert+"\n") {
			t.Errorf("no test of prometheus/parley.test.yml makes %s fire", r.Alert)
		}
	}
	if len(rules) < 10 || len(exprs) < 25 {
		t.Errorf("got %d alerts and %d expressions: the search misses some", len(rules), len(exprs))
	}
	for _, expr := range exprs {
		for _, name := range metricsOf(expr) {
			if !strings.Contains(metrics, "| `"+name+"` |") {
				t.Errorf("%s: docs/metrics.md has no %s", expr, name)
			}
		}
	}
}

// promtool finds no fault in the alerts and in the queries of the dashboard, and each alert
// fires on what it is about.
func TestPromtool(t *testing.T) {
	tool, err := exec.LookPath(cmp.Or(os.Getenv("PROMTOOL"), "promtool"))
	if err != nil {
		t.Skip("promtool is not here: install Debian's prometheus, or name it in PROMTOOL")
	}
	type record struct{ Record, Expr string }
	var records []record
	for _, q := range queries(t) {
		records = append(records, record{"panel:query", strings.ReplaceAll(q, "$host", ".*")})
	}
	text, err := yaml.Marshal(map[string]any{"groups": []any{map[string]any{"name": "dashboard", "rules": records}}})
	if err != nil {
		t.Fatal(err)
	}
	panels := filepath.Join(t.TempDir(), "panels.yml")
	if err := os.WriteFile(panels, text, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"check", "rules", "prometheus/parley.rules.yml"}, {"test", "rules", "prometheus/parley.test.yml"}, {"check", "rules", panels},
	} {
		if out, err := exec.Command(tool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %v: %v\n%s", args, err, out)
		}
	}
}
