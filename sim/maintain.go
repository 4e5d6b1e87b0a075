package sim

import "time"

// maintenance is work on several hosts in turn: each is drained, switched off when it
// is empty, and put in service again.
type maintenance struct {
	Happening
	next  int
	began time.Duration
}

const (
	maintainPause = 3 * time.Minute // between two hosts, for the site to settle
	maintainLong  = time.Hour       // limit of a drain without a configured one
)

func (s *operators) maintain(p Happening) error {
	if p.Within == 0 {
		p.Within = maintainLong
	}
	s.open++
	return s.maintainNext(&maintenance{Happening: p})
}

func (s *operators) maintainNext(m *maintenance) error {
	if m.next == len(m.Hosts) {
		s.open--
		return nil
	}
	m.began = s.since()
	if err := s.orderSettings(Happening{Do: "drain", Hosts: m.Hosts[m.next : m.next+1]}); err != nil {
		return err
	}
	s.plan(time.Second, func() error { return s.maintainWait(m) })
	return nil
}

// maintainWait polls until a host is empty or its drain exceeds the limit.
func (s *operators) maintainWait(m *maintenance) error {
	h := s.on(m.Hosts[m.next])
	switch {
	case len(h.here)+len(h.coming) == 0:
		s.chronicle.record(h, "fault", "", "the host is empty: the work on it begins")
		if err := s.agents.stop(h, m.For); err != nil {
			return err
		}
		s.plan(m.For+10*time.Second, func() error { return s.maintained(m) })
	case s.since()-m.began >= m.Within:
		s.result.NotEmptied = append(s.result.NotEmptied, h.Name)
		s.chronicle.record(h, "fault", "", "the host is not empty: the work on it is put off")
		return s.maintained(m)
	default:
		s.plan(time.Second, func() error { return s.maintainWait(m) })
	}
	return nil
}

func (s *operators) maintained(m *maintenance) error {
	if err := s.orderSettings(Happening{Do: "undrain", Hosts: m.Hosts[m.next : m.next+1]}); err != nil {
		return err
	}
	m.next++
	s.plan(maintainPause, func() error { return s.maintainNext(m) })
	return nil
}
