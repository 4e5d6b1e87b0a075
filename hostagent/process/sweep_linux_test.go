package process

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// A program whose guest is not here any more, since its agent ended before it, is ended by
// the next agent, with its cgroup.
func TestLeftOverProgram(t *testing.T) {
	dir := shortDir(t)
	groups := findGroups(filepath.Join(dir, "a"))
	if groups == "" {
		t.Skip("no cgroup can be made here")
	}
	if err := groups.make("gone"); err != nil {
		t.Fatal(err)
	}
	left := exec.CommandContext(t.Context(), "sleep", "3600")
	if err := left.Start(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(groups.of("gone"), "cgroup.procs"), []byte(strconv.Itoa(left.Process.Pid)), 0); err != nil {
		t.Fatal(err)
	}
	open(t, filepath.Join(dir, "a"), "a", nil)
	if err := left.Wait(); err == nil {
		t.Error("the program has ended by itself, want that it was ended")
	}
	if !groups.remove("gone") {
		t.Error("its cgroup is still busy")
	}
}
