package record

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"parley/internal/atomicfile"
	"parley/sim/scenario"
)

// Write makes a record in a directory, which it makes if it is missing, and reads it again,
// so that what is there can be run. A directory with something else in it is refused.
func Write(dir string, s Site) (Summary, error) {
	r, err := build(s)
	if err != nil {
		return Summary{}, err
	}
	if err := prepare(dir); err != nil {
		return Summary{}, err
	}
	var loads, site bytes.Buffer
	if err := r.writeLoads(&loads); err != nil {
		return Summary{}, err
	}
	if err := scenario.WriteRecorded(&site, r.scenario); err != nil {
		return Summary{}, err
	}
	files := map[string][]byte{LoadsFile: loads.Bytes(), DealsFile: r.deals, scenario.InDirectory: site.Bytes()}
	for name, text := range r.texts {
		files[name] = []byte(text)
	}
	for name, data := range files {
		if err := atomicfile.Write(filepath.Join(dir, name), data, 0o644); err != nil {
			return Summary{}, err
		}
	}
	read, err := scenario.Open(dir, scenario.Options{})
	if err == nil {
		_, err = read.Site(1, nil)
	}
	if err != nil {
		return Summary{}, fmt.Errorf("the record is written and cannot be run: %w", err)
	}
	return r.Summary, nil
}

// prepare makes the directory. An earlier record is replaced.
func prepare(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return os.MkdirAll(dir, 0o755)
	}
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, LoadsFile)); len(entries) > 0 && err != nil {
		return fmt.Errorf("%s is not empty and has no record: give another directory", dir)
	}
	return nil
}

// writeLoads writes the table of what each guest wanted.
func (r *record) writeLoads(out io.Writer) error {
	packed, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return err
	}
	table := csv.NewWriter(packed)
	err = table.Write([]string{"time", "guest", "cpu"})
	step := int(r.Step.Seconds())
	for i, l := range r.lives {
		for k, cores := range l.values {
			if err == nil {
				err = table.Write([]string{strconv.Itoa((l.first + k) * step), r.names[i], strconv.FormatFloat(float64(cores), 'g', 4, 32)})
			}
		}
	}
	table.Flush()
	return errors.Join(err, table.Error(), packed.Close())
}
