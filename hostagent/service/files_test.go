package service

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"parley/hostagent"
)

// Only a file that is known not to exist is reported as missing, and no file is looked
// for outside the paths that another host may ask about.
func TestFilesAreLookedFor(t *testing.T) {
	here, err := os.Stat(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.Stat(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	l := newFileLooker(nil)
	l.stat = func(name string) (os.FileInfo, error) {
		asked = append(asked, name)
		switch filepath.Base(name) {
		case "here":
			return here, nil
		case "directory":
			return dir, nil
		case "forbidden":
			return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrPermission}
		}
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
	}
	for want, files := range map[string][]string{
		"":               {"/srv/here", "/srv/forbidden", "/srv/../etc/absent", "/proc/1/absent", "relative", "/srv//absent"},
		"/srv/absent":    {"/srv/here", "/srv/absent", "/srv/other"},
		"/srv/directory": {"/srv/directory"},
	} {
		if got := l.missing(files); got != want {
			t.Errorf("of %q: got %q missing, want %q", files, got, want)
		}
	}
	for _, name := range asked {
		if filepath.Dir(name) != "/srv" {
			t.Errorf("%s was looked for", name)
		}
	}
}

// A hanging file system occupies a bounded number of searches; further questions are
// answered without a search.
func TestFileSystemThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hangs := make(chan struct{})
		answers := make(chan hostagent.Found, 10)
		l := newFileLooker(func(f hostagent.Found) { answers <- f })
		l.stat = func(string) (os.FileInfo, error) {
			<-hangs
			return nil, fs.ErrNotExist
		}
		for id := range uint64(searchesMost + 1) {
			l.look(hostagent.LookFor{ID: id, Files: []string{"/srv/a"}})
		}
		synctest.Wait()
		if len(answers) != 1 || (<-answers).Missing != "" {
			t.Errorf("while it hangs: got %d answers left, want one, that nothing is known", len(answers))
		}
		close(hangs)
		synctest.Wait()
		if len(answers) != searchesMost {
			t.Errorf("then: got %d answers, want %d", len(answers), searchesMost)
		}
	})
}
