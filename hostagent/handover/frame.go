package handover

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/handover/stages"
	"parley/internal/cborstrict"
)

// A connection is a row of frames in each direction: one byte that says what it is, the
// length of what follows in four bytes, big endian, and that many bytes.
const (
	frameOpening = 'o' // the first one of the source: which move
	frameMessage = 'm' // what one end says to the other
	framePart    = 'p' // number, name: a part begins (source only)
	frameData    = 'd' // number, bytes of the part
	frameEnd     = 'e' // number: no more bytes of the part in this direction
	frameRound   = 'f' // no more parts in this round (source only)
	frameCredit  = 'c' // so many more bytes may be sent
	frameBeat    = 'b' // the sender lives
)

const (
	headBytes    = 5
	dataBytes    = 64 << 10 // of one frame
	messageBytes = ManifestMost + 64<<10
	whyBytes     = 1 << 10
	namesMost    = 1024
	sizeMost     = 1 << 50
	version      = 1
)

// errProtocol is what another host's platform does wrong.
var errProtocol = errors.New("the other host breaks the protocol")

func protocol(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errProtocol, fmt.Sprintf(format, args...))
}

// frame is one frame without its head.
type frame struct {
	kind byte
	body []byte
}

// readFrame reads a frame. Memory is taken once its length has been checked against what
// its kind may have.
func readFrame(r *bufio.Reader) (frame, error) {
	var head [headBytes]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return frame{}, err
	}
	size := binary.BigEndian.Uint32(head[1:])
	var most int
	switch head[0] {
	case frameOpening, frameMessage:
		most = messageBytes
	case framePart:
		most = 4 + NameMost
	case frameData:
		most = 4 + dataBytes
	case frameEnd, frameCredit:
		most = 4
	case frameRound, frameBeat:
	default:
		return frame{}, protocol("a frame of the unknown kind %q", head[0])
	}
	if uint64(size) > uint64(most) {
		return frame{}, protocol("a frame %q of %d bytes, more than %d", head[0], size, most)
	}
	f := frame{head[0], make([]byte, size)}
	if _, err := io.ReadFull(r, f.body); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return frame{}, err
	}
	if least := leastBytes(f.kind); len(f.body) < least {
		return frame{}, protocol("a frame %q of %d bytes, less than %d", f.kind, len(f.body), least)
	}
	return f, nil
}

func leastBytes(kind byte) int {
	switch kind {
	case framePart, frameData, frameEnd, frameCredit:
		return 4
	}
	return 0
}

func (f frame) number() uint32 { return binary.BigEndian.Uint32(f.body) }

// appendFrame appends a frame whose body is a number, if it has one, and bytes.
func appendFrame(b []byte, kind byte, numbers []uint32, body []byte) []byte {
	b = binary.BigEndian.AppendUint32(append(b, kind), uint32(4*len(numbers)+len(body)))
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return append(b, body...)
}

// opening says which move a connection is about.
type opening struct {
	Version int               `cbor:"1,keyasint"`
	Move    MoveID            `cbor:"2,keyasint"`
	Guest   hostagent.GuestID `cbor:"3,keyasint"`
}

// message is a stages.Message on its way, with what only the drivers need.
type message struct {
	Saying stages.Saying `cbor:"1,keyasint"`
	Round  int           `cbor:"2,keyasint,omitempty"`
	Last   bool          `cbor:"3,keyasint,omitempty"`
	Code   string        `cbor:"4,keyasint,omitempty"`
	Why    string        `cbor:"5,keyasint,omitempty"`
	Offer  *offer        `cbor:"6,keyasint,omitempty"`
}

// offer is what comes with stages.Offer.
type offer struct {
	Deal       hostagent.DealID `cbor:"1,keyasint,omitempty"`
	Token      string           `cbor:"2,keyasint,omitempty"`
	Name       string           `cbor:"3,keyasint,omitempty"`
	CPU        float64          `cbor:"4,keyasint"`
	Memory     int64            `cbor:"5,keyasint"`
	Disk       int64            `cbor:"6,keyasint,omitempty"`
	MemoryMax  int64            `cbor:"7,keyasint,omitempty"`
	Networks   []string         `cbor:"8,keyasint,omitempty"`
	Files      []string         `cbor:"9,keyasint,omitempty"`
	Needs      []string         `cbor:"10,keyasint,omitempty"`
	Rules      []byte           `cbor:"11,keyasint,omitempty"`
	MovedAtSec int64            `cbor:"12,keyasint,omitempty"`
	Manifest   []byte           `cbor:"13,keyasint,omitempty"`
}

