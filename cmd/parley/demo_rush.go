package main

import (
	"fmt"
	"time"

	"parley/lcc"
	"parley/lcc/syntax"
)

// demoRush counts what each host sends from each place of the policy, and finds the first
// that sends without a pause: it would fill the screen until the limit.
type demoRush struct {
	each  map[demoPlace]*demoSent
	found error
}

type demoPlace struct {
	host   string
	offset int
}

type demoSent struct {
	since time.Time
	n     int
}

const (
	demoRushWithin  = time.Second
	demoRushAtLeast = 1000 // messages within demoRushWithin
	demoRushAHost   = 10
)

// note counts a message of a host on a site of that many hosts.
func (d *demoRush) note(host, to string, r lcc.Record, hosts int, now time.Time) {
	if d.each == nil {
		d.each = map[demoPlace]*demoSent{}
	}
	place := demoPlace{host, r.Pos.Offset}
	c := d.each[place]
	if c == nil || now.Sub(c.since) > demoRushWithin {
		c = &demoSent{since: now}
		d.each[place] = c
	}
	most := max(demoRushAtLeast, demoRushAHost*hosts)
	if c.n++; c.n > most && d.found == nil {
		d.found = fmt.Errorf("%s sends without a pause: more than %d messages within %v. The last one is %s to %s, in role %s (line %d): "+
			"wait before it is sent again, as with null <- timeout(5); `parley check` may show how it comes (LCC032)", host, most,
			demoRushWithin, syntax.Short(r.Term.String(), 60), to, syntax.Short(r.Role.String(), 60), r.Pos.Line)
	}
}
