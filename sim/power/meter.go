package power

import "time"

// Meter keeps the accounts of a site. Tell it the state of a host or guest by
// Host and Guest, with times that do not go back; of several states at one time
// the last one counts. What was not told again after a time is not counted after
// it: end a run by telling everything once more.
type Meter struct {
	curves []Curve
	hosts  []hostState
	guests []guestState

	energy           float64 // watt seconds
	active, violated time.Duration
	requested        float64 // MIPS seconds, as the next two
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

// NewMeter makes a meter for hosts with these curves and for so many guests.
func NewMeter(curves []Curve, guests int) *Meter {
	return &Meter{curves: curves, hosts: make([]hostState, len(curves)), guests: make([]guestState, guests)}
}

// Host tells the load of a host, from 0 to 1, from now on, and whether its
// guests ask for more than it has. The energy since it was told last is the mean
// of the power then and the power now; a host without load then took nothing.
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

// Guest tells what a guest asks for and gets from now on, in any unit that is
// the same for all guests, and whether it is being migrated. What it asked for
// and got since it was told last is what was told then.
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

// Migration tells that a guest has begun to move.
func (m *Meter) Migration() { m.migrations++ }

// Draw adds a power in watts over a time, for what no host's load accounts for.
func (m *Meter) Draw(watts float64, over time.Duration) { m.energy += watts * over.Seconds() }

// Figures are the results of a run.
type Figures struct {
	EnergyKWh  float64
	Migrations int
	// SLATAH is the share of the active time of hosts during which their guests
	// asked for more than the host has.
	SLATAH float64
	// PDM is the share of the requested CPU that was not served to guests while
	// they were being migrated.
	PDM float64
	// Unserved is the share of the requested CPU that was not served.
	Unserved float64
}

// SLAV is SLATAH x PDM.
func (f Figures) SLAV() float64 { return f.SLATAH * f.PDM }

// ESV is energy (kWh) x SLAV.
func (f Figures) ESV() float64 { return f.EnergyKWh * f.SLAV() }

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
