package lcc

import (
	"strings"
	"testing"
)

// A term with a bracket too few or too many is reported as it was written, without the
// brackets that the parser puts around it.
func TestTermThatBreaksOff(t *testing.T) {
	for _, text := range []string{"wants(lamp", "wants(lamp))", `wants("lamp", [1`} {
		_, err := ParseTerm(text)
		if want := text + " breaks off: is there a bracket too few or too many?"; err == nil || err.Error() != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if _, err := ParseTerm("wants(lamp) x"); err == nil || !strings.Contains(err.Error(), `term:1:13: found "x", and one term is wanted`) {
		t.Errorf("got %v, want the place of the x", err)
	}
}
