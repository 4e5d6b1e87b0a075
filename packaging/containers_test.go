//go:build linux

package packaging_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// stays are the settings of the unit that are as right with containers as without them.
var stays = []string{
	"Type", "ExecStart", "ExecReload", "Restart", "RestartSec", "WatchdogSec", "TimeoutStopSec", "StateDirectory",
	"StateDirectoryMode", "RuntimeDirectory", "RuntimeDirectoryMode", "ConfigurationDirectory", "UMask", "LimitNOFILE",
	"AmbientCapabilities",   // those of a user who is not root
	"ProtectProc",           // says default
	"RemoveIPC",             // never takes what is root's
	"SystemCallErrorNumber", // of a filter that is gone
}

// settings are the names of the settings of a unit's service.
func settings(text string) (names []string) {
	_, service, _ := strings.Cut(text, "[Service]")
	service, _, _ = strings.Cut(service, "\n[")
	for line := range strings.Lines(service) {
		if name, _, is := strings.Cut(line, "="); is && !strings.HasPrefix(line, "#") {
			names = append(names, name)
		}
	}
	return names
}

// On a host with containers each limit of the unit is lifted, or known to do no harm: a
// limit of the agent binds the containers that it restores.
func TestContainersUnit(t *testing.T) {
	unit, drop := string(read(t, "parley.service")), string(read(t, "containers.conf"))
	lifted := settings(drop)
	for _, name := range settings(unit) {
		if slices.Contains(lifted, name) == slices.Contains(stays, name) {
			t.Errorf("%s of parley.service: containers.conf must set it, or the test must say why it stays, and not both", name)
		}
	}
	needs(t, "systemd-analyze")
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	path := write("parley.service", strings.Replace(unit, "/usr/bin/parley", "/bin/true", 1))
	verify := func() string {
		cmd := exec.Command("systemd-analyze", "verify", "--man=no", path)
		cmd.Env = append(os.Environ(), "SYSTEMD_UNIT_PATH="+dir+":", "SYSTEMD_LOG_LEVEL=warning")
		out, _ := cmd.CombinedOutput() // what it says counts
		return string(out)
	}
	write("parley.service.d/containers.conf", drop)
	if out := verify(); out != "" {
		t.Errorf("systemd-analyze says:\n%s", out)
	}
	write("parley.service.d/wrong.conf", "[Service]\nKillMode=never\n")
	if out := verify(); !strings.Contains(out, "wrong.conf") {
		t.Errorf("systemd-analyze does not read what is beside the unit: %s", out)
	}
}
