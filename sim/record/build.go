package record

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"

	"parley/hostagent"
	"parley/internal/bytesize"
	"parley/models"
	"parley/sim"
	"parley/sim/scenario"
)

// The files of a record, beside scenario.InDirectory.
const (
	LoadsFile = "loads.csv.gz"
	DealsFile = "deals.jsonl"
)

// record is a record before it is written.
type record struct {
	Summary
	scenario scenario.Recorded
	lives    []life
	names    []string          // of the lives, in their order
	texts    map[string]string // of models that are not shipped, by file
	deals    []byte            // lines of JSON
}

// build makes a record of what was gathered.
func build(s Site) (*record, error) {
	g, err := newGrid(s)
	if err != nil {
		return nil, err
	}
	r := &record{lives: g.lives(s.Hosts), texts: map[string]string{}}
	r.Begin, r.Step = time.Unix(g.begin, 0).UTC(), time.Duration(g.step)*time.Second
	r.Lasts = g.at(g.n)
	s.Begin, s.End = r.Begin, r.Begin.Add(r.Lasts)
	r.addHosts(s)
	r.addGuests(g, s.Hosts)
	r.makeRoom()
	r.addPolicies(s.Hosts)
	if err := r.addDeals(s); err != nil {
		return nil, err
	}
	r.scenario.Title = fmt.Sprintf("%s from %s on, as it was", english.Plural(r.Hosts, "host", ""), r.Begin.Format("2006-01-02 15:04 UTC"))
	r.scenario.File, r.scenario.Limit = LoadsFile, r.Lasts
	moved := fmt.Sprintf("In that time policies moved %s, and orders %d.", english.Plural(r.Moved, "guest", ""), r.Ordered)
	r.scenario.Note = strings.Join(append([]string{moved}, r.Notes...), " ")
	return r, nil
}

func (r *record) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// addHosts adds the hosts whose size is known.
func (r *record) addHosts(s Site) {
	for _, h := range s.Hosts {
		last, known := h.latest()
		switch {
		case h.Silent != "":
			r.note("%s: %s.", h.Name, h.Silent)
		case !h.Kept:
			r.note("%s keeps no loads (audit.loads_for is 0) and is left out.", h.Name)
		case !known:
			r.note("%s has no loads of that time and is left out.", h.Name)
		}
		if !known {
			continue
		}
		one := sim.SiteHost{
			Name: h.Name, Labels: last.Labels, Curve: last.Power,
			Capacity: hostagent.Resources{CPU: last.Cores, MemoryBytes: last.Memory, DiskBytes: last.Disk},
			Takes:    sim.Takes{Offers: slices.Clone(last.Offers)},
		}
		for _, kind := range last.Kinds {
			one.Takes.Kinds = append(one.Takes.Kinds, hostagent.Kind(kind))
		}
		for _, m := range h.Models {
			one.Refuse = append(one.Refuse, m.Refuse...)
		}
		slices.Sort(one.Refuse)
		one.Refuse = slices.Compact(one.Refuse)
		r.scenario.Hosts = append(r.scenario.Hosts, one)
	}
	r.Hosts = len(r.scenario.Hosts)
}

// addGuests adds a guest for each life.
func (r *record) addGuests(g *grid, hosts []Host) {
	taken := map[string]bool{}
	ids := map[string]bool{}
	for _, l := range r.lives {
		name := cmp.Or(l.Name, l.id)
		for i := 2; taken[name]; i++ {
			name = fmt.Sprintf("%s-%d", cmp.Or(l.Name, l.id), i)
		}
		taken[name], ids[l.id] = true, true
		r.names = append(r.names, name)
		one := sim.SiteGuest{
			Name: name, Host: hosts[l.host].Name, Needs: l.Needs, DirtyRate: float64(l.DirtyRate), Priority: l.Priority,
			Declared: hostagent.Resources{CPU: l.Cores, MemoryBytes: l.line.Memory, DiskBytes: l.Disk},
			Rules: hostagent.Rules{
				Labels: l.Labels, Requires: l.Requires, Near: l.Near, Apart: l.Apart, Avoids: l.Avoids, AtMost: l.AtMost,
				Pinned: l.Pinned, Ignored: l.Ignored,
			},
		}
		if kind := hostagent.Kind(l.Kind); kind != hostagent.VM {
			one.Kind = kind
		}
		if l.first > 0 {
			one.Starts = g.at(l.first)
			r.Came++
		}
		if l.last < g.n-1 {
			one.Ends = g.at(l.last + 1)
			r.Went++
		}
		r.scenario.Guests = append(r.scenario.Guests, one)
	}
	r.Guests = len(ids)
}

