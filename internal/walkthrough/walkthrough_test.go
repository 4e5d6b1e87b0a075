package walkthrough

import (
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	steps, err := Read(`Text.

    h1$ cat > file <<END
    a

      b
    END
    h1$ cat file
    a
    ...
      b

    key: value

    $ parley version
`)
	if err != nil || len(steps) != 3 {
		t.Fatalf("got %d steps, error %v, want 3", len(steps), err)
	}
	if got, want := steps[0].Script(), "cat > file <<END\na\n\n  b\nEND"; got != want {
		t.Errorf("script: got %q, want %q", got, want)
	}
	if s := steps[1]; s.Machine != "h1" || s.Line != 8 || len(s.Shown) != 3 || s.Script() != "cat file" {
		t.Errorf("got %+v", s)
	}
	if s := steps[2]; s.Machine != "" || s.Command != "parley version" || s.Shown != nil {
		t.Errorf("got %+v", s)
	}
}

func TestReadRefuses(t *testing.T) {
	for page, want := range map[string]string{
		"    parley check mine.lcc\n":    "line 1: a command without a prompt",
		"Text\n\n    $ cat <<END\n    a": "line 3: the here document has no line END",
	} {
		if _, err := Read(page); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want %q", page, err, want)
		}
	}
}

func TestMissing(t *testing.T) {
	out := "first   line\n second 12 ms\nlast"
	for _, c := range []struct {
		shown []string
		want  string
	}{
		{nil, ""},
		{[]string{"first line", "...", "second ... ms", "last"}, ""},
		{[]string{"last", "first line"}, "first line"}, // in order
		{[]string{"first"}, "first"},                   // whole lines
		{[]string{"second (12) ms"}, "second (12) ms"}, // no pattern
	} {
		if got := Missing(c.shown, out); got != c.want {
			t.Errorf("%q: got %q, want %q", c.shown, got, c.want)
		}
	}
}
