package cborstrict

import (
	"errors"
	"math"
	"unicode/utf8"
)

// Parser reads items from bytes, each in its one deterministic encoding (RFC 8949,
// section 4.2.1). After the first fault, Err is set, and every call returns a zero value.
// The zero Parser with Data is ready to use.
type Parser struct {
	Data []byte // the rest
	Err  error
}

var errEncoding = errors.New("not the deterministic encoding of what is expected here")

// Fail records a fault, if there is none yet, and ends the reading.
func (p *Parser) Fail(err error) {
	if p.Err == nil {
		p.Err = err
	}
	p.Data = nil
}

func (p *Parser) fail() { p.Fail(errEncoding) }

// End records a fault when something is left.
func (p *Parser) End() error {
	if p.Err == nil && len(p.Data) > 0 {
		p.fail()
	}
	return p.Err
}

// Head reads the head of an item. An item takes at least one byte, so a count that Head
// returns is worth an allocation only up to len(Data).
func (p *Parser) Head() (kind byte, n uint64) {
	if len(p.Data) == 0 {
		p.fail()
		return simple, 0
	}
	first := p.Data[0]
	kind, low := first>>5, first&31
	switch {
	case low < 24:
		p.Data = p.Data[1:]
		return kind, uint64(low)
	case low > 27:
		p.fail()
		return simple, 0
	}
	size := 1 << (low - 24)
	if len(p.Data) < 1+size {
		p.fail()
		return simple, 0
	}
	for _, c := range p.Data[1 : 1+size] {
		n = n<<8 | uint64(c)
	}
	p.Data = p.Data[1+size:]
	if kind != simple && (size == 1 && n < 24 || size > 1 && n>>(4*size) == 0) {
		p.fail() // a shorter head would do
		return simple, 0
	}
	return kind, n
}

// Count reads the head of an array or a map, which may announce at most so many.
func (p *Parser) Count(kind byte, most int) int {
	got, n := p.Head()
	if got != kind || n > uint64(most) || n > uint64(len(p.Data)) {
		p.fail()
		return 0
	}
	return int(n)
}

// Uint reads an unsigned number.
func (p *Parser) Uint() uint64 {
	kind, n := p.Head()
	if kind != Unsigned {
		p.fail()
		return 0
	}
	return n
}

// Int reads a whole number.
func (p *Parser) Int() int64 {
	kind, n := p.Head()
	if kind > Negative || n > math.MaxInt64 {
		p.fail()
		return 0
	}
	if kind == Negative {
		return -1 - int64(n)
	}
	return int64(n)
}

// Float reads a finite number.
func (p *Parser) Float() float64 {
	if len(p.Data) == 0 {
		p.fail()
		return 0
	}
	first, f := p.Data[0], math.NaN()
	_, n := p.Head()
	switch first {
	case float16:
		f = fromHalf(uint16(n))
	case float32As:
		short := math.Float32frombits(uint32(n))
		if _, shorter := toHalf(short); !shorter {
			f = float64(short)
		}
	case float64As:
		if long := math.Float64frombits(n); float64(float32(long)) != long {
			f = long
		}
	}
	if p.Err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		p.fail()
		return 0
	}
	return f
}

// Bytes reads a byte string of at most so many bytes; it is a part of the data.
func (p *Parser) Bytes(most int) []byte { return p.part(Bytes, most) }

// Text reads a text of at most so many bytes, in UTF-8.
func (p *Parser) Text(most int) string {
	data := p.part(Text, most)
	if !utf8.Valid(data) {
		p.fail()
		return ""
	}
	return string(data)
}

func (p *Parser) part(kind byte, most int) []byte {
	got, n := p.Head()
	if got != kind || n > uint64(len(p.Data)) || n > uint64(most) {
		p.fail()
		return nil
	}
	data := p.Data[:n:n]
	p.Data = p.Data[n:]
	return data
}
