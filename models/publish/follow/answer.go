package follow

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/lcc"
	"parley/models/publish/bundle"
)

// Answer answers a question of another host. An error is sent to that host.
func (d *Driver) Answer(ctx context.Context, from lcc.PeerID, request []byte) ([]byte, error) {
	r, err := bundle.DecodeRequest(request)
	if err != nil {
		d.o.Network.Blame(from, string(bundle.CodeOf(err)))
		return nil, err
	}
	var answer bundle.Answer
	switch {
	case r.Releases != nil:
		answer.Releases, err = d.releases(*r.Releases)
	case r.Object != nil:
		answer.Part, err = d.part(*r.Object)
	case r.Status:
		answer.Status, err = d.statusJSON(ctx)
	}
	if err != nil {
		return nil, err
	}
	return answer.Encode(), nil
}

// releases returns the releases after a version, as many as fit into an answer.
func (d *Driver) releases(r bundle.ReleasesAfter) (list [][]byte, err error) {
	at, ok := d.standOf(r.Publisher)
	if !ok {
		return nil, fmt.Errorf("this host does not follow %q", r.Publisher)
	}
	size := 0
	for version := r.Version + 1; version <= at.anchor.Version && version > r.Version && len(list) < bundle.ReleasesMost; version++ {
		data, err := d.store.getRelease(r.Publisher, version)
		if err != nil {
			return nil, err
		}
		if data == nil {
			break // before this host's anchor: other hosts have it
		}
		if size += len(data); size > bundle.AnswerBytes-bundle.SignedBytes {
			break
		}
		list = append(list, data)
	}
	return list, nil
}

func (d *Driver) part(r bundle.ObjectPart) ([]byte, error) {
	data, ok := d.store.object(r.Digest)
	if !ok || r.Offset < 0 || r.Offset >= int64(len(data)) && len(data) > 0 {
		return nil, fmt.Errorf("this host has no object %s with a byte %d", r.Digest.Short(), r.Offset)
	}
	return data[r.Offset:min(int64(len(data)), r.Offset+bundle.PartBytes)], nil
}

func (d *Driver) statusJSON(ctx context.Context) ([]byte, error) {
	list, err := d.Status(ctx)
	if err != nil {
		return nil, err
	}
	return json.Marshal(list)
}
