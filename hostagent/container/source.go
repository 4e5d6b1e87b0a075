//go:build linux

package container

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"parley/hostagent"
	"parley/hostagent/guestnet"
	"parley/hostagent/handover"
	"parley/hostagent/volume"
)

// Describe says what a container is, and notes that it leaves.
func (s *site) Describe(ctx context.Context, m handover.Move) (handover.Description, error) {
	seen, err := s.look(ctx)
	if err != nil {
		return handover.Description{}, err
	}
	at, is := seen[m.Guest]
	switch {
	case !is || at.guest.State != hostagent.Running:
		return handover.Description{}, errors.New("the container does not run here")
	case at.guest.Ineligible != "":
		return handover.Description{}, errors.New(at.guest.Ineligible)
	}
	spec, err := s.leavingSpec(at.spec)
	if err != nil {
		return handover.Description{}, err
	}
	if err := os.RemoveAll(s.memory(m.Guest)); err != nil { // of an earlier move
		return handover.Description{}, err
	}
	volumes := s.volumes(at.spec)
	text, err := json.Marshal(manifest{Spec: spec, Network: at.network, Engine: at.engine.name(), Own: at.own})
	if err != nil {
		return handover.Description{}, err
	}
	err = writeJSON(s.move(m.Guest), move{ID: m.ID, Network: at.network, Port: at.port, Namespace: namespaceOf(at.spec),
		Volumes: volumes, DiskBytes: at.guest.Declared.DiskBytes, Engine: at.engine.name(), Place: at.place})
	s.leaving.forget(m.Guest)
	s.leaving.begin(m.Guest, at.pid, s.tracks)
	g := at.guest
	return handover.Description{Name: g.Name, Declared: g.Declared, Networks: g.Networks, Needs: g.Needs, Rules: g.Rules,
		MovedAt: g.MovedAt, Manifest: text}, err
}

// enough is the data of a round after which another makes the last difference little
// smaller.
const enough = 4 << 20

// Copy sends what has changed of root, volumes and memory.
func (s *site) Copy(ctx context.Context, m handover.Move, round int, to handover.Out) (again bool, err error) {
	own, err := s.going(m)
	if err != nil {
		return false, err
	}
	s.leaving.look(m.Guest)
	sent, err := s.sendTrees(ctx, m, own, to, false)
	if err != nil {
		return false, err
	}
	memory, err := s.sendMemory(ctx, m.Guest, own, to)
	if err != nil {
		return false, err
	}
	sent += memory
	before := s.leaving.swapSent(m.Guest, sent)
	return round == 1 || sent > enough && sent < before/2, nil
}

// Freeze cuts the port, writes the memory, and sends what is left. The hook holds the
// container from then on.
func (s *site) Freeze(ctx context.Context, m handover.Move, to handover.Out) error {
	own, err := s.going(m)
	if err != nil {
		return err
	}
	e, at, err := s.of(m.Guest, own)
	if err != nil {
		return err
	}
	if err := guestnet.SetPort(own.Port, false); err != nil {
		return err
	}
	h := held{s.memory(m.Guest)}
	s.leaving.look(m.Guest)
	if err := e.dump(ctx, at, h); err != nil {
		return err
	}
	if _, err := s.sendTrees(ctx, m, own, to, true); err != nil {
		return err
	}
	if at.Shm != "" {
		if err := sendOnce(ctx, at.Shm, to, "shm"); err != nil {
			return err
		}
	}
	return sendOnce(ctx, h.images(), to, "memory")
}

// sendOnce sends a directory that does not change.
func sendOnce(ctx context.Context, dir string, to handover.Out, name string) error {
	from, err := volume.Open(dir, volume.Options{})
	if err != nil {
		return err
	}
	defer from.Close()
	if _, err = send(ctx, from, to, name, volume.Round{Frozen: true}); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// going is the move by which a container leaves.
func (s *site) going(m handover.Move) (own move, err error) {
	if ok, err := readJSON(s.move(m.Guest), &own); err != nil || !ok {
		return own, errors.Join(errors.New("the move is not known here"), err)
	}
	return own, nil
}

// sendTrees sends a round of root and volumes, and how much data that were.
func (s *site) sendTrees(ctx context.Context, m handover.Move, own move, to handover.Out, frozen bool) (data int64, err error) {
	_, at, err := s.of(m.Guest, own)
	if err != nil {
		return 0, err
	}
	trees, err := s.leaving.trees(s.Options, m.Guest, at, own.Volumes)
	if err != nil {
		return 0, err
	}
	for _, t := range trees {
		sent, err := send(ctx, t.source, to, t.name, volume.Round{Frozen: frozen, Mapped: t.mapped})
		if err != nil {
			return 0, fmt.Errorf("%s: %w", t.name, err)
		}
		data += sent.Data
	}
	return data, nil
}

func send(ctx context.Context, from *volume.Source, to handover.Out, name string, how volume.Round) (volume.Sent, error) {
	part, err := to.Part(name)
	if err != nil {
		return volume.Sent{}, err
	}
	sent, err := from.Send(ctx, part, how)
	return sent, errors.Join(err, part.CloseWrite())
}

// Resume lets a container run on here.
func (s *site) Resume(ctx context.Context, m handover.Move) error {
	defer s.changes.Raise()
	s.leaving.forget(m.Guest)
	var own move
	ok, err := readJSON(s.move(m.Guest), &own)
	if err != nil || !ok || own.Arriving {
		return err // it was never described, or is resumed already
	}
	if err := (held{s.memory(m.Guest)}).tell(ctx, "back"); err != nil {
		return err
	}
	if err := guestnet.SetPort(own.Port, true); err != nil {
		return err
	}
	return errors.Join(own.Network.Announce(own.Namespace, own.Port), os.RemoveAll(s.memory(m.Guest)), removed(s.move(m.Guest)))
}

// Leave removes a container that runs elsewhere.
func (s *site) Leave(ctx context.Context, m handover.Move) error {
	defer s.changes.Raise()
	s.leaving.forget(m.Guest)
	var own move
	ok, err := readJSON(s.move(m.Guest), &own)
	if err != nil || !ok || own.Arriving {
		return err // it was removed already
	}
	// The hook lets criu end the processes.
	if err := (held{s.memory(m.Guest)}).tell(ctx, "go"); err != nil {
		return err
	}
	if s.KeepLeft > 0 && own.Left.IsZero() { // once: it is part of a name
		own.Left = time.Now()
		if err := writeJSON(s.move(m.Guest), own); err != nil {
			return err
		}
	}
	return s.clear(ctx, m.Guest, own)
}

// clear removes all of a container from this host, but for what is kept of one that left.
func (s *site) clear(ctx context.Context, guest hostagent.GuestID, own move) error {
	e, at, err := s.of(guest, own)
	if err != nil {
		return err
	}
	if err := e.remove(ctx, at, held{s.memory(guest)}); err != nil {
		return err
	}
	if err := guestnet.Unmake(own.Namespace, own.Port); err != nil {
		return err
	}
	if !own.Left.IsZero() {
		if err := s.setAside(guest, at.Bundle, own.Volumes, own.Left); err != nil {
			return err
		}
	}
	for _, rel := range own.Volumes {
		if err := os.RemoveAll(filepath.Join(s.Volumes, rel)); err != nil {
			return err
		}
	}
	for _, dir := range []string{at.Bundle, s.memory(guest)} {
		if err := os.RemoveAll(dir); err != nil { // "" is none
			return err
		}
	}
	return errors.Join(removed(s.rules(guest)), removed(s.move(guest)))
}

func removed(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
