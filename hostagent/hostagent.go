package hostagent

import (
	"errors"

	"parley/lcc"
)

// Core is the core of one host agent. It is not safe for concurrent use: one
// goroutine owns it.
type Core struct {
	self   HostID
	config Config
}

// Options say who the host is. Seed is the only source of chance: it makes the
// deals' ids and tokens, so it must be secret in production.
type Options struct {
	Self   HostID
	Seed   [32]byte
	Config Config
}

// New returns a host that has seen nothing yet. The error names the option
// that makes no sense.
func New(o Options) (*Core, error) {
	if o.Self == "" {
		return nil, errors.New("hostagent: Options.Self is empty: give the host's id")
	}
	config, err := o.Config.withDefaults()
	return &Core{self: o.Self, config: config}, err
}

// Step hands in one event.
func (c *Core) Step(now lcc.Instant, ev Event) ([]Effect, error) { return nil, nil }

// Recover hands in the journal's records, oldest first, before the first Step.
func (c *Core) Recover(records [][]byte) ([]Effect, error) { return nil, nil }

// Ask answers a question of the vocabulary.
func (c *Core) Ask(goal lcc.Term) (lcc.Answer, bool) { return lcc.Answer{}, false }
