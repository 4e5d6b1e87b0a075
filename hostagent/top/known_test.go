package top

import "testing"

// A terminal with a suffix that the library does not know is taken for one of its kind.
func TestKnown(t *testing.T) {
	for term, want := range map[string]string{
		"xterm": "xterm", "linux": "linux", "screen": "screen", "xterm-of-nobody": "xterm", "screen.xterm-of-nobody": "screen", "": "",
		"nobody": "nobody",
	} {
		if got := Known(term); got != want {
			t.Errorf("%s: got %s, want %s", term, got, want)
		}
	}
}
