package coop

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"parley/hostagent/process/protocol"
	"parley/internal/atomicfile"
)

// file is a file that the program has opened. One that it has closed is carried as well,
// so that it is not written again if the program opens it at its start.
type file interface {
	name() string
	commit() (protocol.File, error)
}

// opens returns the absolute path of a file, and how far the program is in it.
func (p *Process) opens(path string) (string, int64, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", 0, err
	}
	if slices.ContainsFunc(p.files, func(f file) bool { return f.name() == path }) {
		return "", 0, fmt.Errorf("%s was opened before: a program opens each file once", path)
	}
	return path, p.places[path].At, nil
}

// Input is a file that is read from its beginning to its end, on however many hosts.
type Input struct {
	path string
	file *os.File
	from *bufio.Reader
	at   int64
}

// Output is a file that is written from its beginning to its end, on however many hosts.
// What was written after the latest suspension is cut off when the program starts again
// from there: a crash repeats work, and never output.
type Output struct {
	path        string
	file        *os.File
	to          *bufio.Writer
	at          int64
	done, named bool
}

// Input opens a file to read. A relative path is one of the working directory.
func (p *Process) Input(path string) (*Input, error) {
	path, at, err := p.opens(path)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(at, io.SeekStart); err != nil {
		f.Close()
		return nil, err
	}
	in := &Input{path: path, file: f, from: bufio.NewReaderSize(f, 64<<10), at: at}
	p.files = append(p.files, in)
	return in, nil
}

// Read implements io.Reader.
func (in *Input) Read(into []byte) (int, error) {
	n, err := in.from.Read(into)
	in.at += int64(n)
	return n, err
}

// ReadBytes reads to the delimiter, as bufio.Reader does.
func (in *Input) ReadBytes(delim byte) ([]byte, error) {
	part, err := in.from.ReadBytes(delim)
	in.at += int64(len(part))
	return part, err
}

// Close closes the file.
func (in *Input) Close() error { return in.file.Close() }

func (in *Input) name() string                   { return in.path }
func (in *Input) commit() (protocol.File, error) { return protocol.File{At: in.at}, nil }

// Output creates a file, or cuts it to what the program had written when it was last
// suspended. A relative path is one of the working directory.
func (p *Process) Output(path string) (*Output, error) {
	path, at, err := p.opens(path)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	out := &Output{path: path, file: f, to: bufio.NewWriterSize(f, 64<<10), at: at}
	if err := out.cut(); err != nil {
		f.Close()
		return nil, err
	}
	p.files = append(p.files, out)
	return out, nil
}

func (out *Output) cut() error {
	info, err := out.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() < out.at {
		return fmt.Errorf("%s has %d bytes, and this program had written %d: do both hosts see the same file?", out.path, info.Size(), out.at)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no regular file: it cannot be cut and continued", out.path)
	}
	if err := out.file.Truncate(out.at); err != nil {
		return err
	}
	_, err = out.file.Seek(out.at, io.SeekStart)
	return err
}

// Write implements io.Writer. It is buffered.
func (out *Output) Write(data []byte) (int, error) {
	n, err := out.to.Write(data)
	out.at += int64(n)
	return n, err
}

// Flush writes what is buffered, so that others see it. It may be cut off later.
func (out *Output) Flush() error { return out.to.Flush() }

// Close makes the file durable and closes it.
func (out *Output) Close() error {
	_, err := out.commit()
	out.done = true
	return errors.Join(err, out.file.Close())
}

func (out *Output) name() string { return out.path }

func (out *Output) commit() (protocol.File, error) {
	at := protocol.File{At: out.at, Write: true}
	if out.done {
		return at, nil
	}
	if err := errors.Join(out.to.Flush(), out.file.Sync()); err != nil {
		return at, err
	}
	if !out.named {
		// Its name is durable as well from here on.
		if err := atomicfile.SyncDir(filepath.Dir(out.path)); err != nil {
			return at, err
		}
		out.named = true
	}
	return at, nil
}
