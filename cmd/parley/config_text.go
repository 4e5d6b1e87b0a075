package main

import (
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"parley/docs"
	"parley/hostagent/config"
)

// printConfig writes a configuration in which every key is a comment, with its
// description from docs/configuration.md and its default.
func printConfig(out io.Writer) error {
	defaults, err := defaultValues()
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "# yaml-language-server: $schema=/usr/share/parley/schemas/parley.schema.json")
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
		value := defaults[key.Key]
		if key.Key == "host" {
			value = "" // it depends on the machine
		}
		text, err := yaml.Marshal(map[string]any{name: value})
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			fmt.Fprintf(out, "#%s%s", indent, line)
		}
	}
	return nil
}

// comment marks a line so that it remains a comment when the # in the first column is
// removed.
func comment(nested bool, line string) string {
	if nested {
		return "#  # " + line
	}
	return "# " + line
}

// defaultValues returns the default of each key, by its path.
func defaultValues() (map[string]any, error) {
	text, err := yaml.Marshal(config.Default())
	if err != nil {
		return nil, err
	}
	var sections map[string]any
	if err := yaml.Unmarshal(text, &sections); err != nil {
		return nil, err
	}
	values := map[string]any{}
	for name, value := range sections {
		inner, nested := value.(map[string]any)
		if !nested {
			values[name] = value
		}
		for key, value := range inner {
			values[name+"."+key] = value
		}
	}
	return values, nil
}

// wrap breaks a text into lines of at most width.
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
