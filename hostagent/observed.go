package hostagent

// This file handles a look at the platform, part by part: it stores what was measured,
// expires old entries, and advances the deals by what was seen.

func (c *Core) observed(ev Observed) {
	c.load.seen, c.load.lookErr, c.wall = true, "", ev.Wall
	c.load.looks++
	c.past.recollection.look(c.now, ev.Wall)
	c.past.recall()
	c.outcomes.resume()
	c.sources.countCrash()
	c.load.platform = ev.Observation
	c.load.trackAll(ev.Observation.Guests, c.book.comingUse)
	c.past.watchForeignMoves()
	c.past.forgetMoves()
	c.past.returning.pass(c.now, c.load.isHere)
	c.past.forgetUnrest()
	c.room.expireUndealt()
	c.past.expireAvoided()
	c.past.foreignMoves.pass(c.now, c.config)
	c.recommended.pass()
	c.load.measureOther(ev.Machine)
	c.load.crowd()
	c.load.noteCrowd()
	c.load.pressure = ev.Pressure
	c.load.foresee()
	c.permits.keepHours(c.operator)
	c.afterLook()
	c.outcomes.looked()
	c.answers.keepSample()
}

func (c *Core) unobserved(ev Unobserved) {
	changed := c.load.seen
	c.load.seen, c.load.lookErr = false, ev.Err
	c.load.looks++
	c.load.levels.forget()
	if c.recommended.levels != nil {
		c.recommended.levels.forget()
	}
	c.answers.steady = 0 // the next successful look changes every answer
	if changed {
		c.emit(Changed{Names: loadNames()})
	}
}
