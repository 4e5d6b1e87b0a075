package process

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"parley/hostagent"
	"parley/hostagent/handover"
)

// A state goes ahead while the program works; what has changed of it follows while it stands.

// ahead is a state that has gone ahead.
type ahead struct {
	N     int   `cbor:"1,keyasint"`
	Bytes int64 `cbor:"2,keyasint"`
}

// change is a part of a state that is another one than in the state that has gone ahead.
type change struct {
	At   int64  `cbor:"1,keyasint"`
	Data []byte `cbor:"2,keyasint"`
}

// changeBytes is the unit in which two states are compared: less than what a server knows of
// a client, of which little changes with a message.
const changeBytes = 256

// sendAhead sends a checkpoint of a program, which continues.
func (v moves) sendAhead(ctx context.Context, g *guest, to handover.Out) error {
	p, id := v.p, g.rec.ID
	if err := p.checkpoint(ctx, id); err != nil {
		return err
	}
	p.mu.Lock()
	c := g.rec.Checkpoint
	p.mu.Unlock()
	// It stays open, as a later checkpoint removes it.
	file, err := os.Open(p.store.state(id, c.N))
	if err != nil {
		return err
	}
	g.keepAhead(file)
	part, err := to.Part(partAhead)
	if err != nil {
		return err
	}
	if err := writeSized(part, ahead{c.N, c.Bytes}); err != nil {
		return err
	}
	if _, err := io.Copy(part, file); err != nil {
		return err
	}
	return part.CloseWrite()
}

// keepAhead keeps the state that has gone ahead, until the program stands.
func (g *guest) keepAhead(file *os.File) {
	if g.way.sent != nil {
		_ = g.way.sent.Close() // it was read
	}
	g.way.sent = file
}

// receiveAhead keeps a state that goes ahead.
func (v moves) receiveAhead(id hostagent.GuestID, part io.Reader) (ahead, error) {
	var a ahead
	if err := readSized(part, &a); err != nil {
		return a, err
	}
	if a.N < 1 || a.Bytes < 0 || a.Bytes > v.p.options.StateMost {
		return a, fmt.Errorf("a state %d of %d bytes, and host %s takes at most %d", a.N, a.Bytes, v.p.options.Host, v.p.options.StateMost)
	}
	// It is made durable now, so that only what changes of it has to be while the program stands.
	copied, err := keep(v.p.store.state(id, a.N), io.LimitReader(part, a.Bytes+1), true)
	if err == nil && copied != a.Bytes {
		err = fmt.Errorf("%d bytes of a state came, of %d", copied, a.Bytes)
	}
	return a, err
}

// sendChanges writes what a state has and the one before it has not.
func sendChanges(part io.Writer, earlier io.ReadSeeker, later io.Reader) error {
	if _, err := earlier.Seek(0, io.SeekStart); err != nil {
		return err
	}
	to := bufio.NewWriterSize(part, pieceBytes)
	before, now := bufio.NewReaderSize(earlier, pieceBytes), bufio.NewReaderSize(later, pieceBytes)
	was, is := make([]byte, changeBytes), make([]byte, changeBytes)
	var c change
	flush := func() error {
		if len(c.Data) == 0 {
			return nil
		}
		err := writeSized(to, c)
		c.Data = c.Data[:0]
		return err
	}
	for at := int64(0); ; at += changeBytes {
		n, err := io.ReadFull(now, is)
		if errors.Is(err, io.EOF) {
			if err := flush(); err != nil {
				return err
			}
			return to.Flush()
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		old, err := io.ReadFull(before, was)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		if bytes.Equal(was[:old], is[:n]) || old > n && bytes.Equal(was[:n], is[:n]) {
			if err := flush(); err != nil {
				return err
			}
			continue
		}
		if len(c.Data) == 0 {
			c.At = at
		}
		if c.Data = append(c.Data, is[:n]...); len(c.Data) >= pieceBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
}

// applyChanges makes a state of the one before it, of a size.
func applyChanges(from io.Reader, to *os.File, size int64) error {
	for {
		var c change
		err := readSized(from, &c)
		if errors.Is(err, io.EOF) {
			return to.Truncate(size)
		}
		if err != nil {
			return err
		}
		if c.At < 0 || c.At > size-int64(len(c.Data)) {
			return errors.New("a change of a state that is not in it")
		}
		if _, err := to.WriteAt(c.Data, c.At); err != nil {
			return err
		}
	}
}

// follow makes a state of the one that has gone ahead; it is durable then.
func (v moves) follow(id hostagent.GuestID, a ahead, c *checkpoint, part io.Reader) error {
	path := v.p.store.state(id, a.N)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	err = applyChanges(bufio.NewReaderSize(part, pieceBytes), file, c.Bytes)
	if err == nil {
		err = file.Sync()
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(path, v.p.store.state(id, c.N))
}
