package service

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"

	"parley/hostagent/api"
	"parley/hostagent/site"
	"parley/lcc"
	"parley/peer"
	"parley/peer/libp2p"
)

// BenchmarkSite is how long a host takes to ask others over libp2p on the loopback network,
// as `parley status --site` does: at the first look it is connected to 32 of them. Those are
// another process, so that the processor time of the host that asks is known; all share the
// processors of the machine. They run no agent, and answer with the state of 30 guests.
// PARLEY_SITE is how many there are.
func BenchmarkSite(b *testing.B) {
	hosts := 1000
	if text := os.Getenv("PARLEY_SITE"); text != "" {
		var err error
		if hosts, err = strconv.Atoi(text); err != nil {
			b.Fatalf("PARLEY_SITE is %q: give how many hosts there are", text)
		}
	}
	b.Run("directly", func(b *testing.B) { benchmarkSite(b, hosts, false) })
	b.Run("errands", func(b *testing.B) { benchmarkSite(b, hosts, true) })
}

func benchmarkSite(b *testing.B, hosts int, errands bool) {
	asker, err := libp2p.New(siteOptions(32, nil))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = asker.Close() }) // the benchmark is over
	others := startAnswerers(b, hosts, asker.ID())
	var members []site.Member
	for i, one := range others.list {
		members = append(members, site.Member{ID: one.ID, Name: fmt.Sprintf("host%04d", i)})
	}
	if err := asker.SetRoster(libp2p.Roster{Hosts: others.list, Group: "g"}); err != nil {
		b.Fatal(err)
	}
	others.meet(b, asker)
	a := site.Asker{Network: asker, Name: func(id string) string { return id }, Verify: asker.Verify}
	if errands {
		a.Self = asker.ID()
	}
	looks := 0
	var took, spent time.Duration
	for b.Loop() {
		before, theirs, began := processorTime(b), others.processorTime(b), time.Now()
		answers := a.Ask(b.Context(), members, 30*time.Second)
		all, own := time.Since(began), processorTime(b)-before
		silent := map[string]int{}
		for _, h := range answers {
			if h.Silent != "" {
				silent[h.Silent]++
			}
		}
		connected := 0
		for _, m := range members {
			if asker.Connected(m.ID) {
				connected++
			}
		}
		b.Logf("%v, of which this host computes %v and the others %v; %d are connected; silent: %v",
			all, own, others.processorTime(b)-theirs, connected, silent)
		if looks++; looks == 1 {
			b.ReportMetric(float64(all.Milliseconds()), "ms/first")
			b.ReportMetric(float64(own.Milliseconds()), "cpu-ms/first")
			b.ReportMetric(float64(len(silent)), "silent/first")
			continue
		}
		took, spent = took+all, spent+own
	}
	if looks > 1 {
		b.ReportMetric(float64(took.Milliseconds())/float64(looks-1), "ms/later")
		b.ReportMetric(float64(spent.Milliseconds())/float64(looks-1), "cpu-ms/later")
	}
}

// siteOptions are those of a host with so many links.
func siteOptions(links int, look func(lcc.PeerID, []byte) ([]byte, error), peers ...libp2p.Address) libp2p.Options {
	key, _, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		panic(err) // the system gives random numbers
	}
	return libp2p.Options{
		Key: key, Incarnation: 1, Listen: []string{"/ip4/127.0.0.1/tcp/0"}, Peers: peers, LinksMax: links, Group: "g",
		Events: func(peer.Event) {}, Look: look,
	}
}

func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// answerers are the hosts that are asked, in a process of their own.
type answerers struct {
	list []libp2p.Address
	ask  *json.Encoder
	tell *json.Decoder
}

// Environment of the process of answerers: how many they are, and who asks.
const (
	answerersEnv      = "PARLEY_SITE_ANSWERERS"
	answerersAskerEnv = "PARLEY_SITE_ASKER"
)

func startAnswerers(b *testing.B, hosts int, asker lcc.PeerID) *answerers {
	b.Helper()
	c := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestAnswerers$", "-test.timeout=0")
	c.Env = append(os.Environ(), fmt.Sprintf("%s=%d", answerersEnv, hosts), fmt.Sprintf("%s=%s", answerersAskerEnv, asker))
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close() // it ends then
		_ = c.Wait()   // how it ends says nothing about the benchmark
	})
	a := &answerers{ask: json.NewEncoder(in), tell: json.NewDecoder(out)}
	a.told(b, &a.list)
	return a
}

func (a *answerers) told(b *testing.B, value any) {
	b.Helper()
	if err := a.tell.Decode(value); err != nil {
		b.Fatal(err)
	}
}

