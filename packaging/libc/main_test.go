package main

import "testing"

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"2.4", "2.34", -1}, {"2.34", "2.4", 1}, {"2.2.5", "2.2", 1}, {"2.34", "2.34", 0}, {"2.34", "", 1}} {
		if got := compare(c.a, c.b); got != c.want {
			t.Errorf("%s and %s: got %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestNeededFaults(t *testing.T) {
	for _, path := range []string{"/nonexistent", "main.go"} {
		if v, err := needed(path); err == nil {
			t.Errorf("%s: got %s, want an error", path, v)
		}
	}
}
