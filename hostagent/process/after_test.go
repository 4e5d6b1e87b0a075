package process

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"parley/hostagent"
)

// AfterMove gets the host that a program came from, and none when the program is started
// again there from its checkpoint.
func TestAfterMove(t *testing.T) {
	dir := shortDir(t)
	told := filepath.Join(dir, "told")
	restart := func(o *Options) { o.Restart = true }
	a, b := open(t, filepath.Join(dir, "a"), "a", restart), open(t, filepath.Join(dir, "b"), "b", restart)
	id := run(t, a, "tells", "tells", told)
	is := func(want string) {
		t.Helper()
		until(t, b, id, "that AfterMove was called with "+want, func(hostagent.Launched) bool {
			got, err := os.ReadFile(told)
			if err != nil && !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(want, string(got)) {
				t.Fatalf("AfterMove: got %s, %v, want %s", got, err, want)
			}
			return string(got) == want
		})
	}
	if err := shift(bounded(t), id, "1", a, b, 0); err != nil {
		t.Fatal(err)
	}
	is("\"a\"\n")
	if err := syscall.Kill(launched(b, id).PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	is("\"a\"\n\"\"\n")
}
