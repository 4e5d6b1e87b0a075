package coop

import (
	"bufio"
	"bytes"
	"encoding/gob"
	"fmt"
	"io"
	"net"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestServerStands has a server stand still and continue, again and again, while its clients
// ask without a pause: each gets each answer, and while the server stands nobody does.
func TestServerStands(t *testing.T) {
	var p Process
	s, err := p.Listen("echo", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var answered atomic.Int64
	s.Serve(func(c *Conn) error {
		for {
			if err := c.Point(); err != nil {
				return err
			}
			line, err := c.Reader().ReadString('\n')
			if err != nil {
				return err
			}
			answered.Add(1)
			if _, err := io.WriteString(c, line); err != nil {
				return err
			}
		}
	})
	var work sync.WaitGroup
	var ended atomic.Bool
	for range 50 {
		work.Go(func() {
			for turn := 0; !ended.Load(); turn++ { // some stay, some come anew
				if err := ask(s.Addr().String(), 20, &ended); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 300 {
		for until := answered.Load() + 50; answered.Load() < until; {
			runtime.Gosched()
		}
		s.stand()
		before := answered.Load()
		var kept bytes.Buffer
		if err := s.save(&kept); err != nil {
			t.Error(err)
		}
		var k keptOfServer
		if err := gob.NewDecoder(&kept).Decode(&k); err != nil {
			t.Error(err)
		}
		if now := answered.Load(); now != before {
			t.Errorf("%d answers while the server stands", now-before)
		}
		s.wake(nil)
	}
	ended.Store(true)
	work.Wait()
}

// ask asks a server over one connection, and holds each answer.
func ask(address string, times int, ended *atomic.Bool) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	from := bufio.NewReader(conn)
	for n := 0; n < times && !ended.Load(); n++ {
		if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
			return err
		}
		want := fmt.Sprintf("line %d\n", n)
		for _, part := range []string{want[:3], want[3:]} { // the server may be within a message
			if _, err := io.WriteString(conn, part); err != nil {
				return err
			}
		}
		if got, err := from.ReadString('\n'); err != nil || got != want {
			return fmt.Errorf("got %q, %w, want %q", got, err, want)
		}
	}
	return nil
}

// TestKeptInPlace: what is known of one connection keeps its place in the state when what is
// known of another grows by a byte.
func TestKeptInPlace(t *testing.T) {
	of := &Server{name: "zone"}
	save := func(lines int) []byte {
		k := keptOfServer{Last: 2}
		for _, n := range []int{lines, 7} {
			c := newConn(of, "zone/1", nil, keptOfConn{})
			c.value = &struct{ Lines int }{n}
			one, err := c.kept()
			if err != nil {
				t.Fatal(err)
			}
			k.Conns = append(k.Conns, one)
		}
		var data bytes.Buffer
		if err := gob.NewEncoder(&data).Encode(k); err != nil {
			t.Fatal(err)
		}
		return data.Bytes()
	}
	few, more := save(1), save(1<<20)
	if len(few) != len(more) || !bytes.Equal(few[len(few)/2:], more[len(more)/2:]) {
		t.Errorf("%d and %d bytes, whose second halves differ", len(few), len(more))
	}
}
