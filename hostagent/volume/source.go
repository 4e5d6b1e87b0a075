//go:build linux

package volume

import (
	"context"
	"io"
	"os"
	"time"
)

// Options are what both sides of a copy must agree on, and the bounds of each.
type Options struct {
	// Devices lets the devices be that each container has, such as null: the tree is the
	// root of a container.
	Devices bool
	// Layer says that the tree is the upper layer of an overlay: files that hide those of the
	// layers below are copied, and what the kernel notes of those layers for itself is not.
	Layer bool
	// EntriesMost bounds the names in the tree: the source keeps about 120 bytes for each
	// of them. Default 1,000,000.
	EntriesMost int
	// BytesMost bounds what the target writes in a round; 0: no bound.
	BytesMost int64
}

const entriesMost = 1_000_000

func (o Options) withDefaults() Options {
	if o.EntriesMost <= 0 {
		o.EntriesMost = entriesMost
	}
	return o
}

// Round is what the source is told of a round.
type Round struct {
	// Frozen says that nothing changes the tree during the round: the trees are the same
	// afterwards.
	Frozen bool
	// Mapped are the files that are mapped for writing, as of just before the round. Only
	// the first change of a page through a mapping shows in the times of its file, so
	// they are looked at in each round from now on. They are named by inode: the kernel
	// names their devices otherwise in its list of mappings.
	Mapped map[uint64]bool
}

// Sent is what a round has sent.
type Sent struct {
	Names   int   // that the tree has
	Changed int   // items of the target's work
	Bytes   int64 // in both directions' frames, from here
	Data    int64 // of files
	Unsure  int   // names that the next round looks at whatever their times say
}

// Source is the side that has the tree. It is for one goroutine.
type Source struct {
	root   *os.File
	opts   Options
	known  map[pathKey]known
	round  uint32
	mapped map[uint64]bool // inodes, in any round
}

// Open opens a tree to be copied. Close closes it.
func Open(dir string, opts Options) (*Source, error) {
	root, err := openRoot(dir)
	if err != nil {
		return nil, err
	}
	return &Source{root: root, opts: opts.withDefaults(), known: map[pathKey]known{}, mapped: map[uint64]bool{}}, nil
}

// Close ends the use of the tree.
func (s *Source) Close() error { return s.root.Close() }

// Send sends a round to the target's Receive. After an error the next round, with any
// target, looks at everything.
func (s *Source) Send(ctx context.Context, conn io.ReadWriter, how Round) (Sent, error) {
	s.round++
	for id := range how.Mapped {
		s.mapped[id] = true
	}
	w := &walk{Source: s, ctx: ctx, conn: channel{in: conn, out: conn}, began: time.Now(), links: map[uint64]seen{}, frozen: how.Frozen}
	defer w.forget()
	if err := w.all(); err != nil {
		s.known = map[pathKey]known{}
		return w.report, err
	}
	for key, k := range s.known {
		if k.round != s.round {
			delete(s.known, key)
		} else if k.unsure {
			w.report.Unsure++
		}
	}
	w.report.Bytes = w.conn.sent
	return w.report, nil
}
