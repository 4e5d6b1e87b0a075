package docs_test

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"parley/hostagent"
	"parley/lcc"
	"parley/lcc/syntax"
	"parley/models"
	"parley/sim/modeltest"
)

var rewrite = flag.Bool("rewrite", false, "write what comes out into the pages; read the difference afterwards")

// block is a fenced block of a page.
type block struct {
	line       int
	info, text string
}

func page(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func blocks(text string) (list []block) {
	var at *block
	for i, line := range strings.SplitAfter(text, "\n") {
		switch {
		case at == nil && strings.HasPrefix(line, "```"):
			at = &block{line: i + 2, info: strings.TrimSpace(line[3:])}
		case at != nil && strings.HasPrefix(line, "```"):
			list = append(list, *at)
			at = nil
		case at != nil:
			at.text += line
		}
	}
	return list
}

// TestLanguageExamples runs every example of the page: a whole test passes, a
// text is read and has no error, a wrong one has the finding that is named.
func TestLanguageExamples(t *testing.T) {
	ran := map[string]int{}
	for _, b := range blocks(page(t, "language.md")) {
		name := fmt.Sprintf("language.md:%d", b.line)
		kind, code, _ := strings.Cut(b.info, " wrong ")
		ran[kind]++
		switch kind {
		case "txtar":
			test, err := modeltest.Load(name, []byte(b.text), modeltest.Sources{
				Read: os.ReadFile, Libraries: models.Imported(nil), Vocabulary: hostagent.Vocabulary(),
			})
			if err != nil {
				t.Errorf("%v", err)
				continue
			}
			if r := test.Run(); !r.Passed() {
				t.Errorf("%s\n%s", r.Text(), strings.Join(r.Story, "\n"))
			}
		case "lcc":
			found := findings(name, b.text)
			if code != "" && !strings.Contains(found, code) {
				t.Errorf("%s: got %q, want %s", name, found, code)
			}
			if code == "" && strings.Contains(found, "error") {
				t.Errorf("%s: got %s, want no error", name, found)
			}
		case "ebnf":
		default:
			t.Errorf("%s: a block of %q, which nothing runs", name, b.info)
		}
	}
	if ran["txtar"] < 14 || ran["lcc"] < 3 || ran["ebnf"] != 1 {
		t.Errorf("got %v examples", ran)
	}
}

func findings(name, text string) string {
	_, found := lcc.Compile(name, []byte(text), nil)
	var b strings.Builder
	for _, d := range found {
		fmt.Fprintln(&b, d)
	}
	return b.String()
}

// TestBuiltinsDocumented holds the list of built-ins against those that there
// are; with -rewrite it writes it.
func TestBuiltinsDocumented(t *testing.T) {
	const begin, end = "<!-- built-ins -->\n", "<!-- /built-ins -->"
	var b strings.Builder
	b.WriteString(begin + "\n| built-in | what |\n|---|---|\n")
	for _, s := range lcc.Builtins().Predicates {
		var params []string
		for _, p := range s.Params {
			params = append(params, string(rune(p.Mode))+p.Name)
		}
		call := s.Name
		if len(params) > 0 {
			call += "(" + strings.Join(params, ", ") + ")"
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", call, s.Doc)
	}
	b.WriteString("\n" + end)
	text := page(t, "language.md")
	before, rest, found := strings.Cut(text, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatal("the page has no place for the built-ins")
	}
	want := before + b.String() + after
	if *rewrite {
		if err := os.WriteFile("language.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if page(t, "language.md") != want {
		t.Error("the built-ins are not those of the page: run go test ./docs -rewrite")
	}
}

// TestLibrariesDocumented holds the list of shipped libraries; with -rewrite it writes it.
func TestLibrariesDocumented(t *testing.T) {
	const begin, end = "<!-- libraries -->\n", "<!-- /libraries -->"
	var b strings.Builder
	b.WriteString(begin + "\n| library | what | exports | takes |\n|---|---|---|---|\n")
	for _, name := range models.Libraries() {
		text, _ := models.Library(name)
		file, errs := syntax.Parse(name, text)
		if len(errs) > 0 || len(file.Comments) == 0 {
			t.Fatalf("library %s: %v, or it does not say what it is", name, errs)
		}
		var about []string
		for _, line := range strings.Split(string(text), "\n") {
			if line == "%" || !strings.HasPrefix(line, "%") {
				break
			}
			about = append(about, strings.TrimPrefix(line, "% "))
		}
		_, what, _ := strings.Cut(strings.Join(about, " "), ": ")
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", name, what, listed(file, "exports"), listed(file, "takes"))
	}
	b.WriteString("\n" + end)
	text := page(t, "language.md")
	before, rest, found := strings.Cut(text, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatal("the page has no place for the libraries")
	}
	want := before + b.String() + after
	if *rewrite {
		if err := os.WriteFile("language.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if page(t, "language.md") != want {
		t.Error("the libraries are not those of the page: run go test ./docs -rewrite")
	}
}

// listed are the names in an annotation.
func listed(file *syntax.File, annotation string) string {
	var names []string
	for _, item := range file.Items {
		if a, ok := item.(*syntax.Annotation); ok && a.Name == annotation {
			for _, arg := range a.Args {
				names = append(names, "`"+syntax.Text(arg)+"`")
			}
		}
	}
	return strings.Join(names, ", ")
}

// TestLimitsDocumented holds the table of limits against the type.
func TestLimitsDocumented(t *testing.T) {
	text := page(t, "language.md")
	for field := range reflect.TypeFor[lcc.Limits]().Fields() {
		if !strings.Contains(text, "| `"+field.Name+"` | ") {
			t.Errorf("the page does not speak of the limit %s", field.Name)
		}
	}
	for _, row := range []string{
		fmt.Sprintf("| text | %d bytes |", syntax.TextBytes), fmt.Sprintf("| nesting | %d |", syntax.Nesting),
		fmt.Sprintf("| nodes | %d |", syntax.Nodes),
	} {
		if !strings.Contains(text, row) {
			t.Errorf("the page has no row %s", row)
		}
	}
}

// TestReasonsDocumented holds the reasons that a text may compare.
func TestReasonsDocumented(t *testing.T) {
	text := page(t, "language.md")
	for _, reason := range []lcc.ReasonCode{
		lcc.ReasonDone, lcc.ReasonStopped, lcc.ReasonFailed, lcc.ReasonLimit, lcc.ReasonUnbound, lcc.ReasonType,
		lcc.ReasonNoRole, lcc.ReasonNotPlaying, lcc.ReasonOtherModel, lcc.ReasonUnreachable, lcc.ReasonRefused,
		lcc.ReasonTooLarge, lcc.ReasonBusy, lcc.ReasonNoAnswer, lcc.ReasonSuspected,
	} {
		if !strings.Contains(text, "| `"+string(reason)+"` | ") {
			t.Errorf("the page does not speak of the reason %s", reason)
		}
	}
	for _, code := range regexp.MustCompile(`LCC\d\d\d`).FindAllString(text, -1) {
		if !strings.Contains(page(t, "diagnostics.md"), "| "+code+" |") {
			t.Errorf("the page names %s, which diagnostics.md does not explain", code)
		}
	}
}
