//go:build linux

package guestnet

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// world is a network namespace with a bridge, which a test is inside of, and a client and a
// guest with ports there; the guest's is cut.
type world struct {
	guest, client string // namespaces
	network       Network
	port          string // of the guest
}

// inWorld runs a test in a network namespace of its own.
func inWorld(t *testing.T, do func(w world) error) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("network namespaces need root")
	}
	dir := t.TempDir()
	site := filepath.Join(dir, "site")
	if err := newNamespace(site); err != nil {
		t.Skipf("no network namespace can be made here: %v", err)
	}
	w := world{guest: filepath.Join(dir, "guest"), client: filepath.Join(dir, "client"), port: PortOf("guest")}
	t.Cleanup(func() {
		for _, path := range []string{w.guest, w.client, site} {
			_ = unix.Unmount(path, unix.MNT_DETACH) // it may not be there
		}
	})
	err := Inside(site, func() error {
		bridge := &netlink.Bridge{LinkAttrs: netlink.LinkAttrs{Name: "br0"}}
		if err := netlink.LinkAdd(bridge); err != nil {
			return err
		}
		if err := netlink.LinkSetUp(bridge); err != nil {
			return err
		}
		for path, address := range map[string]string{w.guest: "10.9.0.5/24", w.client: "10.9.0.9/24"} {
			n, err := New("br0", []string{address}, nil)
			if err != nil {
				return err
			}
			port := w.port
			if path == w.client {
				port = PortOf("client")
			} else {
				w.network = n
			}
			if err := n.Make(path, port); err != nil {
				return err
			}
		}
		if err := SetPort(PortOf("client"), true); err != nil {
			return err
		}
		return do(w)
	})
	if err != nil {
		t.Error(err)
	}
}

// dialled returns a UDP socket in the client's namespace that knows the guest's MAC.
func (w world) dialled() (conn net.Conn, err error) {
	return conn, Inside(w.client, func() error {
		mac, err := net.ParseMAC(w.network.MAC)
		if err != nil {
			return err
		}
		device, err := netlink.LinkByName("eth0")
		if err != nil {
			return err
		}
		if err := netlink.NeighSet(&netlink.Neigh{LinkIndex: device.Attrs().Index, State: netlink.NUD_PERMANENT,
			IP: net.ParseIP("10.9.0.5"), HardwareAddr: mac}); err != nil {
			return err
		}
		conn, err = net.Dial("udp", "10.9.0.5:7000")
		return err
	})
}

// What comes while the guest's port is cut is handed over when it opens, in its order, and
// what comes afterwards comes straight.
func TestHold(t *testing.T) {
	inWorld(t, func(w world) (err error) {
		hold, err := w.network.MakeHold(w.port)
		if err != nil {
			return err
		}
		var server net.PacketConn
		if err := Inside(w.guest, func() (err error) {
			server, err = net.ListenPacket("udp", "10.9.0.5:7000")
			return err
		}); err != nil {
			return err
		}
		defer server.Close()
		client, err := w.dialled()
		if err != nil {
			return err
		}
		defer client.Close()
		if err := hold.Turn(); err != nil {
			return err
		}
		const held = 5
		for n := range held {
			if _, err := fmt.Fprint(client, n); err != nil {
				return err
			}
		}
		room, err := Enter(w.guest)
		if err != nil {
			return err
		}
		defer room.Close()
		port, err := w.network.OpenPort(room, w.port)
		if err != nil {
			return err
		}
		if err := errors.Join(port.Set(true), port.Announce()); err != nil {
			return err
		}
		if n, err := hold.HandOver(port); err != nil || n != held {
			return fmt.Errorf("HandOver: got %d frames, %v, want %d", n, err, held)
		}
		if err := errors.Join(hold.Close(), port.Close()); err != nil {
			return err
		}
		if _, err := fmt.Fprint(client, held); err != nil {
			return err
		}
		space := make([]byte, 16)
		for want := range held + 1 {
			if err := server.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
				return err
			}
			n, _, err := server.ReadFrom(space)
			if err != nil || string(space[:n]) != fmt.Sprint(want) {
				return fmt.Errorf("got %q, %v, want %d", space[:n], err, want)
			}
		}
		if err := Unmake(w.guest, w.port); err != nil {
			return err
		}
		links, err := netlink.LinkList()
		if err != nil {
			return err
		}
		for _, link := range links {
			switch name := link.Attrs().Name; name {
			case "lo", "br0", PortOf("client"):
			default:
				t.Errorf("the device %s is left", name)
			}
		}
		return nil
	})
}

// The end of a hold leaves that of a later move alone.
func TestHoldOfALaterMove(t *testing.T) {
	inWorld(t, func(w world) error {
		first, err := w.network.MakeHold(w.port)
		if err != nil {
			return err
		}
		second, err := w.network.MakeHold(w.port)
		if err != nil {
			return err
		}
		if err := first.Close(); err != nil {
			return err
		}
		if err := second.Turn(); err != nil {
			return fmt.Errorf("the later hold: %w", err)
		}
		return second.Close()
	})
}

// A guest knows at another host whom it knew.
func TestNeighbours(t *testing.T) {
	inWorld(t, func(w world) error {
		want := []Neighbour{{"10.9.0.9", "02:00:00:00:00:09"}}
		if err := w.network.Learn(w.guest, want); err != nil {
			return err
		}
		got, err := Neighbours(w.guest)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			return fmt.Errorf("got %v, %w, want %v", got, err, want)
		}
		if err := w.network.Learn(w.guest, []Neighbour{{"everybody", "02:00:00:00:00:09"}}); err == nil {
			return errors.New("an address that is none: got no error")
		}
		return nil
	})
}

// What is made is what LookAt sees.
func TestMakeAndLook(t *testing.T) {
	inWorld(t, func(w world) error {
		got, port, err := LookAt(w.guest)
		if err != nil {
			return err
		}
		if port != w.port || got.MAC != w.network.MAC || got.Bridge != "br0" || fmt.Sprint(got.Addresses) != "[10.9.0.5/24]" {
			return fmt.Errorf("got %+v at port %s, want %+v at port %s", got, port, w.network, w.port)
		}
		return nil
	})
}
