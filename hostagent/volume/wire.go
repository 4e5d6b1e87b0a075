package volume

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"parley/internal/cborstrict"
)

// This file is what the two sides of a round say to each other: frames of CBOR behind
// their length in four bytes. The source sends hello, then batches: items, to which the
// target answers with the hashes of what it has, then the blocks that differ, then done.
// An end closes the round, and the target answers with one, too.

// version is that of the frames: both sides must have the same.
const version = 1

// Bounds of a batch and of a frame.
const (
	blockBytes    = 128 << 10
	frameBytes    = 2 << 20
	itemsMost     = 256
	blocksMost    = 1024 // of all files of a batch
	extentsMost   = 16 << 10
	namesMost     = 8 << 10 // of an item
	nameBytes     = 255
	pathBytes     = 4095
	attributeSize = 64 << 10
	itemsBytes    = 1 << 20 // what a batch may take before it is sent
)

// verb is what an item asks of the target.
type verb uint8

const (
	enterDirectory verb = iota + 1 // make it, if it is not there
	keepNames                      // remove what is there and not named
	leaveDirectory                 // give it its mode, owner and times
	makeFile                       // or change one, from Segment on
	makeLink                       // a second name of a file
	makeNode                       // a symbolic link, fifo, socket or harmless device
)

// frame is one frame; one field is there.
type frame struct {
	Hello *hello `cbor:"1,keyasint,omitempty"`
	Items []item `cbor:"2,keyasint,omitempty"`
	Have  []have `cbor:"3,keyasint,omitempty"`
	Block *block `cbor:"4,keyasint,omitempty"`
	Done  bool   `cbor:"5,keyasint,omitempty"`
	End   *end   `cbor:"6,keyasint,omitempty"`
	Fault string `cbor:"7,keyasint,omitempty"` // why the target ends the round
}

type hello struct {
	Version int `cbor:"1,keyasint"`
}

// item is one thing to do in the target's tree.
type item struct {
	Verb verb       `cbor:"1,keyasint"`
	Path []byte     `cbor:"2,keyasint"`
	Meta attributes `cbor:"3,keyasint,omitzero"`
	// Fresh says that the target's file of this path is another one than the source's
	// now: it must not be changed where it has further names.
	Fresh bool `cbor:"4,keyasint,omitempty"`
	// To is what a symbolic link says, or the other name of a file.
	To []byte `cbor:"5,keyasint,omitempty"`
	// After and Names are sorted: of the names behind After, up to the last of Names or,
	// with Last, to the end, only Names stay.
	After []byte   `cbor:"6,keyasint,omitempty"`
	Names [][]byte `cbor:"7,keyasint,omitempty"`
	Last  bool     `cbor:"8,keyasint,omitempty"`
	// Size is that of a file. Its data from Segment on, SegmentBytes of them, are where
	// Extents say; the rest of the segment is a hole.
	Size         int64    `cbor:"9,keyasint,omitempty"`
	Segment      int64    `cbor:"10,keyasint,omitempty"`
	SegmentBytes int64    `cbor:"11,keyasint,omitempty"`
	Extents      []extent `cbor:"12,keyasint,omitempty"`
}

// attributes are what a file system keeps of a file beside its content.
type attributes struct {
	Mode       uint32      `cbor:"1,keyasint,omitempty"` // as in stat(2), with the type
	UID        uint32      `cbor:"2,keyasint,omitempty"`
	GID        uint32      `cbor:"3,keyasint,omitempty"`
	AccessedS  int64       `cbor:"4,keyasint,omitempty"`
	AccessedNs int64       `cbor:"5,keyasint,omitempty"`
	ModifiedS  int64       `cbor:"6,keyasint,omitempty"`
	ModifiedNs int64       `cbor:"7,keyasint,omitempty"`
	Device     uint64      `cbor:"8,keyasint,omitempty"`
	Extended   []attribute `cbor:"9,keyasint,omitempty"` // sorted by name
}

// attribute is an extended attribute.
type attribute struct {
	Name  []byte `cbor:"1,keyasint"`
	Value []byte `cbor:"2,keyasint"`
}

// extent is a part of a file.
type extent struct {
	_      struct{} `cbor:",toarray"`
	At     int64
	Length int64
}

func (e extent) end() int64 { return e.At + e.Length }

// have is what the target has of the segment of an item: the hashes of its blocks with
// data, in their order, or none if it has nothing of it.
type have struct {
	Item   int    `cbor:"1,keyasint"`
	Hashes []byte `cbor:"2,keyasint"`
}

// block is data of an item.
type block struct {
	Item int    `cbor:"1,keyasint"`
	At   int64  `cbor:"2,keyasint"`
	Data []byte `cbor:"3,keyasint"`
}

// end says how many items there were.
type end struct {
	Items int64 `cbor:"1,keyasint"`
}

var writer, reader = cborstrict.Writer(), cborstrict.Reader(cborstrict.Limits{Nested: 8, Elements: extentsMost, Pairs: 32})

// channel is one side's end of a round.
type channel struct {
	in    io.Reader
	out   io.Writer
	sent  int64
	space []byte // of a frame that is sent
	taken []byte // of one that has come: its data are valid until the next
	// waits says that the other side waits for a frame from here.
	waits  bool
	broken bool // nothing more can be sent or received
}

func (c *channel) send(f frame) error {
	text, err := writer.Marshal(f)
	if err != nil {
		return err
	}
	return c.write(append(append(c.space[:0], 0, 0, 0, 0), text...))
}

// The keys of a frame's block, which is written and read without a value in between.
const (
	keyBlock = 4
	keyItem  = 1
	keyAt    = 2
	keyData  = 3
)

