//go:build linux

package container

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"parley/hostagent"
	"parley/hostagent/guestnet"
	"parley/hostagent/handover"
	"parley/hostagent/volume"
)

// memorySlack is what the images of a container may take beyond its memory.
const memorySlack = 64 << 20

// Has says whether a container, or anything under its name, is here.
func (s *site) Has(ctx context.Context, guest hostagent.GuestID) (bool, error) {
	if err := checkName(guest); err != nil {
		return false, err
	}
	for _, e := range s.engines {
		if has, err := e.has(ctx, guest); has || err != nil {
			return has, err
		}
	}
	return false, nil
}

// Prepare makes the bundle, empty volumes, and a network whose port is cut.
func (s *site) Prepare(ctx context.Context, m handover.Move, d handover.Description) error {
	if err := checkName(m.Guest); err != nil {
		return err
	}
	var said manifest
	if err := json.Unmarshal(d.Manifest, &said); err != nil {
		return fmt.Errorf("the description of the container: %w", err)
	}
	e, err := s.engineOf(said.Engine)
	if err != nil {
		return err
	}
	spec, err := s.arrivingSpec(m.Guest, said)
	if err != nil {
		return err
	}
	need, err := declared(spec)
	if err != nil || need.MemoryBytes > d.Declared.MemoryBytes || need.DiskBytes > d.Declared.DiskBytes {
		return errors.Join(errors.New("the container may use more than was declared"), err)
	}
	own := move{ID: m.ID, Arriving: true, Network: said.Network, Port: guestnet.PortOf(string(m.Guest)), Namespace: s.namespace(m.Guest),
		Volumes: s.volumes(spec), DiskBytes: d.Declared.DiskBytes, MemoryBytes: need.MemoryBytes, Engine: e.name(),
		Place: place{Name: string(m.Guest), Mark: string(m.ID)}}
	if why, err := s.whyTaken(ctx, own.Volumes); why != "" || err != nil {
		return errors.Join(err, errors.New(why))
	}
	for _, rel := range own.Volumes {
		if _, err := os.Lstat(filepath.Join(s.Volumes, rel)); !errors.Is(err, os.ErrNotExist) {
			return errors.Join(fmt.Errorf("there is a volume %s here already: move it away, or remove it", rel), err)
		}
	}
	if err := writeJSON(s.move(m.Guest), own); err != nil { // so that what follows is removed
		return err
	}
	for _, rel := range own.Volumes {
		if err := os.MkdirAll(filepath.Join(s.Volumes, rel), 0o700); err != nil {
			return err
		}
	}
	h := held{s.memory(m.Guest)}
	if err := os.RemoveAll(h.dir); err != nil {
		return err
	}
	for _, dir := range []string{h.images(), h.shm()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	if err := writeJSON(s.rules(m.Guest), kept{Rules: d.Rules, MovedAt: d.MovedAt}); err != nil {
		return err
	}
	if err := own.Network.Make(own.Namespace, own.Port); err != nil {
		return err
	}
	if own.Place, err = e.make(ctx, own.Place, spec, said.Own); err != nil {
		return err
	}
	return writeJSON(s.move(m.Guest), own)
}

// whyTaken says that a volume is within one of a container that is here, whether it runs
// or not: that one may have made symbolic links there.
func (s *site) whyTaken(ctx context.Context, volumes []string) (string, error) {
	here := map[hostagent.GuestID][]string{}
	for _, e := range s.engines {
		mounts, err := e.mounts(ctx)
		if err != nil {
			return "", err
		}
		for other, list := range mounts {
			here[other] = append(here[other], s.volumesOf(list)...)
		}
	}
	return whyShared(volumes, here), nil
}

// Receive takes a round of root and volumes, and the memory with the last.
func (s *site) Receive(ctx context.Context, m handover.Move, _ int, _ bool, from handover.In) error {
	own, err := s.arriving(m)
	if err != nil {
		return err
	}
	_, at, err := s.of(m.Guest, own)
	if err != nil {
		return err
	}
	for {
		name, part, err := from.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		dir, err := own.partOf(s.Options, m.Guest, at, name)
		if err != nil {
			return err
		}
		opts := volume.Options{Devices: name == "root", Layer: name == "root" && at.Layer, BytesMost: own.DiskBytes}
		if name == "memory" || name == "shm" || roundOf(name) > 0 {
			opts.BytesMost = own.MemoryBytes + memorySlack
		}
		if roundOf(name) > 0 {
			if err := os.MkdirAll(dir, 0o700); err != nil {
				return err
			}
		}
		if _, err := volume.Receive(ctx, dir, part, opts); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := part.CloseWrite(); err != nil {
			return err
		}
	}
}

// arriving is the move by which a container comes.
func (s *site) arriving(m handover.Move) (own move, err error) {
	ok, err := readJSON(s.move(m.Guest), &own)
	if err != nil {
		return own, err
	}
	if !ok || !own.Arriving || own.ID != m.ID {
		return own, errors.New("the container is not on its way here by this move")
	}
	return own, nil
}

// Restore has the container in memory up to its first instruction, where the hook holds
// it.
func (s *site) Restore(ctx context.Context, m handover.Move) error {
	own, err := s.arriving(m)
	if err != nil {
		return err
	}
	e, at, err := s.of(m.Guest, own)
	if err != nil {
		return err
	}
	h := held{s.memory(m.Guest)}
	if h.running() && h.isHeld() {
		return nil
	}
	return e.restore(ctx, at, h)
}

// Activate lets the container run, opens its port and says where it is.
func (s *site) Activate(ctx context.Context, m handover.Move) error {
	defer s.changes.Raise()
	var own move
	ok, err := readJSON(s.move(m.Guest), &own)
	if err != nil || !ok || !own.Arriving || own.ID != m.ID {
		return err // it was activated before
	}
	e, at, err := s.of(m.Guest, own)
	if err != nil {
		return err
	}
	h := held{s.memory(m.Guest)}
	switch {
	case own.Told && own.Boot != bootID():
		return errors.New("the machine was started again while the container was about to run here: a person must find out " +
			"whether it has; its memory stands still at the source")
	case !own.Told && !h.running():
		// Nothing of it is in memory any more.
		return fmt.Errorf("%w: what was restored has ended: %s", handover.ErrNeverRan, h.why())
	}
	if e.lapsed(ctx, at, h) && h.say("back") {
		return fmt.Errorf("%w: it was restored, and its engine has waited too long for its start", handover.ErrNeverRan)
	}
	own.Told, own.Boot = true, bootID()
	if err := writeJSON(s.move(m.Guest), own); err != nil {
		return err
	}
	// The port is open before the first instruction: what the container sends at once is
	// not lost.
	if err := guestnet.SetPort(own.Port, true); err != nil {
		return err
	}
	if err := h.tell(ctx, "go"); err != nil {
		return err
	}
	if h.failed() {
		return fmt.Errorf("%w: %s", handover.ErrNeverRan, h.why())
	}
	if err := e.started(ctx, at); err != nil {
		return err
	}
	if err := own.Network.Announce(own.Namespace, own.Port); err != nil {
		return err
	}
	if err := s.syncTrees(m.Guest, own); err != nil {
		return err
	}
	if err := os.RemoveAll(h.dir); err != nil {
		return err
	}
	return removed(s.move(m.Guest))
}

// syncTrees has root and volumes on the disk, before the source removes its own.
func (s *site) syncTrees(guest hostagent.GuestID, own move) error {
	for _, rel := range own.Volumes {
		if err := volume.Sync(filepath.Join(s.Volumes, rel)); err != nil {
			return err
		}
	}
	_, at, err := s.of(guest, own)
	if err != nil {
		return err
	}
	return volume.Sync(at.Root)
}

// Discard removes what is here of a container that does not come.
func (s *site) Discard(ctx context.Context, m handover.Move) error {
	defer s.changes.Raise()
	var own move
	ok, err := readJSON(s.move(m.Guest), &own)
	if err != nil || !ok || !own.Arriving {
		return err
	}
	if err := (held{s.memory(m.Guest)}).tell(ctx, "back"); err != nil {
		return err
	}
	return s.clear(ctx, m.Guest, own)
}
