package repository

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What people write wrongly is said with file and line, and with what was meant.
func TestFaults(t *testing.T) {
	key := `keys: [{name: ann, public: "ed25519:` + strings.Repeat("A", 43) + `="}]`
	for _, c := range []struct{ file, text, want string }{
		{"cluster.yaml", "publisher: north\nhost: []\n" + key, `cluster.yaml:2:1: there is no key "host" here: did you mean "hosts"?`},
		{"cluster.yaml", "publisher: north\n" + key + "\nhosts:\n  - {name: h1, adress: []}", `cluster.yaml:4:16: there is no key "adress" here: did you mean "addresses"?`},
		{"cluster.yaml", "publisher: north\n" + key + "\nexpires: soon", `cluster.yaml:3:10: expires: "soon" is not a time: write one such as 30s, 10m, 24h or 90d`},
		{"cluster.yaml", "publisher: north\n" + key + "\nexpires: 5m", `expires: is 5m0s: give a time that a release is in force, at least 1h`},
		{"cluster.yaml", "publisher: north\n" + key + "\nthreshold: 2", "2 of 1 keys must sign"},
		{"cluster.yaml", "publisher: north\n" + key + "\nthreshold: two", `cluster.yaml:3:12: threshold: "two" is not a whole number`},
		{"cluster.yaml", "publisher: north\n" + key + "\nthreshold: 1.5", `cluster.yaml:3:12: threshold: "1.5" is not a whole number`},
		{"cluster.yaml", "publisher: north\nkeys: [{name: ann, public: x}]", `keys[0].public: "x" is not a public key`},
		{"cluster.yaml", "publisher: south\n" + key, "the chain is that of north"},
		{"cluster.yaml", "publisher: north\n" + key + "\nhosts: [{name: h1, id: a}, {name: h1, id: b}]", "two hosts are called h1"},
		{"cluster.yaml", "publisher: north\n" + key + "\n---\nhosts: []", "this is a second document"},
		{"policies/balance/policy.yaml", "target: []", `policy.yaml:1:1: there is no key "target" here: did you mean "targets"?`},
		{"policies/balance/policy.yaml", "canary: 3", `policy.yaml:1:9: canary: "3" is not a list`},
		{"policies/balance/policy.yaml", "\ncanary: [{share: 0.5, fore: 1h}]", `policy.yaml:2:23: there is no key "fore" here: did you mean "for"?`},
		{"policies/balance/policy.yaml", "canary: [{share: 0, for: 1h}]", "canary[0].share: is 0: give a share"},
		{"policies/balance/policy.yaml", "guard: {failed_share: 2}", "guard.failed_share: is 2: give a share"},
		{"policies/balance/policy.yaml", "models: [none.lcc]", "there is no"},
		{"policies/balance/policy.yaml", "models: [../balance/balance.lcc]", "lie beside it"},
		{"policies/balance/policy.yaml", "targets: [rack]", `"rack" is no label`},
	} {
		d := newDesk(t, 1)
		d.write(c.file, c.text)
		r, err := Open(d.dir)
		if err == nil {
			_, err = r.Draft(DraftOptions{Now: d.now})
		}
		wants(t, err, c.want)
	}
}

// All faults of a file are reported in one go, in the order of their places.
func TestFaultsInOneGo(t *testing.T) {
	for file, c := range map[string]struct {
		text string
		want []string
	}{
		"cluster.yaml": {"publisher: \nexpires: 5m\ntreshold: 3\nkeys: [{name: ann, public: x}]\nhosts:\n- {name: h1, id: a, labels: [rack]}\n- {name: h2}\n",
			[]string{":1:1: publisher: ", ":2:1: expires: is 5m0s", `:3:1: there is no key "treshold"`, ":4:20: keys[0].public: ",
				`:6:3: hosts[0]: host h1: "rack"`, `:7:3: hosts[1]: host "h2" has no peer id`}},
		"policies/balance/policy.yaml": {"target: []\ncanary: [{share: 2, for: 1h}, {for: soon}]\nguard: {hosts: -1}\nmodels: [none.lcc]\n",
			[]string{`:1:1: there is no key "target"`, ":2:11: canary[0].share: is 2", `:2:37: canary[1].for: "soon" is not a time`,
				":3:9: guard.hosts: is -1", ":4:10: models[0]: there is no "}},
	} {
		d := newDesk(t, 1)
		d.write(file, c.text)
		r, err := Open(d.dir)
		if err == nil {
			_, err = r.Draft(DraftOptions{Now: d.now})
		}
		lines := strings.Split(err.Error(), "\n")
		for i := range max(len(lines), len(c.want)) {
			if i >= len(lines) || i >= len(c.want) || !strings.Contains(lines[i], filepath.Base(file)+c.want[i]) {
				t.Fatalf("%s: got\n%s\nwant\n%s", file, err, strings.Join(c.want, "\n"))
			}
		}
	}
}

