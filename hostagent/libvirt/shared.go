package libvirt

import "syscall"

// sharedStorage says whether a path lies on a file system that several hosts
// mount at once. A block device is taken to be shared when it is not known
// better: libvirt refuses the migration where it is not.
func sharedStorage(path string) bool {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(path, &stat); err != nil {
		return false
	}
	return clusterFileSystems[int64(stat.Type)]
}

// clusterFileSystems are the magic numbers of statfs(2) of file systems that
// libvirt, too, holds to be shared (its virFileIsSharedFS).
var clusterFileSystems = map[int64]bool{
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
