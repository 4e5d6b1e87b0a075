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
	// journalMost is the size from which a journal is compacted: about ten thousand
	// deals.
	journalMost = 16 << 20
	// journalReserve is kept free for the ends of deals and for settings: some
	// thousands of them.
	journalReserve = 1 << 20
)

// journalWriter writes the records of the core; each result becomes an event.
type journalWriter struct {
	*journal.File
	log     *slog.Logger
	metrics *metrics
	put     func(hostagent.Event)
}

func openJournal(stateDir string, log *slog.Logger, room func(why string)) (*journal.File, error) {
	return journal.Open(filepath.Join(stateDir, "journal"), journal.Options{
		Above: journalMost, Keep: hostagent.Compact, Reserve: journalReserve,
		Room: room,
		Warn: func(err error) {
			log.Warn("a fault of the journal; the agent continues", "event", "journal_warning", "error", err)
		},
	})
}

// write queues a record; its result becomes an event.
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

// noteRoom logs that the disk is full, or no longer full.
func (w *journalWriter) noteRoom(ev hostagent.JournalRoom) {
	w.metrics.full.Set(flag(ev.Why != ""))
	if ev.Why != "" {
		w.log.Error("the disk is full: no deal is begun until there is room; the agent checks for it", "event", "journal_full", "error", ev.Why)
		return
	}
	w.log.Info("there is room for the journal again: deals are begun", "event", "journal_room")
}

// ofDisk says whether an error may be transient (of the disk or the process) instead of
// a fault in a file's content.
func ofDisk(err error) bool {
	for _, e := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS, syscall.EIO, syscall.EMFILE, syscall.ENFILE} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