// meet waits for the links of the host that asks, and has those at their ends know all hosts.
func (a *answerers) meet(b *testing.B, asker *libp2p.Host) {
	b.Helper()
	var linked []lcc.PeerID
	for range 600 {
		linked = nil
		for _, one := range a.list {
			if asker.Connected(one.ID) {
				linked = append(linked, one.ID)
			}
		}
		if len(linked) >= min(32, len(a.list)) {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	var done bool
	if err := a.ask.Encode(linked); err != nil {
		b.Fatal(err)
	}
	a.told(b, &done)
	for range 120 { // until their links stand
		before := a.processorTime(b)
		time.Sleep(time.Second)
		if a.processorTime(b)-before < quiet {
			return
		}
	}
	b.Log("the hosts that are asked do not become quiet")
}

// quiet is what the hosts that are asked compute in a second when they have nothing to do.
const quiet = 300 * time.Millisecond

func (a *answerers) processorTime(b *testing.B) (used time.Duration) {
	b.Helper()
	if err := a.ask.Encode([]lcc.PeerID{}); err != nil {
		b.Fatal(err)
	}
	a.told(b, &used)
	return used
}

// TestAnswerers is the process of the hosts that are asked. It reads the ids of hosts that
// are to know all others, and tells when they do; without ids, its processor time.
func TestAnswerers(t *testing.T) {
	asker := lcc.PeerID(os.Getenv(answerersAskerEnv))
	if asker == "" {
		t.Skip("a part of BenchmarkSite")
	}
	count, err := strconv.Atoi(os.Getenv(answerersEnv))
	if err != nil {
		t.Fatal(err)
	}
	hosts, list, err := openAnswerers(count, asker)
	if err != nil {
		t.Fatal(err)
	}
	tell := json.NewEncoder(os.Stdout)
	answer := func(value any) {
		if err := tell.Encode(value); err != nil {
			t.Fatal(err)
		}
	}
	answer(list)
	for asked := json.NewDecoder(bufio.NewReader(os.Stdin)); ; {
		var ids []lcc.PeerID
		if err := asked.Decode(&ids); err == io.EOF {
			os.Exit(0) // to close all takes longer than the benchmark
		} else if err != nil {
			t.Fatal(err)
		}
		if len(ids) == 0 {
			var used syscall.Rusage
			if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
				t.Fatal(err)
			}
			answer(time.Duration(used.Utime.Nano() + used.Stime.Nano()))
			continue
		}
		if err := introduce(hosts, list, asker, ids); err != nil {
			t.Fatal(err)
		}
		answer(true)
	}
}

// openAnswerers opens hosts that know one that asks them.
func openAnswerers(count int, asker lcc.PeerID) (map[lcc.PeerID]*libp2p.Host, []libp2p.Address, error) {
	status := api.Status{Mode: "auto", Load: api.LoadStatus{Known: true, CPU: 0.5, Memory: 0.4, CapacityCPU: 32, CapacityMemory: 128 << 30}}
	for i := range 30 {
		status.Guests = append(status.Guests, api.GuestStatus{ID: fmt.Sprintf("6d3c7b1e-7b43-4b7c-9d0e-0000000000%02d", i),
			Name: fmt.Sprintf("guest%03d", i), Kind: "vm", State: "running", CPU: 0.5, Memory: 4 << 30, Processors: 2})
	}
	hosts, all := map[lcc.PeerID]*libp2p.Host{}, &members{list: []member{{id: asker}}}
	var list []libp2p.Address
	var views []*view
	for range count {
		v := &view{names: &directory{}, see: func(context.Context) (seen, error) { return seen{status: status}, nil }}
		h, err := libp2p.New(siteOptions(8, v.answer, libp2p.Address{ID: asker}))
		if err != nil {
			return nil, nil, err
		}
		v.runner, v.sign = site.NewRunner(h, v.isOurs), h.Sign
		hosts[h.ID()], views = h, append(views, v)
		list = append(list, libp2p.Address{ID: h.ID(), Multiaddrs: h.Addrs()})
		all.list = append(all.list, member{id: h.ID()})
	}
	for _, v := range views {
		v.names.put(all)
	}
	return hosts, list, nil
}

// introduce has some hosts know all, with their addresses, and the others know those.
func introduce(hosts map[lcc.PeerID]*libp2p.Host, list []libp2p.Address, asker lcc.PeerID, some []lcc.PeerID) error {
	known := []libp2p.Address{{ID: asker}}
	for _, id := range some {
		known = append(known, libp2p.Address{ID: id})
	}
	for _, h := range hosts {
		if err := h.SetRoster(libp2p.Roster{Hosts: known, Group: "g"}); err != nil {
			return err
		}
	}
	for _, id := range some {
		if err := hosts[id].SetRoster(libp2p.Roster{Hosts: append(list, libp2p.Address{ID: asker}), Group: "g"}); err != nil {
			return err
		}
	}
	return nil
}
