package service

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/memory"
	"parley/lcc"
	"parley/models"
)

// daemon is a service that runs in a test.
type daemon struct {
	*Service
	config config.Config
	log    *lines
	stop   func()
}

type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func testConfig(dir, name, policy string) config.Config {
	c := config.Default()
	c.Host, c.Key, c.StateDir, c.Socket = name, filepath.Join(dir, "key"), dir, filepath.Join(dir, "s")
	c.Listen = []string{"/ip4/127.0.0.1/tcp/0"}
	c.Platform = config.Platform{Kind: "memory", CallTimeout: 5 * time.Second}
	c.Policy.File = policy
	c.Mode = "auto"
	c.SampleEvery, c.Smoothing, c.HoldSamples = 100*time.Millisecond, 100*time.Millisecond, 2
	return c
}

// begin runs a service until the test ends or stop is called.
func begin(t *testing.T, cfg config.Config, platform hostagent.Platform) *daemon {
	t.Helper()
	d := prepared(t, cfg, platform)
	d.start(t)
	return d
}

// prepared is a daemon that does not run yet.
func prepared(t *testing.T, cfg config.Config, platform hostagent.Platform) *daemon {
	t.Helper()
	d := &daemon{config: cfg, log: &lines{}}
	var err error
	d.Service, err = New(Options{Config: cfg, Platform: platform,
		Logger: slog.New(slog.NewTextHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *daemon) start(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	d.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("%s: %v", d.config.Host, err)
		}
	})
	t.Cleanup(d.stop)
}

// patience bounds a wait of a test: a disk that stalls for seconds makes deals time out
// and begin again, which is no fault.
const patience = 2 * time.Minute

// until polls the status until a condition holds.
func (d *daemon) until(t *testing.T, what string, holds func(api.Status) bool) api.Status {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		status, err := d.Status(ctx)
		if err == nil && holds(status) {
			return status
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			t.Fatalf("gave up waiting until %s; the log is\n%s", what, d.log)
		}
	}
}

