package service

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"

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
	b.Run("directly", func(b *testing.B) {
		asker, others := newSiteBench(b, hosts)
		looks(b, others, &site.Asker{Network: asker, Verify: asker.Verify})
	})
	// At this first look all handshakes of the site share the processors, which take place on
	// as many hosts otherwise (BenchmarkProxy).
	b.Run("by proxy", func(b *testing.B) {
		asker, others := newSiteBench(b, hosts)
		looks(b, others, &site.Asker{Network: asker, Verify: asker.Verify, Self: asker.ID()})
	})
	// The host that looks has restarted, and its proxies have their connections.
	b.Run("by connected proxies", func(b *testing.B) {
		asker, others := newSiteBench(b, hosts)
		a := site.Asker{Network: asker, Name: same, Verify: asker.Verify, Self: asker.ID()}
		for range 3 {
			a.Ask(b.Context(), others.members(), 30*time.Second)
		}
		if err := asker.Close(); err != nil {
			b.Fatal(err)
		}
		asker = others.restart(b)
		looks(b, others, &site.Asker{Network: asker, Verify: asker.Verify, Self: asker.ID()})
	})
}

// newSiteBench opens a host, and others that it knows, and waits for its links.
func newSiteBench(b *testing.B, hosts int) (*libp2p.Host, *answerers) {
	b.Helper()
	key, _, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	id, err := libp2p.KeyID(key)
	if err != nil {
		b.Fatal(err)
	}
	others := startAnswerers(b, hosts, id)
	others.key = key
	return others.restart(b), others
}

// looks asks all hosts, again and again.
func looks(b *testing.B, others *answerers, a *site.Asker) {
	b.Helper()
	a.Name = same
	members, n := others.members(), 0
	var took, spent time.Duration
	for b.Loop() {
		before, theirs, began := processorTime(b), others.processorTime(b), time.Now()
		answers := a.Ask(b.Context(), members, 30*time.Second)
		all, own := time.Since(began), processorTime(b)-before
		silent := slices.DeleteFunc(answers, func(h site.Host) bool { return h.Silent == "" })
		connected := slices.DeleteFunc(slices.Clone(members), func(m site.Member) bool { return !a.Network.Connected(m.ID) })
		b.Logf("%v, of which this host computes %v and the others %v; %d are connected; %d are silent",
			all, own, others.processorTime(b)-theirs, len(connected), len(silent))
		if n++; n == 1 {
			b.ReportMetric(float64(all.Milliseconds()), "ms/first")
			b.ReportMetric(float64(own.Milliseconds()), "cpu-ms/first")
			b.ReportMetric(float64(len(silent)), "silent/first")
			continue
		}
		took, spent = took+all, spent+own
	}
	if n > 1 {
		b.ReportMetric(float64(took.Milliseconds())/float64(n-1), "ms/later")
		b.ReportMetric(float64(spent.Milliseconds())/float64(n-1), "cpu-ms/later")
	}
}

func same(id string) string { return id }

// BenchmarkProxy is how long a host takes to ask 32 others, to which it has no connection, by
// two questions at one time: its part of a first look at a thousand.
func BenchmarkProxy(b *testing.B) {
	const each, rounds = 32, 12
	proxy, others := newSiteBench(b, each*rounds)
	r := site.NewProxy(proxy, func(lcc.PeerID) bool { return true })
	list := others.list
	var took, spent time.Duration
	round := 0
	for b.Loop() {
		if round == rounds {
			b.Fatalf("there are hosts for %d rounds: give -benchtime %dx at most", rounds, rounds)
		}
		before, began := processorTime(b), time.Now()
		var both sync.WaitGroup
		for half := range slices.Chunk(list[round*each:(round+1)*each], each/2) {
			question := site.ProxyQuestion{WithinMS: 2000, Signed: site.Signed{Asker: proxy.ID(), Nonce: make([]byte, 16)}}
			for _, one := range half {
				question.Hosts = append(question.Hosts, one.ID)
			}
			both.Go(func() {
				if data, err := r.Run(b.Context(), question); err != nil || bytes.Contains(data, []byte(`"silent"`)) {
					b.Errorf("got %.200s and %v", data, err)
				}
			})
		}
		both.Wait()
		round, took, spent = round+1, took+time.Since(began), spent+processorTime(b)-before
	}
	b.ReportMetric(float64(took.Milliseconds())/float64(round), "ms/proxy")
	b.ReportMetric(float64(spent.Milliseconds())/float64(round), "cpu-ms/proxy")
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
	key  crypto.PrivKey // of the host that asks
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
	c := exec.Command(os.Args[0], "-test.run=^TestAnswerers$", "-test.timeout=0")
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

func (a *answerers) members() (list []site.Member) {
	for i, one := range a.list {
		list = append(list, site.Member{ID: one.ID, Name: fmt.Sprintf("host%04d", i)})
	}
	return list
}

// restart opens the host that asks, which has 32 links, as by default, and waits for them.
func (a *answerers) restart(b *testing.B) *libp2p.Host {
	b.Helper()
	asker, err := libp2p.New(libp2p.Options{
		Key: a.key, Incarnation: 1, Listen: []string{"/ip4/127.0.0.1/tcp/0"}, LinksMax: 32, Peers: a.list, Group: "g",
		Events: func(peer.Event) {},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = asker.Close() }) // the benchmark is over
	for range 120 {
		before := a.processorTime(b)
		time.Sleep(time.Second)
		linked := 0
		for _, one := range a.list {
			if asker.Connected(one.ID) {
				linked++
			}
		}
		if linked >= min(32, len(a.list)) && a.processorTime(b)-before < quiet {
			return asker
		}
	}
	b.Log("the hosts that are asked do not become quiet")
	return asker
}

// quiet is what the hosts that are asked compute in a second when they have nothing to do.
const quiet = 300 * time.Millisecond

func (a *answerers) processorTime(b *testing.B) (used time.Duration) {
	b.Helper()
	if err := a.ask.Encode(true); err != nil {
		b.Fatal(err)
	}
	a.told(b, &used)
	return used
}

// TestAnswerers is the process of the hosts that are asked. It tells their addresses, and, as
// often as it is asked, its processor time.
func TestAnswerers(t *testing.T) {
	asker := lcc.PeerID(os.Getenv(answerersAskerEnv))
	if asker == "" {
		t.Skip("a part of BenchmarkSite")
	}
	count, err := strconv.Atoi(os.Getenv(answerersEnv))
	if err != nil {
		t.Fatal(err)
	}
	list, err := openAnswerers(count, asker)
	if err != nil {
		t.Fatal(err)
	}
	tell := json.NewEncoder(os.Stdout)
	if err := tell.Encode(list); err != nil {
		t.Fatal(err)
	}
	for asked := json.NewDecoder(os.Stdin); ; {
		var again bool
		if err := asked.Decode(&again); err == io.EOF {
			os.Exit(0) // to close all takes longer than the benchmark
		} else if err != nil {
			t.Fatal(err)
		}
		var used syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
			t.Fatal(err)
		}
		if err := tell.Encode(time.Duration(used.Utime.Nano() + used.Stime.Nano())); err != nil {
			t.Fatal(err)
		}
	}
}
