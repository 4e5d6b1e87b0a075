//go:build linux

package volume

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// script is a stream that a lying source sends; what is answered is dropped.
type script struct{ io.Reader }

func (script) Write(b []byte) (int, error) { return len(b), nil }

func stream(t testing.TB, frames ...frame) script {
	t.Helper()
	var text bytes.Buffer
	c := channel{out: &text}
	for _, f := range frames {
		if err := c.send(f); err != nil {
			t.Fatal(err)
		}
	}
	return script{&text}
}

var greeting = frame{Hello: &hello{Version: version}}

func node(path, to string) item {
	return item{Verb: makeNode, Path: []byte(path), To: []byte(to), Meta: attributes{Mode: unix.S_IFLNK | 0o777}}
}

func file(path string, size int64, extents ...extent) item {
	return item{Verb: makeFile, Path: []byte(path), Size: size, SegmentBytes: size, Extents: extents,
		Meta: attributes{Mode: unix.S_IFREG | 0o644}}
}

var ontoLink = item{Verb: leaveDirectory, Path: []byte("l"), Meta: attributes{Mode: unix.S_IFDIR | 0o777}}

// TestLyingSource sends what would leave the root, or what no source sends.
func TestLyingSource(t *testing.T) {
	data := func(n int, at int64, text string) frame {
		return frame{Block: &block{Item: n, At: at, Data: []byte(text)}}
	}
	for _, c := range []struct {
		name   string
		frames []frame
		want   string
	}{
		{"another version", []frame{{Hello: &hello{Version: 99}}}, "another version"},
		{"no greeting", []frame{{Done: true}}, "another version"},
		{"upwards", []frame{greeting, {Items: []item{file("../outside/x", 0)}}}, `".." is no name`},
		{"absolute", []frame{greeting, {Items: []item{file("/etc/x", 0)}}}, `"" is no name`},
		{"through a link", []frame{greeting, {Items: []item{node("l", "../outside"), file("l/x", 0)}}}, "its directory"},
		{"onto a link", []frame{greeting, {Items: []item{node("l", "../outside"), ontoLink}}, {Done: true}}, "another type"},
		{"link from outside", []frame{greeting, {Items: []item{{Verb: makeLink, Path: []byte("x"), To: []byte("../outside/secret")}}}}, `".." is no name`},
		{"link through a link", []frame{greeting, {Items: []item{node("l", "../outside"), {Verb: makeLink, Path: []byte("x"), To: []byte("l/secret")}}}}, "its directory"},
		{"removing outside", []frame{greeting, {Items: []item{node("l", "../outside"), {Verb: keepNames, Path: []byte("l"), Last: true}}}}, "not a directory"},
		{"a name with a slash", []frame{greeting, {Items: []item{{Verb: keepNames, Path: []byte("."), Names: [][]byte{[]byte("a/b")}}}}}, "no name"},
		{"names in disorder", []frame{greeting, {Items: []item{{Verb: keepNames, Path: []byte("."), Names: [][]byte{[]byte("b"), []byte("a")}}}}}, "disorder"},
		{"the root as a file", []frame{greeting, {Items: []item{file(".", 0)}}}, "root of the volume"},
		{"a device", []frame{greeting, {Items: []item{{Verb: makeNode, Path: []byte("sda"), Meta: attributes{Mode: unix.S_IFBLK, Device: 0x800}}}}}, "the device 8:0"},
		{"unknown verb", []frame{greeting, {Items: []item{{Verb: 99, Path: []byte("x")}}}}, "unknown verb"},
		{"unknown type", []frame{greeting, {Items: []item{{Verb: makeNode, Path: []byte("x"), Meta: attributes{Mode: unix.S_IFREG}}}}}, "unknown type"},
		{"negative size", []frame{greeting, {Items: []item{file("x", -1)}}}, "not in the file"},
		{"segment behind the end", []frame{greeting, {Items: []item{{Verb: makeFile, Path: []byte("x"), Size: 1, Segment: 1 << 62, SegmentBytes: 1 << 62}}}}, "not in the file"},
		{"data behind the end", []frame{greeting, {Items: []item{file("x", 10, extent{At: 5, Length: 1 << 62})}}}, "not in the segment"},
		{"data in disorder", []frame{greeting, {Items: []item{file("x", 10, extent{At: 5, Length: 1}, extent{At: 0, Length: 1})}}}, "disorder"},
		{"block of no file", []frame{greeting, {Items: []item{node("l", "x")}}, data(0, 0, "x")}, "data of no file"},
		{"block of no item", []frame{greeting, {Items: []item{node("l", "x")}}, data(7, 0, "x")}, "data of no file"},
		{"block outside", []frame{greeting, {Items: []item{file("x", 10)}}, data(0, 8, "xxx")}, "not in the segment"},
		{"block before", []frame{greeting, {Items: []item{file("x", 10)}}, data(0, -1, "x")}, "not in the segment"},
		{"end too early", []frame{greeting, {End: &end{Items: 3}}}, "does not belong"},
		{"cut off", []frame{greeting}, "has ended the round"},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := t.TempDir()
			root, outside := filepath.Join(base, "root"), filepath.Join(base, "outside")
			for _, dir := range []string{root, outside} {
				if err := os.Mkdir(dir, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			write(t, filepath.Join(outside, "secret"), []byte("secret"))
			before := picture(t, outside)
			_, err := Receive(context.Background(), root, stream(t, c.frames...), Options{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			after := picture(t, outside)
			for name := range before {
				if after[name] != before[name] {
					t.Errorf("%s outside of the root: got %s, want it as before: %s", name, after[name], before[name])
				}
			}
			if len(after) != len(before) {
				t.Errorf("got %d names outside of the root, want %d", len(after), len(before))
			}
		})
	}
}

// FuzzReceive holds that no stream leaves the root or ends the process.
func FuzzReceive(f *testing.F) {
	seed := func(frames ...frame) {
		text, err := io.ReadAll(stream(f, frames...))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	made := item{Verb: enterDirectory, Path: []byte("d")}
	seed(greeting, frame{Items: []item{made, file("d/x", 5, extent{Length: 5}), node("d/l", "../../outside")}},
		frame{Block: &block{Item: 1, Data: []byte("hello")}}, frame{Done: true}, frame{End: &end{Items: 3}})
	kept := item{Verb: keepNames, Path: []byte("."), Names: [][]byte{[]byte("l")}, Last: true}
	seed(greeting, frame{Items: []item{node("l", "../outside"), kept}}, frame{Done: true})
	f.Add(binary.BigEndian.AppendUint32(nil, 1<<31))
	f.Fuzz(func(t *testing.T, text []byte) {
		base := t.TempDir()
		root, outside := filepath.Join(base, "root"), filepath.Join(base, "outside")
		for _, dir := range []string{root, outside} {
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		write(t, filepath.Join(outside, "secret"), []byte("secret"))
		_, _ = Receive(context.Background(), root, script{bytes.NewReader(text)}, Options{BytesMost: 1 << 20, EntriesMost: 1000})
		names, err := os.ReadDir(outside)
		if err != nil || len(names) != 1 {
			t.Fatalf("outside of the root: got %v and %v, want the one file", names, err)
		}
		if content, err := os.ReadFile(filepath.Join(outside, "secret")); err != nil || string(content) != "secret" {
			t.Fatalf("outside of the root: got %q and %v, want the file as before", content, err)
		}
	})
}

// TestLyingTarget answers with hashes that are none.
func TestLyingTarget(t *testing.T) {
	source := t.TempDir()
	write(t, filepath.Join(source, "x"), []byte("content"))
	for name, answers := range map[string][]frame{
		"malformed hashes": {{Have: []have{{Item: 2, Hashes: []byte("short")}}}},
		"an early end":     {{Have: []have{{Item: 1}}}, {End: &end{Items: 99}}},
		"a fault":          {{Fault: "no room\xff"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mustOpen(t, source, Options{}).Send(context.Background(), stream(t, answers...), Round{})
			if err == nil || !strings.Contains(err.Error(), "target") && !strings.Contains(err.Error(), "malformed") {
				t.Errorf("got %v, want that the target is at fault", err)
			}
		})
	}
}
