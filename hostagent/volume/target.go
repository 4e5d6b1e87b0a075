//go:build linux

package volume

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"

	"golang.org/x/sys/unix"
)

// Received is what a round has brought.
type Received struct {
	Items int64
	Data  int64 // of files
}

// Receive serves one round of a source, whose Send it answers, in a directory. After an
// error the tree is neither that of before nor the source's.
func Receive(ctx context.Context, dir string, conn io.ReadWriter, opts Options) (got Received, err error) {
	root, err := openRoot(dir)
	if err != nil {
		return got, err
	}
	defer root.Close()
	t := &target{ctx: ctx, root: root, conn: channel{in: conn, out: conn}, opts: opts.withDefaults()}
	defer t.forget()
	if err := t.round(); err != nil {
		t.complain(err)
		return t.got, err
	}
	return t.got, nil
}

// complain says why the round ends, once the source listens.
func (t *target) complain(why error) {
	for range blocksMost * (blockBytes/page + 1) { // blocks that were on their way
		if t.conn.broken {
			return
		}
		if t.conn.waits {
			_ = t.conn.send(frame{Fault: why.Error()}) // or the source sees that nothing comes
			return
		}
		_, _ = t.conn.receive() // broken says what matters of it
	}
}

// Sync returns once a tree is on the disk.
func Sync(dir string) error {
	root, err := openRoot(dir)
	if err != nil {
		return err
	}
	return errors.Join(unix.Syncfs(int(root.Fd())), root.Close())
}

// target is one round of a target.
type target struct {
	ctx   context.Context
	root  *os.File
	conn  channel
	opts  Options
	batch arriving
	got   Received
}

func (t *target) round() error {
	f, err := t.conn.receive()
	if err != nil {
		return err
	}
	if f.Hello == nil || f.Hello.Version != version {
		return errors.New("the source speaks another version of the copy: run the same version of Parley on both hosts")
	}
	for {
		if err := t.ctx.Err(); err != nil {
			return err
		}
		f, err := t.conn.receive()
		switch {
		case err != nil:
			return err
		case f.End != nil && f.End.Items == t.got.Items:
			return t.conn.send(frame{End: &end{Items: t.got.Items}})
		case len(f.Items) > 0:
			if err := t.take(f.Items); err != nil {
				return err
			}
		default:
			return errors.New("the source has sent what does not belong here")
		}
	}
}

// take does the items of a batch, and takes their blocks.
func (t *target) take(items []item) error {
	defer t.forget()
	if len(items) > itemsMost {
		return fmt.Errorf("a batch of %d items, and %d are the most", len(items), itemsMost)
	}
	if t.got.Items += int64(len(items)); t.got.Items > 4*int64(t.opts.EntriesMost)+(1<<20) {
		return errors.New("the volume has more names than are allowed")
	}
	t.batch = arriving{items: items, files: make([]*os.File, len(items))}
	for n, it := range items {
		if err := t.begin(n, it); err != nil {
			return fmt.Errorf("%q: %w", it.Path, err)
		}
	}
	if err := t.conn.send(frame{Have: t.batch.have}); err != nil {
		return err
	}
	if err := t.blocks(); err != nil {
		return err
	}
	for _, it := range items {
		if err := t.finish(it); err != nil {
			return fmt.Errorf("%q: %w", it.Path, err)
		}
	}
	return nil
}

// begin does what an item says before the content of files comes.
func (t *target) begin(number int, it item) error {
	name, err := it.path()
	if err != nil {
		return err
	}
	if name == "." && it.Verb != enterDirectory && it.Verb != leaveDirectory && it.Verb != keepNames {
		return errors.New("the root of the volume is a directory")
	}
	if it.Verb == keepNames {
		return t.keep(name, it)
	}
	return t.at(name, func(p place) error {
		switch it.Verb {
		case enterDirectory:
			return makeDirectory(p)
		case leaveDirectory:
			return nil // at the end of the batch
		case makeFile:
			return t.file(number, p, it)
		case makeLink:
			return t.link(p, it)
		case makeNode:
			return t.node(p, it)
		}
		return errors.New("an unknown verb")
	})
}

// finish gives files and directories what changes with their content.
func (t *target) finish(it item) error {
	last := it.Verb == makeFile && it.Segment+it.SegmentBytes >= it.Size
	if it.Verb != leaveDirectory && !last {
		return nil
	}
	want := uint32(unix.S_IFREG)
	if it.Verb == leaveDirectory {
		want = unix.S_IFDIR
	}
	if it.Meta.Mode&unix.S_IFMT != want {
		return errors.New("attributes of another type of file")
	}
	return t.at(string(it.Path), func(p place) error { return t.opts.write(p, it.Meta) })
}

// at calls a function with the place of a path.
func (t *target) at(name string, do func(place) error) error {
	if name == "." {
		return do(place{int(t.root.Fd()), "."})
	}
	dir, err := openat2(int(t.root.Fd()), path.Dir(name), unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return fmt.Errorf("its directory: %w", err)
	}
	return errors.Join(do(place{dir, path.Base(name)}), unix.Close(dir))
}

