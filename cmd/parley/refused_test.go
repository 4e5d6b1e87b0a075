package main

import (
	"bytes"
	"strings"
	"testing"
)

// refused holds that commands are wrong usage, each with a text that says why.
func refused(t *testing.T, commands map[string]string) {
	t.Helper()
	for args, want := range commands {
		var out, errs bytes.Buffer
		if code := run(strings.Fields(args), strings.NewReader(""), &out, &errs); code != 2 || !strings.Contains(errs.String(), want) {
			t.Errorf("parley %s: got code %d and %s, want 2 and %q", args, code, errs.String(), want)
		}
	}
}
