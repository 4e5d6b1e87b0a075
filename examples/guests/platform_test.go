//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/examples/ground"
	"parley/hostagent"
	"parley/hostagent/platformtest"
)

// slowly is how fast the guests move whose moves are to last: their volumes take a minute.
const (
	slowly      = 256 << 10
	volumeBytes = 16 << 20
)

// TestPlatform runs the suite of all platforms on the containers of two hosts. Guests are
// bundles that runc runs, and move over connections of the two hosts.
func TestPlatform(t *testing.T) { testPlatform(t, openTest(t, false)) }

// TestPodmanPlatform runs it on those of podman.
func TestPodmanPlatform(t *testing.T) { testPlatform(t, openTest(t, true)) }

func testPlatform(t *testing.T, l *lab) {
	source, target := newRemote(t, l.hosts[0], ""), newRemote(t, l.hosts[1], "")
	guests := 0
	platformtest.Run(t, platformtest.Fixture{With: func(t *testing.T, body func(*testing.T, platformtest.Site)) {
		for _, r := range []*remote{source, target} {
			r.SetAdmission(admitAll)
		}
		starts := func(change func(t *testing.T, b *testBundle)) func(t *testing.T) hostagent.GuestID {
			return func(t *testing.T) hostagent.GuestID {
				guests++
				return l.startBundle(t, guests, change)
			}
		}
		body(t, platformtest.Site{
			Source: source, Target: target, SourceID: "h1", TargetID: "h2", Kind: hostagent.Container,
			Timeout: 20 * time.Second,
			Guest:   starts(func(*testing.T, *testBundle) {}),
			Lasting: starts(func(t *testing.T, b *testBundle) {
				// Not zeros: a volume's holes are not sent.
				data := bytes.Repeat([]byte("parley"), volumeBytes/6)
				if err := os.WriteFile(filepath.Join(b.host.dir, "srv/volumes", b.spec.Hostname, "data"), data, 0o600); err != nil {
					t.Fatal(err)
				}
				source.slow(hostagent.GuestID(b.spec.Hostname), slowly)
			}),
			Ineligible: starts(func(_ *testing.T, b *testBundle) {
				b.spec.Process.Capabilities.Bounding = append(b.spec.Process.Capabilities.Bounding, "CAP_SYS_ADMIN")
			}),
			Obstruct: func(t *testing.T) func() {
				step := func(do string) {
					if _, err := l.hosts[1].ask(t.Context(), order{Step: "Restored", Do: do}); err != nil {
						t.Fatal(err)
					}
				}
				step("never")
				return func() { step("") }
			},
			Open: func(t *testing.T) hostagent.Platform { return newRemote(t, l.hosts[0], "more") },
		})
	}})
	if t.Failed() {
		logs()
	}
}

// openTest opens the laboratory for a test.
func openTest(t *testing.T, podman bool) *lab {
	t.Helper()
	if os.Getenv("PARLEY_LAB") == "" {
		t.Skip("it makes namespaces and runs containers: set PARLEY_LAB=1, as root on Debian")
	}
	if why := whyNot(); why != "" {
		t.Skip(why)
	}
	l, err := open(t.Context(), podman)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// startBundle runs a container with a network of its own at the first host. It is ended
// with its test, wherever it is then.
func (l *lab) startBundle(t *testing.T, n int, change func(*testing.T, *testBundle)) hostagent.GuestID {
	t.Helper()
	name := fmt.Sprintf("guest%d", n)
	h := l.hosts[0]
	ctx := t.Context()
	// The namespace stays by the name that it has at the host.
	outside, in := prefix+name, "ip -n "+prefix+name
	at := "ip -n " + space(h.name)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	run := func(words ...string) {
		t.Helper()
		_, err := ground.Run(ctx, words[0], words[1:]...)
		must(err)
	}
	must(ground.RunAll(ctx, "ip netns add "+outside,
		fmt.Sprintf("%s link add g%d type veth peer name eth0 address 02:79:00:00:01:%02x netns %s", at, n, n, outside),
		fmt.Sprintf("%s link set g%d master br0 up", at, n), in+" link set lo up", in+" link set eth0 up",
		fmt.Sprintf("%s addr add %s%d/24 dev eth0", in, subnet, 100+n)))
	words := append([]string{"nsenter", "--net=/run/netns/" + outside}, h.enterKeepingNetwork("/lab/guests", "space", name)...)
	run(words...)
	run("ip", "netns", "del", outside)
	b := &testBundle{host: h, spec: bundle(name, 4)}
	must(os.MkdirAll(filepath.Join(h.dir, "srv/volumes", name), 0o755))
	change(t, b)
	must(h.writeBundle(b.spec))
	must(h.runContainer(ctx, b.spec))
	t.Cleanup(func() {
		for _, h := range l.hosts {
			if err := h.endContainer(context.Background(), name); err != nil {
				t.Error(err)
			}
		}
	})
	return hostagent.GuestID(name)
}
