//go:build linux

package main

import (
	"errors"
	"testing"
)

// TestContainersMove runs the whole laboratory.
func TestContainersMove(t *testing.T) {
	l := openTest(t, false)
	if err := l.play(t.Context(), 4); err != nil {
		logs()
		t.Fatal(err)
	}
}

// TestPodmanContainersMove runs what is podman's of the laboratory: moves to and fro, a no at
// each end while the container is held, and a kill of each agent then.
func TestPodmanContainersMove(t *testing.T) {
	l := openTest(t, true)
	err := l.moves(t.Context(), 2)
	for _, trouble := range []trouble{{"Frozen", true, "no"}, {"Restored", false, "no"}, {"Leave", true, "kill"},
		{"Activate", false, "kill"}} {
		err = errors.Join(err, l.suffer(t.Context(), trouble))
	}
	at, lost := l.where(t.Context())
	if err = errors.Join(err, lost, l.counted(at)); err != nil {
		logs()
		t.Fatal(err)
	}
}
