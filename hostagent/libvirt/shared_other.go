//go:build !linux

package libvirt

// onClusterFileSystem knows no file system of this operating system: what lies
// on shared storage is declared with Options.Shared.
func onClusterFileSystem(string) bool { return false }
