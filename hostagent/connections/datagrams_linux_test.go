package connections

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// descriptorOf returns a copy of a socket's descriptor.
func descriptorOf(t *testing.T, of syscall.Conn) (socket int) {
	t.Helper()
	raw, err := of.SyscallConn()
	if err == nil {
		err = errors.Join(raw.Control(func(fd uintptr) { socket, err = unix.Dup(int(fd)) }), err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(socket) })
	return socket
}

// read reads what waits in a socket.
func read(t *testing.T, conn net.PacketConn, want int) (list []string) {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	data := make([]byte, 1<<16)
	for range want {
		n, from, err := conn.ReadFrom(data)
		if err != nil {
			t.Fatalf("after %d of %d datagrams: %v", len(list), want, err)
		}
		list = append(list, fmt.Sprintf("%v %d %.20s", from, n, data[:n]))
	}
	return list
}

// A socket of UDP moves with what came to it: its program reads the same there, from the same
// senders; and where it does not move, it reads it here.
func TestDatagramsMove(t *testing.T) {
	for _, c := range []struct{ network, address, dial string }{
		{"udp4", "127.0.0.1:7000", "127.0.0.1:7000"},
		{"udp4", "0.0.0.0:7000", "127.0.0.1:7000"},
		{"udp6", "[::1]:7000", "[::1]:7000"},
		{"udp", "[::]:7000", "[::1]:7000"},
		{"udp", "[::]:7000", "127.0.0.1:7000"},
	} {
		t.Run(c.address+" from "+c.dial, func(t *testing.T) {
			inNetwork(t, func(t *testing.T) { moveDatagrams(t, c.network, c.address, c.dial) })
		})
	}
}

func moveDatagrams(t *testing.T, network, address, dial string) {
	server, err := net.ListenPacket(network, address)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	sent := [][]byte{[]byte("one"), {}, []byte("three"), bytes.Repeat([]byte("x"), 65000), []byte("five")}
	for i := range 10 {
		client, err := net.Dial("udp", dial)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = client.Close() })
		data := sent[i%len(sent)]
		if len(data) == 0 && i > 0 {
			data = []byte{0} // an empty one is found as the first only
		}
		if _, err := client.Write(data); err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprintf("%v %d %.20s", client.LocalAddr(), len(data), data))
	}
	socket := descriptorOf(t, server.(*net.UDPConn))
	d, err := DumpDatagrams(socket)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := DumpDatagrams(socket); err != nil || len(again.Unread) != len(d.Unread) {
		t.Fatalf("a second dump: got %d datagrams, %v, want %d", len(again.Unread), err, len(d.Unread))
	}
	if got := read(t, server, len(want)); !slices.Equal(got, want) {
		t.Errorf("it stays: got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if err := errors.Join(server.Close(), unix.Close(socket)); err != nil {
		t.Fatal(err)
	}
	there, err := PlaceDatagrams(d)
	if err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(there), "udp")
	moved, err := net.FilePacketConn(file)
	if err = errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	defer moved.Close()
	for _, one := range d.Unread {
		if err := Deliver(one, []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")}); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, moved, len(want)); !slices.Equal(got, want) {
		t.Errorf("it moves: got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got, err := DumpDatagrams(descriptorOf(t, moved.(*net.UDPConn))); err != nil || fmt.Sprint(got.Options) != fmt.Sprint(d.Options) {
		t.Errorf("its options: got %v, %v, want %v", got.Options, err, d.Options)
	}
}

// A sender that this machine does not know is one that the datagram is from all the same.
func TestDatagramOfAStranger(t *testing.T) {
	inNetwork(t, func(t *testing.T) {
		server, err := net.ListenPacket("udp4", "127.0.0.1:7000")
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		for _, to := range []string{"127.0.0.1:7000", "224.0.0.9:7000", "10.9.0.255:7000"} {
			d := Datagram{netip.MustParseAddrPort("203.0.113.9:53"), netip.MustParseAddrPort(to), []byte("odd")}
			if err := Deliver(d, []netip.Addr{netip.MustParseAddr("127.0.0.1")}); err != nil {
				t.Fatal(err)
			}
			if got := read(t, server, 1); got[0] != "203.0.113.9:53 3 odd" {
				t.Errorf("to %s: got %s", to, got[0])
			}
		}
	})
}

// A socket that is connected to one peer is so at the other host.
func TestConnectedDatagrams(t *testing.T) {
	inNetwork(t, func(t *testing.T) {
		peer, err := net.ListenPacket("udp4", "127.0.0.1:53")
		if err != nil {
			t.Fatal(err)
		}
		defer peer.Close()
		client, err := net.Dial("udp4", "127.0.0.1:53")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := peer.WriteTo([]byte("answer"), client.LocalAddr()); err != nil {
			t.Fatal(err)
		}
		d, err := DumpDatagrams(descriptorOf(t, client.(*net.UDPConn)))
		if err != nil || d.Remote.String() != "127.0.0.1:53" || len(d.Unread) != 1 {
			t.Fatalf("got %+v, %v", d, err)
		}
	})
}

func TestWrongDatagrams(t *testing.T) {
	at := netip.MustParseAddrPort
	for _, c := range []struct {
		d    Datagrams
		want string
	}{
		{Datagrams{}, "no socket of UDP is at"},
		{Datagrams{Local: at("10.0.0.1:0")}, "no socket of UDP is at"},
		{Datagrams{Local: at("224.0.0.1:7000")}, "group address"},
		{Datagrams{Local: at("10.0.0.1:7"), Remote: at("[::1]:7")}, "between"},
		{Datagrams{Local: at("10.0.0.1:7"), Unread: []Datagram{{From: at("[::1]:7"), To: at("10.0.0.1:7")}}}, "no datagram is from"},
		{Datagrams{Local: at("10.0.0.1:7"), Unread: []Datagram{{From: at("[::2]:7"), To: at("[::1]:7")}}}, "no datagram to"},
		{Datagrams{Local: at("10.0.0.1:7"), Unread: []Datagram{{at("10.0.0.2:7"), at("10.0.0.1:7"), make([]byte, 1<<16)}}}, "more than 65507"},
	} {
		if err := c.d.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: got %v, want %s", c.d.Local, err, c.want)
		}
	}
	if _, err := PlaceDatagrams(Datagrams{Local: at("127.0.0.1:7"), Options: map[string]int{"new": 1}}); err == nil ||
		!strings.Contains(err.Error(), "[new]") {
		t.Errorf("an unknown option: got %v", err)
	}
}
