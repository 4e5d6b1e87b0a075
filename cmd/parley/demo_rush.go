package main

import (
	"fmt"
	"time"

	"parley/internal/burst"
	"parley/lcc"
	"parley/lcc/syntax"
)

// demoRush counts what each host sends from each place of the policy, and finds the first
// that sends without a pause: it would fill the screen until the limit.
type demoRush struct {
	sent  burst.Counter[demoPlace]
	found error
}

type demoPlace struct {
	host   string
	offset int
}

const (
	demoRushWithin  = time.Second
	demoRushAtLeast = 1000 // messages within demoRushWithin
	demoRushAHost   = 10
	demoRushPlaces  = 1 << 16 // more than a demo's hosts and a text's sends make
)

// note counts a message of a host on a site of that many hosts.
func (d *demoRush) note(host, to string, r lcc.Record, hosts int, now time.Time) {
	most := max(demoRushAtLeast, demoRushAHost*hosts)
	n := d.sent.Note(demoPlace{host, r.Pos.Offset}, now, demoRushWithin, demoRushPlaces)
	if n > most && d.found == nil {
		d.found = fmt.Errorf("%s sends without a pause: more than %d messages within %v. The last one is %s to %s, in role %s (%s): "+
			"wait before it is sent again, as with null <- timeout(5); `parley check` may show how it comes (LCC032)", host, most,
			demoRushWithin, syntax.Short(r.Term.String(), 60), to, syntax.Short(r.Role.String(), 60), r.Pos.Place())
	}
}