// makeDirectory makes a directory in which names can be made.
func makeDirectory(p place) error {
	st, err := p.stat()
	if err == nil && st.Mode&unix.S_IFMT != unix.S_IFDIR {
		if err := unix.Unlinkat(p.dir, p.name, 0); err != nil {
			return err
		}
		err = unix.ENOENT
	}
	switch {
	case errors.Is(err, unix.ENOENT):
		return unix.Mkdirat(p.dir, p.name, 0o700)
	case err != nil:
		return err
	case st.Mode&0o700 != 0o700:
		return unix.Fchmodat(p.dir, p.name, st.Mode&07777|0o700, 0)
	}
	return nil
}

// clearPlace removes what is at a place, unless stays says that it may stay.
func clearPlace(p place, stays func(unix.Stat_t) bool) error {
	st, err := p.stat()
	switch {
	case errors.Is(err, unix.ENOENT):
		return nil
	case err != nil:
		return err
	case stays != nil && stays(st):
		return nil
	}
	return removeAll(p, st)
}

// removeAll removes a name, and all below it if it is a directory of this file system.
func removeAll(p place, st unix.Stat_t) error {
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		return unix.Unlinkat(p.dir, p.name, 0)
	}
	if st.Mode&0o700 != 0o700 {
		if err := unix.Fchmodat(p.dir, p.name, 0o700, 0); err != nil {
			return err
		}
	}
	fd, err := openat2(p.dir, p.name, unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return err
	}
	file := os.NewFile(uintptr(fd), p.name)
	defer file.Close()
	names, err := file.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := clearPlace(place{fd, name}, nil); err != nil {
			return err
		}
	}
	return unix.Unlinkat(p.dir, p.name, unix.AT_REMOVEDIR)
}

// keep removes the names of a directory that the source has not.
func (t *target) keep(name string, it item) error {
	for n, child := range it.Names {
		if err := checkName(string(child)); err != nil {
			return err
		}
		before := it.After
		if n > 0 {
			before = it.Names[n-1]
		}
		if bytes.Compare(before, child) >= 0 {
			return errors.New("names in disorder")
		}
	}
	fd, err := openat2(int(t.root.Fd()), name, unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return err
	}
	file := os.NewFile(uintptr(fd), name)
	defer file.Close()
	list, err := file.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, child := range list {
		behind := !it.Last && (len(it.Names) == 0 || bytes.Compare([]byte(child), it.Names[len(it.Names)-1]) > 0)
		_, stays := slices.BinarySearchFunc(it.Names, []byte(child), bytes.Compare)
		if stays || behind || bytes.Compare([]byte(child), it.After) <= 0 {
			continue
		}
		if err := clearPlace(place{fd, child}, nil); err != nil {
			return fmt.Errorf("remove %s: %w", child, err)
		}
	}
	return nil
}

// link makes a further name of a file.
func (t *target) link(p place, it item) error {
	to, err := cleanPath(it.To)
	if err != nil {
		return err
	}
	return t.at(to, func(first place) error {
		st, err := first.stat()
		if err != nil {
			return fmt.Errorf("its other name %s: %w", to, err)
		}
		if st.Mode&unix.S_IFMT == unix.S_IFDIR {
			return errors.New("a further name of a directory")
		}
		if err := clearPlace(p, func(has unix.Stat_t) bool { return has.Ino == st.Ino }); err != nil {
			return err
		}
		err = unix.Linkat(first.dir, first.name, p.dir, p.name, 0)
		if errors.Is(err, unix.EEXIST) {
			return nil // it stayed
		}
		return err
	})
}

// node makes a file without content, unless the same is there.
func (t *target) node(p place, it item) error {
	kind := it.Meta.Mode & unix.S_IFMT
	switch {
	case kind == unix.S_IFLNK && (len(it.To) == 0 || len(it.To) > pathBytes || bytes.IndexByte(it.To, 0) >= 0):
		return errors.New("a malformed symbolic link")
	case kind != unix.S_IFLNK && kind != unix.S_IFIFO && kind != unix.S_IFSOCK && !isDevice(kind):
		return errors.New("an unknown type of file")
	}
	if isDevice(kind) {
		if why := t.opts.whyNoDevice(kind, it.Meta.Device); why != "" {
			return errors.New(why)
		}
	}
	if err := clearPlace(p, func(has unix.Stat_t) bool { return t.same(p, has, it) }); err != nil {
		return err
	}
	var err error
	if kind == unix.S_IFLNK {
		err = unix.Symlinkat(string(it.To), p.dir, p.name)
	} else {
		err = unix.Mknodat(p.dir, p.name, kind|0o600, int(it.Meta.Device))
	}
	if err != nil && !errors.Is(err, unix.EEXIST) {
		return err
	}
	return t.opts.write(p, it.Meta)
}

// same says that a node is already there, and under no other name.
func (t *target) same(p place, has unix.Stat_t, it item) bool {
	if has.Mode&unix.S_IFMT != it.Meta.Mode&unix.S_IFMT || has.Nlink > 1 || isDevice(has.Mode) && has.Rdev != it.Meta.Device {
		return false
	}
	if has.Mode&unix.S_IFMT != unix.S_IFLNK {
		return true
	}
	space := make([]byte, pathBytes+1)
	n, err := unix.Readlinkat(p.dir, p.name, space)
	return err == nil && bytes.Equal(space[:n], it.To)
}
