package handover

import (
	"context"
	"errors"
	"io"
	"time"

	"parley/hostagent"
)

// MoveID names one attempt to move a guest. The source makes it; no two attempts have the
// same.
type MoveID string

// Move is one attempt to move a guest. After a restart of the agent only ID, Guest and
// Other are known.
type Move struct {
	ID    MoveID
	Guest hostagent.GuestID
	Other hostagent.HostID // the host at the other end
	// As in hostagent.Migration; only the source knows them. The mover itself keeps
	// BandwidthMax.
	DowntimeMax  time.Duration
	BandwidthMax int64
	Force        bool
}

// Description is what the target learns of a guest before any of it is sent.
type Description struct {
	Name string
	// Declared is the maximum that the guest may use. The target's agent holds it
	// against what is reserved, and its mover bounds by it what it takes.
	Declared hostagent.Resources
	// MemoryMaxBytes, Networks, Files, Needs, Rules and MovedAt are those of hostagent.Guest.
	// MovedAt is that of the migration, where it has one.
	MemoryMaxBytes int64
	Networks       []string
	Files          []string
	Needs          []string
	Rules          hostagent.Rules
	MovedAt        time.Time
	// Manifest is what the platform at the target needs to prepare for the guest, in the
	// platform's own form; at most ManifestMost bytes. It comes from another host: the
	// target's platform checks it.
	Manifest []byte
}

// ManifestMost bounds a manifest.
const ManifestMost = 256 << 10

// Platform is what a mover needs of a platform. Its methods are called for several guests
// at one time, and for one guest one after the other: a method is called only after the
// one before has returned. When its context ends, a method returns soon, and whatever it
// has done is undone by a later Resume or Discard.
type Platform interface {
	Source
	Target
}

// Source is what a platform does with a guest that leaves.
type Source interface {
	// Describe says what the guest is. It fails if the guest does not run here or cannot
	// be moved.
	Describe(ctx context.Context, m Move) (Description, error)
	// Copy sends what the guest has while it runs; rounds count from 1. It says whether
	// another round would make the last difference smaller; the mover makes at most
	// RoundsMost.
	Copy(ctx context.Context, m Move, round int, to Out) (again bool, err error)
	// Freeze stops the guest and sends what is left. Once it has returned nil the guest
	// does not run, and does not start by itself, not even after a restart of the machine.
	Freeze(ctx context.Context, m Move, to Out) error
	// Resume lets the guest run on here, and removes what the move has left of itself.
	// It is called whenever a move fails after Describe, whatever was done until then:
	// also for a guest that was never frozen, again after an error, and again after a
	// restart of the agent.
	Resume(ctx context.Context, m Move) error
	// Leave removes the guest from here: it runs at the other host. It is called again
	// after an error, and again after a restart of the agent.
	Leave(ctx context.Context, m Move) error
}

// Target is what a platform does with a guest that arrives.
type Target interface {
	// Has says whether the guest is here, whatever its state, other than by a move that
	// the mover knows to be in flight.
	Has(ctx context.Context, guest hostagent.GuestID) (bool, error)
	// Prepare makes ready what the guest needs. The agent has admitted the guest.
	Prepare(ctx context.Context, m Move, d Description) error
	// Receive takes what the source's Copy of the same round sends, or, with last, what
	// Freeze sends. Parts that it does not read are dropped.
	Receive(ctx context.Context, m Move, round int, last bool, from In) error
	// Restore has the guest ready and does not run it.
	Restore(ctx context.Context, m Move) error
	// Activate runs the guest here, and returns once it runs. It is called again after
	// an error, and again after a restart of the agent, also when the guest runs already.
	// An error that wraps ErrNeverRan says that the guest has not run here since
	// Restore, not for a moment, and never will: then it runs on at the source. After
	// any other error Activate is called again.
	Activate(ctx context.Context, m Move) error
	// Discard removes what is here of a guest that does not come. It is never called
	// after Activate, unless that wrapped ErrNeverRan; it is called again after an error,
	// and again after a restart of the agent, also when nothing is left.
	Discard(ctx context.Context, m Move) error
}

// ErrNeverRan is wrapped in the error of an Activate that has failed for good before the
// guest ran.
var ErrNeverRan = errors.New("the guest has not run here and never will")

// RoundsMost bounds the rounds of a copy.
const RoundsMost = 64

// Out is the source's end of one round. Each part has a name that says what it is, such as
// "volume/0". One part is open at a time: opening one closes the one before.
type Out interface {
	Part(name string) (Part, error)
	// Stopped says since when the guest stands still. A Freeze whose guest works on after
	// it was asked to stop calls it; without, the guest stands still since the call of Freeze.
	Stopped(since time.Time)
}

// In is the target's end of one round.
type In interface {
	// Next returns the parts in their order, and io.EOF after the last. It drops what
	// is left of the part before.
	Next() (name string, part Part, err error)
}

// Part is a stream of bytes in both directions. Read returns io.EOF once the other end has
// called CloseWrite, or has gone to the next part. Reads and writes end with an error when
// the context of the method that got the part ends, or the connection.
type Part interface {
	io.Reader
	io.Writer
	CloseWrite() error
}

// NameMost bounds the name of a part.
const NameMost = 4096
