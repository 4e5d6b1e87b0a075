package service

import (
	"fmt"
	"strings"

	"parley/hostagent/config"
	"parley/hostagent/enact"
	"parley/peer"
)

// acceptance is what this host accepts of each publisher; any goroutine may read it.
type acceptance struct {
	names      []string // the home publisher first
	publishers map[string]config.Publisher
}

func (a *acceptance) publisher(name string) config.Publisher { return a.publishers[name] }

// terms returns the terms under which this host accepts a publisher's policies.
func (a *acceptance) terms(name string) enact.Terms {
	p := a.publishers[name]
	return enact.Terms{Models: p.Models, RefuseRoles: p.RefuseRoles}
}

func (p *publishers) acceptance() *acceptance { return p.accepted.Load() }

func newAcceptance(names []string, list []config.Publisher) *acceptance {
	a := &acceptance{names, map[string]config.Publisher{}}
	for i, name := range names {
		a.publishers[name] = list[i]
	}
	return a
}

// outsiders lists the hosts of other owners, each with the models that this host
// accepts from its owner: such a host may use no others here.
func (p *publishers) outsiders(m *members, enacted []enact.Model) (list []peer.Outsider) {
	shares := map[string]peer.Outsider{} // by publisher, without a host
	for _, one := range m.list {
		if one.publisher == "" || one.publisher == p.acceptance().names[0] {
			continue
		}
		o, known := shares[one.publisher]
		if !known {
			o = p.share(one.publisher, enacted)
			shares[one.publisher] = o
		}
		o.Peer = one.id
		list = append(list, o)
	}
	return list
}

// share returns what the hosts of another owner may use here.
func (p *publishers) share(publisher string, enacted []enact.Model) (o peer.Outsider) {
	terms := p.acceptance().terms(publisher)
	models := "the models that it enacts"
	if len(terms.Models) > 0 {
		models = strings.Join(terms.Models, ", ")
	}
	o.Why = fmt.Sprintf("this host takes part with hosts of %s in %s only", publisher, models)
	for _, e := range enacted {
		if terms.Accepts(e.Name()) {
			o.Models = append(o.Models, e.Digest())
		}
	}
	return o
}
