package bundle

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Archive is a part of a chain with the objects that its last release names, in one
// file: for handing to an agent, or for transport without a network. The receiver
// checks its content like network input.
type Archive struct {
	Releases []Signed // in the order of their versions
	Objects  map[Digest][]byte
}

// Limits of an archive file and of its uncompressed content, so that a small file
// cannot exhaust memory.
const (
	ArchiveBytes  = 16 << 20
	unpackedBytes = 64 << 20
	entriesMax    = 30_000
)

// Pack encodes the archive as a tar file, compressed with gzip. It is deterministic.
func (a Archive) Pack() ([]byte, error) {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	w := tar.NewWriter(zip)
	put := func(name string, data []byte) error {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(data)), Format: tar.FormatUSTAR}); err != nil {
			return err
		}
		_, err := w.Write(data)
		return err
	}
	var errs []error
	for _, s := range a.Releases {
		r, err := s.Release()
		if err != nil {
			return nil, err
		}
		errs = append(errs, put("chain/"+strconv.FormatUint(r.Version, 10), s.Encode()))
	}
	digests := make([]Digest, 0, len(a.Objects))
	for d := range a.Objects {
		digests = append(digests, d)
	}
	slices.SortFunc(digests, func(a, b Digest) int { return bytes.Compare(a[:], b[:]) })
	for _, d := range digests {
		errs = append(errs, put("objects/"+d.String(), a.Objects[d]))
	}
	errs = append(errs, w.Close(), zip.Close())
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("pack the bundle: %w", err)
	}
	if out.Len() > ArchiveBytes {
		return nil, Refuse(TooLarge, "the bundle has %d bytes, more than %d", out.Len(), ArchiveBytes)
	}
	return out.Bytes(), nil
}

// Unpack decodes the output of Pack. It accepts only names that Pack writes, so no name
// can leave its directory, and checks objects against their digests. The error is a
// *Refusal.
func Unpack(data []byte) (Archive, error) {
	if len(data) > ArchiveBytes {
		return Archive{}, Refuse(TooLarge, "a bundle of %d bytes, more than %d", len(data), ArchiveBytes)
	}
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return Archive{}, Refuse(Malformed, "this is not a bundle, as `parley policy build` writes it: %v", err)
	}
	a := Archive{Objects: map[Digest][]byte{}}
	plain := &bounded{from: zip, left: unpackedBytes}
	r := tar.NewReader(plain)
	for n := 0; ; n++ {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			// The checksum of the file is at its very end.
			if _, err := io.Copy(io.Discard, plain); err != nil {
				return Archive{}, unreadable(err)
			}
			return a, nil
		}
		if err != nil {
			return Archive{}, unreadable(err)
		}
		if n >= entriesMax {
			return Archive{}, Refuse(TooLarge, "a bundle of more than %d entries", entriesMax)
		}
		if err := a.take(header, r); err != nil {
			return Archive{}, err
		}
	}
}

func (a *Archive) take(header *tar.Header, r io.Reader) error {
	kind, name, _ := strings.Cut(header.Name, "/")
	if header.Typeflag != tar.TypeReg || kind != "chain" && kind != "objects" {
		return Refuse(WrongPath, "a bundle holds chain/VERSION and objects/DIGEST, this one has %q", header.Name)
	}
	if header.Size > ObjectBytes {
		return Refuse(TooLarge, "%s of a bundle has %d bytes, more than %d", header.Name, header.Size, ObjectBytes)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return unreadable(err)
	}
	if kind == "chain" {
		s, err := DecodeSigned(data)
		if err != nil {
			return err
		}
		if version, err := strconv.ParseUint(name, 10, 64); err != nil || strconv.FormatUint(version, 10) != name {
			return Refuse(WrongPath, "%q is not the version of a release", header.Name)
		}
		a.Releases = append(a.Releases, s)
		return nil
	}
	d, err := ParseDigest(name)
	if err != nil {
		return Refuse(WrongPath, "%q is not the digest of an object", header.Name)
	}
	if DigestOf(data) != d {
		return Refuse(WrongDigest, "%s of a bundle is not what its name says", header.Name)
	}
	a.Objects[d] = data
	return nil
}

// bounded ends a stream that exceeds its limit.
type bounded struct {
	from io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, Refuse(TooLarge, "a bundle that unpacks to more than %d bytes", unpackedBytes)
	}
	n, err := b.from.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

func unreadable(err error) error {
	if CodeOf(err) != "" {
		return err
	}
	return Refuse(Malformed, "the bundle cannot be read: %v", err)
}
