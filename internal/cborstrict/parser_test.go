package cborstrict

import (
	"bytes"
	"encoding/hex"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestAppendWritesWhatWriterDoes holds the Append functions against the library, and
// Parser against them.
func TestAppendWritesWhatWriterDoes(t *testing.T) {
	writer := Writer()
	same := func(t *rapid.T, value any, got []byte) {
		want, err := writer.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("%v: got %x, want %x", value, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n") >> rapid.IntRange(0, 63).Draw(t, "shift")
		same(t, n, AppendInt(nil, n))
		if p := (Parser{Data: AppendInt(nil, n)}); p.Int() != n || p.End() != nil {
			t.Fatalf("%d: read otherwise, %v", n, p.Err)
		}
		u := rapid.Uint64().Draw(t, "u") >> rapid.IntRange(0, 63).Draw(t, "shift")
		same(t, u, AppendUint(nil, u))
		if p := (Parser{Data: AppendUint(nil, u)}); p.Uint() != u || p.End() != nil {
			t.Fatalf("%d: read otherwise, %v", u, p.Err)
		}
		for _, f := range []float64{
			rapid.Float64().Draw(t, "f"), float64(rapid.Float32().Draw(t, "short")),
			float64(rapid.IntRange(-4096, 4096).Draw(t, "small")) / float64(int64(1)<<rapid.IntRange(0, 40).Draw(t, "by")),
		} {
			same(t, f, AppendFloat(nil, f))
			if p := (Parser{Data: AppendFloat(nil, f)}); math.Float64bits(p.Float()) != math.Float64bits(f) || p.End() != nil {
				t.Fatalf("%v: read otherwise, %v", f, p.Err)
			}
		}
		s := rapid.String().Draw(t, "s")
		same(t, s, AppendText(nil, s))
		data := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "data")
		same(t, data, AppendBytes(nil, data))
		nested, err := AppendNested([]byte("before"), func(b []byte) ([]byte, error) { return append(b, data...), nil })
		if err != nil || !bytes.Equal(nested, AppendBytes([]byte("before"), data)) {
			t.Fatalf("%x: nested got %x, %v", data, nested, err)
		}
	})
}

// TestEveryHalf reads all half precisions and writes them again.
func TestEveryHalf(t *testing.T) {
	for h := range 1 << 16 {
		data := []byte{float16, byte(h >> 8), byte(h)}
		p := Parser{Data: data}
		f := p.Float()
		if special := h>>10&31 == 31; special != (p.Err != nil) {
			t.Fatalf("%x: got %v, %v", data, f, p.Err)
		} else if !special && !bytes.Equal(AppendFloat(nil, f), data) {
			t.Fatalf("%x: got %v, written as %x", data, f, AppendFloat(nil, f))
		}
	}
}

// TestParserRefuses takes bytes in hexadecimal, as RFC 8949 writes them.
func TestParserRefuses(t *testing.T) {
	for _, c := range []struct {
		what, data string
		read       func(*Parser)
	}{
		{"a longer head than needed", "18 17", func(p *Parser) { p.Uint() }},
		{"two bytes for one", "19 00 ff", func(p *Parser) { p.Uint() }},
		{"four bytes for two", "1a 00 00 ff ff", func(p *Parser) { p.Uint() }},
		{"eight bytes for four", "1b 00 00 00 00 ff ff ff ff", func(p *Parser) { p.Uint() }},
		{"a head cut off", "19 01", func(p *Parser) { p.Uint() }},
		{"an indefinite length", "9f ff", func(p *Parser) { p.Count(Array, 9) }},
		{"a reserved length", "1c", func(p *Parser) { p.Uint() }},
		{"nothing", "", func(p *Parser) { p.Uint() }},
		{"another type", "20", func(p *Parser) { p.Uint() }},
		{"a number beyond an Int", "1b ff ff ff ff ff ff ff ff", func(p *Parser) { p.Int() }},
		{"a text cut off", "65 61", func(p *Parser) { p.Text(9) }},
		{"a text that is too long", "63 61 61 61", func(p *Parser) { p.Text(2) }},
		{"a text that is not UTF-8", "61 ff", func(p *Parser) { p.Text(9) }},
		{"an array that claims too much", "98 ff 00", func(p *Parser) { p.Count(Array, 1000) }},
		{"an array with too many", "83 00 00 00", func(p *Parser) { p.Count(Array, 2) }},
		{"a float that a half would hold", "fa 3f 80 00 00", func(p *Parser) { p.Float() }},
		{"a double that a float would hold", "fb 3f f0 00 00 00 00 00 00", func(p *Parser) { p.Float() }},
		{"NaN", "f9 7e 00", func(p *Parser) { p.Float() }},
		{"an infinity", "f9 7c 00", func(p *Parser) { p.Float() }},
		{"a float's infinity", "fa 7f 80 00 00", func(p *Parser) { p.Float() }},
		{"a boolean", "f5", func(p *Parser) { p.Float() }},
		{"bytes behind it", "00 00", func(p *Parser) { p.Uint() }},
	} {
		data, err := hex.DecodeString(strings.ReplaceAll(c.data, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		p := Parser{Data: data}
		c.read(&p)
		if p.End() == nil {
			t.Errorf("%s: it was read", c.what)
		}
		if p.Uint() != 0 || p.Text(9) != "" || len(p.Data) > 0 {
			t.Errorf("%s: something was read after the fault", c.what)
		}
	}
}
