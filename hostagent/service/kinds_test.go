package service

import (
	"context"
	"slices"
	"strings"
	"testing"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/api/wording"
	"parley/hostagent/config"
	"parley/hostagent/joint"
	"parley/hostagent/memory"
)

// kindsHost is a host with two platforms: one for virtual machines, one for the rest.
func kindsHost(t *testing.T, name string, vms, other *memory.Site, kinds ...hostagent.Kind) (p *joint.Platform, vm, rest *memory.Platform) {
	t.Helper()
	vm, rest = testHost(t, vms, name), testHost(t, other, name)
	rest.Serve(kinds, "criu=4.2")
	p, err := joint.New(joint.Options{
		Capacity: hostagent.Resources{CPU: 4, MemoryBytes: 8 << 30, DiskBytes: 4 << 30},
		Parts:    []joint.Part{{Kinds: []hostagent.Kind{hostagent.VM}, Platform: vm}, {Kinds: kinds, Platform: rest}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p, vm, rest
}

// Two daemons move guests of each kind by order; the status, the metrics, the history and
// the explanation say which kind, and a kind that the target does not take stays.
func TestKindsMoveBetweenDaemons(t *testing.T) {
	vms, other := memory.NewSite(memory.Options{Speedup: 20}), memory.NewSite(memory.Options{Speedup: 20})
	a, vm, rest := kindsHost(t, "h1", vms, other, hostagent.Container, hostagent.Process)
	b, _, boxes := kindsHost(t, "h2", vms, other, hostagent.Process)
	testGuest(t, vm, "vm", 0.5)
	for _, g := range []memory.Guest{
		{ID: "job", Kind: hostagent.Process}, {ID: "box", Kind: hostagent.Container, Needs: []string{"criu=4.2"}},
	} {
		g.Declared = hostagent.Resources{CPU: 1, MemoryBytes: 1 << 28, DiskBytes: 1 << 28}
		if err := rest.Run(g); err != nil {
			t.Fatal(err)
		}
	}
	var daemons []*daemon
	var peers []config.Peer
	var configs []config.Config
	for _, name := range []string{"h1", "h2"} {
		dir := t.TempDir()
		cfg := testConfig(dir, name, "")
		id, err := Identity(cfg)
		if err != nil {
			t.Fatal(err)
		}
		peers = append(peers, config.Peer{ID: string(id), Name: name})
		configs = append(configs, cfg)
	}
	for i, p := range []*joint.Platform{a, b} {
		configs[i].Peers, configs[i].MovesIn, configs[i].MovesOut = peers, 3, 3
		d := begin(t, configs[i], p)
		p.SetAdmission(d.Admit)
		daemons = append(daemons, d)
	}
	for i, d := range daemons {
		if err := d.AddAddresses(daemons[1-i].PeerID(), daemons[1-i].Addresses()); err != nil {
			t.Fatal(err)
		}
		d.until(t, "its load is known and the other is connected", func(s api.Status) bool {
			return s.Load.Known && slices.ContainsFunc(s.Peers, func(p api.PeerStatus) bool { return p.Connected })
		})
	}
	for _, guest := range []string{"vm", "job"} {
		if err := daemons[0].Order(t.Context(), api.Order{Do: "migrate", Guest: guest, Host: "h2"}); err != nil {
			t.Fatalf("migrate %s: %v\n%s", guest, err, daemons[0].log)
		}
	}
	err := daemons[0].Order(t.Context(), api.Order{Do: "migrate", Guest: "box", Host: "h2"})
	if err == nil || !strings.Contains(err.Error(), "is a container") {
		t.Errorf("migrate a container to a host that takes none: got error %v, want why", err)
	}
	found, err := daemons[0].DryRun(t.Context(), api.Order{Do: "drain"})
	if err != nil || len(found.Moves) != 1 || found.Moves[0].Kind != "container" || found.Moves[0].To != "" {
		t.Errorf("dry run of a drain: got %+v, error %v, want that the container stays", found, err)
	}
	status := daemons[0].until(t, "the container alone is here", func(s api.Status) bool { return len(s.Guests) == 1 })
	if !slices.Equal(status.Platform.Kinds, []string{"vm", "container", "process"}) || status.Guests[0].Kind != "container" ||
		status.Load.CapacityDisk != 4<<30 {
		t.Errorf("status: got %+v, %+v and %+v, want the kinds and the disk", status.Platform, status.Guests, status.Load)
	}
	var stages []string
	for _, d := range status.History {
		if d.Name == "job" && d.State == "done" && d.Kind == "process" {
			for _, s := range d.Stages {
				stages = append(stages, s.Name)
			}
		}
	}
	if !slices.Equal(stages, []string{"copy", "switch"}) {
		t.Errorf("stages of the process's move: got %v in %+v, want copy and switch", stages, status.History)
	}
	text := metricsOf(t, configs[0].Socket)
	for _, want := range []string{
		`parley_migration_duration_seconds_count{kind="process"} 1`, `parley_migration_duration_seconds_count{kind="vm"} 1`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("metrics: want %s", want)
		}
	}
	boxes.Inject(memory.Gone)
	daemons[1].until(t, "processes are unseen, and the guests are still counted", func(s api.Status) bool {
		return s.Platform.Unseen["process"] != "" && len(s.Guests) == 2 && s.Load.Known
	})
	explained := explainedText(t, daemons[0], "h1") + explainedText(t, daemons[1], "h2")
	for _, want := range []string{
		"takes guests of the kinds vm, container, process, and offers them criu=4.2", "guests of the kind process cannot be looked at",
	} {
		if !strings.Contains(explained, want) {
			t.Errorf("explain: want %q in\n%s", want, explained)
		}
	}
	boxes.Inject(memory.None)
	daemons[1].until(t, "processes are seen again", func(s api.Status) bool { return len(s.Platform.Unseen) == 0 })
	for _, d := range daemons {
		d.stop()
	}
	if err := firstOf(a.Close(), b.Close()); err != nil {
		t.Error(err)
	}
}

// explainedText is what an agent says about something.
func explainedText(t *testing.T, d *daemon, about string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	e, err := d.Explain(ctx, about)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range e.Facts {
		lines = append(lines, wording.Fact(f))
	}
	return strings.Join(lines, "\n")
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
