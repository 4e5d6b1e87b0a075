package hostagent

import (
	"fmt"
	"math"
	"sort"
	"time"

	"parley/lcc"
)

// running are the guests that take room here; one that is paused does.
func (c *Core) running() (list []*tracked) {
	for _, t := range c.byID {
		if t.guest.State != Incoming {
			list = append(list, t)
		}
	}
	return list
}

func (c *Core) runsHere(id GuestID) bool {
	t := c.guests[id]
	return t != nil && t.guest.State == Running
}

func (c *Core) isHere(id GuestID) bool {
	t := c.guests[id]
	return t != nil && t.guest.State != Incoming
}

// leaves says whether the platform is at moving a guest away from here.
func (c *Core) leaves(id GuestID) bool {
	t := c.guests[id]
	return t != nil && t.guest.Leaving
}

// need is what a guest needs elsewhere: its forecast, no finer than models see
// it, and all the memory that it may take, now or by hot-plug.
func (c *Core) need(t *tracked) Resources {
	return Resources{
		CPU:         round(c.crowding.demand(t) + c.config.Deviations*math.Sqrt(t.use.variance)),
		MemoryBytes: max(t.guest.Declared.MemoryBytes, t.guest.MemoryMaxBytes),
	}
}

// movable are the guests that may be offered now: the lowest priority first, of
// one priority the greatest CPU use first.
func (c *Core) movable() (list []*tracked) {
	if !c.known() || c.settings != (Settings{}) || c.count(SourceSide) >= c.config.MovesOut {
		return nil
	}
	for _, t := range c.byID {
		if c.whyNotMove(t) == "" {
			list = append(list, t)
		}
	}
	sort.SliceStable(list, func(i, j int) bool {
		a, b := c.rules(list[i]).Priority, c.rules(list[j]).Priority
		return a < b || a == b && c.need(list[i]).CPU > c.need(list[j]).CPU
	})
	return list
}

// whyNotMove says what keeps a guest where it is; "" when nothing does.
func (c *Core) whyNotMove(t *tracked) string {
	came, byDeal := c.movedIn[t.guest.ID]
	advised, shown := c.recommended[t.guest.ID]
	switch why := c.whyStays(t, false); {
	case why != "":
		return why
	case c.operatorMoves[t.guest.ID] != nil:
		return "its operator moves it"
	case c.cooling(t.guest.MovedAt) || byDeal && c.now-came < lcc.Instant(c.config.Cooldown):
		return "it was moved less than " + c.config.Cooldown.String() + " ago"
	case c.foreignMoves.why(t.guest.ID, c.now, c.config) != "":
		return c.foreignMoves.why(t.guest.ID, c.now, c.config)
	case c.whyRests(t.guest.ID) != "":
		return c.whyRests(t.guest.ID)
	case shown && c.now-advised < lcc.Instant(c.config.Cooldown):
		return "a move of it was recommended less than " + c.config.Cooldown.String() + " ago"
	}
	return ""
}

// whyStays says what keeps a guest where it is even if its operator wants it
// moved; "" when nothing does. With force it is moved though it is pinned, or
// another one is to be near it.
func (c *Core) whyStays(t *tracked, force bool) string {
	rules := c.rules(t)
	switch {
	case t.guest.State != Running:
		return "it is " + string(t.guest.State)
	case t.guest.Ineligible != "":
		return t.guest.Ineligible
	case c.needsPerson.wait(t.guest.ID):
		return needsPersonText
	case c.dealOf(t.guest.ID) != nil:
		return "it is in a deal"
	case t.guest.Leaving:
		return "it is being migrated away from here without Parley"
	case rules.Ignored:
		return "Parley is told to ignore it (`parley ignore --off`)"
	case rules.Pinned && !force:
		return "it is pinned (`parley pin --off`)"
	}
	if why := c.whyNotDescribed(t); why != "" {
		return why
	}
	if p, known := c.price(t); known && !p.Converges && !force {
		return fmt.Sprintf("it writes %d MiB to its memory each second, faster than a migration gets on (`--force` slows it down)", t.guest.DirtyRate>>20)
	}
	if !force && !c.settings.Drained {
		if other := c.leftBehind(t); other != "" {
			return "the guest " + other + " is to be near it"
		}
	}
	return ""
}

// cooling says whether a moment of the wall clock is less than a cool-down
// ago. Other hosts' clocks may be ahead; one that is far ahead is not believed.
func (c *Core) cooling(moved time.Time) bool { return c.within(moved, c.config.Cooldown) }

// within says whether a moment of the wall clock is less than so long ago.
func (c *Core) within(moment time.Time, d time.Duration) bool {
	ago := c.wall.Sub(moment)
	return !moment.IsZero() && ago < d && ago > -d
}
