package service

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/hostagent/memory"
)

// A real Prometheus scrapes an agent whose guests cannot be looked at, and the packaged
// alert fires.
func TestAlertOfPrometheus(t *testing.T) {
	prometheus, err := exec.LookPath(cmp.Or(os.Getenv("PROMETHEUS"), "prometheus"))
	if err != nil {
		t.Skip("prometheus is not here: install Debian's, or name it in PROMETHEUS")
	}
	p := newPlace(t, memory.NewSite(memory.Options{}), "h1")
	p.config.Metrics.Listen = fmt.Sprintf("127.0.0.1:%d", freePort(t))
	p.run(t, nil)
	p.platform.Inject(memory.Gone)

	dir, web := t.TempDir(), fmt.Sprintf("127.0.0.1:%d", freePort(t))
	rules, err := os.ReadFile("../../packaging/prometheus/parley.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	soon := regexp.MustCompile(`for: \d+m`).ReplaceAll(rules, []byte("for: 0s"))
	scrape := fmt.Sprintf(`global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
scrape_configs: [{job_name: parley, static_configs: [{targets: [%q]}]}]
`, p.config.Metrics.Listen)
	for name, text := range map[string][]byte{"rules.yml": soon, "prometheus.yml": []byte(scrape)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), prometheus, "--config.file="+filepath.Join(dir, "prometheus.yml"),
		"--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address="+web)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }() // it is killed
	late := time.Now().Add(patience)
	for {
		if alerts := got(web); strings.Contains(alerts, `"ParleyPlatformDown"`) && strings.Contains(alerts, `"firing"`) {
			return
		} else if time.Now().After(late) {
			t.Fatalf("the alert does not fire; there are %s", alerts)
		}
		<-time.After(200 * time.Millisecond)
	}
}

// got is what Prometheus says of its alerts.
func got(web string) string {
	response, err := http.Get("http://" + web + "/api/v1/alerts")
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return fmt.Sprint(string(text), err)
}
