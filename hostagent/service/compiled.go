package service

import (
	"sync"

	"parley/models/publish/bundle"
)

// compiled keeps the models of policies that were checked until they are enacted: who
// checks a policy has compiled it, and a text of 64 kB takes tens of milliseconds.
// The followers' loop fills it and the daemon's takes from it.
type compiled struct {
	mu   sync.Mutex
	each map[compiledKey]compiledPolicy
}

type compiledKey struct {
	publisher string
	policy    bundle.Digest
}

// compiledPolicy is what came of a policy under what the host accepted then.
type compiledPolicy struct {
	accepted *acceptance
	models   []enacting
}

// compiledMost bounds the policies that are kept. They are taken within moments.
const compiledMost = 16

// put keeps models until they are taken.
func (c *compiled) put(publisher string, policy bundle.Digest, p compiledPolicy) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.each == nil || len(c.each) >= compiledMost {
		c.each = map[compiledKey]compiledPolicy{}
	}
	c.each[compiledKey{publisher, policy}] = p
}

// take returns the models of a policy, unless the host accepts something else by now.
func (c *compiled) take(publisher string, policy bundle.Digest, accepted *acceptance) (models []enacting, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := compiledKey{publisher, policy}
	p, ok := c.each[key]
	delete(c.each, key)
	return p.models, ok && p.accepted == accepted
}

// compile compiles a policy that is to be enacted, or takes what its check has left.
func (s *Service) compile(publisher string, p bundle.Policy, objects map[bundle.Digest][]byte) ([]enacting, error) {
	accepted := s.acceptance()
	if models, ok := s.compiled.take(publisher, p.Digest(), accepted); ok {
		return models, nil
	}
	files, err := filesOf(p, objects)
	if err != nil {
		return nil, err
	}
	return compileSigned(accepted.publisher(publisher), p, files)
}
