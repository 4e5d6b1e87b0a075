package libvirt

import (
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"
)

// onClusterFileSystem says whether a path is on a file system that several hosts can
// mount at once. For a path that does not exist, its closest existing directory counts.
func onClusterFileSystem(path string) bool {
	for {
		var stat syscall.Statfs_t
		err := syscall.Statfs(path, &stat)
		if err == nil {
			return clusterFileSystems[uint32(stat.Type)]
		}
		up := filepath.Dir(path)
		if !errors.Is(err, fs.ErrNotExist) || up == path {
			return false
		}
		path = up
	}
}

// clusterFileSystems are the statfs(2) magic numbers of the file systems that libvirt
// also treats as shared (its virFileIsSharedFS).
var clusterFileSystems = map[uint32]bool{
	0x6969:     true, // NFS
	0x01161970: true, // GFS2
	0x7461636f: true, // OCFS2
	0x5346414f: true, // AFS
	0xff534d42: true, // CIFS
	0xfe534d42: true, // SMB2
	0x00c36400: true, // Ceph
	0x47504653: true, // GPFS
	0x65735546: true, // FUSE, as GlusterFS is mounted
	0x0bd00bd0: true, // Lustre
}
