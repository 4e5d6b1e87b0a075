package follow

import (
	"errors"
	"fmt"
	"time"

	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
)

// step passes an event to a follower and carries out the effects.
func (d *Driver) step(f *followed, ev chain.Event) error {
	effects, err := f.follower.Step(time.Now(), ev)
	if err != nil {
		return fmt.Errorf("this is a bug of Parley, please report it: the chain of %s, event %T: %w", f.name, ev, err)
	}
	for _, effect := range effects {
		d.carryOut(f, effect)
	}
	d.stand(f)
	f.answerWaiters()
	return nil
}

func (d *Driver) carryOut(f *followed, effect chain.Effect) {
	switch e := effect.(type) {
	case chain.Pull:
		d.pull(f.name, e)
	case chain.Fetch:
		d.fetch(f.name, e)
	case chain.Objects:
		if err := d.store.putObject(e.Digest, e.Data); err != nil {
			// The Keep that follows fails too when the disk is full.
			d.log.Error("an object of a publisher was not kept", "event", "object_not_kept", "publisher", f.name, "error", err)
		}
	case chain.Keep:
		kept := chain.Kept{}
		if err := d.keep(f.name, e); err != nil {
			kept.Err = err.Error()
			d.log.Error("the state of a publisher cannot be saved: nothing is switched", "event", "publisher_state_not_kept",
				"publisher", f.name, "error", err)
		}
		d.post(f.name, kept)
	case chain.Roster:
		d.sweep()
		d.o.Daemon.Listed(f.name, e.Roster)
	case chain.Check:
		d.post(f.name, chain.Checked{Policy: e.Policy.Name, Digest: e.Policy.Digest(), Err: d.o.Daemon.Check(f.name, e.Text)})
	case chain.Switch:
		d.o.Daemon.Switch(f.name, e.Policies, func(err error) {
			switched := chain.Switched{}
			if err != nil {
				switched.Err = err.Error()
			}
			d.post(f.name, switched)
		})
	case chain.Hold:
		d.o.Daemon.Hold(f.name, e.Why)
	case chain.Spread:
		if err := d.o.Network.Notify(e.Notice.Encode()); err != nil {
			d.log.Warn("a notice of a publisher was not spread; others ask for it by themselves", "event", "notice_not_spread", "publisher", f.name,
				"error", err)
		}
	case chain.Refused:
		f.refuseWaiters(e)
		d.o.Daemon.Refused(f.name, lcc.PeerID(e.From), e.Code, e.Detail, e.Version)
	case chain.Blame:
		if e.From != "" {
			d.o.Network.Blame(lcc.PeerID(e.From), string(e.Code))
		}
	case chain.Note:
		d.o.Daemon.Note(f.name, e.Kind, e.Text)
	case chain.Alarm:
		f.alarm = e.At
	}
}

// keep writes the release first, so that a state never names a missing release.
func (d *Driver) keep(publisher string, e chain.Keep) error {
	if e.Release != nil {
		if err := d.store.putRelease(publisher, e.Version, e.Release.Encode()); err != nil {
			return err
		}
	}
	return d.store.putState(publisher, e.State)
}

// sweep deletes objects that no chain needs any more, such as former rosters, which are
// large.
func (d *Driver) sweep() {
	if !d.begun {
		return
	}
	named := map[bundle.Digest]bool{}
	for _, f := range d.chains {
		for _, digest := range f.follower.Named() {
			named[digest] = true
		}
	}
	if err := d.store.sweep(named); err != nil {
		d.log.Warn("old objects of publishers stay on the disk", "event", "objects_not_removed", "error", err)
	}
}

// errAnswer is the error for an answer that does not fit the question.
var errAnswer = errors.New("the answer is not one to the question")