// sendBlock sends what send would send of a block.
func (c *channel) sendBlock(b block) error {
	out := cborstrict.AppendHead(append(c.space[:0], 0, 0, 0, 0), cborstrict.Map, 1)
	out = cborstrict.AppendHead(cborstrict.AppendUint(out, keyBlock), cborstrict.Map, 3)
	out = cborstrict.AppendInt(cborstrict.AppendUint(out, keyItem), int64(b.Item))
	out = cborstrict.AppendInt(cborstrict.AppendUint(out, keyAt), b.At)
	return c.write(cborstrict.AppendBytes(cborstrict.AppendUint(out, keyData), b.Data))
}

// takeBlock reads a frame that is a block; ok is false for any other.
func takeBlock(text []byte) (b block, ok bool) {
	p := cborstrict.Parser{Data: text}
	if p.Count(cborstrict.Map, 1) != 1 || p.Uint() != keyBlock || p.Count(cborstrict.Map, 3) != 3 {
		return b, false
	}
	key := func(want uint64) bool { return p.Uint() == want && p.Err == nil }
	if !key(keyItem) {
		return b, false
	}
	item := p.Int()
	if !key(keyAt) {
		return b, false
	}
	b.At = p.Int()
	if !key(keyData) {
		return b, false
	}
	b.Data = p.Bytes(blockBytes)
	if p.End() != nil || item < 0 || item >= itemsMost {
		return b, false
	}
	b.Item = int(item)
	return b, true
}

// write sends a frame behind four bytes for its length.
func (c *channel) write(frame []byte) error {
	c.space = frame
	binary.BigEndian.PutUint32(c.space, uint32(len(c.space)-4))
	c.sent += int64(len(c.space))
	c.waits = false
	_, err := c.out.Write(c.space)
	c.broken = c.broken || err != nil
	return err
}

func (c *channel) receive() (f frame, err error) {
	defer func() {
		c.broken = c.broken || err != nil
		c.waits = len(f.Items) > 0 || f.End != nil
	}()
	var head [4]byte
	if _, err := io.ReadFull(c.in, head[:]); err != nil {
		return f, fmt.Errorf("the other side has ended the round: %w", err)
	}
	length := binary.BigEndian.Uint32(head[:])
	if length > frameBytes {
		return f, fmt.Errorf("a frame of %d bytes, and %d are the most", length, frameBytes)
	}
	if c.taken == nil {
		c.taken = make([]byte, blockBytes+64)
	}
	var text []byte
	if int(length) <= len(c.taken) {
		text = c.taken[:length]
		_, err = io.ReadFull(c.in, text)
	} else { // what is announced and does not come takes no room
		var all bytes.Buffer
		_, err = io.CopyN(&all, c.in, int64(length))
		text = all.Bytes()
	}
	if err != nil {
		return f, fmt.Errorf("the other side has ended the round: %w", err)
	}
	if b, is := takeBlock(text); is {
		return frame{Block: &b}, nil
	}
	if err := reader.Unmarshal(text, &f); err != nil {
		return f, fmt.Errorf("a malformed frame: %w", err)
	}
	if f.Fault != "" {
		return f, errors.New("the target says: " + strings.ToValidUTF8(f.Fault, "?"))
	}
	return f, nil
}

// path is the path of an item below the root; "." is the root.
func (i item) path() (string, error) { return cleanPath(i.Path) }

func cleanPath(raw []byte) (string, error) {
	path := string(raw)
	if path == "." {
		return path, nil
	}
	if len(path) > pathBytes {
		return "", fmt.Errorf("a path of %d bytes, and %d are the most", len(path), pathBytes)
	}
	for name := range strings.SplitSeq(path, "/") {
		if err := checkName(name); err != nil {
			return "", fmt.Errorf("path %q: %w", path, err)
		}
	}
	return path, nil
}

func checkName(name string) error {
	switch {
	case name == "" || name == "." || name == "..":
		return fmt.Errorf("%q is no name of a file", name)
	case len(name) > nameBytes:
		return fmt.Errorf("a name of %d bytes, and %d are the most", len(name), nameBytes)
	case strings.ContainsAny(name, "/\x00"):
		return fmt.Errorf("%q is no name of a file", name)
	}
	return nil
}

// blocks are the blocks that a segment's extents touch: where each begins in the file, and
// the data in it. yield returns false to end it.
func (i item) blocks(yield func(at int64, parts []extent) bool) {
	var parts []extent
	at := int64(-1)
	for _, e := range i.Extents {
		for from := e.At; from < e.end(); {
			begin := from - from%blockBytes
			until := min(begin+blockBytes, e.end())
			if begin != at && at >= 0 {
				if !yield(at, parts) {
					return
				}
				parts = parts[:0]
			}
			at, parts = begin, append(parts, extent{At: from, Length: until - from})
			from = until
		}
	}
	if at >= 0 {
		yield(at, parts)
	}
}

// check looks at the segment of a file.
func (i item) check() error {
	last := i.Segment
	switch {
	case i.Size < 0 || i.Segment < 0 || i.SegmentBytes < 0 || i.SegmentBytes > i.Size-min(i.Segment, i.Size):
		return errors.New("a segment that is not in the file")
	case i.Segment%blockBytes != 0:
		return errors.New("a segment that begins inside of a block")
	}
	for _, e := range i.Extents {
		if e.At < last || e.Length <= 0 || e.Length > i.Segment+i.SegmentBytes-e.At {
			return errors.New("data that are not in the segment, or in disorder")
		}
		last = e.end()
	}
	return nil
}
