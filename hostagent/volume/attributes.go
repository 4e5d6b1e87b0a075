//go:build linux

package volume

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// This file reads and writes what a file system keeps of a file beside its content. A file
// is named by the descriptor of its directory and its name there, and never followed.

// place is a name in an open directory.
type place struct {
	dir  int
	name string
}

// proc is the path of the place for calls that take no descriptor.
func (p place) proc() string { return "/proc/self/fd/" + strconv.Itoa(p.dir) + "/" + p.name }

func (p place) stat() (st unix.Stat_t, err error) {
	err = unix.Fstatat(p.dir, p.name, &st, unix.AT_SYMLINK_NOFOLLOW)
	return st, err
}

// read returns the attributes of a file whose state is known.
func (p place) read(st unix.Stat_t) (attributes, error) {
	a := attributes{Mode: st.Mode, UID: st.Uid, GID: st.Gid, AccessedS: st.Atim.Sec, AccessedNs: st.Atim.Nsec,
		ModifiedS: st.Mtim.Sec, ModifiedNs: st.Mtim.Nsec}
	if isDevice(st.Mode) {
		a.Device = uint64(st.Rdev) //nolint:unconvert // it is shorter on other architectures
	}
	var err error
	a.Extended, err = p.extended()
	return a, err
}

// extended returns the extended attributes, sorted; none where the file system has none.
func (p place) extended() (list []attribute, err error) {
	names, err := grown(func(space []byte) (int, error) { return unix.Llistxattr(p.proc(), space) })
	if errors.Is(err, unix.ENOTSUP) || len(names) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list extended attributes: %w", err)
	}
	total := 0
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		value, err := grown(func(space []byte) (int, error) { return unix.Lgetxattr(p.proc(), name, space) })
		if errors.Is(err, unix.ENODATA) {
			continue // removed since
		}
		if err != nil {
			return nil, fmt.Errorf("extended attribute %s: %w", name, err)
		}
		if total += len(name) + len(value); total > 4*attributeSize {
			return nil, fmt.Errorf("more than %d bytes of extended attributes", 4*attributeSize)
		}
		list = append(list, attribute{Name: []byte(name), Value: value})
	}
	slices.SortFunc(list, func(a, b attribute) int { return bytes.Compare(a.Name, b.Name) })
	return list, nil
}

// grown calls a function that fills a space until the space is large enough.
func grown(fill func([]byte) (int, error)) ([]byte, error) {
	for size := 256; ; size *= 4 {
		space := make([]byte, min(size, attributeSize))
		n, err := fill(space)
		if errors.Is(err, unix.ERANGE) && size < attributeSize {
			continue
		}
		if err != nil {
			return nil, err
		}
		return space[:n], nil
	}
}

// write gives a file its attributes. Owners go first: a change of them takes rights away.
func (p place) write(a attributes) error {
	st, err := p.stat()
	if err != nil {
		return err
	}
	if st.Mode&unix.S_IFMT != a.Mode&unix.S_IFMT {
		return errors.New("the file is of another type than it was made")
	}
	if st.Uid != a.UID || st.Gid != a.GID {
		if err := unix.Fchownat(p.dir, p.name, int(a.UID), int(a.GID), unix.AT_SYMLINK_NOFOLLOW); err != nil {
			return fmt.Errorf("owner %d:%d: %w", a.UID, a.GID, err)
		}
	}
	if a.Mode&unix.S_IFMT != unix.S_IFLNK {
		if err := unix.Fchmodat(p.dir, p.name, a.Mode&07777, 0); err != nil {
			return fmt.Errorf("mode %o: %w", a.Mode&07777, err)
		}
	}
	if err := p.writeExtended(a.Extended); err != nil {
		return err
	}
	times := []unix.Timespec{{Sec: a.AccessedS, Nsec: a.AccessedNs}, {Sec: a.ModifiedS, Nsec: a.ModifiedNs}}
	if err := unix.UtimesNanoAt(p.dir, p.name, times, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return fmt.Errorf("times: %w", err)
	}
	return nil
}

func (p place) writeExtended(want []attribute) error {
	has, err := p.extended()
	if err != nil {
		return err
	}
	for _, a := range has {
		if !slices.ContainsFunc(want, func(w attribute) bool { return bytes.Equal(w.Name, a.Name) }) {
			if err := unix.Lremovexattr(p.proc(), string(a.Name)); err != nil && !errors.Is(err, unix.ENODATA) {
				return fmt.Errorf("remove extended attribute %s: %w", a.Name, err)
			}
		}
	}
	for _, w := range want {
		if bytes.ContainsRune(w.Name, 0) || len(w.Value) > attributeSize {
			return errors.New("a malformed extended attribute")
		}
		if !slices.ContainsFunc(has, func(a attribute) bool { return bytes.Equal(w.Name, a.Name) && bytes.Equal(w.Value, a.Value) }) {
			if err := unix.Lsetxattr(p.proc(), string(w.Name), w.Value, 0); err != nil {
				return fmt.Errorf("extended attribute %s: %w", w.Name, err)
			}
		}
	}
	return nil
}

func isDevice(mode uint32) bool {
	return mode&unix.S_IFMT == unix.S_IFCHR || mode&unix.S_IFMT == unix.S_IFBLK
}

// harmless are the devices that each container has, by major and minor number.
var harmless = [][2]uint32{{1, 3}, {1, 5}, {1, 7}, {1, 8}, {1, 9}, {5, 0}, {5, 2}}

// whyNoDevice says why a device cannot be in the tree; "" if it can.
func (o Options) whyNoDevice(mode uint32, device uint64) string {
	allowed := o.Devices
	if o.Layer && mode&unix.S_IFMT == unix.S_IFCHR && device == 0 {
		return "" // it hides a file
	}
	major, minor := unix.Major(device), unix.Minor(device)
	what := fmt.Sprintf("the device %d:%d gives access to this host", major, minor)
	switch {
	case mode&unix.S_IFMT == unix.S_IFCHR && allowed && slices.Contains(harmless, [2]uint32{major, minor}):
		return ""
	case allowed:
		return what + ": only null, zero, full, random, urandom, tty and ptmx are copied"
	}
	return what + ": remove it from the volume"
}

// openat2 opens a path below a directory, through no symbolic link and no other mount.
func openat2(dir int, path string, flags uint64, mode uint64) (int, error) {
	for {
		fd, err := unix.Openat2(dir, path, &unix.OpenHow{Flags: flags | unix.O_CLOEXEC | unix.O_NOFOLLOW, Mode: mode,
			Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS | unix.RESOLVE_NO_XDEV})
		if !errors.Is(err, unix.EINTR) && !errors.Is(err, unix.EAGAIN) {
			return fd, err
		}
	}
}

// openRoot opens the directory of a tree.
func openRoot(path string) (*os.File, error) {
	root, err := os.OpenFile(path, os.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, fmt.Errorf("open the directory of the volume: %w", err)
	}
	return root, nil
}
