package past

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// Bounds of a block. Decode refuses what is beyond them before it takes memory for it.
const (
	MaxGuests  = 10_000
	MaxSamples = 1_440
	maxID      = 256
	maxCells   = 4_000_000
	maxPlain   = 32 << 20
	maxPacked  = 16 << 20
)

// Full is the quantised value of all that a guest may use.
const Full = 1_000

// Absent is the value of a time at which the guest was not on the host.
const Absent = ^uint16(0)

// Block is what the guests of a host used from Start on, in Samples looks that are Step
// seconds apart. Where nobody looked there is no block.
type Block struct {
	Start   int64    `json:"start"` // Unix seconds
	Step    uint32   `json:"step"`
	Samples int      `json:"samples"`
	Host    Host     `json:"host"`
	Guests  []Series `json:"-"`
}

// Host is a host at the end of a block.
type Host struct {
	Name   string    `json:"name"`
	Cores  float64   `json:"cores,omitzero"`
	Memory int64     `json:"memory,omitzero"`
	Disk   int64     `json:"disk,omitzero"`
	Kinds  []string  `json:"kinds,omitzero"`
	Offers []string  `json:"offers,omitzero"`
	Labels []string  `json:"labels,omitzero"`
	Power  []float64 `json:"power,omitzero"`
}

// Guest is a guest as it was seen last in a block.
type Guest struct {
	ID        string   `json:"id"` // the same on all hosts
	Name      string   `json:"name,omitzero"`
	Kind      string   `json:"kind,omitzero"`
	Cores     float64  `json:"cores,omitzero"`
	Memory    int64    `json:"memory,omitzero"`
	Disk      int64    `json:"disk,omitzero"`
	DirtyRate int64    `json:"dirty,omitzero"`
	Needs     []string `json:"needs,omitzero"`
	Priority  int      `json:"priority,omitzero"`
	Pinned    bool     `json:"pinned,omitzero"`
	Ignored   bool     `json:"ignored,omitzero"`
	Labels    []string `json:"labels,omitzero"`
	Requires  []string `json:"requires,omitzero"`
	Near      []string `json:"near,omitzero"`
	Apart     []string `json:"apart,omitzero"`
	Avoids    []string `json:"avoids,omitzero"`
	AtMost    []string `json:"at_most,omitzero"`
}

// Series is what one guest used, in thousandths of what it may use. A column has a
// value for each look.
type Series struct {
	Guest
	CPU    []uint16
	Memory []uint16
}

// Quantise returns the value that a column has for a share of what the guest may use.
func Quantise(share float64) uint16 {
	switch {
	case !(share > 0):
		return 0
	case share*Full >= float64(Absent)-1:
		return Absent - 1
	}
	return uint16(share*Full + 0.5)
}

const frameHead = 8 // length and CRC of what follows

// Encoder encodes blocks. Its zero value is ready.
type Encoder struct {
	packer *flate.Writer
	packed bytes.Buffer
}

// Append appends the block to data as one frame.
func (e *Encoder) Append(data []byte, b Block) ([]byte, error) {
	if err := b.check(); err != nil {
		return data, err
	}
	plain, err := b.plain()
	if err != nil {
		return data, err
	}
	if len(plain) > maxPlain {
		return data, fmt.Errorf("the block has %d bytes, of at most %d", len(plain), maxPlain)
	}
	if err := e.pack(plain); err != nil {
		return data, err
	}
	if e.packed.Len() > maxPacked {
		return data, fmt.Errorf("the block takes %d bytes, of at most %d", e.packed.Len(), maxPacked)
	}
	data = binary.BigEndian.AppendUint32(data, uint32(e.packed.Len()))
	data = binary.BigEndian.AppendUint32(data, crc32.ChecksumIEEE(e.packed.Bytes()))
	return append(data, e.packed.Bytes()...), nil
}

// pack uses one packer for all blocks: a new one takes 800 KB.
func (e *Encoder) pack(plain []byte) (err error) {
	e.packed.Reset()
	if e.packer == nil {
		e.packer, err = flate.NewWriter(&e.packed, flate.BestCompression)
	} else {
		e.packer.Reset(&e.packed)
	}
	if err != nil {
		return err
	}
	if _, err := e.packer.Write(plain); err != nil {
		return err
	}
	return e.packer.Close()
}

