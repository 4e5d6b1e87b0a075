//go:build linux

package volume

import (
	"context"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// BenchmarkWhole copies a file that the target has not, over TCP.
func BenchmarkWhole(b *testing.B) {
	base, err := os.MkdirTemp(inMemory(b), "parley-volume-")
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(base)
	source := filepath.Join(base, "s")
	if err := os.Mkdir(source, 0o755); err != nil {
		b.Fatal(err)
	}
	content := make([]byte, 64<<20)
	_, _ = rand.NewChaCha8([32]byte{}).Read(content)
	write(b, filepath.Join(source, "large"), content)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer listener.Close()
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		target := filepath.Join(base, "t")
		if err := os.Mkdir(target, 0o755); err != nil {
			b.Fatal(err)
		}
		var work sync.WaitGroup
		work.Go(func() {
			conn, err := listener.Accept()
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			if _, err := Receive(context.Background(), target, conn, Options{}); err != nil {
				b.Error(err)
			}
		})
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := mustOpen(b, source, Options{}).Send(context.Background(), conn, Round{Frozen: true}); err != nil {
			b.Fatal(err)
		}
		work.Wait()
		_ = conn.Close()
		if err := os.RemoveAll(target); err != nil {
			b.Fatal(err)
		}
	}
}
