//go:build !linux

package libvirt

// onClusterFileSystem detects no file system on this operating system: declare shared
// storage with Options.Shared.
func onClusterFileSystem(string) bool { return false }