func (b Block) check() error {
	if b.Step == 0 || b.Samples < 1 || b.Samples > MaxSamples {
		return fmt.Errorf("a block has 1 to %d looks, at least a second apart: got %d, %d s apart", MaxSamples, b.Samples, b.Step)
	}
	if len(b.Guests) > MaxGuests || len(b.Guests)*b.Samples > maxCells {
		return fmt.Errorf("a block of %d guests and %d looks is too large", len(b.Guests), b.Samples)
	}
	for _, g := range b.Guests {
		if len(g.ID) > maxID || len(g.CPU) != b.Samples || len(g.Memory) != b.Samples {
			return fmt.Errorf("the guest %.40q has columns of %d and %d values, want %d", g.ID, len(g.CPU), len(g.Memory), b.Samples)
		}
	}
	return nil
}

// head is what a block has beside its columns, as JSON.
type head struct {
	Block
	Guests []Guest `json:"guests"`
}

// plain has the head, then each figure for all guests: like stands beside like.
func (b Block) plain() ([]byte, error) {
	h := head{Block: b, Guests: make([]Guest, len(b.Guests))}
	for i, g := range b.Guests {
		h.Guests[i] = g.Guest
	}
	h.Block.Guests = nil
	text, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	p := append(binary.AppendUvarint(nil, uint64(len(text))), text...)
	for _, g := range b.Guests {
		p = appendColumn(p, g.CPU)
	}
	for _, g := range b.Guests {
		p = appendColumn(p, g.Memory)
	}
	return p, nil
}

// appendColumn appends the differences. They wrap, so that Absent costs no more than
// another small step.
func appendColumn(p []byte, column []uint16) []byte {
	last := uint16(0)
	for _, v := range column {
		p = binary.AppendVarint(p, int64(int16(v-last)))
		last = v
	}
	return p
}

var errTorn = errors.New("the block is not whole")

// Read returns the whole blocks at the beginning of data and how many bytes they take.
// torn says why what follows them is no block, and is nil where nothing follows.
func Read(data []byte) (blocks []Block, whole int, torn error) {
	for whole < len(data) {
		b, n, err := first(data[whole:])
		if err != nil {
			return blocks, whole, err
		}
		blocks, whole = append(blocks, b), whole+n
	}
	return blocks, whole, nil
}

func first(data []byte) (b Block, n int, err error) {
	if len(data) < frameHead {
		return Block{}, 0, errTorn
	}
	size := binary.BigEndian.Uint32(data)
	if size > maxPacked || uint64(size) > uint64(len(data)-frameHead) {
		return Block{}, 0, errTorn
	}
	packed := data[frameHead : frameHead+int(size)]
	if crc32.ChecksumIEEE(packed) != binary.BigEndian.Uint32(data[4:]) {
		return Block{}, 0, errors.New("the block has another checksum than its content")
	}
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxPlain+1))
	if err != nil || len(plain) > maxPlain {
		return Block{}, 0, errors.New("the block cannot be unpacked")
	}
	b, err = parse(plain)
	return b, frameHead + int(size), err
}

func parse(plain []byte) (Block, error) {
	r := reader{rest: plain}
	var h head
	if err := json.Unmarshal(r.text(), &h); err != nil || r.bad {
		return Block{}, errTorn
	}
	b := h.Block
	b.Guests = nil
	// Each value takes at least a byte, so a short block cannot ask for much memory.
	if b.Samples < 1 || b.Samples > MaxSamples || len(h.Guests) > MaxGuests || 2*len(h.Guests)*b.Samples > len(r.rest) {
		return Block{}, errTorn
	}
	b.Guests = make([]Series, len(h.Guests))
	for i := range b.Guests {
		b.Guests[i].Guest = h.Guests[i]
		b.Guests[i].CPU = r.column(b.Samples)
	}
	for i := range b.Guests {
		b.Guests[i].Memory = r.column(b.Samples)
	}
	if r.bad || len(r.rest) > 0 {
		return Block{}, errTorn
	}
	return b, b.check()
}

// reader reads a block's content. After the first fault it is bad and returns zeros.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) signed() int64 {
	v, n := binary.Varint(r.rest)
	if r.bad || n <= 0 {
		r.bad = true
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *reader) text() []byte {
	size, n := binary.Uvarint(r.rest)
	if n <= 0 || size > uint64(len(r.rest)-n) {
		r.bad = true
		return nil
	}
	text := r.rest[n : n+int(size)]
	r.rest = r.rest[n+int(size):]
	return text
}

func (r *reader) column(samples int) []uint16 {
	column := make([]uint16, samples)
	last := uint16(0)
	for i := range column {
		d := r.signed()
		if d != int64(int16(d)) {
			r.bad = true
		}
		last += uint16(d)
		column[i] = last
	}
	return column
}
