//go:build linux

package main

import (
	"os"
	"testing"
)

// TestContainersMove runs the whole laboratory.
func TestContainersMove(t *testing.T) {
	if os.Getenv("PARLEY_LAB") == "" {
		t.Skip("it makes namespaces and runs containers: set PARLEY_LAB=1, as root on Debian")
	}
	if why := whyNot(); why != "" {
		t.Skip(why)
	}
	l, err := open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.close(); err != nil {
			t.Error(err)
		}
	})
	if err := l.play(t.Context(), 4); err != nil {
		logs()
		t.Fatal(err)
	}
}
