package service

import (
	"errors"
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

func (s *Service) openJournal() (*journal.File, error) {
	return journal.OpenWith(filepath.Join(s.fixed.StateDir, "journal"), journal.Options{
		Above: journalMost, Keep: hostagent.Compact, Reserve: journalReserve,
		Room: func(why string) { s.inbox.put(hostagent.JournalRoom{Why: why}) },
		Warn: func(err error) { s.log.Warn("the journal goes on", "error", err) },
	})
}

// append has a record written; what came of it is an event.
func (s *Service) append(e hostagent.Journal) {
	began := time.Now()
	s.journal.Append(e.Record, func(err error) {
		s.metrics.syncs.Observe(time.Since(began).Seconds())
		written := hostagent.Journalled{Seq: e.Seq, Full: errors.Is(err, journal.ErrFull)}
		if err != nil {
			s.metrics.journal.Inc()
			written.Err = err.Error()
		}
		s.inbox.put(written)
	})
}

// noteRoom tells people of a disk that is full, or no longer.
func (s *Service) noteRoom(ev hostagent.JournalRoom) {
	s.metrics.full.Set(flag(ev.Why != ""))
	if ev.Why != "" {
		s.log.Error("the disk is full: no deal is begun until there is room; it is looked for", "error", ev.Why)
		return
	}
	s.log.Info("there is room for the journal again: deals are begun")
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
