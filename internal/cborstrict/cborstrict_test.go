package cborstrict

import (
	"encoding/hex"
	"strings"
	"testing"
)

type pair struct {
	A uint64   `cbor:"1,keyasint"`
	B []string `cbor:"2,keyasint,omitempty"`
}

var limits = Limits{Nested: 4, Elements: 16, Pairs: 16}

// TestReader takes bytes apart in hexadecimal, as RFC 8949 writes them.
func TestReader(t *testing.T) {
	later := limits
	later.Later = true
	for _, c := range []struct{ what, data, want string }{
		{"a value", "a2 01 05 02 81 61 61", ""},
		{"a doubled key", "a2 01 05 01 06", "duplicate"},
		{"a key of a later version", "a2 01 05 03 06", "unknown"},
		{"an indefinite length", "bf 01 05 ff", "indefinite"},
		{"a tag", "a1 01 c2 41 05", "tag"},
		{"a text that is not UTF-8", "a1 02 81 61 ff", "UTF-8"},
		{"too many elements", "a1 02 91" + strings.Repeat(" 60", 17), "elements"},
		{"too many pairs", "b1" + strings.Repeat(" 01 05", 17), "pairs"},
		{"too deep", "a1 01 81 81 81 81 05", "nested"},
		{"too short", "a1 01", "EOF"},
		{"bytes behind it", "a1 01 05 00", "extraneous"},
	} {
		data, err := hex.DecodeString(strings.ReplaceAll(c.data, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range []Limits{limits, later} {
			want := c.want
			if l.Later && want == "unknown" {
				want = ""
			}
			var into pair
			err := Reader(l).Unmarshal(data, &into)
			if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s, later %v: got %v, want an error with %q", c.what, l.Later, err, want)
			}
			if err == nil && into.A != 5 {
				t.Errorf("%s: got %d, want 5", c.what, into.A)
			}
		}
	}
}

func TestWriterIsDeterministic(t *testing.T) {
	for range 10 {
		data, err := Writer().Marshal(map[string]int{"b": 1, "a": 300, "": 2})
		if got, want := hex.EncodeToString(data), "a36002616119012c616201"; err != nil || got != want {
			t.Fatalf("got %s, %v, want %s", got, err, want)
		}
	}
}
