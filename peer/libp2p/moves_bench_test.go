package libp2p

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	libp2ptls "github.com/libp2p/go-libp2p/p2p/security/tls"

	"parley/lcc"
	"parley/peer"
)

// moveBytes is what one write of a mover has, and one op of these benchmarks.
const moveBytes = 64 << 10

// BenchmarkMoveStream is a guest's bytes over a stream of the agents' own connection:
// yamux over Noise over TCP.
func BenchmarkMoveStream(b *testing.B) {
	stream, got := moveStream(b, benchHosts(b))
	carry(b, stream, got)
}

// BenchmarkMoveTLS is the same over TLS 1.3 with the same identity, on a port of its own.
func BenchmarkMoveTLS(b *testing.B) {
	ends := benchHosts(b)
	identity := func(e *end) *libp2ptls.Identity {
		made, err := libp2ptls.NewIdentity(e.host.o.Key)
		if err != nil {
			b.Fatal(err)
		}
		return made
	}
	server, _ := identity(ends[1]).ConfigForPeer(ends[0].host.self)
	client, _ := identity(ends[0]).ConfigForPeer(ends[1].host.self)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", server)
	if err != nil {
		b.Fatal(err)
	}
	defer listener.Close()
	var got atomic.Int64
	go func() {
		conn, err := listener.Accept()
		if err == nil {
			count(conn, &got)
		}
	}()
	raw, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	conn := tls.Client(raw, client)
	defer conn.Close()
	if err := conn.Handshake(); err != nil {
		b.Fatal(err)
	}
	carry(b, conn, &got)
}

func count(r io.Reader, got *atomic.Int64) {
	buffer := make([]byte, moveBytes)
	for {
		n, err := r.Read(buffer)
		got.Add(int64(n))
		if err != nil {
			return
		}
	}
}

// carry writes, waits until all has come, and reports the processor time of both ends.
func carry(b *testing.B, w io.Writer, got *atomic.Int64) {
	b.SetBytes(moveBytes)
	data := make([]byte, moveBytes)
	before, sent := processorTime(b), int64(0)
	for b.Loop() {
		if _, err := w.Write(data); err != nil {
			b.Fatal(err)
		}
		sent += moveBytes
	}
	for got.Load() < sent {
		time.Sleep(time.Millisecond)
	}
	b.ReportMetric((processorTime(b)-before).Seconds()/(float64(sent)/(1<<30)), "cpu-s/GiB")
}

func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func benchHosts(b *testing.B) [2]*end {
	ends, _ := benchPair(b)
	return ends
}

// moveStream opens a stream for a guest from one host to the other, which counts what
// comes.
func moveStream(b testing.TB, ends [2]*end) (*Stream, *atomic.Int64) {
	got := &atomic.Int64{}
	ends[1].host.o.Carry = func(_ lcc.PeerID, s *Stream) { count(s, got) }
	ends[1].host.host.SetStreamHandler(moveID, func(stream network.Stream) { ends[1].host.carried.serve(ends[1].host, stream) })
	stream, err := DialMove(b.Context(), ends[0].host, ends[1].id)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = stream.Close() })
	return stream, got
}

// BenchmarkRoundTripBesideMove is a frame there and one back while a guest is carried
// between the same hosts as fast as it goes, and, with MOVE_RATE in bytes per second, as
// fast as that.
func BenchmarkRoundTripBesideMove(b *testing.B) {
	ends, ids := benchPair(b)
	stream, _ := moveStream(b, ends)
	ended := make(chan error, 1)
	go func() {
		data := make([]byte, moveBytes)
		for {
			if _, err := stream.Write(data); err != nil {
				ended <- err
				return
			}
		}
	}()
	frame := peer.Frame{Incarnation: 1, Host: &peer.Host{Payload: make([]byte, payload)}}
	for b.Loop() {
		ends[0].host.Send(ids[1], frame)
		awaitFrame(ends[1])
		ends[1].host.Send(ids[0], frame)
		awaitFrame(ends[0])
	}
	_ = stream.of.Reset()
	if err := <-ended; errors.Is(err, os.ErrDeadlineExceeded) {
		b.Error(err)
	}
}
