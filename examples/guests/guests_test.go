//go:build linux

package main

import "testing"

// TestContainersMove runs the whole laboratory.
func TestContainersMove(t *testing.T) {
	l := openTest(t, false)
	if err := l.play(t.Context(), 4); err != nil {
		logs()
		t.Fatal(err)
	}
}
