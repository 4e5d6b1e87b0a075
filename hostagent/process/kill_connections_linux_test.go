package process

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestServersAgentsAreKilledAtEachStep moves a server to and fro, and kills the agent of each
// end at each step, while clients ask all the while. No answer is lost, and no connection.
func TestServersAgentsAreKilledAtEachStep(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes ten seconds")
	}
	inNetwork(t, func(t *testing.T) {
		agents := startAgents(t, shortDir(t))
		agents[0].order("launch counts :7000")
		whereIs(t, agents)
		var work sync.WaitGroup
		var ended atomic.Bool
		clients := make([]*client, 8)
		for i := range clients {
			clients[i] = newClient(dialed(t, killedAddress+":7000"))
			work.Go(func() {
				defer clients[i].conn.Close()
				for tick := time.Tick(2 * time.Millisecond); !ended.Load(); <-tick {
					if err := clients[i].ask(); err != nil {
						t.Errorf("client %d: %v", i, err)
						return
					}
				}
			})
		}
		for _, k := range kills() {
			killAt(t, agents, k)
			if k.end == 0 && (k.step == "after-Freeze" || k.step == "before-released") {
				// The target is ready, and would wait for a minute for the release.
				agents[1].kill()
				agents[1].start()
			}
			on, _ := whereIs(t, agents)
			if on != k.ends {
				t.Errorf("%s: the server is on host %s, want %s", k, agents[on].name, agents[k.ends].name)
			}
			if t.Failed() {
				t.Fatalf("after %s:\n%s: %s\n%s: %s", k, agents[0].name, &agents[0].log, agents[1].name, &agents[1].log)
			}
			if on == 1 {
				agents[0], agents[1] = agents[1], agents[0]
			}
		}
		ended.Store(true)
		work.Wait()
		for i, c := range clients {
			t.Logf("client %d: %d answers, the longest time until one %v", i, c.asked, time.Duration(c.gap.Load()))
		}
	})
}

// dialed connects to a server that may just have been started.
func dialed(t *testing.T, address string) (conn net.Conn) {
	t.Helper()
	eventually(t, "a connection to "+address, func() (is bool) {
		var err error
		conn, err = net.DialTimeout("tcp", address, time.Second)
		return err == nil
	})
	return conn
}
