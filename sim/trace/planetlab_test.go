package trace

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// day is the text of a day of n samples, all of the same percentage.
func day(percent string, n int) string { return strings.Repeat(percent+"\n", n) }

func pack(t *testing.T, files ...string) []byte {
	t.Helper()
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	archive := tar.NewWriter(zip)
	for i := 0; i < len(files); i += 2 {
		header := tar.Header{Name: files[i], Mode: 0o644, Size: int64(len(files[i+1])), Typeflag: tar.TypeReg}
		if err := archive.WriteHeader(&header); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func TestPlanetLabSortsByName(t *testing.T) {
	series, err := planetLab(fstest.MapFS{
		"d/z":       {Data: []byte(day("100", 288))},
		"d/a b":     {Data: []byte("5\n" + day("25", 287))},
		"d/.hidden": {Data: []byte("not samples")},
		"d/a":       {Data: []byte(strings.TrimSuffix(day("0", 288), "\n"))},
	}, "d", "d")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range series {
		names = append(names, s.Name)
	}
	if want := []string{"a", "a b", "z"}; !reflect.DeepEqual(names, want) {
		t.Fatalf("names: got %q, want %q", names, want)
	}
	if got := series[1].CPUAt(150 * time.Second); math.Abs(got-0.15) > 1e-12 {
		t.Errorf("half way from 5 to 25 %%: got %v, want 0.15", got)
	}
	if got, want := series[2].End(), 86100*time.Second; got != want || series[2].CPUAt(got) != 1 {
		t.Errorf("end: got %v with %v, want %v with 1", got, series[2].CPUAt(got), want)
	}
}

func TestPlanetLabFaults(t *testing.T) {
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"above":     {fstest.MapFS{"d/a": {Data: []byte("5\n101\n" + day("1", 286))}}, "d/a:2: 101 % is not between 0 and 100 %"},
		"negative":  {fstest.MapFS{"d/a": {Data: []byte("-5\n" + day("1", 287))}}, "d/a:1: -5 % is not between 0 and 100 %"},
		"word":      {fstest.MapFS{"d/a": {Data: []byte("5\nmuch\n" + day("1", 286))}}, `d/a:2: "much" is not a whole number of percent`},
		"hole":      {fstest.MapFS{"d/a": {Data: []byte("5\n\n" + day("1", 286))}}, "d/a:2: an empty line: a sample is missing"},
		"short":     {fstest.MapFS{"d/a": {Data: []byte(day("1", 287))}}, "d/a:287: ends after 287 samples; wanted 288, one each 5m0s"},
		"long":      {fstest.MapFS{"d/a": {Data: []byte(day("1", 290))}}, "d/a:289: more than 288 samples, a day of one each 5m0s"},
		"empty":     {fstest.MapFS{"d/a": {}}, "d/a: is empty; wanted 288 samples, one each 5m0s"},
		"none":      {fstest.MapFS{"d/.a": {}}, "d: has no guest; wanted a file for each, of 288 lines"},
		"directory": {fstest.MapFS{"d/20110303/a": {Data: []byte(day("1", 288))}}, "d/20110303: is a directory; name the directory of one day, with a file for each guest"},
	} {
		_, err := planetLab(c.files, "d", "d")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	if _, err := planetLab(fstest.MapFS{}, "d", "d"); err == nil {
		t.Error("a directory that is not there: got no error")
	}
}

// A file in another format yields a bounded number of faults.
func TestPlanetLabListsTenFaults(t *testing.T) {
	_, err := planetLab(fstest.MapFS{"d/a": {Data: []byte(day("x", 288))}}, "d", "d")
	if err == nil {
		t.Fatal("got no error")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 11 || lines[9] != `d/a:10: "x" is not a whole number of percent` || lines[10] != "and 278 more faults" {
		t.Errorf("got %q, want ten faults and how many more", lines)
	}
}

func TestPlanetLabTar(t *testing.T) {
	series, err := PlanetLabTar(bytes.NewReader(pack(t, "x/b", day("2", 288), "x/a b", day("1", 288))), "t.tgz")
	if err != nil {
		t.Fatal(err)
	}
	if len(series) != 2 || series[0].Name != "a b" || series[0].CPU[287] != 0.01 || series[1].Name != "b" {
		t.Errorf("got %+v", series)
	}
	whole := pack(t, "x/a", day("1", 288))
	for name, c := range map[string]struct {
		packed []byte
		want   string
	}{
		"fault":     {pack(t, "x/a", day("1", 3)+"2.5\n"+day("1", 284)), `t.tgz!x/a:4: "2.5" is not a whole number of percent`},
		"twice":     {pack(t, "x/a", day("1", 288), "x/a", day("1", 288)), `t.tgz: has "a" twice`},
		"two days":  {pack(t, "x/a", day("1", 288), "y/b", day("1", 288)), "t.tgz!y/b: is not in x like those before; an archive holds one day"},
		"nothing":   {pack(t), "t.tgz: has no guest"},
		"not gzip":  {[]byte("time,guest,cpu\n"), "t.tgz: wanted a tar archive compressed by gzip"},
		"truncated": {whole[:len(whole)/2], "t.tgz"},
	} {
		_, err := PlanetLabTar(bytes.NewReader(c.packed), "t.tgz")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("day/a", []byte(day("7", 288)))
	bad := filepath.Dir(write("bad/a", []byte(day("107", 288))))
	for _, path := range []string{
		filepath.Join(dir, "day"),
		write("p.tar.gz", pack(t, "x/a", day("7", 288))),
		write("p.tgz", pack(t, "x/a", day("7", 288))),
		write("p.csv", []byte("time,guest,cpu\n0,a,0.07\n300,a,0.07\n")),
	} {
		series, err := Open(path)
		if err != nil || len(series) != 1 || series[0].Name != "a" || series[0].CPUAt(time.Minute) != 0.07 {
			t.Errorf("Open(%s): got %v, %v", path, series, err)
		}
	}
	if _, err := Open(bad); err == nil || !strings.Contains(err.Error(), filepath.Join(bad, "a")+":1: 107 %") {
		t.Errorf("a bad directory: got %v, want the file's whole path and line", err)
	}
	if _, err := Open(write("p.txt", nil)); err == nil || !strings.Contains(err.Error(), "not a trace by its name") {
		t.Errorf("a file of another kind: got %v", err)
	}
	if _, err := Open(filepath.Join(dir, "nobody.csv")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: got %v", err)
	}
}

// TestPlanetLabDay reads the day that the experiments use.
func TestPlanetLabDay(t *testing.T) {
	data := os.Getenv("PARLEY_DATA")
	if data == "" {
		t.Skip("set PARLEY_DATA to a directory with planetlab-20110303.tar.gz: the day 20110303 of CloudSim's examples " +
			"(github.com/Cloudslab/cloudsim, examples/workload/planetlab), packed")
	}
	series, err := Open(filepath.Join(data, "planetlab-20110303.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	spaces := 0
	for _, s := range series {
		if strings.Contains(s.Name, " ") {
			spaces++
		}
	}
	if len(series) != 1052 || spaces != 50 {
		t.Errorf("got %d guests, %d with a space in the name, want 1052 and 50", len(series), spaces)
	}
}
