package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// outputs are the files that a command writes at its end. They are opened before its
// work, so that a name that cannot be written costs no hours.
type outputs struct {
	stdout io.Writer
	taken  string // the flag whose output is the standard output
	opened []*output
}

// output is an opened file, or the standard output.
type output struct {
	io.Writer
	flag, name string
	file       *os.File // nil: the standard output
	created    bool
	written    bool
}

// open opens a file, or for "-" the standard output; for "" there is none. Content that
// the file has stays until the first write.
func (o *outputs) open(flag, name string) (*output, error) {
	if name == "" {
		return nil, nil
	}
	if name == "-" {
		if o.taken != "" {
			return nil, fmt.Errorf("--%s - and --%s -: the standard output takes one of them: give the other a file", o.taken, flag)
		}
		o.taken = flag
		return &output{Writer: o.stdout, flag: flag, name: name}, nil
	}
	for _, other := range o.opened {
		if filepath.Clean(other.name) == filepath.Clean(name) {
			return nil, fmt.Errorf("--%s and --%s are both %s: give each a file of its own", other.flag, flag, name)
		}
	}
	_, err := os.Lstat(name)
	created := errors.Is(err, os.ErrNotExist)
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", flag, err)
	}
	out := &output{Writer: file, flag: flag, name: name, file: file, created: created}
	o.opened = append(o.opened, out)
	return out, nil
}

// write replaces the content of an output; a nil output takes nothing.
func (o *output) write(content func(io.Writer) error) error {
	if o == nil {
		return nil
	}
	o.written = true
	if o.file != nil {
		if info, err := o.file.Stat(); err == nil && info.Mode().IsRegular() {
			if err := o.file.Truncate(0); err != nil {
				return fmt.Errorf("--%s: %w", o.flag, err)
			}
		}
	}
	if err := content(o); err != nil {
		return fmt.Errorf("--%s %s: %w", o.flag, o.name, err)
	}
	return nil
}

// close closes the files, and removes those that the command created and never wrote.
func (o *outputs) close() error {
	var errs []error
	for _, out := range o.opened {
		errs = append(errs, out.file.Close())
		if out.created && !out.written {
			errs = append(errs, os.Remove(out.name))
		}
	}
	return errors.Join(errs...)
}
