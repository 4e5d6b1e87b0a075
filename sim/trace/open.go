package trace

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// Open reads the trace at a path of this machine: a directory is a day of PlanetLab, a
// file that ends in .tar.gz or .tgz is such a day as an archive, and one that ends in
// .csv is a table (see CSV).
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
	default:
		return nil, fmt.Errorf("trace: %s: not a trace by its name; wanted a directory with a PlanetLab day, or a file that ends in .tar.gz, "+
			".tgz or .csv", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	defer file.Close()
	return read(file, path)
}
