package coop

import (
	"os/exec"
	"testing"
)

// The SDK for Python has tests of its own.
func TestPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not here: the SDK for Python is not tested")
	}
	cmd := exec.Command(python, "-B", "-W", "error", "parley_coop_test.py")
	cmd.Dir = "python"
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
