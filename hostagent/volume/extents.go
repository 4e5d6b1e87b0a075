//go:build linux

package volume

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// page is the unit of holes: two file systems have different ones, and each has one that
// divides this.
const page = 4096

// dataOf returns where a file has data between from and until, in whole pages, at most
// extentsMost of them, and how far it has looked.
func dataOf(file *os.File, from, until int64) (list []extent, upTo int64, err error) {
	for at := from; at < until; {
		begin, err := unix.Seek(int(file.Fd()), at, unix.SEEK_DATA)
		if errors.Is(err, unix.ENXIO) || err == nil && begin >= until {
			return list, until, nil
		}
		if errors.Is(err, unix.EINVAL) { // no such call here: all of it is data
			return append(list, extent{At: at, Length: until - at}), until, nil
		}
		if err != nil {
			return nil, 0, err
		}
		end, err := unix.Seek(int(file.Fd()), begin, unix.SEEK_HOLE)
		if errors.Is(err, unix.ENXIO) {
			return list, until, nil // cut since
		}
		if err != nil {
			return nil, 0, err
		}
		begin, end = max(begin-begin%page, from), min((end+page-1)/page*page, until)
		if n := len(list); n > 0 && begin <= list[n-1].end() {
			list[n-1].Length = end - list[n-1].At
		} else if n == extentsMost/2 {
			upTo = begin - begin%blockBytes
			return within(list, from, upTo), upTo, nil
		} else {
			list = append(list, extent{At: begin, Length: end - begin})
		}
		at = end
	}
	return list, until, nil
}

// readBlock reads a block into space, of blockBytes. If it is to be hashed, sum is the hash
// of where it has data, and of these. What is behind the end of the file is zero.
func readBlock(file io.ReaderAt, at int64, parts []extent, space []byte, hashed bool) (sum [sha256.Size]byte, err error) {
	h := sha256.New()
	for _, p := range parts {
		data := space[p.At-at : p.end()-at]
		n, err := file.ReadAt(data, p.At)
		if err != nil && !errors.Is(err, io.EOF) {
			return sum, err
		}
		clear(data[n:])
		if !hashed {
			continue
		}
		var head [16]byte
		binary.BigEndian.PutUint64(head[:8], uint64(p.At))
		binary.BigEndian.PutUint64(head[8:], uint64(p.Length))
		_, _ = h.Write(head[:]) // a hash takes everything
		_, _ = h.Write(data)
	}
	h.Sum(sum[:0])
	return sum, nil
}

// within returns the parts of extents that are between from and until.
func within(list []extent, from, until int64) (parts []extent) {
	for _, e := range list {
		begin, end := max(e.At, from), min(e.end(), until)
		if begin < end {
			parts = append(parts, extent{At: begin, Length: end - begin})
		}
	}
	return parts
}

// punch makes a hole, in a file of a size. A file system without holes gets zeros. A hole
// up to the end of the file takes its last page whole: the kernel writes zeros into a page of
// which the hole has a part, and the page stays data.
func punch(file *os.File, from, until, size int64) error {
	if from >= until {
		return nil
	}
	end := until
	if until == size {
		end = (size + page - 1) / page * page
	}
	err := unix.Fallocate(int(file.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, from, end-from)
	if !errors.Is(err, unix.EOPNOTSUPP) {
		return err
	}
	list, _, err := dataOf(file, from, until)
	if err != nil {
		return err
	}
	zeros := make([]byte, blockBytes)
	for _, e := range list {
		for at := e.At; at < e.end(); at += blockBytes {
			if _, err := file.WriteAt(zeros[:min(blockBytes, e.end()-at)], at); err != nil {
				return err
			}
		}
	}
	return nil
}
