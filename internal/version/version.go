// Package version says which build of Parley runs.
package version

import "runtime/debug"

// packaged is set by the linker when a package is built.
var packaged string

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
	return "devel"
}
