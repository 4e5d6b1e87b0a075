//go:build linux

package container

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"sync"

	"parley/hostagent"
	"parley/hostagent/volume"
)

// leaving is what the agent knows of containers of which it copies trees; after a restart
// it knows nothing of them, and their moves have failed.
type leaving struct {
	mu     sync.Mutex
	guests map[hostagent.GuestID]*copied
}

type copied struct {
	list   []tree
	pid    int
	mapped map[uint64]bool
	sent   int64
	rounds bool // its memory goes in rounds
}

// tree is the root or a volume of a container.
type tree struct {
	name   string
	source *volume.Source
	mapped map[uint64]bool
}

func (l *leaving) of(guest hostagent.GuestID) *copied {
	if l.guests[guest] == nil {
		l.guests[guest] = &copied{mapped: map[uint64]bool{}}
	}
	return l.guests[guest]
}

// begin notes the processes of a container, and whether its memory goes in rounds.
func (l *leaving) begin(guest hostagent.GuestID, pid int, rounds bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.of(guest)
	c.pid, c.rounds = pid, rounds
}

// inRounds says whether the memory of a container goes in rounds.
func (l *leaving) inRounds(guest hostagent.GuestID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.of(guest).rounds
}

// atOnce notes that the memory of a container goes once.
func (l *leaving) atOnce(guest hostagent.GuestID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.of(guest).rounds = false
}

// look notes which files are mapped now.
func (l *leaving) look(guest hostagent.GuestID) {
	l.mu.Lock()
	pid := l.of(guest).pid
	l.mu.Unlock()
	files := mapped(pid)
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.Copy(l.of(guest).mapped, files)
}

// swapSent notes how much data a round has sent, and returns that of the round before.
func (l *leaving) swapSent(guest hostagent.GuestID, sent int64) (before int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.of(guest)
	before, c.sent = c.sent, sent
	return before
}

// trees opens the root and the volumes of a container at the first call.
func (l *leaving) trees(o Options, guest hostagent.GuestID, at place, volumes []string) ([]tree, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.of(guest)
	if c.list != nil {
		return c.list, nil
	}
	root, err := volume.Open(at.Root, volume.Options{Devices: true, Layer: at.Layer})
	if err != nil {
		return nil, err
	}
	list := []tree{{name: "root", source: root, mapped: c.mapped}}
	for n, rel := range volumes {
		source, err := volume.Open(filepath.Join(o.Volumes, rel), volume.Options{})
		if err != nil {
			return nil, errors.Join(err, closeTrees(list))
		}
		list = append(list, tree{name: fmt.Sprintf("volume/%d", n), source: source, mapped: c.mapped})
	}
	c.list = list
	return list, nil
}

func closeTrees(list []tree) (err error) {
	for _, t := range list {
		err = errors.Join(err, t.source.Close())
	}
	return err
}

// forget closes what is open for a container.
func (l *leaving) forget(guest hostagent.GuestID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c := l.guests[guest]; c != nil {
		_ = closeTrees(c.list) // they were read
		delete(l.guests, guest)
	}
}
