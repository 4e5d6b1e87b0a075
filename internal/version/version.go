// Package version says which build of Parley runs.
package version

import (
	_ "embed"
	"runtime/debug"
	"strings"
)

// number is the version that was released last: the package takes it from here, too.
//
//go:embed VERSION
var number string

// Released is the version that was released last.
func Released() string { return strings.TrimSpace(number) }

// packaged is set by the linker when a package is built.
var packaged string

// Commit is the commit from which this was built, with "+changed" where files differed
// from it; "" where the build does not know.
func Commit() string {
	if _, build, ok := strings.Cut(packaged, "+git"); ok {
		_, commit, _ := strings.Cut(build, ".") // packaging/version.sh writes the date before it
		return commit
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	commit, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+changed"
		}
	}
	if commit == "" {
		return ""
	}
	return commit + changed
}

// Current says which build this is: the package's version, or the module's.
func Current() string {
	if packaged != "" {
		return packaged
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	return Released() + "+devel"
}
