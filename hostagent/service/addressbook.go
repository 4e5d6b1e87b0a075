package service

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"parley/internal/atomicfile"
	"parley/lcc"
)

// addressBook keeps where hosts have said that they are found, signed by each, so that
// a host whose address is another one than in the roster is found after a restart
// too.
type addressBook struct {
	path    string
	records map[lcc.PeerID][]byte // signed peer records
	changed bool
}

// learned says that a host has announced its addresses.
type learned struct {
	id     lcc.PeerID
	record []byte
}

func openAddressBook(stateDir string) (*addressBook, error) {
	b := &addressBook{path: filepath.Join(stateDir, "addresses.json"), records: map[lcc.PeerID][]byte{}}
	data, err := os.ReadFile(b.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return b, nil
	case err != nil:
		return nil, fmt.Errorf("addresses of other hosts: %w", err)
	}
	if err := json.Unmarshal(data, &b.records); err != nil {
		// Written half when the machine went down: hosts announce themselves again.
		b.records = map[lcc.PeerID][]byte{}
	}
	return b, nil
}

// known are the records, by the ids of their hosts.
func (b *addressBook) known() (list [][]byte) {
	for _, id := range slices.Sorted(maps.Keys(b.records)) {
		list = append(list, b.records[id])
	}
	return list
}

func (b *addressBook) learn(l learned) { b.records[l.id], b.changed = l.record, true }

// flush writes what has changed. A book that cannot be written is only older.
func (b *addressBook) flush(log *slog.Logger) {
	if !b.changed {
		return
	}
	b.changed = false
	data, err := json.Marshal(b.records)
	if err == nil {
		err = atomicfile.Write(b.path, data, 0o600)
	}
	if err != nil {
		log.Warn("the addresses that hosts have announced are not kept", "event", "addresses_not_kept", "error", err)
	}
}
