//go:build linux

package volume

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
)

// batch is the items that the source has gathered.
type batch struct {
	items  []item
	files  []*openFile // of each item; nil if it is no file
	blocks int
	bytes  int
}

// openFile is a file of several items.
type openFile struct {
	*os.File
	users int
}

func (f *openFile) release() {
	if f == nil {
		return
	}
	if f.users--; f.users == 0 {
		_ = f.Close() // it was read
	}
}

// forget closes what is open.
func (w *walk) forget() {
	for _, f := range w.batch.files {
		f.release()
	}
	w.batch = batch{items: w.batch.items[:0], files: w.batch.files[:0]}
}

// add adds an item, and sends the batch if it is full.
func (w *walk) add(it item, file *openFile) error {
	blocks, size := 0, 64+len(it.Path)+len(it.To)+24*len(it.Extents)
	for range it.blocks {
		blocks++
	}
	for _, n := range it.Names {
		size += len(n) + 3
	}
	for _, a := range it.Meta.Extended {
		size += len(a.Name) + len(a.Value) + 16
	}
	if len(w.batch.items) == itemsMost || w.batch.blocks+blocks > blocksMost || w.batch.bytes+size > itemsBytes {
		if err := w.flush(); err != nil {
			return err
		}
	}
	if file != nil {
		file.users++
	}
	w.batch.items, w.batch.files = append(w.batch.items, it), append(w.batch.files, file)
	w.batch.blocks += blocks
	w.batch.bytes += size
	w.items++
	w.report.Changed++
	return nil
}

// flush sends the batch, and what of its files the target has not.
func (w *walk) flush() error {
	defer w.forget()
	if len(w.batch.items) == 0 {
		return nil
	}
	if err := w.conn.send(frame{Items: w.batch.items}); err != nil {
		return err
	}
	f, err := w.conn.receive()
	if err != nil {
		return err
	}
	has := map[int][]byte{}
	for _, h := range f.Have {
		has[h.Item] = h.Hashes
	}
	for n, file := range w.batch.files {
		if file == nil {
			continue
		}
		if err := w.content(n, file, has[n]); err != nil {
			return fmt.Errorf("%s: %w", w.batch.items[n].Path, err)
		}
	}
	return w.conn.send(frame{Done: true})
}

// content sends the blocks of a file's segment whose hashes the target has not named.
func (w *walk) content(number int, file *openFile, hashes []byte) (err error) {
	if w.space == nil {
		w.space = make([]byte, blockBytes)
	}
	space := w.space
	if len(hashes)%sha256.Size != 0 {
		return errors.New("the target has sent malformed hashes")
	}
	for at, parts := range w.batch.items[number].blocks {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		sum, err := readBlock(file, at, parts, space, len(hashes) > 0)
		if err != nil {
			return err
		}
		if len(hashes) > 0 {
			same := [sha256.Size]byte(hashes) == sum
			if hashes = hashes[sha256.Size:]; same {
				continue
			}
		}
		for _, p := range parts {
			if err := w.conn.sendBlock(block{Item: number, At: p.At, Data: space[p.At-at : p.end()-at]}); err != nil {
				return err
			}
			w.report.Data += p.Length
		}
	}
	return nil
}
