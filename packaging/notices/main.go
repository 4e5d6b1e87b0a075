// Command notices writes debian/copyright of the package: who made Parley and each
// module that is linked into it, and under which licence. It ends with an error where
// a module has no licence that it knows: nothing is shipped without its notice. With
// -debian it names Debian's copy of the Apache licence in the place of the text.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/google/licensecheck"

	"parley/internal/charts"
)

func main() {
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

const header = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: parley

Files: *
Copyright: 2026 the authors of Parley
License: Apache-2.0
 On Debian systems the text is in /usr/share/common-licenses/Apache-2.0.
`

func run(out io.Writer, args []string) error {
	flags := flag.NewFlagSet("notices", flag.ContinueOnError)
	onDebian := flags.Bool("debian", false, "name Debian's copy of the Apache licence in the place of the text")
	if err := flags.Parse(args); err != nil {
		return err
	}
	packages := flags.Args()
	if len(packages) == 0 {
		packages = []string{"./cmd/parley"}
	}
	modules, err := linked(packages)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	text.WriteString(header)
	for _, m := range modules {
		stanza, err := m.stanza(*onDebian)
		if err != nil {
			return err
		}
		text.WriteString(stanza)
	}
	_, err = out.Write(text.Bytes())
	return err
}

// module is what is linked: a module, or the library of Go itself.
type module struct{ path, version, dir string }

// goTool is the command of Go that builds the package.
func goTool() string {
	if name := os.Getenv("GO"); name != "" {
		return name
	}
	return "go"
}

// linked lists the modules of the packages that are built into the program, and what a
// package of Parley embeds of others.
func linked(packages []string) ([]module, error) {
	const each = "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}" +
		"{{if eq .ImportPath \"parley/internal/charts\"}}uPlot\t" + charts.UPlotVersion + "\t{{.Dir}}/uplot{{end}}"
	var faults bytes.Buffer
	cmd := exec.Command(goTool(), append([]string{"list", "-tags", "libvirt_dlopen", "-deps", "-f", each}, packages...)...)
	cmd.Stderr = &faults
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("list what is linked: %w: %s", err, faults.String())
	}
	root, err := exec.Command(goTool(), "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("find the library of Go: %w", err)
	}
	list := []module{{"the Go standard library", runtime.Version(), strings.TrimSpace(string(root))}}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	slices.Sort(lines)
	for _, line := range slices.Compact(lines) {
		if parts := strings.Split(line, "\t"); len(parts) == 3 {
			list = append(list, module{parts[0], parts[1], parts[2]})
		}
	}
	return list, nil
}

// notice matches the names of files that must come along.
var notice = regexp.MustCompile(`(?i)^(licen[cs]e|copying|copyright|notice|unlicense)([.-].*)?$`)

// coveredLeast is how much of a licence's text has to be known, in percent.
const coveredLeast = 75

// stanza is what debian/copyright says of a module: the files that speak of its
// licence, whole, apart from what Debian has on each machine.
func (m module) stanza(onDebian bool) (string, error) {
	entries, err := os.ReadDir(m.dir)
	if err != nil {
		return "", fmt.Errorf("%s: %w", m.path, err)
	}
	var texts, holders, ids []string
	for _, e := range entries {
		if e.IsDir() || !notice.MatchString(e.Name()) || strings.HasSuffix(e.Name(), ".go") {
			continue
		}
		data, err := os.ReadFile(filepath.Join(m.dir, e.Name()))
		if err != nil {
			return "", fmt.Errorf("%s: %w", m.path, err)
		}
		found := licensecheck.Scan(data)
		if onDebian && isApache(found) {
			texts = append(texts, apacheOnDebian)
		} else {
			texts = append(texts, string(data))
		}
		holders = append(holders, holdersOf(string(data))...)
		for _, match := range found.Match {
			if found.Percent >= coveredLeast || match.IsURL { // a licence may be named by its address alone
				ids = append(ids, match.ID)
			}
		}
	}
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) == 0 {
		return "", errors.New(m.path + " has no licence that is known: look at " + m.dir)
	}
	if len(holders) == 0 {
		holders = []string{"the authors of " + m.path}
	}
	var s strings.Builder
	fmt.Fprintf(&s, "\nFiles: linked/%s\nCopyright: %s\nComment: version %s, linked into /usr/bin/parley\nLicense: %s\n",
		strings.ReplaceAll(m.path, " ", "-"),
		strings.Join(slices.Compact(holders), "\n "), m.version, strings.Join(ids, " and "))
	s.WriteString(indented(strings.Join(texts, "\n\n")))
	return s.String(), nil
}

const apacheOnDebian = "On Debian systems the text is in /usr/share/common-licenses/Apache-2.0."

// isApache says whether a file is the text of the Apache licence and no other.
func isApache(found licensecheck.Coverage) bool {
	return found.Percent >= coveredLeast && len(found.Match) > 0 &&
		!slices.ContainsFunc(found.Match, func(m licensecheck.Match) bool { return m.ID != "Apache-2.0" || m.IsURL })
}

var holder = regexp.MustCompile(`(?im)^[\s#*/]*(?:copyright|\(c\)|©)\s+.*[0-9a-z].*$`)

// holdersOf are the lines of a licence that say whose work it is.
func holdersOf(text string) (list []string) {
	for _, line := range holder.FindAllString(text, -1) {
		line = strings.TrimSpace(strings.Trim(strings.TrimSpace(line), "#*/"))
		if strings.ContainsAny(line, "0123456789") && !strings.Contains(line, "[yyyy]") && len(line) < 200 {
			list = append(list, line)
		}
	}
	return list
}

// indented is a text as the continuation of a field.
func indented(text string) string {
	var s strings.Builder
	for line := range strings.Lines(strings.ToValidUTF8(text, "?")) {
		line = strings.TrimRight(line, " \t\r\n\f")
		if line == "" {
			line = "."
		}
		s.WriteString(" " + line + "\n")
	}
	return s.String()
}
