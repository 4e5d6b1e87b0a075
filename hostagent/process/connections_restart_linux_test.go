package process

import (
	"errors"
	"net"
	"path/filepath"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/handover"
)

// answering is a parcel whose target answers at once.
type answering struct{ parcel }

func (a *answering) Part(name string) (handover.Part, error) {
	part, err := a.parcel.Part(name)
	return answered{part}, err
}

// answered is the source's end of a part.
type answered struct{ handover.Part }

func (answered) Read(into []byte) (int, error) {
	into[0] = 1
	return 1, nil
}

// halfMove does the steps of a move up to one.
func halfMove(t *testing.T, id hostagent.GuestID, move string, from, to *supervisor, upTo string) {
	t.Helper()
	m := moveOf(id, move)
	var ahead, last answering
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"prepare", func() error {
			d, err := moves{from}.Describe(bounded(t), m)
			if err != nil {
				return err
			}
			return moves{to}.Prepare(bounded(t), m, d)
		}},
		{"copy", func() error {
			_, err := moves{from}.Copy(bounded(t), m, 1, &ahead)
			return errors.Join(err, moves{to}.Receive(bounded(t), m, 1, false, &ahead))
		}},
		{"freeze", func() error { return moves{from}.Freeze(bounded(t), m, &last) }},
		{"receive", func() error { return moves{to}.Receive(bounded(t), m, 2, true, &last) }},
		{"restore", func() error { return moves{to}.Restore(bounded(t), m) }},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if step.name == upTo {
			return
		}
	}
}

// TestConnectionsOutliveAgents ends the agent of the source while the connections are frozen
// there, and that of the target once it has made them. The next agent finds what is frozen.
func TestConnectionsOutliveAgents(t *testing.T) {
	inNetwork(t, func(t *testing.T) {
		dir := shortDir(t)
		start := func(name string) *supervisor {
			return open(t, filepath.Join(dir, name), name, func(o *Options) { o.Namespaces = filepath.Join(dir, "netns") })
		}
		again := func(s *supervisor) *supervisor {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return start(s.options.Host)
		}
		a, b := start("a"), start("b")
		id := startCounts(t, &connectedHost{of: a}, "10.9.0.5")
		var clients [8]*client
		for i := range clients {
			conn, err := net.DialTimeout("tcp", "10.9.0.5:7000", 5*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			clients[i] = newClient(conn)
		}
		all := func() {
			t.Helper()
			for i, c := range clients {
				if err := c.ask(); err != nil {
					t.Fatalf("client %d: %v", i, err)
				}
			}
		}
		all()
		halfMove(t, id, "1", a, b, "freeze")
		a = again(a)
		connected(t, a, id)
		if err := errors.Join(moves{a}.Resume(bounded(t), moveOf(id, "1")), moves{b}.Discard(bounded(t), moveOf(id, "1"))); err != nil {
			t.Fatal(err)
		}
		all()
		halfMove(t, id, "2", a, b, "restore")
		b = again(b)
		connected(t, b, id)
		if err := errors.Join(moves{b}.Activate(bounded(t), moveOf(id, "2")), moves{a}.Leave(bounded(t), moveOf(id, "2"))); err != nil {
			t.Fatal(err)
		}
		all()
	})
}
