//go:build linux

package volume

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// walk is one round of a source.
type walk struct {
	*Source
	ctx    context.Context
	conn   channel
	began  time.Time
	frozen bool
	links  map[uint64]seen
	batch  batch
	space  []byte // a block
	items  int64
	report Sent
}

func (w *walk) all() error {
	if err := w.conn.send(frame{Hello: &hello{Version: version}}); err != nil {
		return err
	}
	dir, err := unix.Openat(int(w.root.Fd()), ".", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	if err := w.directory(dir, place{dir: int(w.root.Fd()), name: "."}, "."); err != nil {
		return err
	}
	if err := w.flush(); err != nil {
		return err
	}
	if err := w.conn.send(frame{End: &end{Items: w.items}}); err != nil {
		return err
	}
	f, err := w.conn.receive()
	if err != nil {
		return err
	}
	if f.End == nil || f.End.Items != w.items {
		return errors.New("the target has not done the whole round")
	}
	return nil
}

// directory looks at an open directory, which it closes, and at all below it.
func (w *walk) directory(fd int, at place, name string) error {
	file := os.NewFile(uintptr(fd), name)
	defer file.Close()
	if err := w.ctx.Err(); err != nil {
		return err
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return err
	}
	changed := w.changed(name, st)
	names, err := w.list(file)
	if err != nil {
		return w.passing(err, name)
	}
	if changed {
		if err := w.enter(name, names); err != nil {
			return err
		}
	}
	for _, child := range names {
		if err := w.entry(place{fd, child}, path.Join(name, child)); err != nil {
			return err
		}
	}
	if !changed {
		return nil
	}
	meta, err := w.opts.read(at, st)
	if err != nil {
		return w.passing(err, name)
	}
	return w.add(item{Verb: leaveDirectory, Path: []byte(name), Meta: meta}, nil)
}

// list returns the names in a directory, sorted.
func (w *walk) list(file *os.File) (names []string, err error) {
	for {
		part, err := file.Readdirnames(4096)
		names = append(names, part...)
		if w.report.Names += len(part); w.report.Names > w.opts.EntriesMost {
			return nil, fmt.Errorf("the volume has more than %d names: a guest with so many cannot be moved", w.opts.EntriesMost)
		}
		if errors.Is(err, io.EOF) {
			slices.Sort(names)
			return names, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// enter says that a directory is there, with these names.
func (w *walk) enter(name string, names []string) error {
	if err := w.add(item{Verb: enterDirectory, Path: []byte(name)}, nil); err != nil {
		return err
	}
	after := []byte{}
	for {
		part := names[:min(len(names), namesMost)]
		names = names[len(part):]
		it := item{Verb: keepNames, Path: []byte(name), After: after, Last: len(names) == 0}
		size := 0
		for n, child := range part {
			if size += len(child) + 3; size > itemsBytes/2 {
				names, part = slices.Concat(part[n:], names), part[:n]
				it.Last = false
				break
			}
			it.Names = append(it.Names, []byte(child))
		}
		if err := w.add(it, nil); err != nil {
			return err
		}
		if it.Last {
			return nil
		}
		after = []byte(part[len(part)-1])
	}
}

// changed notes the state of a path in this round, and says whether the target may have
// another.
func (w *walk) changed(name string, st unix.Stat_t) bool {
	key, now := keyOf(name), stateOf(st)
	before, was := w.known[key]
	mapped := w.mapped[st.Ino]
	w.known[key] = known{state: now, round: w.round, unsure: mapped || !now.settled(w.began)}
	return !was || before.unsure || mapped || before.state != now
}

// fresh says that the target has another file under a path, or none.
func (w *walk) fresh(before known, was bool, st unix.Stat_t) bool {
	return !was || before.inode != st.Ino
}

// entry looks at a name in a directory.
func (w *walk) entry(at place, name string) error {
	if len(name) > pathBytes {
		return fmt.Errorf("%s… has more than %d bytes: give its directories shorter names", name[:200], pathBytes)
	}
	st, err := at.stat()
	if err != nil {
		return w.passing(err, name)
	}
	if st.Mode&unix.S_IFMT == unix.S_IFDIR {
		fd, err := openat2(at.dir, at.name, unix.O_RDONLY|unix.O_DIRECTORY, 0)
		if err != nil {
			return w.passing(err, name)
		}
		return w.directory(fd, at, name)
	}
	if st.Nlink > 1 {
		if first, is := w.links[st.Ino]; is && w.known[keyOf(first.path)].round == w.round {
			return w.link(first, name, st)
		}
		w.links[st.Ino] = seen{stateOf(st), name}
	}
	if st.Mode&unix.S_IFMT == unix.S_IFREG {
		return w.file(at, name)
	}
	if isDevice(st.Mode) {
		if why := w.opts.whyNoDevice(st.Mode, st.Rdev); why != "" {
			return fmt.Errorf("%s: %s", name, why)
		}
	}
	if !w.changed(name, st) {
		return nil
	}
	return w.node(at, name, st)
}

// link says that a name is a further one of a file.
func (w *walk) link(first seen, name string, st unix.Stat_t) error {
	changed := w.changed(name, st)
	if first.state != stateOf(st) { // perhaps another file, with the number of one that is gone
		key := keyOf(name)
		k := w.known[key]
		k.unsure = true
		w.known[key] = k
	}
	if !changed {
		return nil
	}
	return w.add(item{Verb: makeLink, Path: []byte(name), To: []byte(first.path)}, nil)
}

func (w *walk) node(at place, name string, st unix.Stat_t) error {
	meta, err := w.opts.read(at, st)
	if err != nil {
		return w.passing(err, name)
	}
	it := item{Verb: makeNode, Path: []byte(name), Meta: meta}
	if st.Mode&unix.S_IFMT == unix.S_IFLNK {
		space := make([]byte, pathBytes+1)
		n, err := unix.Readlinkat(at.dir, at.name, space)
		if err != nil {
			return w.passing(err, name)
		}
		it.To = space[:n]
	}
	return w.add(it, nil)
}

// file looks at a regular file.
func (w *walk) file(at place, name string) error {
	st, err := at.stat()
	if err != nil {
		return w.passing(err, name)
	}
	before, was := w.known[keyOf(name)]
	if !w.changed(name, st) {
		return nil
	}
	file, err := w.open(at, name)
	if err != nil {
		return w.passing(err, name)
	}
	shared := &openFile{File: file, users: 1}
	defer shared.release()
	if err := unix.Fstat(int(file.Fd()), &st); err != nil {
		return err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG {
		return w.passing(unix.ENOENT, name) // replaced since
	}
	w.changed(name, st)
	meta, err := w.opts.read(at, st)
	if err != nil {
		return w.passing(err, name)
	}
	it := item{Verb: makeFile, Path: []byte(name), Meta: meta, Fresh: w.fresh(before, was, st), Size: st.Size}
	for {
		it.Extents, it.SegmentBytes, err = w.segment(file, it.Segment, it.Size)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := w.add(it, shared); err != nil {
			return err
		}
		it.Fresh = false
		if it.Segment += it.SegmentBytes; it.Segment >= it.Size {
			return nil
		}
	}
}

// segment is the next part of a file for which the batch has room.
func (w *walk) segment(file *os.File, from, size int64) ([]extent, int64, error) {
	room := int64(blocksMost-w.batch.blocks) * blockBytes
	if room <= 0 {
		if err := w.flush(); err != nil {
			return nil, 0, err
		}
		room = blocksMost * blockBytes
	}
	list, upTo, err := dataOf(file, from, min(size, from+room))
	return list, upTo - from, err
}

func (w *walk) open(at place, name string) (*os.File, error) {
	const flags = unix.O_RDONLY | unix.O_NONBLOCK
	fd, err := openat2(at.dir, at.name, flags|unix.O_NOATIME, 0)
	if errors.Is(err, unix.EPERM) { // of another owner
		fd, err = openat2(at.dir, at.name, flags, 0)
	}
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), name), nil
}

// passing is an error about a name: that it has gone is none while the tree is in use.
func (w *walk) passing(err error, name string) error {
	if !w.frozen && (errors.Is(err, unix.ENOENT) || errors.Is(err, unix.ELOOP) || errors.Is(err, unix.ENOTDIR) || errors.Is(err, io.EOF)) {
		delete(w.known, keyOf(name))
		return nil
	}
	if errors.Is(err, unix.EXDEV) {
		return fmt.Errorf("%s is another mount: unmount it, or make it a volume of its own", name)
	}
	return fmt.Errorf("%s: %w", name, err)
}
