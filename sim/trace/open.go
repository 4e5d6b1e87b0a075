package trace

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strings"
)

// Open reads the trace at a path of this machine: a directory is a day of PlanetLab, a
// file that ends in .tar.gz or .tgz is such a day as an archive, and one that ends in
// .csv or .csv.gz is a table (see CSV).
func Open(path string) ([]Series, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	if info.IsDir() {
		return planetLab(os.DirFS(path), ".", path)
	}
	var read func(io.Reader, string) ([]Series, error)
	switch {
	case strings.HasSuffix(path, ".tar.gz"), strings.HasSuffix(path, ".tgz"):
		read = PlanetLabTar
	case strings.HasSuffix(path, ".csv"):
		read = CSV
	case strings.HasSuffix(path, ".csv.gz"):
		read = packedCSV
	default:
		return nil, fmt.Errorf("trace: %s: not a trace by its name; wanted a directory with a PlanetLab day, or a file that ends in .tar.gz, "+
			".tgz, .csv or .csv.gz", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	defer file.Close()
	return read(file, path)
}

// Table says whether a file's name is that of a table, whose CPU is in cores.
func Table(path string) bool {
	return strings.HasSuffix(path, ".csv") || strings.HasSuffix(path, ".csv.gz")
}

func packedCSV(r io.Reader, file string) ([]Series, error) {
	plain, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return CSV(plain, file)
}
