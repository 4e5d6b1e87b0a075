package main

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"time"

	"parley/models"
	"parley/models/publish/bundle"
)

// publisher signs the releases of the site with one key.
type publisher struct {
	key     bundle.Private
	first   bundle.Anchor // pinned by the agents
	at      bundle.Anchor
	roster  bundle.Roster
	all     []bundle.Signed
	objects map[bundle.Digest][]byte
}

func newPublisher(name string) (*publisher, error) {
	key, err := bundle.NewPrivate(rand.Reader)
	if err != nil {
		return nil, err
	}
	root := bundle.Root{Version: 1, Threshold: 1, Keys: []bundle.Key{{Name: "operator", Public: key.Public()}}}
	anchor := bundle.Anchor{Publisher: name, Root: root}
	return &publisher{key: key, first: anchor, at: anchor, objects: map[bundle.Digest][]byte{}}, nil
}

func (p *publisher) object(data []byte) bundle.Ref {
	ref := bundle.RefOf(data)
	p.objects[ref.Digest] = data
	return ref
}

// policyName is the name of the site's only policy.
const policyName = "balance"

// policy is one of two models, each padded with comments to a number of bytes. Editions
// differ in content but not in behaviour.
func (p *publisher) policy(edition, bytes int) (bundle.Policy, error) {
	policy := bundle.Policy{Name: policyName}
	for _, name := range []string{"agility", "evacuate"} {
		text, ok := models.Text(name)
		if !ok {
			return bundle.Policy{}, fmt.Errorf("there is no shipped model %s", name)
		}
		ref := p.object(filled(text, edition, bytes))
		policy.Files = append(policy.Files, bundle.Entry{Path: name + ".lcc", Size: ref.Size, Digest: ref.Digest})
	}
	return policy, nil
}

// filled appends incompressible comments to a text.
func filled(text []byte, edition, bytes int) []byte {
	text = fmt.Appendf(text[:len(text):len(text)], "%% edition %d\n", edition)
	for line := 0; len(text) < bytes; line++ {
		text = fmt.Appendf(text, "%% %x\n", sha256.Sum256(fmt.Append(nil, edition, line)))
	}
	return text
}

// release signs the next release, and returns the archive for an agent.
func (p *publisher) release(policy bundle.Policy) ([]byte, error) {
	now := time.Now()
	s, err := bundle.Release{
		Format: bundle.Format, Publisher: p.at.Publisher, Version: p.at.Version + 1, Previous: p.at.Digest,
		Created: now.Unix(), Expires: now.Add(24 * time.Hour).Unix(),
		Roster: p.object(p.roster.Sorted().Encode()), Policies: []bundle.Policy{policy},
	}.Draft()
	if err != nil {
		return nil, err
	}
	s = s.Sign(p.key)
	if _, p.at, err = p.at.Next(s); err != nil {
		return nil, err
	}
	p.all = append(p.all, s)
	return bundle.Archive{Releases: p.all, Objects: p.objects}.Pack()
}
