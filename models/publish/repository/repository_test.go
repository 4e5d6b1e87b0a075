package repository

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/models/publish/bundle"
)

// desk is an operator's desk in a test: a repository, keys, and a clock.
type desk struct {
	*Repository
	t    *testing.T
	keys []bundle.Private // ann, ben, carol
	now  time.Time
}

var names = []string{"ann", "ben", "carol"}

// newDesk begins a repository of which so many of three keys must sign.
func newDesk(t *testing.T, threshold int) *desk {
	t.Helper()
	d := &desk{t: t, now: time.Unix(1_800_000_000, 0)}
	chance := rand.NewChaCha8([32]byte{1})
	root := bundle.Root{Version: 1, Threshold: threshold}
	for _, name := range names {
		key, err := bundle.NewPrivate(chance)
		if err != nil {
			t.Fatal(err)
		}
		d.keys = append(d.keys, key)
		root.Keys = append(root.Keys, bundle.Key{Name: name, Public: key.Public()})
	}
	var err error
	if d.Repository, err = Init(t.TempDir(), Beginning{Publisher: "north", Root: root}); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		host := Host{Name: fmt.Sprint("h", i+1), ID: fmt.Sprint("id", i+1), Addresses: []string{"/ip4/10.0.0.1/tcp/4200"},
			Labels: []string{"rack=a"}}
		if err := d.AddHost(host); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.InitPolicy("balance", map[string][]byte{"balance.lcc": []byte(model)}); err != nil {
		t.Fatal(err)
	}
	return d
}

const model = "a(idle, ID) :: null\n"

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// reopen reads the directory anew, as another process would.
func (d *desk) reopen() {
	d.t.Helper()
	r, err := Open(d.dir)
	d.must(err)
	d.Repository = r
}

func (d *desk) write(name, text string) {
	d.t.Helper()
	d.must(os.WriteFile(filepath.Join(d.dir, name), []byte(text), 0o644))
}

func (d *desk) read(name string) string {
	d.t.Helper()
	data, err := os.ReadFile(filepath.Join(d.dir, name))
	d.must(err)
	return string(data)
}

func (d *desk) build() Draft {
	d.t.Helper()
	draft, err := d.Draft(DraftOptions{Now: d.now})
	d.must(err)
	d.must(d.Keep(draft))
	return draft
}

// publish makes the next release of what the files say, signed by some keys.
func (d *desk) publish(keys ...int) bundle.Release {
	d.t.Helper()
	d.build()
	for _, i := range keys {
		_, err := d.Sign(d.keys[i])
		d.must(err)
	}
	release, err := d.Append(d.now)
	d.must(err)
	return release
}

func wants(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("got no error, want one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("got the error %q, want %q in it", err, part)
		}
	}
}

func TestPublish(t *testing.T) {
	d := newDesk(t, 2)
	d.build()
	_, err := d.Append(d.now)
	wants(t, err, "no_quorum", "0 of 2 signatures")
	_, err = d.Sign(d.keys[2])
	d.must(err)
	_, err = d.Append(d.now)
	wants(t, err, "no_quorum", "1 of 2 signatures")
	d.reopen()
	draft, err := d.Sign(d.keys[0])
	d.must(err)
	if got := d.Quorums(draft); len(got) != 1 || !got[0].Reached() || strings.Join(got[0].Signed, " ") != "ann carol" {
		t.Errorf("got %v, want that ann and carol have signed, which is enough", got)
	}
	release, err := d.Append(d.now)
	d.must(err)
	if release.Version != 1 || len(release.Policies) != 1 || release.Expires != d.now.Add(90*24*time.Hour).Unix() {
		t.Errorf("got %+v, want release 1 with one policy for 90 days", release)
	}
	d.reopen()
	if _, there, err := d.Pending(); there || err != nil {
		t.Errorf("got a draft after it was published (%v)", err)
	}
	if a := d.Anchor(); a.Version != 1 || d.read("anchor.json") != string(a.MarshalFile()) {
		t.Errorf("got the anchor %d, want 1 and the same in its file", a.Version)
	}
	roster, err := d.Roster(release)
	d.must(err)
	if len(roster.Hosts) != 3 || roster.Hosts[0].Labels[0] != "rack=a" {
		t.Errorf("got %+v, want three hosts with labels", roster)
	}
}