func testHost(t *testing.T, site *memory.Site, name string) *memory.Platform {
	t.Helper()
	p, err := site.Host(name, hostagent.Resources{CPU: 4, MemoryBytes: 8 << 30})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func testGuest(t *testing.T, p *memory.Platform, name string, cores float64) {
	t.Helper()
	err := p.Run(memory.Guest{ID: hostagent.GuestID(name), Declared: hostagent.Resources{CPU: 2, MemoryBytes: 1 << 30}, CPU: cores})
	if err != nil {
		t.Fatal(err)
	}
}

func writePolicy(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Two daemons over a real network move a guest by the shipped policy, and both report
// it afterwards, also over the socket.
func TestTwoHosts(t *testing.T) {
	site := memory.NewSite(memory.Options{Speedup: 20})
	text, _ := models.Text("agility")
	var daemons []*daemon
	var platforms []*memory.Platform
	var peers []config.Peer
	var configs []config.Config
	for _, name := range []string{"h1", "h2"} {
		dir := t.TempDir()
		policy := filepath.Join(dir, "policy.lcc")
		writePolicy(t, policy, string(text))
		cfg := testConfig(dir, name, policy)
		id, err := Identity(cfg)
		if err != nil {
			t.Fatal(err)
		}
		peers = append(peers, config.Peer{ID: string(id), Name: name})
		configs = append(configs, cfg)
		platforms = append(platforms, testHost(t, site, name))
	}
	testGuest(t, platforms[0], "g1", 1)
	testGuest(t, platforms[0], "g2", 1)
	for i := range configs {
		configs[i].Peers = peers
		d := begin(t, configs[i], platforms[i])
		platforms[i].SetAdmission(d.Admit)
		daemons = append(daemons, d)
	}
	for i, d := range daemons {
		if err := d.AddAddresses(daemons[1-i].PeerID(), daemons[1-i].Addresses()); err != nil {
			t.Fatal(err)
		}
	}
	done := func(s api.Status) bool { return len(s.History) > 0 && s.History[len(s.History)-1].State == "done" }
	daemons[0].until(t, "the source has finished a deal", done)
	daemons[1].until(t, "the target has finished a deal", done)
	status, err := api.Client{Socket: configs[1].Socket}.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(status.Guests) != 1 {
		t.Errorf("guests at the target: got %v, want one", status.Guests)
	}
	if d := status.History[0]; d.Source != peers[0].ID || d.Target != peers[1].ID || d.Side != "target" {
		t.Errorf("history at the target: got %+v", d)
	}
}

// A faulty policy is refused with all its faults, and the agent continues; a fixed one
// is in force after a reload, and a worse one changes nothing.
func TestPolicyReload(t *testing.T) {
	dir := t.TempDir()
	policy := filepath.Join(dir, "policy.lcc")
	writePolicy(t, policy, "r(idle, initial).\na(idle, ID) :: null <- lod(L) then a(busy(L), ID)\n")
	d := begin(t, testConfig(dir, "h1", policy), testHost(t, memory.NewSite(memory.Options{}), "h1"))
	s := d.until(t, "the policy is refused", func(s api.Status) bool { return s.Policy.Error != "" })
	for _, want := range []string{"LCC002", "busy", "parley check"} {
		if !strings.Contains(s.Policy.Error, want) {
			t.Errorf("got %s, want %q in it", s.Policy.Error, want)
		}
	}
	text, _ := models.Text("agility")
	writePolicy(t, policy, string(text))
	if err := d.reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := d.until(t, "the policy is in force", func(s api.Status) bool { return len(s.Policy.Models) == 1 && s.Policy.Error == "" })
	writePolicy(t, policy, "a(idle, ID) :: (")
	if err := d.reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	after := d.until(t, "the worse policy is refused", func(s api.Status) bool { return s.Policy.Error != "" })
	if len(after.Policy.Models) != 1 || after.Policy.Models[0].Digest != before.Policy.Models[0].Digest {
		t.Errorf("models in force: got %v, want those from before, %v", after.Policy.Models, before.Policy.Models)
	}
}

// A constraint that no host answers keeps a policy from being enacted.
func TestPolicyNeeds(t *testing.T) {
	dir := t.TempDir()
	policy := filepath.Join(dir, "policy.lcc")
	writePolicy(t, policy, "r(idle, initial).\na(idle, ID) :: null <- lod(L) and L > 1\n")
	d := begin(t, testConfig(dir, "h1", policy), testHost(t, memory.NewSite(memory.Options{}), "h1"))
	s := d.until(t, "the policy is refused", func(s api.Status) bool { return s.Policy.Error != "" })
	if !strings.Contains(s.Policy.Error, "no host has the constraint lod/1") {
		t.Errorf("got %s, want what the host lacks", s.Policy.Error)
	}
}

// The loss of a platform is reported once, and the load is unknown; when it is back,
// everything is as before.
func TestPlatformGone(t *testing.T) {
	dir := t.TempDir()
	policy := filepath.Join(dir, "policy.lcc")
	text, _ := models.Text("agility")
	writePolicy(t, policy, string(text))
	platform := testHost(t, memory.NewSite(memory.Options{}), "h1")
	testGuest(t, platform, "g1", 1)
	d := begin(t, testConfig(dir, "h1", policy), platform)
	d.until(t, "the load is known", func(s api.Status) bool { return s.Load.Known })
	platform.Inject(memory.Gone)
	d.until(t, "the platform is gone", func(s api.Status) bool { return s.Platform.Error != "" && !s.Load.Known })
	platform.Inject(memory.None)
	d.until(t, "the platform is back", func(s api.Status) bool { return s.Platform.Error == "" && s.Load.Known })
	if got := strings.Count(d.log.String(), "the platform cannot be observed"); got != 1 {
		t.Errorf("the loss was said %d times, want once", got)
	}
}

// Two daemons must not share a socket; a stale one is replaced.
func TestSocket(t *testing.T) {
	dir := t.TempDir()
	site := memory.NewSite(memory.Options{})
	d := begin(t, testConfig(dir, "h1", ""), testHost(t, site, "h1"))
	d.until(t, "the agent answers", func(s api.Status) bool { return true })
	if _, err := openSocket(d.config.Socket, nil); err == nil || !strings.Contains(err.Error(), "another agent answers") {
		t.Errorf("got %v, want that another agent answers", err)
	}
	d.stop()
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: d.config.Socket, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false) // as if it had been killed
	if err := dead.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := openSocket(d.config.Socket, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.listener.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestMemoryBytes(t *testing.T) {
	for text, want := range map[string]int64{"": 0, "2GiB": 2 << 30, "512 MiB": 512 << 20, "1.5TiB": 3 << 39} {
		if got, err := (config.Capacity{Memory: text}).MemoryBytes(); got != want || err != nil {
			t.Errorf("%q: got %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"2", "GiB", "-1GiB", "two GiB", "2GB"} {
		if _, err := (config.Capacity{Memory: text}).MemoryBytes(); err == nil {
			t.Errorf("%q: got no error", text)
		}
	}
}

// A damaged journal does not end the agent: it reports the remedy, and begins no deal.
func TestDamagedJournal(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "journal"), []byte("this is not a journal of Parley at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := begin(t, testConfig(dir, "h1", ""), testHost(t, memory.NewSite(memory.Options{}), "h1"))
	d.until(t, "the agent answers", func(s api.Status) bool { return s.Load.Known })
	if log := d.log.String(); !strings.Contains(log, "no deal is begun") {
		t.Errorf("got %s, want that no deal is begun", log)
	}
}

// reload reads the policy again, as after a SIGHUP.
func (s *Service) reload(ctx context.Context) error {
	return s.inLoop(ctx, func(lcc.Instant) error { return s.policies.load(s.config.Policy.File) })
}
