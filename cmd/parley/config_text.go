package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/structs"
	"github.com/knadh/koanf/v2"

	"parley/docs"
	"parley/hostagent/config"
)

// printConfig writes a configuration in which every key stands as a comment,
// with what docs/configuration.md says of it and its default.
func printConfig(out io.Writer) error {
	k := koanf.New(".")
	if err := k.Load(structs.Provider(config.Default(), "koanf"), nil); err != nil {
		return err
	}
	fmt.Fprintln(out, "# Configuration of the Parley agent. Every key is here with its default; take away")
	fmt.Fprintln(out, "# the # of those that you change, and of the line that begins their section.")
	section := ""
	for _, key := range docs.Configuration() {
		name, rest, nested := strings.Cut(key.Key, ".")
		indent := ""
		if nested {
			if name != section {
				fmt.Fprintf(out, "\n#%s:\n", name)
			}
			section, indent, name = name, "  ", rest
		} else {
			section = ""
			fmt.Fprintln(out)
		}
		for _, line := range wrap(key.Meaning, 88) {
			fmt.Fprintln(out, comment(nested, line))
		}
		value, err := yaml.Parser().Marshal(map[string]any{name: plain(k.Get(key.Key), key)})
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(value)) {
			fmt.Fprintf(out, "#%s%s", indent, line)
		}
	}
	return nil
}

// comment is one that stays one when the # in its first column is taken away.
func comment(nested bool, line string) string {
	if nested {
		return "#  # " + line
	}
	return "# " + line
}

// plain is a default as it is written in YAML; one that the machine decides is
// not written out.
func plain(value any, key docs.Key) any {
	if text, ok := value.(fmt.Stringer); ok {
		return text.String()
	}
	if key.Key == "host" {
		return ""
	}
	switch list := value.(type) {
	case []config.Peer, []config.Publisher, []config.Rules:
		return []any{}
	case []float64:
		if len(list) == 0 {
			return []any{}
		}
		return list
	case nil:
		return []any{}
	default:
		return list
	}
}

// wrap breaks a text into lines.
func wrap(text string, width int) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(strings.ReplaceAll(text, "`", "")) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
