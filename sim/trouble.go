package sim

import (
	"math/rand/v2"
	"time"
)

// trouble draws random acts of people and failures of platforms within Faults.Within.
// It has a separate random stream, so that a site without trouble runs as before.
type trouble struct {
	site   *site
	chance *rand.Rand
	within time.Duration
}

func (s *site) planTrouble() {
	f := s.o.Faults
	t := trouble{s, rand.New(rand.NewPCG(s.o.Seed, 0x74726f75)), f.Within}
	if t.within == 0 {
		t.within = 10 * time.Minute
	}
	if len(s.guests) == 0 {
		return
	}
	for range f.Orders {
		t.order()
	}
	for range f.Failing {
		t.failing()
	}
	for range f.Hands {
		guest, host := t.guest(), t.host()
		s.happensIn(t.at(), Happening{Do: "move", Guest: guest, To: host})
	}
	for range f.Ends {
		t.ends()
	}
}

func (t trouble) at() time.Duration {
	return time.Minute + time.Duration(t.chance.Int64N(int64(max(1, t.within-time.Minute))))
}

// while draws a duration.
func (t trouble) while() time.Duration {
	return 20*time.Second + time.Duration(t.chance.Int64N(int64(4*time.Minute)))
}

func (t trouble) host() string { return t.site.hosts[t.chance.IntN(len(t.site.hosts))].Name }

func (t trouble) guest() string { return t.site.guests[t.chance.IntN(len(t.site.guests))].Name }

// order plans an operator's order, and the order that reverses it if there is one.
func (t trouble) order() {
	at, while := t.at(), t.while()
	pair := func(p, back Happening) {
		t.site.happensIn(at, p)
		t.site.happensIn(at+while, back)
	}
	host, guest := t.host(), t.guest()
	switch t.chance.IntN(6) {
	case 0, 1:
		pair(Happening{Do: "drain", Hosts: []string{host}, Force: t.chance.IntN(4) == 0}, Happening{Do: "undrain", Hosts: []string{host}})
	case 2:
		pair(Happening{Do: "pause", Hosts: []string{host}}, Happening{Do: "resume", Hosts: []string{host}})
	case 3:
		pair(Happening{Do: "pin", Guest: guest}, Happening{Do: "unpin", Guest: guest})
	default:
		t.site.happensIn(at, Happening{Do: "migrate", Guest: guest, To: host})
	}
}

// failing makes the migrations to a host, or of a guest, fail for a time.
func (t trouble) failing() {
	kinds := FailingKinds()
	f := Failing{How: kinds[t.chance.IntN(len(kinds))], Since: t.at(), Chance: 0.2 + 0.8*t.chance.Float64()}
	f.Until = f.Since + t.while()
	if host, guest := t.host(), t.guest(); t.chance.IntN(2) == 0 {
		f.To = []string{host}
	} else {
		f.Guests = []string{guest}
	}
	if f.How == "breaks" || f.How == "misreports" {
		f.After = time.Duration(t.chance.Int64N(int64(10 * time.Second)))
	}
	t.site.migrations.failures.list = append(t.site.migrations.failures.list, f)
}

// ends plans that the owner of a guest ends it, during a migration or at any time, and
// starts it again on some host.
func (t trouble) ends() {
	at, guest, host := t.at(), t.guest(), t.host()
	end := Happening{Do: "end", Guest: guest}
	if t.chance.IntN(2) == 0 {
		is := []string{"migrating", "moved"}[t.chance.IntN(2)]
		end.When = &Trigger{Guest: guest, Is: is, After: time.Duration(t.chance.Int64N(int64(3 * time.Second)))}
		t.site.waiting = append(t.site.waiting, waiting{end, 0})
		at += t.within
	} else {
		t.site.happensIn(at, end)
	}
	t.site.happensIn(at+t.while(), Happening{Do: "start", Guest: guest, To: host})
}
