package trace

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A day of PlanetLab has one sample every five minutes.
const (
	planetLabSamples = 288
	planetLabStep    = 5 * time.Minute
)

// planetLab reads a day of PlanetLab from a directory: a file for each guest with 288
// lines, each the CPU use of the guest in whole percent. The series are sorted by the
// names of the files (bytewise; names may contain spaces), and their CPU is a share
// from 0 to 1. Files whose names begin with a dot are skipped. The error names the file
// and the line of up to ten faults, and calls the directory shown.
func planetLab(fsys fs.FS, dir, shown string) ([]Series, error) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("trace: read the directory of a PlanetLab day: %w", err)
	}
	day := planetLabDay{root: shown}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		full := path.Join(shown, entry.Name())
		if entry.IsDir() {
			day.faults.add(full, 0, "is a directory; name the directory of one day, with a file for each guest")
			continue
		}
		file, err := fsys.Open(path.Join(dir, entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("trace: open a guest's samples: %w", err)
		}
		err = day.read(file, full)
		if closed := file.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return nil, err
		}
	}
	return day.finish()
}

// PlanetLabTar reads a day of PlanetLab from a gzipped tar archive, as PlanetLab does
// from a directory; name is its name in errors.
func PlanetLabTar(r io.Reader, name string) ([]Series, error) {
	unpacked, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("trace: %s: wanted a tar archive compressed by gzip: %w", name, err)
	}
	day := planetLabDay{root: name}
	var dir string
	for archive := tar.NewReader(unpacked); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return day.finish()
		}
		if err != nil {
			return nil, fmt.Errorf("trace: %s: wanted a tar archive compressed by gzip: %w", name, err)
		}
		inner := path.Clean(header.Name)
		if header.Typeflag != tar.TypeReg || strings.HasPrefix(path.Base(inner), ".") {
			continue
		}
		full := name + "!" + inner
		if len(day.series) == 0 {
			dir = path.Dir(inner)
		} else if path.Dir(inner) != dir {
			day.faults.add(full, 0, "is not in %s like those before; an archive holds one day", dir)
			continue
		}
		if err := day.read(archive, full); err != nil {
			return nil, err
		}
	}
}

// planetLabDay collects the guests of a day.
type planetLabDay struct {
	root   string
	series []Series
	faults faults
}

// read adds the guest whose samples r holds. It returns only read errors; invalid
// samples are added to the faults.
func (d *planetLabDay) read(r io.Reader, full string) error {
	series := Series{Name: path.Base(full), Step: planetLabStep, CPU: make([]float64, 0, planetLabSamples)}
	lines := bufio.NewScanner(r)
	for line := 1; lines.Scan(); line++ {
		if line > planetLabSamples {
			d.faults.add(full, line, "more than %d samples, a day of one each %v", planetLabSamples, planetLabStep)
			break
		}
		text := strings.TrimSpace(lines.Text())
		percent, err := strconv.Atoi(text)
		switch {
		case text == "":
			d.faults.add(full, line, "an empty line: a sample is missing")
		case err != nil:
			d.faults.add(full, line, "%q is not a whole number of percent", clip(text))
		case percent < 0 || percent > 100:
			d.faults.add(full, line, "%d %% is not between 0 and 100 %%", percent)
		}
		series.CPU = append(series.CPU, float64(percent)/100)
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("trace: %s: %w", full, err)
	}
	switch n := len(series.CPU); {
	case n == 0:
		d.faults.add(full, 0, "is empty; wanted %d samples, one each %v", planetLabSamples, planetLabStep)
	case n < planetLabSamples:
		d.faults.add(full, n, "ends after %d samples; wanted %d, one each %v", n, planetLabSamples, planetLabStep)
	}
	d.series = append(d.series, series)
	return nil
}

func (d *planetLabDay) finish() ([]Series, error) {
	slices.SortStableFunc(d.series, func(a, b Series) int { return strings.Compare(a.Name, b.Name) })
	for i := 1; i < len(d.series); i++ {
		if d.series[i].Name == d.series[i-1].Name {
			d.faults.add(d.root, 0, "has %q twice", d.series[i].Name)
		}
	}
	if len(d.series) == 0 {
		d.faults.add(d.root, 0, "has no guest; wanted a file for each, of %d lines", planetLabSamples)
	}
	if err := d.faults.err(); err != nil {
		return nil, err
	}
	return d.series, nil
}

// clip shortens a quotation in an error.
func clip(text string) string {
	const textMax = 40
	if len(text) > textMax {
		return text[:textMax] + "..."
	}
	return text
}
