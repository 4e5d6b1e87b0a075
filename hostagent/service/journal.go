package service

import (
	"errors"
	"log/slog"
	"path/filepath"
	"syscall"
	"time"

	"parley/hostagent"
	"parley/hostagent/journal"
)

const (
	// journalMost is the size of a journal that is made shorter: some ten
	// thousand deals.
	journalMost = 16 << 20
	// journalReserve is what is kept free for the ends of deals and for
	// settings: some thousands of them.
	journalReserve = 1 << 20
)

// journalWriter writes what the core journals; what came of it is an event.
type journalWriter struct {
	*journal.File
	log     *slog.Logger
	metrics *metrics
	put     func(hostagent.Event)
}

func openJournal(stateDir string, log *slog.Logger, room func(why string)) (*journal.File, error) {
	return journal.OpenWith(filepath.Join(stateDir, "journal"), journal.Options{
		Above: journalMost, Keep: hostagent.Compact, Reserve: journalReserve,
		Room: room,
		Warn: func(err error) { log.Warn("the journal goes on", "event", "journal_warning", "error", err) },
	})
}

// write has a record written; what came of it is an event.
func (w *journalWriter) write(e hostagent.Journal) {
	began := time.Now()
	w.Append(e.Record, func(err error) {
		w.metrics.syncs.Observe(time.Since(began).Seconds())
		written := hostagent.Journalled{Seq: e.Seq, Full: errors.Is(err, journal.ErrFull)}
		if err != nil {
			w.metrics.journal.Inc()
			written.Err = err.Error()
		}
		w.put(written)
	})
}

// noteRoom tells people of a disk that is full, or no longer.
func (w *journalWriter) noteRoom(ev hostagent.JournalRoom) {
	w.metrics.full.Set(flag(ev.Why != ""))
	if ev.Why != "" {
		w.log.Error("the disk is full: no deal is begun until there is room; it is looked for", "event", "journal_full", "error", ev.Why)
		return
	}
	w.log.Info("there is room for the journal again: deals are begun", "event", "journal_room")
}

// ofDisk says whether an error is one of the disk or of the process, which may be
// gone in a moment, and not of what is in a file.
func ofDisk(err error) bool {
	for _, e := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS, syscall.EIO, syscall.EMFILE, syscall.ENFILE} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
