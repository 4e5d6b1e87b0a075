package memory

import (
	"errors"
	"time"

	"parley/hostagent"
)

// roundMin is the minimum duration of a round, and so of the interval between progress
// reports: a round has a cost even if little is dirty.
const roundMin = time.Millisecond

// precopy transfers the guest's memory in rounds: each sends what was dirtied during
// the previous one, until the rest can be sent within the downtime. A guest that
// dirties faster than the link carries is copied until the migration is stopped;
// balancing never slows a guest down to make it converge.
func (m *move) precopy() (downtime time.Duration, err error) {
	o := m.source.site.options
	rate := o.BandwidthBytes
	if m.spec.BandwidthMax > 0 {
		rate = min(rate, m.spec.BandwidthMax)
	}
	downtimeMax := o.DowntimeMax
	if m.spec.DowntimeMax > 0 {
		downtimeMax = m.spec.DowntimeMax
	}
	m.source.site.mu.Lock()
	memory, dirty := m.guest.spec.Declared.MemoryBytes, m.guest.spec.DirtyBytes
	m.source.site.mu.Unlock()
	remaining := memory
	for iteration := 1; ; iteration++ {
		round := max(roundMin, transfer(remaining, rate))
		if err := m.waitOrFail(round); err != nil {
			return 0, err
		}
		m.migrated.Total += round
		m.migrated.Bytes += remaining
		remaining = min(memory, int64(float64(dirty)*round.Seconds()))
		m.report(hostagent.Progress{TransferredBytes: m.migrated.Bytes, RemainingBytes: remaining, Iteration: iteration})
		if rest := transfer(remaining, rate); rest <= downtimeMax {
			m.migrated.Downtime = max(rest, roundMin)
			m.migrated.Total += m.migrated.Downtime
			m.migrated.Bytes += remaining
			return m.migrated.Downtime, nil
		}
	}
}

func transfer(bytes, rate int64) time.Duration {
	return time.Duration(float64(bytes) / float64(rate) * float64(time.Second))
}

// waitOrFail waits for the duration of a round. A stop or a fault of the target ends it
// with an error.
func (m *move) waitOrFail(round time.Duration) error {
	site := m.source.site
	site.mu.Lock()
	fault := m.target.fault
	site.mu.Unlock()
	if fault == Hangs {
		<-m.stopped
		return m.stopReason()
	}
	if fault == Breaks || fault == Gone {
		round /= 2
	}
	timer := time.NewTimer(m.real(round))
	defer timer.Stop()
	select {
	case <-m.stopped:
		return m.stopReason()
	case <-timer.C:
	}
	if fault == Breaks || fault == Gone {
		return errors.New("the connection to the target broke")
	}
	return nil
}

func (m *move) stopReason() error {
	m.source.site.mu.Lock()
	defer m.source.site.mu.Unlock()
	return m.why
}

// wait waits for the downtime.
func (m *move) wait(d time.Duration) {
	timer := time.NewTimer(m.real(d))
	<-timer.C
}

// real converts a reported duration to the duration here.
func (m *move) real(d time.Duration) time.Duration {
	return time.Duration(float64(d) / m.source.site.options.Speedup)
}

func (m *move) report(p hostagent.Progress) {
	m.reporting.Lock()
	defer m.reporting.Unlock()
	if m.progress != nil {
		m.progress(p)
	}
}
