package follow

import (
	"fmt"

	"parley/models/publish/bundle"
)

// This file returns published policies with their texts, so that a person can review a
// policy before this host accepts it.

// Text is a policy of the release in force here, with those of its files that are on
// disk.
type Text struct {
	Publisher string
	Version   uint64
	Policy    bundle.Policy
	Files     map[string][]byte // by path
}

// Texts returns the policies with a name, of all publishers that are followed.
func (d *Driver) Texts(name string) (list []Text, err error) {
	for _, f := range d.chains {
		at, ok := d.standOf(f.name)
		if !ok || at.anchor.Version == 0 {
			continue
		}
		data, err := d.store.getRelease(f.name, at.anchor.Version)
		if err != nil || data == nil {
			continue // the anchor is at a release that this host has never seen
		}
		s, err := bundle.DecodeSigned(data)
		if err != nil {
			return nil, fmt.Errorf("release %d of %s on this disk: %w", at.anchor.Version, f.name, err)
		}
		r, err := s.Release()
		if err != nil {
			return nil, fmt.Errorf("release %d of %s on this disk: %w", at.anchor.Version, f.name, err)
		}
		for _, p := range r.Policies {
			if p.Name == name {
				list = append(list, Text{f.name, r.Version, p, d.files(p)})
			}
		}
	}
	return list, nil
}

func (d *Driver) files(p bundle.Policy) map[string][]byte {
	files := map[string][]byte{}
	for _, f := range p.Files {
		if data, ok := d.store.object(f.Digest); ok {
			files[f.Path] = data
		}
	}
	return files
}
