// Package walkthrough reads the commands of a page that leads a reader step by step, and
// compares what they print with what the page shows. Tests run such pages.
package walkthrough

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Step is a command of a page, with what the page shows of its output.
type Step struct {
	Line    int    // of the page
	Machine string // the word before the $; "" if there is none
	Command string
	File    string // the text of a here document
	Shown   []string
}

// Script is the command with its here document, as a shell reads it.
func (s Step) Script() string {
	if !hasFile(s.Command) {
		return s.Command
	}
	return s.Command + "\n" + s.File + fileEnd
}

// Refused says whether the page shows that parley refuses the command.
func (s Step) Refused() bool {
	return slices.ContainsFunc(s.Shown, func(line string) bool { return strings.HasPrefix(line, "parley: ") })
}

const (
	indent  = "    " // of the lines of a block
	fileEnd = "END"
)

func hasFile(command string) bool { return strings.HasSuffix(command, "<<"+fileEnd) }

var prompt = regexp.MustCompile(`^([a-z][a-z0-9]*)?\$ (.*)$`)

// Read returns the commands of a page, in their order. A command stands in an indented
// block, after a $; the lines below it are its output. A call of parley in a block
// without a prompt is an error: no test would run it.
func Read(page string) (steps []Step, err error) {
	lines := strings.Split(page, "\n")
	shell := false // the block contains commands
	for i := 0; i < len(lines); i++ {
		text, inBlock := strings.CutPrefix(lines[i], indent)
		if !inBlock {
			shell = false
			continue
		}
		found := prompt.FindStringSubmatch(text)
		switch {
		case found != nil:
			s := Step{Line: i + 1, Machine: found[1], Command: found[2]}
			if hasFile(s.Command) {
				for i++; i < len(lines) && strings.TrimPrefix(lines[i], indent) != fileEnd; i++ {
					s.File += strings.TrimPrefix(lines[i], indent) + "\n"
				}
				if i == len(lines) {
					return nil, fmt.Errorf("line %d: the here document has no line %s", s.Line, fileEnd)
				}
			}
			steps, shell = append(steps, s), true
		case shell:
			last := &steps[len(steps)-1]
			last.Shown = append(last.Shown, text)
		case strings.HasPrefix(text, "parley "):
			return nil, fmt.Errorf("line %d: a command without a prompt, which no test runs: %s", i+1, text)
		}
	}
	return steps, nil
}

// Missing is the first shown line that is not in an output, in order; "" if there is none.
// "..." matches anything, and the number of spaces does not matter.
func Missing(shown []string, out string) string {
	lines := strings.Split(out, "\n")
	for _, want := range shown {
		if strings.TrimSpace(want) == "..." {
			continue
		}
		pattern := strings.ReplaceAll(regexp.QuoteMeta(oneSpaced(want)), `\.\.\.`, ".*")
		is := regexp.MustCompile("^" + pattern + "$")
		at := slices.IndexFunc(lines, func(line string) bool { return is.MatchString(oneSpaced(line)) })
		if at < 0 {
			return want
		}
		lines = lines[at+1:]
	}
	return ""
}

func oneSpaced(line string) string { return strings.Join(strings.Fields(line), " ") }
