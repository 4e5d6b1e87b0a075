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

// addressBook keeps the signed addresses that hosts have announced, so that a host
// whose address differs from the roster is also found after a restart.
type addressBook struct {
	path    string
	records map[lcc.PeerID][]byte // signed peer records
	changed bool
}

// learned reports that a host has announced its addresses.
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
		// The machine stopped during the write: hosts announce themselves again.
		b.records = map[lcc.PeerID][]byte{}
	}
	return b, nil
}

// known returns the records, sorted by host id.
func (b *addressBook) known() (list [][]byte) {
	for _, id := range slices.Sorted(maps.Keys(b.records)) {
		list = append(list, b.records[id])
	}
	return list
}

func (b *addressBook) learn(l learned) { b.records[l.id], b.changed = l.record, true }

// flush writes the book if it changed. A failed write only leaves an older book.
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
		log.Warn("the addresses that hosts have announced are not saved", "event", "addresses_not_kept", "error", err)
	}
}
