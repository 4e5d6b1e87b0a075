package coop

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"parley/hostagent/process/protocol"
)

// What was carried comes back by its name, also after a suspension before it was asked
// for.
func TestCarry(t *testing.T) {
	type part struct{ Name string }
	n, p := 7, part{"a"}
	var first Process
	if err := errors.Join(first.Carry("n", &n), first.Carry("p", &p)); err != nil {
		t.Fatal(err)
	}
	if err := first.Carry("n", &n); err == nil {
		t.Error("Carry of the same name: got no error, want one")
	}
	state, err := first.pack()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		var next Process
		if next.state, err = unpack(state); err != nil {
			t.Fatal(err)
		}
		var got int
		if err := next.Carry("n", &got); err != nil || got != n {
			t.Errorf("Carry: got %d, %v, want %d", got, err, n)
		}
		if state, err = next.pack(); err != nil {
			t.Fatal(err)
		}
	}
	last := Process{}
	if last.state, err = unpack(state); err != nil {
		t.Fatal(err)
	}
	var got part
	if err := last.Carry("p", &got); err != nil || !reflect.DeepEqual(got, p) {
		t.Errorf("Carry of what was asked for late: got %+v, %v, want %+v", got, err, p)
	}
	var wrong string
	if last.state, err = unpack(state); err != nil {
		t.Fatal(err)
	}
	if err := (&Process{state: last.state}).Carry("n", &wrong); err == nil || !strings.Contains(err.Error(), "the same on both hosts") {
		t.Errorf("Carry into another type: got %v, want what may be wrong", err)
	}
}

func FuzzUnpack(f *testing.F) {
	var p Process
	n := 3
	if err := p.Carry("n", &n); err != nil {
		f.Fatal(err)
	}
	state, err := p.pack()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(state)
	f.Add([]byte{1, 'a', 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, state []byte) {
		parts, err := unpack(state)
		if err != nil {
			return
		}
		again, err := unpack(must((&Process{state: parts}).pack()))
		if err != nil || !reflect.DeepEqual(again, parts) {
			t.Errorf("got %q, %v, want %q", again, err, parts)
		}
	})
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// An output is cut to where the program stood, and an input continues there.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	in, out, short := filepath.Join(dir, "in"), filepath.Join(dir, "out"), filepath.Join(dir, "short")
	for path, text := range map[string]string{in: "one\ntwo\nthree\n", out: "ONE\nTWO\nTH", short: "x"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := Process{places: map[string]protocol.File{in: {At: 4}, out: {At: 4, Write: true}, short: {At: 9, Write: true}, "/other": {At: 3}}}
	r, err := p.Input(in)
	if err != nil {
		t.Fatal(err)
	}
	w, err := p.Output(out)
	if err != nil {
		t.Fatal(err)
	}
	line, err := r.ReadBytes('\n')
	if err != nil || string(line) != "two\n" {
		t.Errorf("ReadBytes: got %q, %v, want the second line", line, err)
	}
	if _, err := w.Write(bytes.ToUpper(line)); err != nil {
		t.Fatal(err)
	}
	got := map[string]protocol.File{}
	if err := p.commit(got); err != nil {
		t.Fatal(err)
	}
	want := map[string]protocol.File{in: {At: 8}, out: {At: 8, Write: true}, short: {At: 9, Write: true}, "/other": {At: 3}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the places: got %v, want %v", got, want)
	}
	if text, err := os.ReadFile(out); err != nil || string(text) != "ONE\nTWO\n" {
		t.Errorf("the output: got %q, %v, want two lines", text, err)
	}
	rest, err := io.ReadAll(r)
	if err != nil || string(rest) != "three\n" {
		t.Errorf("the rest of the input: got %q, %v, want the third line", rest, err)
	}
	if _, err := p.Output(short); err == nil || !strings.Contains(err.Error(), "the same file") {
		t.Errorf("Output of a file that is shorter than it was: got %v, want what may be wrong", err)
	}
	if _, err := p.Input(in); err == nil {
		t.Error("Input of a file that is open: got no error, want one")
	}
	if err := errors.Join(w.Close(), r.Close(), p.commit(got)); err != nil || got[out].At != 8 {
		t.Errorf("after Close: got %v, %v, want the places as before", got, err)
	}
}

// The cost of a safe point while nobody asks.
func BenchmarkPoint(b *testing.B) {
	p := Process{link: &link{}}
	for b.Loop() {
		p.Point()
	}
}

// What was flushed is in the file before the next safe point.
func TestFlush(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	var p Process
	out, err := p.Output(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	for _, want := range []string{"", "one\n"} {
		if want != "" {
			_, err = io.WriteString(out, want)
			err = errors.Join(err, out.Flush())
		}
		if got, readErr := os.ReadFile(path); err != nil || readErr != nil || string(got) != want {
			t.Errorf("the file: got %q, %v, %v, want %q", got, err, readErr, want)
		}
	}
}
