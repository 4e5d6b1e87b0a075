package service

import (
	"context"
	"errors"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/changes"
	"parley/hostagent/config"
	"parley/hostagent/handover"
)

// carrier is a platform whose guests are texts, which travel over the agents' own
// connections.
type carrier struct {
	*handover.Mover
	changes *changes.Signal

	mu      sync.Mutex
	here    map[hostagent.GuestID]string // guests that run here, or stand still
	coming  map[hostagent.GuestID]string
	arrived handover.Description
}

func openCarrier(t *testing.T, guests map[hostagent.GuestID]string) *carrier {
	t.Helper()
	c := &carrier{changes: changes.New(), here: guests, coming: map[hostagent.GuestID]string{}}
	var err error
	c.Mover, err = handover.OpenFile(filepath.Join(t.TempDir(), "moves"),
		handover.Options{Platform: c, Kind: hostagent.Process, Changed: c.changes.Raise})
	if err != nil {
		t.Fatal(err)
	}
	c.Mover.Start()
	t.Cleanup(func() {
		if err := c.Mover.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func (c *carrier) Name() string             { return "texts" }
func (c *carrier) Changes() <-chan struct{} { return c.changes.C() }
func (c *carrier) Close() error             { return nil }

func (c *carrier) SetRules(context.Context, hostagent.GuestID, hostagent.Rules) error {
	return errors.New("texts have no rules")
}

func (c *carrier) Observe(context.Context) (hostagent.Observation, error) {
	c.mu.Lock()
	var guests []hostagent.Guest
	for _, id := range slices.Sorted(maps.Keys(c.here)) {
		guests = append(guests, hostagent.Guest{
			ID: id, Kind: hostagent.Process, Name: string(id), State: hostagent.Running, Declared: textNeeds,
		})
	}
	c.mu.Unlock()
	return hostagent.Observation{
		Capacity: hostagent.Resources{CPU: 8, MemoryBytes: 1 << 30}, Endpoints: map[hostagent.Kind]string{hostagent.Process: c.Endpoint()},
		Guests: c.Show(guests),
	}, nil
}

var textNeeds = hostagent.Resources{CPU: 0.5, MemoryBytes: 1 << 20}

func (c *carrier) Describe(_ context.Context, m handover.Move) (handover.Description, error) {
	return handover.Description{Name: string(m.Guest), Declared: textNeeds}, nil
}

func (c *carrier) Copy(context.Context, handover.Move, int, handover.Out) (bool, error) {
	return false, nil
}

func (c *carrier) Freeze(_ context.Context, m handover.Move, to handover.Out) error {
	c.mu.Lock()
	text := c.here[m.Guest]
	c.mu.Unlock()
	part, err := to.Part("text")
	if err == nil {
		_, err = io.WriteString(part, text)
	}
	return err
}

func (c *carrier) Resume(context.Context, handover.Move) error { return nil }

func (c *carrier) Leave(_ context.Context, m handover.Move) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.here, m.Guest)
	return nil
}

func (c *carrier) Has(_ context.Context, guest hostagent.GuestID) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, has := c.here[guest]
	return has, nil
}

func (c *carrier) Prepare(_ context.Context, _ handover.Move, d handover.Description) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.arrived = d
	return nil
}

func (c *carrier) Receive(_ context.Context, m handover.Move, _ int, last bool, from handover.In) error {
	if !last {
		return nil
	}
	_, part, err := from.Next()
	if err != nil {
		return err
	}
	text, err := io.ReadAll(part)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.coming[m.Guest] = string(text)
	return err
}

func (c *carrier) Restore(context.Context, handover.Move) error { return nil }

func (c *carrier) Activate(_ context.Context, m handover.Move) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.here[m.Guest] = c.coming[m.Guest]
	return nil
}

func (c *carrier) Discard(context.Context, handover.Move) error { return nil }

// A guest that Parley carries moves in a deal, over the agents' own connection: what it
// is arrives, the deal ends, and its cool-down travels with it.
func TestCarried(t *testing.T) {
	text := strings.Repeat("what the guest is\n", 20_000)
	platforms := []*carrier{
		openCarrier(t, map[hostagent.GuestID]string{"poem": text}), openCarrier(t, map[hostagent.GuestID]string{}),
	}
	var daemons []*daemon
	var peers []config.Peer
	var configs []config.Config
	for _, name := range []string{"h1", "h2"} {
		c := testConfig(t.TempDir(), name, "")
		id, err := Identity(c)
		if err != nil {
			t.Fatal(err)
		}
		peers, configs = append(peers, config.Peer{ID: string(id), Name: name}), append(configs, c)
	}
	for i, c := range configs {
		c.Peers = peers
		d := begin(t, c, platforms[i])
		platforms[i].SetAdmission(d.Admit)
		daemons = append(daemons, d)
	}
	for i, d := range daemons {
		if err := d.AddAddresses(daemons[1-i].PeerID(), daemons[1-i].Addresses()); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range daemons {
		d.until(t, "the other is connected and the load known", func(s api.Status) bool {
			return s.Load.Known && slices.ContainsFunc(s.Peers, func(p api.PeerStatus) bool { return p.Connected })
		})
	}
	ask := api.Client{Socket: configs[0].Socket}
	if err := ask.Order(t.Context(), api.Order{Do: "migrate", Guest: "poem", Host: "h2"}); err != nil {
		t.Fatal(err)
	}
	daemons[1].until(t, "the guest to run at h2", func(s api.Status) bool {
		return slices.ContainsFunc(s.Guests, func(g api.GuestStatus) bool { return g.Name == "poem" && g.State == "running" })
	})
	daemons[0].until(t, "the guest to have left h1, and the deal to have ended", func(s api.Status) bool {
		return len(s.Guests) == 0 && len(s.Deals) == 0
	})
	// A person's word is taken only where a platform waits for one: not once the move is
	// settled, a moment after the guest runs.
	daemons[1].until(t, "a word about a guest in no move to be refused as no_order", func(api.Status) bool {
		err := api.Client{Socket: configs[1].Socket}.Order(t.Context(), api.Order{Do: "forget", Guest: "poem", Host: "h2"})
		return codeOf(err) == hostagent.CodeNoOrder
	})
	platforms[1].mu.Lock()
	defer platforms[1].mu.Unlock()
	if platforms[1].here["poem"] != text {
		t.Errorf("got %d bytes at h2, want the %d of the guest", len(platforms[1].here["poem"]), len(text))
	}
	if platforms[1].arrived.MovedAt.IsZero() {
		t.Error("the time of the move did not travel with the guest")
	}
}
