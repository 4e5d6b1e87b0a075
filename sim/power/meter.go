package power

import "time"

// Meter keeps the sums of a site. Report the states of hosts and guests with Host and
// Guest, with times that do not decrease; of several states at one time the last one
// counts. Time after an object's last report does not count: end a run by reporting all
// states once more.
type Meter struct {
	curves []Curve
	hosts  []hostState
	guests []guestState

	energy           float64 // watt seconds
	active, violated time.Duration
	requested        float64 // MIPS seconds, like the next two
	allocated        float64
	lostByMigration  float64
	migrations       int
}

type hostState struct {
	known bool
	at    time.Duration
	load  float64
	over  bool
}

type guestState struct {
	known                bool
	at                   time.Duration
	requested, allocated float64
	migrating            bool
}

// NewMeter makes a meter for hosts with these curves and a number of guests.
func NewMeter(curves []Curve, guests int) *Meter {
	return &Meter{curves: curves, hosts: make([]hostState, len(curves)), guests: make([]guestState, guests)}
}

// Host reports the load of a host, from 0 to 1, from now on, and whether its guests
// want more than it has. The energy since its last report uses the mean of the two
// powers; a host without load at that report took nothing.
func (m *Meter) Host(host int, now time.Duration, load float64, over bool) {
	s := &m.hosts[host]
	if s.known && s.load > 0 {
		past, curve := now-s.at, &m.curves[host]
		m.energy += (curve.Watts(s.load) + curve.Watts(load)) / 2 * past.Seconds()
		m.active += past
		if s.over {
			m.violated += past
		}
	}
	*s = hostState{known: true, at: now, load: load, over: over}
}

// Guest reports what a guest wants and gets from now on, in any unit that is the same
// for all guests, and whether it is being migrated. The time since its last report
// counts with the values of that report.
func (m *Meter) Guest(guest int, now time.Duration, requested, allocated float64, migrating bool) {
	s := &m.guests[guest]
	if s.known {
		seconds := (now - s.at).Seconds()
		m.requested += s.requested * seconds
		m.allocated += s.allocated * seconds
		if s.migrating && s.allocated < s.requested {
			m.lostByMigration += (s.requested - s.allocated) * seconds
		}
	}
	*s = guestState{known: true, at: now, requested: requested, allocated: allocated, migrating: migrating}
}

// Migration reports that a guest has begun to move.
func (m *Meter) Migration() { m.migrations++ }

// Figures are the results of a run.
type Figures struct {
	EnergyKWh  float64
	Migrations int
	// SLATAH is the share of the active time of hosts during which their guests
	// asked for more than the host has.
	SLATAH float64
	// PDM is the share of the requested CPU that guests lost during their migrations.
	PDM float64
	// Unserved is the share of the requested CPU that was not served.
	Unserved float64
}

// Figures returns the results so far.
func (m *Meter) Figures() Figures {
	return Figures{
		EnergyKWh:  m.energy / 3.6e6,
		Migrations: m.migrations,
		SLATAH:     share(m.violated.Seconds(), m.active.Seconds()),
		PDM:        share(m.lostByMigration, m.requested),
		Unserved:   share(m.requested-m.allocated, m.requested),
	}
}

func share(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}
