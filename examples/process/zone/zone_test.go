package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"

	"parley/hostagent/process/coop"
)

// talk says lines to a zone, each after the answer to the last, and returns the answers.
func talk(t *testing.T, conn net.Conn, in *bufio.Reader, lines ...string) (answers []string) {
	t.Helper()
	for _, line := range lines {
		if _, err := fmt.Fprintln(conn, line); err != nil {
			t.Fatal(err)
		}
		answer, err := in.ReadString('\n')
		if err != nil {
			t.Fatalf("the answer to %q: %v", line, err)
		}
		answers = append(answers, strings.TrimSuffix(answer, "\n"))
	}
	return answers
}

// A zone that no supervisor started serves its clients over TCP, and forgets who leaves.
func TestZoneServes(t *testing.T) {
	args := os.Args
	os.Args = []string{"zone", "127.0.0.1:0"}
	p, err := coop.Join("zone")
	os.Args = args
	if err != nil {
		t.Fatal(err)
	}
	server, err := open(p, p.Args()[0])
	if err != nil {
		t.Fatal(err)
	}
	dial := func() (net.Conn, *bufio.Reader) {
		conn, err := net.Dial("tcp", server.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		return conn, bufio.NewReader(conn)
	}
	ana, anas := dial()
	bob, bobs := dial()
	for _, c := range []struct {
		conn net.Conn
		in   *bufio.Reader
		line string
		want string
	}{
		{ana, anas, "ana 1 0.5 0.5", "1 1"},
		{bob, bobs, "bob 1 0.25 0.5 and more", "1 1 ana 0.500 0.500"},
		{ana, anas, "ana 2 0.625 0.5", "2 2 bob 0.250 0.500"},
		{bob, bobs, "bob 2 0.25 NaN", `error: "0.25" "NaN" is no place: say NAME NUMBER X Y`},
	} {
		if got := talk(t, c.conn, c.in, c.line); got[0] != c.want {
			t.Errorf("answer to %q: got %q, want %q", c.line, got[0], c.want)
		}
	}
	if _, err := bobs.ReadByte(); err == nil {
		t.Error("bob said what is no place, and is still connected")
	}
	if got := talk(t, ana, anas, "ana 3 0 0"); got[0] != "3 3" {
		t.Errorf("after bob has left: got %q, want 3 3", got[0])
	}
}

// The nearest are told, the nearest first.
func TestNearest(t *testing.T) {
	z := newZone()
	for i := range 20 {
		if _, err := z.step(fmt.Sprint(i), fmt.Appendf(nil, "c%02d 1 %d 0\n", i, (i*7)%20)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := z.step("me", []byte("me 9 -1 0\n"))
	want := "9 1 c00 0.000 0.000 c03 1.000 0.000 c06 2.000 0.000 c09 3.000 0.000 " +
		"c12 4.000 0.000 c15 5.000 0.000 c18 6.000 0.000 c01 7.000 0.000\n"
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

// What is carried is all there is of a zone.
func TestCarried(t *testing.T) {
	here, there := newZone(), newZone()
	for _, line := range []string{"ana 1 0.5 0.5\n", "ana 2 0.5 0.75\n"} {
		if _, err := here.step("zone/1", []byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	var state bytes.Buffer
	if err := here.save(&state); err != nil {
		t.Fatal(err)
	}
	if err := there.load(&state); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"ana 3 1 1\n", "ana 4 1 1\n"} {
		got, err := there.step("zone/1", []byte(line))
		if want, _ := here.step("zone/1", []byte(line)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("answer to %q: got %q, %v, want %q", line, got, err, want)
		}
	}
}