// Edits by a command leave what people wrote.
func TestEditsKeepComments(t *testing.T) {
	d := newDesk(t, 1)
	d.write("cluster.yaml", strings.Replace(d.read("cluster.yaml"), "hosts:\n", "# the hosts of our two racks\nhosts:\n", 1))
	text := strings.Replace(d.read("cluster.yaml"), "labels: [rack=a]}\n", "labels: [rack=a]} # the oldest\n", 1)
	d.write("cluster.yaml", text)
	d.reopen()
	d.must(d.AddHost(Host{Name: "h4", ID: "id4", Addresses: []string{"/ip4/10.0.0.4/tcp/4200"}}))
	d.must(d.RemoveHost("h2"))
	d.must(d.Rotate(Rotation{Remove: []string{"ben"}, Threshold: 2}))
	got := d.read("cluster.yaml")
	for _, want := range []string{
		"# the hosts of our two racks\nhosts:\n", "labels: [rack=a]} # the oldest\n", "# The number of keys that must sign a " +
			"release.\nthreshold: 2\n",
		"{name: h4, id: id4, addresses: [/ip4/10.0.0.4/tcp/4200]}\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant %q in it", got, want)
		}
	}
	if strings.Contains(got, "h2") || strings.Contains(got, "ben") {
		t.Errorf("got\n%s\nwant neither h2 nor ben in it", got)
	}
	err := d.AddHost(Host{Name: "h4", ID: "id5"})
	wants(t, err, "has the host h4 (id4) already")
	err = d.AddHost(Host{Name: "h 5", ID: "id5"})
	wants(t, err, `host "h 5"`)
	if d.read("cluster.yaml") != got {
		t.Error("a host that makes no sense was written")
	}
	for _, name := range []string{"h1", "h3", "h4"} {
		d.must(d.RemoveHost(name))
	}
	d.must(d.AddHost(Host{Name: "h9", ID: "id9"}))
	d.reopen()
	if hosts := d.Cluster().Hosts; len(hosts) != 1 || hosts[0].Name != "h9" {
		t.Errorf("got %v, want h9 alone", hosts)
	}
}

func TestInitOnce(t *testing.T) {
	d := newDesk(t, 1)
	_, err := Init(d.dir, Beginning{Publisher: "north", Root: d.Anchor().Root})
	wants(t, err, "cluster.yaml exists already")
	_, err = Init(t.TempDir(), Beginning{Publisher: "no spaces", Root: d.Anchor().Root})
	wants(t, err, "letters, digits")
	_, err = d.InitPolicy("balance", nil)
	wants(t, err, "balance is there already")
	_, err = d.InitPolicy("../out", nil)
	wants(t, err, "letters, digits")
}

func TestKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ann.key")
	key, err := CreateKey(path, rand.NewChaCha8([32]byte{3}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = CreateKey(path, rand.NewChaCha8([32]byte{4}))
	wants(t, err, "never written over")
	again, err := LoadKey(path)
	if err != nil || again.Public().String() != key.Public().String() {
		t.Errorf("got %v %v, want the key that was made", again.Public(), err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	_, err = LoadKey(path)
	wants(t, err, "may be read by others (mode 0640): run `chmod 600")
	_, err = LoadKey(path + ".none")
	wants(t, err, "make one with `parley key new")
}

// The commit is recorded, and what is in no commit is refused unless it is told.
func TestCheckout(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is missing: apt-get install git, or make test as root")
	}
	d := newDesk(t, 1)
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", d.dir, "-c", "user.name=ann", "-c", "user.email=ann@example.org"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v %s", args, err, out)
		}
	}
	git("init", "-q")
	_, err := d.Draft(DraftOptions{Now: d.now})
	wants(t, err, "in no commit", "policies/balance/balance.lcc", "cluster.yaml")
	git("add", ".")
	git("commit", "-q", "-m", "three hosts")
	first := d.publish(0)
	source := first.Policies[0].Source
	if len(source.Commit) != 40 || source.Dirty {
		t.Errorf("got %+v, want a commit and that nothing is dirty", source)
	}
	d.write("policies/README", "ours")
	git("add", ".")
	git("commit", "-q", "-m", "the chain, and a note")
	if again := d.publish(0); again.Policies[0].Digest() != first.Policies[0].Digest() {
		t.Errorf("another commit made another policy: got %+v, want %+v", again.Policies[0].Source, source)
	}
	d.write("policies/balance/balance.lcc", model+"% changed\n")
	_, err = d.Draft(DraftOptions{Now: d.now})
	wants(t, err, "1 file is in no commit", "policies/balance/balance.lcc")
	draft, err := d.Draft(DraftOptions{Now: d.now, Dirty: true})
	d.must(err)
	if source := draft.Release.Policies[0].Source; !source.Dirty || source.Commit == "" {
		t.Errorf("got %+v, want a commit and that it is dirty", source)
	}
}

func TestSpan(t *testing.T) {
	for text, want := range map[Span]string{Span(36 * time.Hour): "36h0m0s", Span(48 * time.Hour): "2d", 0: "0s"} {
		if got := text.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
