package past

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

func random(r *rand.Rand) Block {
	b := Block{Start: r.Int64() - r.Int64(), Step: 1 + r.Uint32N(3600), Samples: 1 + r.IntN(60), Guests: make([]Series, r.IntN(20)),
		Host: Host{Name: "h", Labels: []string{"rack=1"}, Memory: r.Int64()}}
	for i := range b.Guests {
		g := Series{Guest: Guest{ID: fmt.Sprint("g", r.Uint32()), Cores: r.Float64()}}
		g.CPU, g.Memory = make([]uint16, b.Samples), make([]uint16, b.Samples)
		for j := range g.CPU {
			g.CPU[j], g.Memory[j] = uint16(r.Uint32()), Absent
		}
		b.Guests[i] = g
	}
	return b
}

func TestBlocksComeBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var encoder Encoder
	for range 200 {
		var want []Block
		var data []byte
		for range 1 + r.IntN(3) {
			b := random(r)
			var err error
			if data, err = encoder.Append(data, b); err != nil {
				t.Fatal(err)
			}
			want = append(want, b)
		}
		got, whole, torn := Read(data)
		if torn != nil || whole != len(data) || !reflect.DeepEqual(got, want) {
			t.Fatalf("got %v, %d, %v, want %v, %d", got, whole, torn, want, len(data))
		}
	}
}

func TestTornTailIsCut(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var encoder Encoder
	first, err := encoder.Append(nil, random(r))
	if err != nil {
		t.Fatal(err)
	}
	both, err := encoder.Append(bytes.Clone(first), random(r))
	if err != nil {
		t.Fatal(err)
	}
	for n := len(first); n < len(both); n++ {
		blocks, whole, torn := Read(both[:n])
		if len(blocks) != 1 || whole != len(first) || (torn == nil) != (n == len(first)) {
			t.Fatalf("cut at %d: got %d blocks, %d bytes, %v", n, len(blocks), whole, torn)
		}
	}
	for n := len(first); n < len(both); n++ {
		bad := bytes.Clone(both)
		bad[n] ^= 0x10
		if blocks, whole, torn := Read(bad); len(blocks) != 1 || whole != len(first) || torn == nil {
			t.Fatalf("changed at %d: got %d blocks, %d bytes, %v", n, len(blocks), whole, torn)
		}
	}
}

func TestQuantise(t *testing.T) {
	for share, want := range map[float64]uint16{-1: 0, 0: 0, 0.25: 250, 1: 1000, 1e9: Absent - 1} {
		if got := Quantise(share); got != want {
			t.Errorf("Quantise(%v): got %d, want %d", share, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	var encoder Encoder
	data, err := encoder.Append(nil, random(rand.New(rand.NewPCG(5, 6))))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		blocks, whole, torn := Read(data)
		if (torn == nil) != (whole == len(data)) {
			t.Fatalf("got %d of %d bytes and %v", whole, len(data), torn)
		}
		var again []byte
		var encoder Encoder
		for _, b := range blocks {
			var err error
			if again, err = encoder.Append(again, b); err != nil {
				t.Fatal(err)
			}
		}
		if got, _, err := Read(again); err != nil || !reflect.DeepEqual(got, blocks) {
			t.Fatalf("got %v, %v, want %v", got, err, blocks)
		}
	})
}

// FuzzParse gets behind the checksum.
func FuzzParse(f *testing.F) {
	plain, err := random(rand.New(rand.NewPCG(7, 8))).plain()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(plain)
	f.Fuzz(func(t *testing.T, plain []byte) {
		b, err := parse(plain)
		if err != nil {
			return
		}
		plain, err = b.plain()
		if err != nil {
			t.Fatal(err)
		}
		if again, err := parse(plain); err != nil || !reflect.DeepEqual(again, b) {
			t.Fatalf("got %v, %v, want %v", again, err, b)
		}
	})
}

// BenchmarkPlanetLab writes a day of PlanetLab guests in blocks of two hours. Memory is
// made up, and changes slowly.
func BenchmarkPlanetLab(b *testing.B) {
	files, err := filepath.Glob(filepath.Join(os.Getenv("PARLEY_DATA"), os.Getenv("PARLEY_DAY"), "*"))
	if err != nil || os.Getenv("PARLEY_DAY") == "" || len(files) < 20 {
		b.Skip("set PARLEY_DATA and PARLEY_DAY to a directory of at least 20 PlanetLab traces")
	}
	const looks, hours = 288, 12
	day := make([]Block, hours)
	r := rand.New(rand.NewPCG(9, 10))
	for i := range day {
		day[i] = Block{Start: int64(i) * 7200, Step: 300, Samples: looks / hours}
	}
	for i, name := range files[:20] {
		text, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		memory := uint16(400)
		lines := strings.Fields(string(text))
		for j := range day {
			g := Series{Guest: Guest{
				ID: fmt.Sprintf("0c0a8c4e-7a7e-4f0e-9d5b-%012d", i), Name: fmt.Sprint("web", i), Cores: 4, Memory: 4 << 30,
				Labels: []string{"tier=web"},
			}}
			for _, line := range lines[j*24 : j*24+24] {
				percent, err := strconv.Atoi(line)
				if err != nil {
					b.Fatal(err)
				}
				memory += uint16(r.IntN(5)) - 2
				g.CPU = append(g.CPU, Quantise(float64(percent)/100+r.Float64()/100))
				g.Memory = append(g.Memory, memory)
			}
			day[j].Guests = append(day[j].Guests, g)
		}
	}
	var data []byte
	var encoder Encoder
	for b.Loop() {
		data = data[:0]
		for _, block := range day {
			if data, err = encoder.Append(data, block); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(len(data))/20, "bytes/guest-day")
}
