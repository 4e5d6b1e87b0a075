package libp2p

import (
	"log/slog"
	"net"
	"strings"
	"testing"

	"parley/peer"
)

// A port is not shared with another agent, nor with any other process, even if the host
// could listen on another address; the error names the port.
func TestListensOnNoPortThatIsTaken(t *testing.T) {
	taken, _ := pair(t)
	own := strings.TrimPrefix(taken.host.Addrs()[0], "/ip4/127.0.0.1/tcp/")
	foreign, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer foreign.Close()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	for name, c := range map[string]struct{ network, port, end string }{
		"an agent":          {"tcp", own, ""},
		"another process":   {"tcp", portIn(foreign.Addr()), ""},
		"another over QUIC": {"udp", portIn(udp.LocalAddr()), "/quic-v1"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, ip := range []string{"127.0.0.1", "0.0.0.0"} {
				key, _ := newKey(t)
				host, err := New(Options{
					Key: key, Incarnation: 1, Group: "test", Events: func(peer.Event) {}, Logger: slog.New(slog.DiscardHandler),
					Listen: []string{"/ip4/127.0.0.1/tcp/0", "/ip4/" + ip + "/" + c.network + "/" + c.port + c.end},
				})
				if err == nil {
					t.Errorf("on %s: it listens beside another on %v", ip, host.Addrs())
					_ = host.Close() // it is not wanted
					continue
				}
				if !strings.Contains(err.Error(), "port "+c.port+" is taken") || !strings.Contains(err.Error(), "`listen`") {
					t.Errorf("on %s: got %q", ip, err)
				}
			}
		})
	}
}

func portIn(a net.Addr) string {
	_, port, _ := net.SplitHostPort(a.String())
	return port
}