// A host that begins with the anchor of the beginning takes the whole archive; one
// that has a release takes what comes after it.
func TestArchive(t *testing.T) {
	d := newDesk(t, 1)
	_, err := d.Archive(0)
	wants(t, err, "nothing is published yet")
	anchor := d.Anchor()
	d.publish(0)
	first := d.Anchor()
	d.write("policies/balance/balance.lcc", model+"% changed\n")
	d.publish(1)
	for _, c := range []struct {
		from  bundle.Anchor
		after uint64
		want  int
	}{{anchor, 0, 2}, {first, 1, 1}, {d.Anchor(), 7, 0}} {
		whole, err := d.Archive(c.after)
		d.must(err)
		data, err := whole.Pack()
		d.must(err)
		a, err := bundle.Unpack(data)
		d.must(err)
		if len(a.Releases) != c.want || len(a.Objects) != 2 {
			t.Errorf("after %d: got %d releases and %d objects, want %d and 2", c.after, len(a.Releases), len(a.Objects), c.want)
		}
		for _, s := range a.Releases {
			_, c.from, err = c.from.Next(s)
			d.must(err)
		}
		if c.from.Version != 2 {
			t.Errorf("after %d: a host came to release %d, want 2", c.after, c.from.Version)
		}
	}
}

func TestRollback(t *testing.T) {
	d := newDesk(t, 1)
	d.write("policies/balance/policy.yaml", "canary: [{share: 0.5, for: 10m}]\n")
	first := d.publish(0)
	d.write("policies/balance/balance.lcc", "% worse\n"+model)
	d.publish(0)
	d.must(d.RemoveHost("h3"))
	d.publish(0)
	_, err := d.Rollback(9, DraftOptions{Now: d.now})
	wants(t, err, "no release 9", "1 to 3")
	_, err = d.Rollback(3, DraftOptions{Now: d.now})
	wants(t, err, "nothing to go back to")
	draft, err := d.Rollback(1, DraftOptions{Now: d.now})
	d.must(err)
	d.must(d.Keep(draft))
	if stale, err := d.Stale(draft); stale != "" || err != nil {
		t.Errorf("the roll-back is taken for stale: %s %v", stale, err)
	}
	if got := d.RolledBackTo(draft); got != 1 {
		t.Errorf("got a roll-back to %d, want 1", got)
	}
	_, err = d.Sign(d.keys[0])
	d.must(err)
	release, err := d.Append(d.now)
	d.must(err)
	p := release.Policies[0]
	if release.Version != 4 || p.Content() != first.Policies[0].Content() || len(p.Canary) != 0 {
		t.Errorf("got %+v, want the files of release 1 under version 4 without stages", release)
	}
	if roster, _ := d.Roster(release); len(roster.Hosts) != 2 {
		t.Errorf("got %d hosts, want the roster of release 3", len(roster.Hosts))
	}
}

