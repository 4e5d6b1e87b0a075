package bytesize

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]int64{
		"64 GiB": 64 << 30, "64GiB": 64 << 30, "1.5TiB": 3 << 39, ".5 KiB": 512, "62.5 MB": 62_500_000, "7 kB": 7000, "2  KiB": 2048, "0 B": 0,
		"9007199254740993 B": 9007199254740993, "4194304 TiB": 1 << 62,
	} {
		if got, err := Parse(text); err != nil || got != want {
			t.Errorf("%q: got %d, %v, want %d", text, got, err, want)
		}
	}
}

func TestParseFaults(t *testing.T) {
	for text, want := range map[string]string{
		"64": `"64" has no unit: write one, such as 64 GiB or 64 MiB`, "1.5": "has no unit",
		"12x3GiB": "is not a number of bytes", "": "is not", "GiB": "is not", "-1 GiB": "is not", "1,5 GiB": "is not",
		"64g": "is not", "64 gib": "is not", "1.2.3 GiB": "is not", "1e3 B": "is not", "4194305 TiB": "is not", "64 GiB ": "is not", "NaN B": "is not", "inf B": "is not", "٣ B": "is not",
	} {
		if got, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %d, %v, want %q", text, got, err, want)
		}
	}
}

// What is written exactly is read back unchanged.
func TestExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Int64Range(0, bytesMost).Draw(t, "bytes") >> rapid.IntRange(0, 60).Draw(t, "smaller")
		if rapid.Bool().Draw(t, "round") {
			want = want >> 20 << 20
		}
		if got, err := Parse(Exact(want)); err != nil || got != want {
			t.Fatalf("%d is written as %s: got %d, %v", want, Exact(want), got, err)
		}
	})
}

func TestText(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", -1: "0 B", 1 << 20: "1.00 MiB", 512 << 20: "512 MiB", 3 << 29: "1.50 GiB", 64 << 30: "64.0 GiB",
	} {
		if got := Text(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
	for n, want := range map[int64]string{
		-1: "0.00 GiB", 1 << 20: "0.00 GiB", 512 << 20: "0.50 GiB", 6 << 30: "6.00 GiB", 64 << 30: "64.0 GiB", 2 << 40: "2048 GiB",
	} {
		if got := GiB(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}
