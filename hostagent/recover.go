package hostagent

import (
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// record is a deal in the journal: as it stood when the record was written. The
// last record of a deal counts.
type record struct {
	Deal     DealID    `cbor:"1,keyasint"`
	Side     Side      `cbor:"2,keyasint"`
	State    DealState `cbor:"3,keyasint"`
	Guest    GuestID   `cbor:"4,keyasint"`
	Name     string    `cbor:"5,keyasint,omitempty"`
	Source   HostID    `cbor:"6,keyasint"`
	Target   HostID    `cbor:"7,keyasint"`
	Token    string    `cbor:"8,keyasint"`
	CPU      float64   `cbor:"9,keyasint"`
	Memory   int64     `cbor:"10,keyasint"`
	Endpoint string    `cbor:"11,keyasint,omitempty"`
	Reason   string    `cbor:"12,keyasint,omitempty"`
}

func encodeRecord(d *deal) []byte {
	data, err := writer.Marshal(record{
		Deal: d.id, Side: d.side, State: d.state, Guest: d.guest, Name: d.name,
		Source: d.source, Target: d.target, Token: d.token, CPU: d.need.CPU, Memory: d.need.MemoryBytes,
		Endpoint: d.endpoint, Reason: d.reason,
	})
	if err != nil {
		panic(err) // a struct of texts and numbers
	}
	return data
}

// Recover hands in the records of the journal, oldest first, before the first
// Step. What they say is only where to look: a deal that may have moved a
// guest is settled by what both platforms show.
//
//	last record       what is done
//	target, offered   it expires: the source was not heard, the token is spent
//	target, armed     the hold stands; the platform and the source are asked
//	source, intended  no move was begun: it is given up, the target is told
//	source, moving    where the guest is is looked at, here and there
//	an end            it is remembered
func (c *Core) Recover(records [][]byte) ([]Effect, error) {
	c.out = nil
	var order []DealID
	last := map[DealID]record{}
	for i, data := range records {
		var r record
		if err := cbor.Unmarshal(data, &r); err != nil {
			return nil, fmt.Errorf("hostagent: record %d of the journal cannot be read (was it written by a newer version?): %w", i+1, err)
		}
		if _, known := last[r.Deal]; !known {
			order = append(order, r.Deal)
		}
		last[r.Deal] = r
	}
	for _, id := range order {
		c.recoverDeal(last[id])
	}
	c.setAlarm()
	return c.out, nil
}

func (c *Core) recoverDeal(r record) {
	d := &deal{
		id: r.Deal, side: r.Side, state: r.State, guest: r.Guest, name: r.Name, source: r.Source, target: r.Target,
		token: r.Token, need: Resources{r.CPU, r.Memory}, endpoint: r.Endpoint, reason: r.Reason,
	}
	switch r.State {
	case Offered:
		c.deals[d.id] = d
		c.end(d, Expired, "the agent of the target was started anew")
	case Armed:
		c.deals[d.id] = d
		d.durable = true
		d.expires = c.after(c.config.ArmedTTL)
		c.later(d, c.config.RetryEvery)
	case Intended:
		c.deals[d.id] = d
		c.abandon(d, "the agent of the source was started anew before the move")
	case Moving, Checking:
		c.deals[d.id] = d
		d.moved, d.orphan = true, true
		d.moveErr = "the agent of the source was started anew during the move"
		d.expires = c.after(c.config.moveDeadline(d.need.MemoryBytes))
		c.check(d, d.moveErr)
	default:
		c.ended = append(c.ended, d)
		if len(c.ended) > endedMax {
			c.ended = c.ended[1:]
		}
	}
}