// A change of keys is signed by the old and by the new.
func TestRotate(t *testing.T) {
	d := newDesk(t, 2)
	d.publish(0, 1)
	dora, err := bundle.NewPrivate(rand.NewChaCha8([32]byte{2}))
	d.must(err)
	err = d.Rotate(Rotation{Remove: []string{"ann", "ben"}})
	wants(t, err, "2 of 1 keys must sign")
	err = d.Rotate(Rotation{Remove: []string{"zoe"}})
	wants(t, err, `keys has no "zoe"`)
	d.must(d.Rotate(Rotation{Remove: []string{"ann", "ben"}, Add: []Key{{"dora", dora.Public().String()}}}))
	draft := d.build()
	if r := draft.Release.Root; r == nil || r.Version != 2 || len(r.Keys) != 2 {
		t.Fatalf("got the root %+v, want root 2 with two keys", r)
	}
	for _, key := range []bundle.Private{d.keys[0], d.keys[1], d.keys[2]} {
		_, err = d.Sign(key)
		d.must(err)
	}
	_, err = d.Append(d.now)
	wants(t, err, "no_quorum_new", "1 of 2")
	draft, err = d.Sign(dora)
	d.must(err)
	for _, q := range d.Quorums(draft) {
		if !q.Reached() {
			t.Errorf("not enough: %v", q)
		}
	}
	_, err = d.Append(d.now)
	d.must(err)
	d.reopen()
	if root := d.Anchor().Root; root.Version != 2 || root.Keys[1].Name != "dora" {
		t.Errorf("got root %+v, want 2 with dora", root)
	}
	d.build()
	_, err = d.Sign(d.keys[0])
	wants(t, err, "not one of those that may sign: [carol dora]")
}

func TestChanges(t *testing.T) {
	d := newDesk(t, 1)
	text := func(draft Draft) string {
		changes, err := d.Changes(draft)
		d.must(err)
		var lines []string
		for _, c := range changes {
			lines = append(lines, c.String())
		}
		return strings.Join(lines, "\n")
	}
	want := "+ host h1: id1 /ip4/10.0.0.1/tcp/4200 rack=a\n+ host h2: id2 /ip4/10.0.0.1/tcp/4200 rack=a\n+ host h3: id3 " +
		"/ip4/10.0.0.1/tcp/4200 rack=a\n+ policy balance: targets all hosts; canary none\n+ file balance/balance.lcc: 20 bytes, "
	if got := text(d.build()); !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	d.publish(0)
	if got := text(d.build()); got != "" {
		t.Errorf("nothing changed, and it says %s", got)
	}
	d.must(d.RemoveHost("h2"))
	d.write("policies/balance/policy.yaml", "targets: [rack=a]\ncanary: [{labels: [b=c], share: 0.25, for: 90s}, {for: 2d}]\nguard: "+
		"{hosts: 2}\n")
	d.write("policies/balance/balance.lcc", model+"\n")
	want = "- host h2\n~ policy balance: targets rack=a; canary 25 % of b=c for 1m30s, then 100 % for 2d; guard changed\n~ file " +
		"balance/balance.lcc: 21 bytes, "
	if got := text(d.build()); !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A draft that is not what the files say now is known for it.
func TestStale(t *testing.T) {
	d := newDesk(t, 1)
	draft := d.build()
	d.now = d.now.Add(time.Hour)
	if stale, err := d.Stale(draft); stale != "" || err != nil {
		t.Errorf("got %q %v, want that nothing differs", stale, err)
	}
	d.write("policies/balance/balance.lcc", model+"% more\n")
	if stale, _ := d.Stale(draft); !strings.Contains(stale, "policy balance") {
		t.Errorf("got %q, want that the policy differs", stale)
	}
	d.publish(0)
	d.must(d.Keep(draft))
	_, _, err := d.Pending()
	wants(t, err, "draft of release 1, and release 1 is the latest")
	draft, err = d.Draft(DraftOptions{Now: d.now.Add(-91 * 24 * time.Hour)})
	d.must(err)
	d.must(d.Keep(draft))
	_, err = d.Sign(d.keys[0])
	d.must(err)
	_, err = d.Append(d.now)
	wants(t, err, "expired")
}

// Two that publish from one directory: one of them is told that it came late.
func TestTwoAtOnce(t *testing.T) {
	d := newDesk(t, 1)
	d.build()
	_, err := d.Sign(d.keys[0])
	d.must(err)
	other, err := Open(d.dir)
	d.must(err)
	draft := d.read("next.release")
	_, err = d.Append(d.now)
	d.must(err)
	d.write("next.release", draft)
	_, err = other.Append(d.now)
	wants(t, err, "published meanwhile by somebody else")
	if !bytes.Equal(d.Anchor().MarshalFile(), []byte(d.read("anchor.json"))) {
		t.Error("the anchor is not that of the release")
	}
}
