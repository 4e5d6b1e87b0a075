//go:build linux

package volume

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// arriving is a batch of which the content comes.
type arriving struct {
	items []item
	files []*os.File // of each item that is a file
	have  []have
	bytes int // that the hashes take
}

// forget closes what is open.
func (t *target) forget() {
	for _, f := range t.batch.files {
		if f != nil {
			_ = f.Close() // an error of a write was seen at the write
		}
	}
	t.batch = arriving{}
}

// file makes a file of its size, with the holes of its segment, and notes what it has.
func (t *target) file(number int, p place, it item) error {
	if err := it.check(); err != nil {
		return err
	}
	news := false
	if err := clearPlace(p, func(has unix.Stat_t) bool {
		return has.Mode&unix.S_IFMT == unix.S_IFREG && (!it.Fresh || has.Nlink == 1)
	}); err != nil {
		return err
	}
	file, err := openFileAt(p, &news)
	if err != nil {
		return err
	}
	t.batch.files[number] = file
	if err := file.Truncate(it.Size); err != nil {
		return fmt.Errorf("size %d: %w", it.Size, err)
	}
	if news {
		return nil
	}
	at := it.Segment
	for _, e := range it.Extents {
		if err := punch(file, at, e.At, it.Size); err != nil {
			return fmt.Errorf("make a hole: %w", err)
		}
		at = e.end()
	}
	if err := punch(file, at, it.Segment+it.SegmentBytes, it.Size); err != nil {
		return fmt.Errorf("make a hole: %w", err)
	}
	return t.hashes(number, file, it)
}

// openFileAt opens a file for writing, and makes it if it is not there.
func openFileAt(p place, news *bool) (*os.File, error) {
	const flags = unix.O_RDWR | unix.O_NONBLOCK
	fd, err := openat2(p.dir, p.name, flags, 0)
	if errors.Is(err, unix.ENOENT) {
		*news = true
		fd, err = openat2(p.dir, p.name, flags|unix.O_CREAT|unix.O_EXCL, 0o600)
	}
	if errors.Is(err, unix.EACCES) { // a mode that keeps its owner out
		if err := unix.Fchmodat(p.dir, p.name, 0o600, 0); err != nil {
			return nil, err
		}
		fd, err = openat2(p.dir, p.name, flags, 0)
	}
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), p.name), nil
}

// hashes notes the hashes of the blocks of a file's segment.
func (t *target) hashes(number int, file *os.File, it item) error {
	own, upTo, err := dataOf(file, it.Segment, it.Segment+it.SegmentBytes)
	if err != nil {
		return err
	}
	h := have{Item: number}
	space := make([]byte, blockBytes)
	blocks := 0
	for at := range it.blocks {
		if blocks++; blocks > blocksMost {
			return fmt.Errorf("a batch of more than %d blocks", blocksMost)
		}
		if at+blockBytes > upTo && upTo < it.Segment+it.SegmentBytes {
			break // too many holes here: the source sends the rest
		}
		sum, err := readBlock(file, at, within(own, at, at+blockBytes), space, true)
		if err != nil {
			return err
		}
		h.Hashes = append(h.Hashes, sum[:]...)
	}
	if t.batch.bytes += len(h.Hashes); t.batch.bytes > frameBytes/2 {
		return errors.New("a batch of too many blocks")
	}
	if len(h.Hashes) > 0 {
		t.batch.have = append(t.batch.have, h)
	}
	return nil
}

// blocks takes the content of the batch's files.
func (t *target) blocks() error {
	for {
		if err := t.ctx.Err(); err != nil {
			return err
		}
		f, err := t.conn.receive()
		switch {
		case err != nil:
			return err
		case f.Done:
			return nil
		case f.Block == nil:
			return errors.New("the source has sent what does not belong here")
		}
		if err := t.block(*f.Block); err != nil {
			return err
		}
	}
}

func (t *target) block(b block) error {
	if b.Item < 0 || b.Item >= len(t.batch.files) || t.batch.files[b.Item] == nil {
		return errors.New("data of no file")
	}
	it := t.batch.items[b.Item]
	length := int64(len(b.Data))
	if length > blockBytes || b.At < it.Segment || length > it.Segment+it.SegmentBytes-b.At {
		return fmt.Errorf("%q: data that are not in the segment", it.Path)
	}
	if t.got.Data += length; t.opts.BytesMost > 0 && t.got.Data > t.opts.BytesMost {
		return fmt.Errorf("more than %d bytes of data have come", t.opts.BytesMost)
	}
	if _, err := t.batch.files[b.Item].WriteAt(b.Data, b.At); err != nil {
		return fmt.Errorf("%q: %w", it.Path, err)
	}
	return nil
}
