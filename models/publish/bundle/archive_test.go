package bundle

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"testing"
)

func pack(t *testing.T, a Archive) []byte {
	t.Helper()
	data, err := a.Pack()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestArchive(t *testing.T) {
	s := newSite(t)
	want := Archive{Releases: []Signed{s.sign(t, s.release(), s.keys...)}, Objects: map[Digest][]byte{DigestOf(model): model,
		DigestOf(nil): {}}}
	data := pack(t, want)
	if !bytes.Equal(data, pack(t, want)) {
		t.Error("the same archive gives other bytes")
	}
	got, err := Unpack(data)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Releases) != 1 || got.Releases[0].Digest() != want.Releases[0].Digest() || !maps.EqualFunc(got.Objects, want.Objects,
		bytes.Equal) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// entry is one of a hostile archive.
type entry struct {
	header tar.Header
	data   []byte
}

// tarball makes an archive that Pack would not make.
func tarball(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	w := tar.NewWriter(zip)
	for _, e := range entries {
		e.header.Size = int64(len(e.data))
		if err := w.WriteHeader(&e.header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestHostileArchives(t *testing.T) {
	s := newSite(t)
	release := s.sign(t, s.release(), s.keys...).Encode()
	digest := DigestOf(model).String()
	file := func(name string, data []byte) entry {
		return entry{tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644}, data}
	}
	for name, c := range map[string]struct {
		data []byte
		want Code
	}{
		"no archive":                  {[]byte("no"), Malformed},
		"nothing":                     {nil, Malformed},
		"a release that is none":      {tarball(t, file("chain/1", []byte("no"))), Malformed},
		"an object of another digest": {tarball(t, file("objects/"+digest, []byte("other"))), WrongDigest},
		"an object too large":         {tarball(t, file("objects/"+digest, make([]byte, ObjectBytes+1))), TooLarge},
		"a version that is none":      {tarball(t, file("chain/x", release)), WrongPath},
		"a version with a zero":       {tarball(t, file("chain/01", release)), WrongPath},
		"a version with a sign":       {tarball(t, file("chain/+1", release)), WrongPath},
		"a digest that is none":       {tarball(t, file("objects/"+digest[:63], model)), WrongPath},
		"a digest and a directory":    {tarball(t, file("objects/../"+digest, model)), WrongPath},
		"a link":                      {tarball(t, entry{tar.Header{Name: "objects/" + digest, Typeflag: tar.TypeSymlink, Linkname: "/etc/shadow"}, nil}), WrongPath},
		"a hard link":                 {tarball(t, entry{tar.Header{Name: "objects/" + digest, Typeflag: tar.TypeLink, Linkname: "/etc/shadow"}, nil}), WrongPath},
		"a directory":                 {tarball(t, entry{tar.Header{Name: "objects/", Typeflag: tar.TypeDir}, nil}), WrongPath},
		"a device":                    {tarball(t, entry{tar.Header{Name: "objects/" + digest, Typeflag: tar.TypeBlock}, nil}), WrongPath},
		"too large":                   {make([]byte, ArchiveBytes+1), TooLarge},
		"too many":                    {tarball(t, slices.Repeat([]entry{file("objects/"+digest, model)}, entriesMax+1)...), TooLarge},
	} {
		if _, err := Unpack(c.data); CodeOf(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	for _, path := range append([]string{"../../etc/passwd", "/etc/passwd", "chain", "objects", "Chain/1", "x/chain/1", "./chain/1"},
		wrongPaths...) {
		if bytes.ContainsRune([]byte(path), 0) || path == "" {
			continue // a tar file has no such name
		}
		if _, err := Unpack(tarball(t, file(path, release))); CodeOf(err) != WrongPath {
			t.Errorf("%q: got %v, want %s", path, err, WrongPath)
		}
	}
}

// zeros writes n zeros through a compressor.
func zeros(t *testing.T, w io.Writer, n int64) {
	t.Helper()
	block := make([]byte, 1<<20)
	for ; n > 0; n -= int64(len(block)) {
		if _, err := w.Write(block[:min(n, int64(len(block)))]); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCompressionBomb: a small file that unpacks to gigabytes is refused, and takes no
// more memory than what is let in.
func TestCompressionBomb(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine and much work: nothing for the race detector; go test without -short runs it")
	}
	const unpacked = 4 << 30
	var one bytes.Buffer // an entry whose size the header tells
	zip, err := gzip.NewWriterLevel(&one, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(zip)
	if err := w.WriteHeader(&tar.Header{Name: "objects/" + DigestOf(model).String(), Typeflag: tar.TypeReg, Size: unpacked}); err != nil {
		t.Fatal(err)
	}
	zeros(t, w, 1<<30)
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	var skipped bytes.Buffer // many entries that are each small enough
	zip, err = gzip.NewWriterLevel(&skipped, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	w = tar.NewWriter(zip)
	block := make([]byte, ObjectBytes)
	for range 200 {
		if err := w.WriteHeader(&tar.Header{Name: "objects/" + DigestOf(block).String(), Typeflag: tar.TypeReg, Size: ObjectBytes}); err != nil {
			t.Fatal(err)
		}
		zeros(t, w, ObjectBytes)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"one entry": one.Bytes(), "many entries": skipped.Bytes()} {
		if len(data) > ArchiveBytes {
			t.Fatalf("%s: the bomb has %d bytes: it is refused for its size", name, len(data))
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Unpack(data)
		runtime.ReadMemStats(&after)
		if CodeOf(err) != TooLarge {
			t.Errorf("%s: got %v, want %s", name, err, TooLarge)
		}
		// io.ReadAll grows its buffer in steps: some times the size is allocated in all.
		if took := after.TotalAlloc - before.TotalAlloc; took > 8*unpackedBytes {
			t.Errorf("%s: %d MiB were allocated for an archive of %d bytes", name, took>>20, len(data))
		}
	}
}

// TestSparse: a tar file's holes, which need no bytes, are not taken.
func TestSparse(t *testing.T) {
	header := tar.Header{Name: "objects/" + DigestOf(model).String(), Typeflag: tar.TypeGNUSparse, Format: tar.FormatGNU}
	data := tarballRaw(t, &header)
	if _, err := Unpack(data); CodeOf(err) != WrongPath && CodeOf(err) != Malformed {
		t.Errorf("got %v, want a refusal", err)
	}
}

// tarballRaw writes a header that package tar does not write, by its type alone.
func tarballRaw(t *testing.T, header *tar.Header) []byte {
	t.Helper()
	kind := header.Typeflag
	header.Typeflag = tar.TypeReg
	var plain bytes.Buffer
	w := tar.NewWriter(&plain)
	if err := w.WriteHeader(header); err != nil {
		t.Fatal(err)
	}
	block := plain.Bytes()
	block[156] = kind
	sum := 0
	for i, b := range block[:512] {
		if i >= 148 && i < 156 {
			b = ' '
		}
		sum += int(b)
	}
	copy(block[148:156], fmt.Sprintf("%06o\x00 ", sum))
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	if _, err := zip.Write(block); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
