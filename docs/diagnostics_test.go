package docs_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/docs"
	"parley/hostagent"
	"parley/hostagent/enact"
	"parley/lcc/check"
	"parley/lcc/link"
	"parley/models"
)

// TestDiagnosticsExamples holds each section of the page: the wrong text has
// the finding, and the right one has it not.
func TestDiagnosticsExamples(t *testing.T) {
	shown := map[string]int{}
	for _, b := range blocks(page(t, "diagnostics.md")) {
		var which, code string
		if n, _ := fmt.Sscanf(b.info, "lcc %s %s", &which, &code); n != 2 {
			t.Errorf("line %d: a block of %q", b.line, b.info)
			continue
		}
		text := []byte(b.text)
		if closed, err := link.Close("text", text, models.Imported(nil)); err == nil {
			text = closed.Text
		}
		v := enact.Examine("text", text, hostagent.Vocabulary())
		v.Judge(enact.Terms{})
		has := v.Err() != nil && string(v.Refusal().Code) == code
		var all strings.Builder
		for _, d := range v.Found {
			has = has || d.Code == code
			if which == "right" && d.Code == check.CodeEndless {
				t.Errorf("diagnostics.md:%d: the right text of %s has a storm: %s", b.line, code, d)
			}
			fmt.Fprintln(&all, d)
		}
		fmt.Fprintln(&all, v.Err())
		if has != (which == "wrong") {
			t.Errorf("diagnostics.md:%d: the %s text of %s has the findings\n%s", b.line, which, code, &all)
		}
		shown[code]++
	}
	for _, f := range docs.Findings() {
		if f.Section == "" {
			t.Errorf("the page has no section about %s", f.Code)
		}
		if shown[f.Code] != 2 && f.Code != "LCC025" {
			t.Errorf("%s: got %d examples, want a wrong and a right one", f.Code, shown[f.Code])
		}
		if text, ok := docs.Explain(f.Code); !ok || !strings.Contains(text, f.What) {
			t.Errorf("%s is not explained: %s", f.Code, text)
		}
	}
	if _, ok := docs.Explain("LCC000"); ok {
		t.Error("a code that is not there was explained")
	}
}
