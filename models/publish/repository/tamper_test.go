package repository

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever is changed of what was published, Open says where.
func TestTampered(t *testing.T) {
	d := newDesk(t, 1)
	d.publish(0)
	d.write("policies/balance/balance.lcc", model+"% changed\n")
	d.publish(1)
	latest, _ := d.Latest()
	watched := []string{"chain/000001.release", "chain/000002.release", "chain/root.json", "anchor.json"}
	for _, ref := range refsOf(latest) {
		watched = append(watched, "objects/"+ref.Digest.String())
	}
	for _, name := range watched {
		good := d.read(name)
		for at := 0; at < len(good); at += 1 + len(good)/97 {
			bad := []byte(good)
			bad[at] ^= 0x08
			if string(bad) == strings.ToLower(good) || strings.TrimSpace(string(bad)) == strings.TrimSpace(good) {
				continue
			}
			d.write(name, string(bad))
			if _, err := Open(d.dir); err == nil {
				t.Errorf("%s with another byte %d: it was opened", name, at)
			}
		}
		d.write(name, good)
	}
	d.reopen()
	for name, want := range map[string]string{
		"chain/000001.release":                         "000001.release is missing, and",
		"chain/000002.release":                         "the latest releases are gone",
		"chain/root.json":                              "root.json is missing",
		"anchor.json":                                  "anchor.json is missing",
		"objects/" + latest.Roster.Digest.String():     "is missing, and a release names it",
		"objects/" + refsOf(latest)[1].Digest.String(): "is missing, and a release names it",
		"cluster.yaml":                                 "no policy repository in",
	} {
		good := d.read(name)
		d.must(os.Remove(filepath.Join(d.dir, name)))
		_, err := Open(d.dir)
		wants(t, err, want)
		d.write(name, good)
	}
	d.write("chain/000002.release", d.read("chain/000001.release"))
	_, err := Open(d.dir)
	wants(t, err, "000002.release is not what was published: rollback")
}

// After a crash at any step of Append the repository opens, and the next release can
// be published.
func TestCrash(t *testing.T) {
	before := newDesk(t, 1)
	before.publish(0)
	before.build()
	_, err := before.Sign(before.keys[0])
	before.must(err)
	after := t.TempDir()
	copyTree(t, before.dir, after)
	r, err := Open(after)
	before.must(err)
	_, err = r.Append(before.now)
	before.must(err)

	steps := []func(dir string){
		func(dir string) { copyFile(t, after, dir, "chain/000002.release") },
		func(dir string) { copyFile(t, after, dir, "anchor.json") },
		func(dir string) { before.must(os.Remove(filepath.Join(dir, draftFile))) },
	}
	for n := range len(steps) + 1 {
		dir := t.TempDir()
		copyTree(t, before.dir, dir)
		before.must(os.WriteFile(filepath.Join(dir, "chain", ".parley-12345"), []byte("half"), 0o600))
		for _, step := range steps[:n] {
			step(dir)
		}
		d := *before
		d.Repository = &Repository{dir: dir}
		d.reopen()
		want := uint64(2)
		if n == 0 {
			want = 1
		}
		if d.Anchor().Version != want || d.read("anchor.json") != string(d.Anchor().MarshalFile()) {
			t.Errorf("after %d steps: got release %d, want %d, and anchor.json the same", n, d.Anchor().Version, want)
		}
		if got := d.publish(0); got.Version != want+1 {
			t.Errorf("after %d steps: published %d, want %d", n, got.Version, want+1)
		}
	}
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err == nil {
			copyFile(t, from, to, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to, name string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(from, name))
	if err == nil {
		err = os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(to, name), data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Objects of drafts that were given up go when the next release comes.
func TestPrune(t *testing.T) {
	d := newDesk(t, 1)
	d.write("policies/balance/balance.lcc", "% given up\n"+model)
	given := d.build().Release.Policies[0].Files[0].Digest
	d.write("policies/balance/balance.lcc", model)
	d.publish(0)
	if _, err := os.Stat(d.objectPath(given)); !os.IsNotExist(err) {
		t.Errorf("the object of a draft that was given up: got %v, want that it is gone", err)
	}
	d.write("policies/balance/balance.lcc", model+"% new\n")
	d.publish(0)
	if _, err := d.Rollback(1, DraftOptions{Now: d.now}); err != nil {
		t.Errorf("the objects of release 1: %v", err)
	}
}