// makeRoom makes hosts large enough for the guests that began on them: a real host may have
// promised more than it declares to Parley, and what ran there could run there.
func (r *record) makeRoom() {
	began := map[string][]sim.SiteGuest{}
	for _, g := range r.scenario.Guests {
		began[g.Host] = append(began[g.Host], g)
	}
	for i := range r.scenario.Hosts {
		h := &r.scenario.Hosts[i]
		var need hostagent.Resources
		for _, g := range began[h.Name] {
			if g.Starts == 0 {
				need.MemoryBytes += g.Declared.MemoryBytes
				need.DiskBytes += g.Declared.DiskBytes
			}
			if kind := g.Kind.Known(); !slices.Contains(h.Takes.Kinds, kind) && (len(h.Takes.Kinds) > 0 || kind != hostagent.VM) {
				h.Takes.Kinds = append(h.Takes.Kinds, kind)
			}
			for _, what := range g.Needs {
				if !slices.Contains(h.Takes.Offers, what) {
					h.Takes.Offers = append(h.Takes.Offers, what)
				}
			}
		}
		if slices.Equal(h.Takes.Kinds, []hostagent.Kind{hostagent.VM}) {
			h.Takes.Kinds = nil
		}
		if need.MemoryBytes > h.Capacity.MemoryBytes {
			r.note("%s has %s of memory here, as its guests declared that much at the beginning, and not %s.", h.Name,
				bytesize.Text(need.MemoryBytes), bytesize.Text(h.Capacity.MemoryBytes))
			h.Capacity.MemoryBytes = need.MemoryBytes
		}
		h.Capacity.DiskBytes = max(h.Capacity.DiskBytes, need.DiskBytes)
	}
}

// addPolicies takes the models and the tuning that most hosts have.
func (r *record) addPolicies(hosts []Host) {
	sets, tunings := map[string]int{}, map[hostagent.Tuning]int{}
	var most string
	tuning, answered := hostagent.DefaultConfig().Tuning, 0
	var models map[string]bool
	for _, h := range hosts {
		if h.Silent != "" {
			continue
		}
		answered++
		key := ""
		digests := map[string]bool{}
		for _, m := range h.Models {
			digests[m.Digest] = true
		}
		key = strings.Join(slices.Sorted(maps.Keys(digests)), " ")
		if sets[key]++; sets[key] > sets[most] || models == nil {
			most, models = key, digests
		}
		if h.Tuning != nil {
			if tunings[*h.Tuning]++; tunings[*h.Tuning] > tunings[tuning] {
				tuning = *h.Tuning
			}
		}
	}
	if answered > sets[most] {
		r.note("%d of %d hosts enact something else than the others; here all enact what most do.", answered-sets[most], answered)
	}
	if n := tunings[tuning]; n > 0 && n < answered {
		r.note("%d of %d hosts are configured otherwise; here all are as most are.", answered-n, answered)
	}
	r.scenario.Tuning = tuning
	for _, h := range hosts {
		for _, m := range h.Models {
			if models[m.Digest] {
				delete(models, m.Digest)
				r.Policies = append(r.Policies, r.policy(m.Name, m.Text))
			}
		}
	}
	if len(r.Policies) == 0 {
		r.Policies = []string{"none"}
	}
	r.scenario.Policy = strings.Join(r.Policies, "+")
}

var odd = regexp.MustCompile(`[^A-Za-z0-9_.-]`)

// policy names a model: a shipped one, or a file of the record with its text.
func (r *record) policy(name, text string) string {
	name = odd.ReplaceAllString(strings.TrimSuffix(path.Base(name), ".lcc"), "_")
	shipped, is := models.Text(name)
	if is && (text == "" || sha256.Sum256(shipped) == sha256.Sum256([]byte(text))) {
		return name
	}
	digest := sha256.Sum256([]byte(text))
	file := name + ".lcc"
	if other, taken := r.texts[file]; taken && other != text {
		file = name + "-" + hex.EncodeToString(digest[:4]) + ".lcc"
	}
	r.texts[file] = text
	return file
}

// addDeals counts the deals, and writes them.
func (r *record) addDeals(s Site) error {
	names := map[string]string{}
	for _, h := range s.Hosts {
		names[h.ID] = h.Name
	}
	for _, d := range s.deals() {
		d.Source, d.Target = cmp.Or(names[d.Source], d.Source), cmp.Or(names[d.Target], d.Target)
		if d.Operator || d.Drain {
			r.Ordered++
		} else {
			r.Moved++
		}
		line, err := json.Marshal(d)
		if err != nil {
			return err
		}
		r.deals = append(append(r.deals, line...), '\n')
	}
	return nil
}
