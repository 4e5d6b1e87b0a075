// Command changelog writes CHANGELOG.md as the changelog that nfpm puts into packages.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

func main() {
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "changelog:", err)
		os.Exit(1)
	}
}

// options say what the file leaves open.
type options struct {
	version  string    // of what is not released yet
	date     time.Time // of what is not released yet
	packager string
}

func run(out io.Writer, args []string) error {
	var o options
	var epoch int64
	flags := flag.NewFlagSet("changelog", flag.ContinueOnError)
	file := flags.String("file", "CHANGELOG.md", "the changelog")
	flags.StringVar(&o.version, "version", "", "version of the package")
	flags.Int64Var(&epoch, "epoch", 0, "time of the package, in seconds since 1970")
	flags.StringVar(&o.packager, "packager", "", "name and address of who packages")
	if err := flags.Parse(args); err != nil {
		return err
	}
	o.date = time.Unix(epoch, 0).UTC()
	text, err := os.ReadFile(*file)
	if err != nil {
		return err
	}
	list, err := entries(text, o)
	if err != nil {
		return fmt.Errorf("%s: %w", *file, err)
	}
	data, err := yaml.Marshal(list)
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	return err
}

// entry is a release, with the keys of github.com/goreleaser/chglog.
type entry struct {
	Semver   string    `yaml:"semver"`
	Date     time.Time `yaml:"date"`
	Packager string    `yaml:"packager"`
	Deb      debian    `yaml:"deb"`
	Changes  []change  `yaml:"changes"`
}

type debian struct {
	Urgency       string   `yaml:"urgency"`
	Distributions []string `yaml:"distributions"`
}

type change struct {
	Note string `yaml:"note"`
}

var release = regexp.MustCompile(`^## (\d+\.\d+\.\d+) \((\d{4}-\d{2}-\d{2})\)$`)

// entries reads the releases, newest first. A paragraph and an item of a list are one
// change each.
func entries(text []byte, o options) (list []entry, err error) {
	var open *string
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		item, isItem := strings.CutPrefix(line, "- ")
		switch {
		case strings.HasPrefix(line, "## "):
			e, err := o.entry(line)
			if err != nil {
				return nil, err
			}
			list, open = append(list, e), nil
		case len(list) == 0, line == "", strings.HasPrefix(line, "#"):
			open = nil
		case isItem, open == nil:
			last := &list[len(list)-1]
			last.Changes = append(last.Changes, change{item})
			open = &last.Changes[len(last.Changes)-1].Note
		default:
			*open += " " + strings.TrimSpace(line)
		}
	}
	if len(list) == 0 {
		return nil, errors.New("no release: write a heading such as \"## Unreleased\"")
	}
	return list, lines.Err()
}

func (o options) entry(heading string) (entry, error) {
	e := entry{Semver: o.version, Date: o.date, Packager: o.packager, Deb: debian{"medium", []string{"unstable"}}}
	if heading == "## Unreleased" {
		return e, nil
	}
	found := release.FindStringSubmatch(heading)
	if found == nil {
		return e, fmt.Errorf("the heading %q: write \"## Unreleased\" or \"## MAJOR.MINOR.PATCH (YYYY-MM-DD)\"", heading)
	}
	date, err := time.Parse(time.DateOnly, found[2])
	if err != nil {
		return e, fmt.Errorf("the heading %q: %w", heading, err)
	}
	if e.Semver = found[1]; e.Semver != o.version {
		e.Date = date
	}
	return e, nil
}
