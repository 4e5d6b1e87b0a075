package main

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"parley/docs"
	"parley/hostagent"
	"parley/hostagent/config"
	"parley/lcc"
	"parley/lcc/vocabulary"
)

// TestConfigurationDocumented compares docs/configuration.md with the existing keys.
func TestConfigurationDocumented(t *testing.T) {
	text := read(t, "../../docs/configuration.md")
	var keys func(prefix string, typ reflect.Type)
	keys = func(prefix string, typ reflect.Type) {
		for field := range typ.Fields() {
			key := prefix + field.Tag.Get("yaml")
			switch {
			case strings.HasSuffix(key, ",inline"):
				keys(prefix, field.Type)
				continue
			case field.Type.Kind() == reflect.Struct:
				keys(key+".", field.Type)
				continue
			}
			if !strings.Contains(text, "| `"+key+"` |") {
				t.Errorf("docs/configuration.md does not describe %s", key)
			}
		}
	}
	keys("", reflect.TypeFor[config.Config]())
}

// TestDefaultsDocumented compares the defaults of docs/configuration.md with those that
// the agent has.
func TestDefaultsDocumented(t *testing.T) {
	defaults, err := defaultValues()
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, key := range docs.Configuration() {
		got, written := strings.CutPrefix(key.Default, "`")
		if !written {
			continue // in words
		}
		compared++
		got, want := strings.TrimSuffix(got, "`"), fmt.Sprint(defaults[key.Key])
		d, err := time.ParseDuration(got) // 5m is 5m0s
		if got != want && (err != nil || d.String() != want) {
			t.Errorf("docs/configuration.md: the default of %s: got %s, want %s", key.Key, got, want)
		}
	}
	if compared < 30 {
		t.Errorf("%d defaults were compared, want at least 30", compared)
	}
}

// TestVocabularyDocumented compares docs/vocabulary.md with the vocabulary; with
// -rewrite it writes the file.
func TestVocabularyDocumented(t *testing.T) {
	const path = "../../docs/vocabulary.md"
	want := vocabularyText()
	if *rewrite {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, path); got != want {
		t.Errorf("docs/vocabulary.md is not what the vocabulary says: run go test ./cmd/parley -run Vocabulary -rewrite")
	}
}

func vocabularyText() string {
	var b strings.Builder
	b.WriteString(`# What a policy may ask of a host

Written from the code by a test. ` + "`+`" + ` is an argument that must be bound when the
call is made, ` + "`-`" + ` one that the answer binds, ` + "`?`" + ` either. Shares are of the
declared capacity, 0 to 1 and above when overloaded.
`)
	fmt.Fprintf(&b, "\nThis is version %d. A text may say which it was written for, as `@vocabulary(%d)`.\n", hostagent.Vocabulary().Version,
		hostagent.Vocabulary().Version)
	b.WriteString(`
## Questions of the host
`)
	for _, acts := range []bool{false, true} {
		if acts {
			b.WriteString("\n## Actions of the host\n\nAn action stands in an event's own constraint, not in a rule, under `not` or in\na " +
				"disjunction. It may take as long as it needs.\n")
		}
		for _, s := range hostagent.Vocabulary().Predicates {
			if s.Acts == acts {
				writeSignature(&b, s)
			}
		}
	}
	b.WriteString("\n## Built-ins of the language\n")
	for _, s := range lcc.Builtins().Predicates {
		writeSignature(&b, s)
	}
	return b.String()
}

func writeSignature(b *strings.Builder, s vocabulary.Signature) {
	var params []string
	for _, p := range s.Params {
		params = append(params, string(p.Mode)+p.Name)
	}
	fmt.Fprintf(b, "\n### %s(%s)\n\n%s", s.Name, strings.Join(params, ", "), s.Doc)
	if s.Since > 1 {
		fmt.Fprintf(b, " Since version %d.", s.Since)
	}
	b.WriteString("\n")
	for _, p := range s.Params {
		if p.Type == "" || p.Type == "term" {
			continue
		}
		line := fmt.Sprintf("- %s: %s", p.Name, p.Type)
		if p.Unit != "" {
			line += ", " + p.Unit
		}
		if p.Doc != "" {
			line += "; " + p.Doc
		}
		fmt.Fprintf(b, "\n%s", line)
	}
	if len(s.Params) > 0 {
		b.WriteString("\n")
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
