package ondisk_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/memory"
	"parley/hostagent/memory/ondisk"
	"parley/hostagent/platformtest"
)

const gibibyte = 1 << 30

var capacity = hostagent.Resources{CPU: 8, MemoryBytes: 64 * gibibyte}

// fast makes a migration of a gibibyte take some milliseconds.
var fast = memory.Link{Speedup: 200}

// host opens a host that admits all guests, and has it make its own.
func host(t *testing.T, site, name string, guests ...ondisk.Guest) *ondisk.Platform {
	t.Helper()
	p, err := ondisk.Open(ondisk.Options{Site: site, Host: name, Capacity: capacity, Guests: guests, Link: fast})
	if err != nil {
		t.Fatal(err)
	}
	p.SetAdmission(admitAll)
	if _, err := p.Observe(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func admitAll(context.Context, hostagent.AdmissionAsked) hostagent.Refusal {
	return hostagent.Refusal{}
}

func guest(name string) ondisk.Guest {
	return ondisk.Guest{Name: name, Processors: 2, Memory: gibibyte, CPU: []float64{1}}
}

func look(t *testing.T, p *ondisk.Platform) hostagent.Observation {
	t.Helper()
	seen, err := p.Observe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// names of the guests that a host shows, with their states if they do not run.
func names(seen hostagent.Observation) (list []string) {
	for _, g := range seen.Guests {
		name := g.Name
		if g.State != hostagent.Running {
			name += " " + string(g.State)
		}
		list = append(list, name)
	}
	return list
}

func wantGuests(t *testing.T, p *ondisk.Platform, want ...string) {
	t.Helper()
	if got := names(look(t, p)); !reflect.DeepEqual(got, want) {
		t.Errorf("guests: got %q, want %q", got, want)
	}
}

func migrate(t *testing.T, from, to *ondisk.Platform, guest string) {
	t.Helper()
	spec := hostagent.Migration{Guest: hostagent.GuestID(guest), Endpoint: look(t, to).Endpoints[hostagent.VM]}
	if _, err := from.Migrate(t.Context(), spec, nil); err != nil {
		t.Fatal(err)
	}
}

func TestSuite(t *testing.T) {
	platformtest.Run(t, platformtest.Fixture{With: func(t *testing.T, body func(*testing.T, platformtest.Site)) {
		site := t.TempDir()
		a, b := host(t, site, "a"), host(t, site, "b")
		n := 0
		run := func(t *testing.T, change func(*ondisk.Guest)) hostagent.GuestID {
			n++
			g := guest(fmt.Sprintf("guest-%d", n))
			change(&g)
			if err := a.Run(g); err != nil {
				t.Fatal(err)
			}
			return hostagent.GuestID(g.Name)
		}
		body(t, platformtest.Site{
			Source: a, Target: b,
			Guest:   func(t *testing.T) hostagent.GuestID { return run(t, func(*ondisk.Guest) {}) },
			Lasting: func(t *testing.T) hostagent.GuestID { return run(t, func(g *ondisk.Guest) { g.Dirty = 2 * gibibyte }) },
			Ineligible: func(t *testing.T) hostagent.GuestID {
				return run(t, func(g *ondisk.Guest) { g.Ineligible = "a host device" })
			},
			Obstruct: func(t *testing.T) func() {
				b.SetAdmission(nil)
				return func() { b.SetAdmission(admitAll) }
			},
			Open:      func(t *testing.T) hostagent.Platform { return host(t, site, "c") },
			LookEvery: 5 * time.Millisecond,
		})
	}})
}

// A host that restarts keeps what it has, and a guest that has moved away is not made
// again, whoever has it in the configuration.
func TestConfigurationIsOnlyTheBeginning(t *testing.T) {
	site := t.TempDir()
	a, b := host(t, site, "a", guest("web"), guest("db")), host(t, site, "b", guest("web"))
	wantGuests(t, a, "db", "web")
	wantGuests(t, b)
	migrate(t, a, b, "web")
	for _, p := range []*ondisk.Platform{a, b} {
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
	a, b = host(t, site, "a", guest("web"), guest("db"), guest("new")), host(t, site, "b")
	wantGuests(t, a, "db", "new")
	wantGuests(t, b, "web")
	if err := b.Run(guest("db")); err == nil || !strings.Contains(err.Error(), "before") {
		t.Errorf("Run of a guest that another host has: got error %v, want one that says so", err)
	}
}

// A process that ends between the file of a guest and the mark that it was made leaves
// a guest that is found wherever it is.
func TestMarkIsMissing(t *testing.T) {
	site := t.TempDir()
	a, b := host(t, site, "a", guest("web")), host(t, site, "b")
	migrate(t, a, b, "web")
	if err := os.Remove(filepath.Join(site, ".made", "web")); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	wantGuests(t, host(t, site, "a", guest("web")))
}

func TestOneProcessIsTheHost(t *testing.T) {
	site := t.TempDir()
	host(t, site, "a")
	_, err := ondisk.Open(ondisk.Options{Site: site, Host: "a", Capacity: capacity})
	if err == nil || !strings.Contains(err.Error(), "another process is host a") {
		t.Errorf("a second agent of the same host: got error %v, want one that says so", err)
	}
	seen, err := ondisk.Look(ondisk.Options{Site: site, Host: "a", Capacity: capacity})
	if err != nil || seen.Capacity != capacity {
		t.Errorf("a look beside the agent: got %+v and error %v, want what the host shows", seen, err)
	}
}

func TestAdmission(t *testing.T) {
	site := t.TempDir()
	g := guest("web")
	g.Rules = hostagent.Rules{Labels: []string{"tier=web"}}
	a, b := host(t, site, "a", g), host(t, site, "b")
	var asked hostagent.AdmissionAsked
	b.SetAdmission(func(_ context.Context, arriving hostagent.AdmissionAsked) hostagent.Refusal {
		asked = arriving
		return hostagent.Refusal{Code: hostagent.CodeNoDeal, Detail: "no deal covers it"}
	})
	spec := hostagent.Migration{Guest: "web", Endpoint: look(t, b).Endpoints[hostagent.VM], Deal: "d", Token: "t"}
	_, err := a.Migrate(t.Context(), spec, nil)
	if err == nil || !strings.Contains(err.Error(), "no deal covers it") {
		t.Errorf("migration that the target's agent refuses: got error %v, want its reason", err)
	}
	want := hostagent.AdmissionAsked{
		Guest: "web", Kind: hostagent.VM, Deal: "d", Token: "t", Need: hostagent.Resources{CPU: 2, MemoryBytes: gibibyte}, Rules: g.Rules,
	}
	if !reflect.DeepEqual(asked, want) {
		t.Errorf("what the target's agent was asked: got %+v, want %+v", asked, want)
	}
	wantGuests(t, a, "web")
	wantGuests(t, b)
}

func TestEndpoints(t *testing.T) {
	site := t.TempDir()
	a, elsewhere := host(t, site, "a", guest("web")), host(t, t.TempDir(), "b")
	for _, c := range []struct{ to, want string }{
		{look(t, a).Endpoints[hostagent.VM], "on that host already"},
		{look(t, elsewhere).Endpoints[hostagent.VM], "give both the same platform.site"},
		{"memory://" + site + "/b/../a", "is not where a host"},
		{"memory://" + site + "/nobody", "does its agent run?"},
		{"qemu+tls://h2/system", "is not where a host"},
	} {
		_, err := a.Migrate(t.Context(), hostagent.Migration{Guest: "web", Endpoint: c.to}, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("migration to %s: got error %v, want one that says %q", c.to, err, c.want)
		}
	}
	wantGuests(t, a, "web")
}

// A file that is no guest's makes the host unseen: a guest that is left out could be
// taken for gone.
func TestBrokenFile(t *testing.T) {
	site := t.TempDir()
	a := host(t, site, "a", guest("web"))
	path := filepath.Join(site, "a", "web.json")
	for _, text := range []string{"{", `{"name": "db", "processors": 1, "memory_bytes": 1}`, `{"name": "web"}`} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Observe(t.Context()); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("with the file %s: got error %v, want one that names it", text, err)
		}
	}
}

func TestBadOptions(t *testing.T) {
	good := ondisk.Options{Site: t.TempDir(), Host: "a", Capacity: capacity}
	for name, change := range map[string]func(*ondisk.Options){
		"no host":     func(o *ondisk.Options) { o.Host = "" },
		"relative":    func(o *ondisk.Options) { o.Site = "site" },
		"long":        func(o *ondisk.Options) { o.Site = "/tmp/" + strings.Repeat("x", 100) },
		"no capacity": func(o *ondisk.Options) { o.Capacity = hostagent.Resources{} },
		"name":        func(o *ondisk.Options) { o.Guests = []ondisk.Guest{guest("../b/web")} },
		"processors":  func(o *ondisk.Options) { o.Guests = []ondisk.Guest{{Name: "x", Memory: 1}} },
		"memory":      func(o *ondisk.Options) { o.Guests = []ondisk.Guest{{Name: "x", Processors: 1}} },
		"period":      func(o *ondisk.Options) { g := guest("x"); g.CPU = []float64{1, 2}; o.Guests = []ondisk.Guest{g} },
		"use":         func(o *ondisk.Options) { g := guest("x"); g.CPU = []float64{-1}; o.Guests = []ondisk.Guest{g} },
		"dirty":       func(o *ondisk.Options) { g := guest("x"); g.Dirty = -1; o.Guests = []ondisk.Guest{g} },
	} {
		o := good
		change(&o)
		if p, err := ondisk.Open(o); err == nil {
			t.Errorf("%s: got no error, want one", name)
			_ = p.Close()
		}
	}
}

// TestOtherProcess: guests move to another process; if it is killed during a migration
// the guest stays, and what came before is there when the host is back.
func TestOtherProcess(t *testing.T) {
	site := t.TempDir()
	lasting := guest("lasting")
	lasting.Dirty = 2 * gibibyte
	a := host(t, site, "a", guest("web"), lasting)
	other := exec.Command(os.Args[0], "-test.run=^TestHelperProcess$")
	other.Env = append(os.Environ(), helperSite+"="+site)
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Process.Kill() }() // it may have been killed
	endpoint, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	endpoint = strings.TrimSpace(endpoint)
	if _, err := a.Migrate(t.Context(), hostagent.Migration{Guest: "web", Endpoint: endpoint}, nil); err != nil {
		t.Fatal(err)
	}
	wantGuests(t, a, "lasting")
	begun := make(chan struct{}, 1)
	ended := make(chan error, 1)
	go func() {
		_, err := a.Migrate(t.Context(), hostagent.Migration{Guest: "lasting", Endpoint: endpoint}, func(hostagent.Progress) {
			select {
			case begun <- struct{}{}:
			default:
			}
		})
		ended <- err
	}()
	<-begun
	if err := other.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "broke") {
		t.Errorf("migration to a process that was killed: got error %v, want one that says so", err)
	}
	_ = other.Wait() // it was killed
	wantGuests(t, a, "lasting")
	wantGuests(t, host(t, site, "b"), "web")
}

const helperSite = "PARLEY_TEST_SITE"

// TestHelperProcess is the other process, until it is killed.
func TestHelperProcess(t *testing.T) {
	site := os.Getenv(helperSite)
	if site == "" {
		t.Skip("it is only run by TestOtherProcess")
	}
	fmt.Println(look(t, host(t, site, "b")).Endpoints[hostagent.VM])
	<-t.Context().Done()
}
