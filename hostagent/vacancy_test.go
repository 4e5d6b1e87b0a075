package hostagent

import (
	"strings"
	"testing"
	"time"
)

// A host says of a wanted guest what it would say of one that comes, and changes nothing.
func TestVacancy(t *testing.T) {
	w := newWorld(t, 1)
	h := w.addHost("h", Resources{CPU: 8, MemoryBytes: 8 << 30, DiskBytes: 8 << 30})
	h.guests["db"] = &testGuest{id: "db", memory: 2 << 30, state: Running, cores: 2, counted: w.now, rules: Rules{Labels: []string{"app=db"}}}
	h.core.config.Labels = []string{"rack=b"}
	w.run(10 * time.Second)
	fits := Wanted{Need: Resources{CPU: 2, MemoryBytes: 2 << 30}}
	for name, c := range map[string]struct {
		change func(*Wanted)
		code   Code
		why    string
	}{
		"fits":          {func(*Wanted) {}, "", ""},
		"no cores":      {func(w *Wanted) { w.Need.CPU = 7 }, CodeNoRoom, "there is no room for it: "},
		"no memory":     {func(w *Wanted) { w.Need.MemoryBytes = 7 << 30 }, CodeNoRoom, "6.00 GiB are left"},
		"no disk":       {func(w *Wanted) { w.Need.DiskBytes = 9 << 30 }, CodeNoDisk, "8.00 GiB of disk are left"},
		"label":         {func(w *Wanted) { w.Rules.Requires = []string{"rack=a"} }, CodeLabel, "the label rack=a"},
		"near":          {func(w *Wanted) { w.Rules.Near = []string{"app=db"} }, "", ""},
		"near nobody":   {func(w *Wanted) { w.Rules.Near = []string{"app=web"} }, CodeNear, "none is here"},
		"avoided":       {func(w *Wanted) { w.Rules.Avoids = []string{"rack=b"} }, CodeLabel, "must not be on a host with the label rack=b"},
		"crowded":       {func(w *Wanted) { w.Rules.AtMost = []string{"app=db:1"}; w.Rules.Labels = []string{"app=db"} }, CodeApart, "would be 2"},
		"apart":         {func(w *Wanted) { w.Rules.Apart = []string{"app=db"} }, CodeApart, "apart from db"},
		"beside":        {func(w *Wanted) { w.Beside = "db" }, "", ""},
		"beside nobody": {func(w *Wanted) { w.Beside = "web" }, CodeNear, "the guest web is not here"},
		"kind":          {func(w *Wanted) { w.Kind = Container }, CodeKind, "this host takes none"},
		"needs":         {func(w *Wanted) { w.Needs = []string{"gpu=1"} }, CodeNeeds, "gpu=1"},
	} {
		want := fits
		c.change(&want)
		got := h.core.Vacancy(want)
		if got.Why.Code != c.code || !strings.Contains(got.Why.Detail, c.why) {
			t.Errorf("%s: got %+v, want the code %q and %q", name, got.Why, c.code, c.why)
		}
	}
	if got := h.core.Vacancy(fits); got.Load < 0.49 || got.Load > 0.6 || got.Free.MemoryBytes != 6<<30 {
		t.Errorf("got %+v, want half of the host taken and 6 GiB free", got)
	}
	w.step(h, Ordered{ID: 1, Order: Set{Settings{Drained: true}}})
	w.run(time.Second)
	if got := h.core.Vacancy(fits); got.Why.Code != CodeDrained {
		t.Errorf("drained: got %+v", got)
	}
}
