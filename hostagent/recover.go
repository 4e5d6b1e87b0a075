package hostagent

import (
	"fmt"
	"maps"
	"time"

	"parley/lcc"
)

// Recover passes in the records of the journal, oldest first, before the first Step.
// They say only where to look: a deal that may have moved a guest is settled by what
// both platforms show. That begins with the first Step, which brings the time.
//
//	last record       what is done
//	target, offered   it expires: the source has not committed, and the token is lost
//	target, armed     the reservation remains; the platform and the source are asked
//	source, intended  no migration was begun: once the guest is seen to run here the
//	                  deal is given up and the target is told
//	source, moving    both ends look where the guest is; a migration that may still be
//	                  in flight is stopped before it counts as over
//	stuck             it still needs a person, unless one has acted or a later deal of
//	                  the guest began
//	another end       it is remembered; a guest that a policy moved away is not taken
//	                  back for a while
//	settings          they are in force again
//	memory            failures and moves are remembered from the first look on
//	                  (restart_memory.go)
//
// recover_test.go has the whole table: the outcome of a deal by its last record, by
// what the platform here shows and by what the other end answers.
//
// Recover returns an error naming the first undecodable record; the agent must then not
// continue.
func (c *Core) Recover(records [][]byte) ([]Effect, error) {
	var order []DealID
	last, at, remembered := map[DealID]record{}, map[DealID]int{}, -1
	for i, data := range records {
		r, err := decodeRecord(data)
		if err != nil {
			return nil, fmt.Errorf("hostagent: record %d of the journal cannot be read (was it written by a newer version?): %w", i+1, err)
		}
		if r.Side == hostSide {
			c.permits.settings = *r.Settings
			if c.past.recollection.found = r.Remembered; r.Remembered != nil {
				remembered = i
			}
			continue
		}
		if _, known := last[r.Deal]; !known {
			order = append(order, r.Deal)
		}
		last[r.Deal], at[r.Deal] = r, i
	}
	if m := c.past.recollection.found; m != nil {
		for guest, unix := range m.Left {
			c.past.movedAway[guest] = time.Unix(unix, 0)
		}
		maps.Copy(c.past.drains.away, m.Away)
		maps.Copy(c.past.drains.brought, m.Brought)
		c.past.restless.recall(m.Restless)
	}
	if len(records) > 0 {
		c.reseed(records[len(records)-1], len(records))
	}
	needing := needing(order, last)
	for _, id := range order {
		d := last[id].deal()
		switch d.state {
		case Offered, Armed, Intended, Moving, Checking:
			if wall := last[id].Wall; wall != 0 {
				d.src.written = time.Unix(wall, 0)
			}
			c.book.deals[d.id] = d
			c.ledger.revived = append(c.ledger.revived, d)
		default:
			c.book.remember(d)
			if needing[d.guest] == d.id {
				c.ledger.needPerson(d)
			}
			if d.state == Done && d.sequel.open() {
				c.book.unmeasured = append(c.book.unmeasured, d)
			}
			if d.state == Done && at[id] > remembered {
				c.past.drains.ended(d)
				if d.side == SourceSide {
					c.past.left(d, time.Unix(last[id].Wall, 0))
				} else {
					c.past.came(d, time.Unix(last[id].Wall, 0))
				}
			}
		}
	}
	if unable, news := c.permits.taking.changed(c.permits.whyTakesNobody().Detail); news {
		return []Effect{unable}, nil
	}
	return nil, nil
}

// revive continues the deals that a crash interrupted, at the first Step.
func (c *Core) revive() {
	deals := c.ledger.revived
	c.ledger.revived = nil
	for _, d := range deals {
		d.began = c.now
		switch d.state {
		case Offered:
			c.ledger.end(d, Expired, Refusal{CodeRestarted, "the agent of the target was restarted"})
		case Armed, Checking:
			if d.side == SourceSide {
				c.sources.reviveMove(d)
				continue
			}
			// The guest may have been admitted before the crash.
			d.durable, d.tgt.admitted, d.tgt.unseen = true, true, c.now
			c.ledger.announce(d, Armed, Refusal{CodeRestarted, "the agent of the target was restarted"})
			c.targets.askSource(d)
		case Intended:
			d.src.orphan, d.lookFrom = true, c.load.looks
			d.reason = Refusal{CodeRestarted, "the agent of the source was restarted before the move"}
			c.emit(Observe{})
		case Moving:
			c.sources.reviveMove(d)
		}
	}
}

func (s *sources) reviveMove(d *deal) {
	d.src.moved, d.src.orphan, d.src.restarted = true, true, true
	d.src.moveErr = Refusal{CodeRestarted, "the agent of the source was restarted during the move"}
	s.check(d, d.src.moveErr)
	// The migration may still be in flight until its deadline.
	d.expires = s.after(s.config.moveDeadline(d.need) + s.config.SettleMax)
}

// countCrash subtracts the time that a migration had before the crash, once a look
// brings the time. Half of the time for looking always remains: after a long absence of
// the agent, or if the clock was set forward, the migration may be about to end.
func (s *sources) countCrash() {
	if s.wall.IsZero() {
		return
	}
	for _, d := range s.book.deals {
		if !d.src.orphan || d.src.written.IsZero() {
			continue
		}
		most := max(0, s.config.moveDeadline(d.need)-s.config.SettleMax/2)
		spent := min(max(0, s.wall.Sub(d.src.written)), most)
		d.expires, d.src.written = d.expires-lcc.Instant(spent), time.Time{}
	}
}