var (
	encoding = cborstrict.Writer()
	decoding = cborstrict.Reader(cborstrict.Limits{Nested: 8, Elements: namesMost, Pairs: 64, Later: true})
)

func offerOf(m hostagent.Migration, d Description) (offer, error) {
	rules, err := encoding.Marshal(d.Rules)
	if err != nil {
		return offer{}, err
	}
	o := offer{
		Deal: m.Deal, Token: m.Token, Name: d.Name, CPU: d.Declared.CPU, Memory: d.Declared.MemoryBytes, Disk: d.Declared.DiskBytes,
		MemoryMax: d.MemoryMaxBytes, Networks: d.Networks, Files: d.Files, Needs: d.Needs, Rules: rules, Manifest: d.Manifest,
	}
	if !d.MovedAt.IsZero() {
		o.MovedAtSec = d.MovedAt.Unix()
	}
	_, err = o.description()
	return o, err
}

// description checks what another host, or a platform, says about a guest.
func (o offer) description() (Description, error) {
	d := Description{
		Name: o.Name, Declared: hostagent.Resources{CPU: o.CPU, MemoryBytes: o.Memory, DiskBytes: o.Disk}, MemoryMaxBytes: o.MemoryMax,
		Networks: o.Networks, Files: o.Files, Needs: o.Needs, Manifest: o.Manifest,
	}
	if o.MovedAtSec != 0 {
		d.MovedAt = time.Unix(o.MovedAtSec, 0)
	}
	if len(o.Rules) > 0 {
		if err := decoding.Unmarshal(o.Rules, &d.Rules); err != nil {
			return d, fmt.Errorf("the guest's rules: %w", err)
		}
	}
	if err := d.Rules.Validate(); err != nil {
		return d, fmt.Errorf("the guest's rules: %w", err)
	}
	if err := d.Declared.Validate(); err != nil {
		return d, fmt.Errorf("what the guest may use: %w", err)
	}
	names := slices.Concat([]string{d.Name}, d.Networks, d.Files, d.Needs)
	switch {
	case min(d.Declared.DiskBytes, d.MemoryMaxBytes) < 0 || max(d.Declared.DiskBytes, d.MemoryMaxBytes) > sizeMost:
		return d, fmt.Errorf("the guest may take %d bytes of disk and grow to %d of memory: there is no such guest",
			d.Declared.DiskBytes, d.MemoryMaxBytes)
	case len(d.Manifest) > ManifestMost:
		return d, fmt.Errorf("the guest's manifest has %d bytes, more than %d", len(d.Manifest), ManifestMost)
	case len(names) > namesMost:
		return d, fmt.Errorf("the guest has %d networks, files and needs, more than %d", len(names), namesMost)
	}
	for _, name := range names {
		if len(name) > NameMost {
			return d, fmt.Errorf("a name of the guest has %d bytes, more than %d", len(name), NameMost)
		}
	}
	return d, nil
}

func encode(v any) ([]byte, error) {
	data, err := encoding.Marshal(v)
	if err == nil && len(data) > messageBytes {
		err = fmt.Errorf("a message of %d bytes, more than %d", len(data), messageBytes)
	}
	return data, err
}

func decode[T any](data []byte) (v T, err error) {
	if err := decoding.Unmarshal(data, &v); err != nil {
		return v, protocol("a message that cannot be read: %v", err)
	}
	return v, nil
}

// idMost bounds the id of a move and of a guest.
const idMost = 256

func (o opening) validate() error {
	switch {
	case o.Version != version:
		return protocol("it speaks version %d of the protocol of moves, and this host version %d", o.Version, version)
	case !isID(string(o.Move)) || !isID(string(o.Guest)):
		return protocol("the id of the move, or of the guest, is empty, too long or not printable")
	}
	return nil
}

func isID(text string) bool {
	for _, r := range text {
		if r <= ' ' || r > '~' {
			return false
		}
	}
	return text != "" && len(text) <= idMost
}
