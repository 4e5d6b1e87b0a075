package doctor

import (
	"fmt"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/api/wording"
)

// tries is the command by which a guest is moved to a host that is avoided.
func tries(b api.BackOffStatus) string {
	guest := ""
	if len(b.Guests) == 1 {
		guest = b.Guests[0]
	}
	return wording.Naming("`parley migrate GUEST ", guest) + b.Name + "`"
}

// avoided says which targets and guests the agent that runs leaves alone for a while.
func avoided(status api.Status) (list []Finding) {
	for _, b := range status.BackOff {
		whom := strings.Join(b.Guests, ", ")
		if b.Whole {
			whom = "any guest"
		}
		list = append(list, Finding{"target " + b.Name, Warn,
			fmt.Sprintf("it is no target for %s until %s: %d failures in a row since %s, the latest: %s",
				whom, b.Until.Format(time.TimeOnly), b.Times, b.Since.Format(time.DateTime), b.Why),
			"see to that host; " + tries(b) + " tries it at once, and a success ends the back-off"})
	}
	for _, d := range status.Duels {
		list = append(list, Finding{"guest " + d.Name, Warn,
			fmt.Sprintf("policies leave it alone until %s: it was moved back here %d times, the last time at %s, %s",
				d.Until.Format(time.TimeOnly), d.Times, d.Last.Format(time.TimeOnly), hostagent.Mover(d.By)),
			wording.Naming("find out who moves it: keep the other balancer away from it, or have Parley leave it alone (`parley pin GUEST`)",
				d.Name)})
	}
	return list
}
