package follow

import (
	"context"
	"fmt"
	"time"

	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
)

// askWithin is the timeout of one question to another host.
const askWithin = 10 * time.Second

// pull requests releases.
func (d *Driver) pull(publisher string, e chain.Pull) {
	d.asking.Go(func() {
		pulled := chain.Pulled{From: e.From}
		answer, err := d.ask(e.From, bundle.Request{Releases: &bundle.ReleasesAfter{Publisher: publisher, Version: e.After}})
		for _, data := range answer.Releases {
			s, bad := bundle.DecodeSigned(data)
			if bad != nil {
				d.o.Network.Blame(lcc.PeerID(e.From), string(bundle.CodeOf(bad)))
				err = bad
				break // the releases before it count all the same
			}
			pulled.Releases = append(pulled.Releases, s)
		}
		if err != nil {
			pulled.Err = err.Error()
		}
		d.post(publisher, pulled)
	})
}

// fetch requests an object, unless it is on disk already.
func (d *Driver) fetch(publisher string, e chain.Fetch) {
	d.asking.Go(func() {
		fetched := chain.Fetched{From: e.From, Digest: e.Ref.Digest}
		var err error
		if data, ok := d.store.object(e.Ref.Digest); ok {
			fetched.Data = data
		} else if fetched.Data, err = d.parts(e.From, e.Ref); err != nil {
			fetched.Err = err.Error()
		}
		d.post(publisher, fetched)
	})
}

// parts requests an object part by part. The result has the announced length or is
// shorter; the follower checks its digest.
func (d *Driver) parts(from string, ref bundle.Ref) (data []byte, err error) {
	for int64(len(data)) < ref.Size {
		answer, err := d.ask(from, bundle.Request{Object: &bundle.ObjectPart{Digest: ref.Digest, Offset: int64(len(data))}})
		if err != nil {
			return nil, err
		}
		if len(answer.Part) == 0 || int64(len(data)+len(answer.Part)) > ref.Size {
			return nil, fmt.Errorf("object %s: %w", ref.Digest.Short(), errAnswer)
		}
		data = append(data, answer.Part...)
	}
	return data, nil
}

func (d *Driver) ask(from string, r bundle.Request) (bundle.Answer, error) {
	ctx, cancel := context.WithTimeout(d.ctx, askWithin)
	defer cancel()
	data, err := d.o.Network.Ask(ctx, lcc.PeerID(from), r.Encode())
	if err != nil {
		return bundle.Answer{}, err
	}
	answer, err := bundle.DecodeAnswer(data)
	if err != nil {
		d.o.Network.Blame(lcc.PeerID(from), string(bundle.CodeOf(err)))
	}
	return answer, err
}
