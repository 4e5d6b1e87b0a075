package cborstrict

import (
	be "encoding/binary"
	"math"
)

// The types of CBOR items (RFC 8949, section 3.1).
const (
	Unsigned = iota
	Negative
	Bytes
	Text
	Array
	Map
)

const (
	simple    = 7 // floats, and what Parser refuses
	float16   = 0xf9
	float32As = 0xfa
	float64As = 0xfb
)

// The Append functions write what Writer would, without a value in between: frames and
// terms are written and read thousands of times a second. Parser reads it.

// AppendHead appends the head of an item: its type and its length or value.
func AppendHead(b []byte, kind byte, n uint64) []byte {
	kind <<= 5
	switch {
	case n < 24:
		return append(b, kind|byte(n))
	case n <= math.MaxUint8:
		return append(b, kind|24, byte(n))
	case n <= math.MaxUint16:
		return be.BigEndian.AppendUint16(append(b, kind|25), uint16(n))
	case n <= math.MaxUint32:
		return be.BigEndian.AppendUint32(append(b, kind|26), uint32(n))
	}
	return be.BigEndian.AppendUint64(append(b, kind|27), n)
}

// AppendUint appends an unsigned number.
func AppendUint(b []byte, n uint64) []byte { return AppendHead(b, Unsigned, n) }

// AppendInt appends a whole number.
func AppendInt(b []byte, n int64) []byte {
	if n < 0 {
		return AppendHead(b, Negative, uint64(-1-n))
	}
	return AppendHead(b, Unsigned, uint64(n))
}

// AppendText appends a text.
func AppendText(b []byte, s string) []byte { return append(AppendHead(b, Text, uint64(len(s))), s...) }

// AppendBytes appends a byte string.
func AppendBytes(b, data []byte) []byte {
	return append(AppendHead(b, Bytes, uint64(len(data))), data...)
}

// AppendNested appends what write appends as a byte string.
func AppendNested(b []byte, write func([]byte) ([]byte, error)) ([]byte, error) {
	at := len(b)
	b, err := write(append(b, 0)) // most are shorter than 24 bytes, and have a head of one byte
	if err != nil {
		return nil, err
	}
	n := len(b) - at - 1
	var space [9]byte
	head := AppendHead(space[:0], Bytes, uint64(n))
	b = append(b, head[1:]...)
	copy(b[at+len(head):], b[at+1:at+1+n])
	copy(b[at:], head)
	return b, nil
}

// AppendFloat appends a finite number in the shortest form that keeps its value.
func AppendFloat(b []byte, f float64) []byte {
	if short := float32(f); float64(short) == f {
		if half, ok := toHalf(short); ok {
			return be.BigEndian.AppendUint16(append(b, float16), half)
		}
		return be.BigEndian.AppendUint32(append(b, float32As), math.Float32bits(short))
	}
	return be.BigEndian.AppendUint64(append(b, float64As), math.Float64bits(f))
}

// toHalf returns the half precision of a finite number; ok is false when it has none.
func toHalf(f float32) (half uint16, ok bool) {
	bits := math.Float32bits(f)
	sign, exponent, fraction := uint16(bits>>16)&0x8000, int(bits>>23&0xff)-127, bits&0x7fffff
	switch {
	case bits&0x7fffffff == 0:
		return sign, true
	case exponent >= -14 && exponent <= 15:
		return sign | uint16(exponent+15)<<10 | uint16(fraction>>13), fraction&0x1fff == 0
	case exponent >= -24 && exponent < -14: // subnormal
		whole, shift := fraction|0x800000, uint(-exponent-14+13)
		return sign | uint16(whole>>shift), whole&(1<<shift-1) == 0
	}
	return 0, false
}

// fromHalf returns the value of a half precision; NaN for an infinity and for NaN.
func fromHalf(half uint16) float64 {
	exponent, fraction := int(half>>10&31), float64(half&0x3ff)
	value := math.NaN()
	switch exponent {
	case 0:
		value = math.Ldexp(fraction, -24)
	case 31:
	default:
		value = math.Ldexp(fraction+1024, exponent-25)
	}
	if half&0x8000 != 0 {
		return -value
	}
	return value
}
