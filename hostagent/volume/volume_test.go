//go:build linux

package volume

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"
)

// copyRound runs a round between a source and a directory.
func copyRound(t testing.TB, s *Source, dir string, opts Options, how Round) (Sent, error, error) {
	t.Helper()
	here, there := net.Pipe()
	var took error
	var work sync.WaitGroup
	work.Go(func() {
		_, took = Receive(context.Background(), dir, there, opts)
		_ = there.Close()
	})
	sent, err := s.Send(context.Background(), here, how)
	_ = here.Close()
	work.Wait()
	return sent, err, took
}

func mustCopy(t testing.TB, s *Source, dir string, opts Options, how Round) Sent {
	t.Helper()
	sent, err, took := copyRound(t, s, dir, opts, how)
	if err != nil || took != nil {
		t.Fatalf("Send: %v; Receive: %v", err, took)
	}
	return sent
}

func mustOpen(t testing.TB, dir string, opts Options) *Source {
	t.Helper()
	s, err := Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// picture says all that a copy must keep of a tree, a line for each name.
func picture(t testing.TB, dir string) map[string]string {
	t.Helper()
	lines, first := map[string]string{}, map[uint64]string{}
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		var st unix.Stat_t
		if err := unix.Lstat(path, &st); err != nil {
			return err
		}
		name := strings.TrimPrefix(path, dir)
		if _, is := first[st.Ino]; !is {
			first[st.Ino] = name
		}
		text := fmt.Sprintf("%o %d:%d %d", st.Mode, st.Uid, st.Gid, st.Mtim.Nano())
		space := make([]byte, 4096)
		n, err := unix.Llistxattr(path, space)
		if err != nil {
			return err
		}
		for attr := range strings.SplitSeq(strings.TrimSuffix(string(space[:n]), "\x00"), "\x00") {
			if attr != "" {
				value := make([]byte, 256)
				n, err := unix.Lgetxattr(path, attr, value)
				if err != nil {
					return err
				}
				text += fmt.Sprintf(" %s=%x", attr, value[:n])
			}
		}
		if st.Mode&unix.S_IFMT != unix.S_IFDIR {
			text += fmt.Sprintf(" links %d of %s", st.Nlink, first[st.Ino])
		}
		switch st.Mode & unix.S_IFMT {
		case unix.S_IFLNK:
			to, err := os.Readlink(path)
			if err != nil {
				return err
			}
			text += " to " + to
		case unix.S_IFREG:
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			file, err := os.Open(path)
			if err != nil {
				return err
			}
			defer file.Close()
			data, _, err := dataOf(file, 0, st.Size)
			if err != nil {
				return err
			}
			text += fmt.Sprintf(" size %d data %v hash %x", st.Size, data, keyOf(string(content)))
		case unix.S_IFCHR, unix.S_IFBLK:
			text += fmt.Sprintf(" device %d", st.Rdev)
		}
		lines[name] = text
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// compare says where two trees differ.
func compare(t testing.TB, source, target string) error {
	t.Helper()
	want, got := picture(t, source), picture(t, target)
	var list []string
	for name, line := range want {
		if got[name] != line {
			list = append(list, fmt.Sprintf("%q: got %s, want %s", name, got[name], line))
		}
	}
	for name, line := range got {
		if _, is := want[name]; !is {
			list = append(list, fmt.Sprintf("%q: got %s, want nothing", name, line))
		}
	}
	if len(list) > 0 {
		return fmt.Errorf("the target differs from the source:\n%s", strings.Join(list, "\n"))
	}
	return nil
}

// mutator changes a tree by chance.
type mutator struct {
	dir  string
	int  func(n int) int // in [0, n)
	root bool
}

var someNames = []string{"a", "b", "c", "d", "\xff\xfe", "a name", "é", "x.log"}

func (m mutator) path() string {
	name := m.dir
	for range 1 + m.int(3) {
		name = filepath.Join(name, someNames[m.int(len(someNames))])
	}
	return name
}

// step makes one change; that it is not possible does not matter.
func (m mutator) step() {
	path := m.path()
	switch m.int(15) {
	case 0, 1:
		_ = os.MkdirAll(path, 0o755)
	case 2, 3:
		_ = os.MkdirAll(filepath.Dir(path), 0o755)
		m.replace(path, bytes.Repeat([]byte{byte(m.int(256))}, m.int(300_000)))
	case 4:
		m.at(path, int64(m.int(400_000)), m.int(5000))
	case 5:
		m.at(path, int64(m.int(64))<<20, 1+m.int(10)) // a hole before it
	case 6:
		m.cut(path, int64(m.int(500_000)))
	case 7:
		if _, err := os.Lstat(path); err == nil { // else RemoveAll may wait for a fifo
			_ = os.RemoveAll(path)
		}
	case 8:
		_ = os.Rename(path, m.path())
	case 9:
		_ = os.Link(path, m.path())
	case 10:
		_ = os.Symlink([]string{"../a", "/etc/passwd", "nowhere", "b"}[m.int(4)], path)
	case 11:
		_ = unix.Mkfifo(path, 0o600)
	case 12:
		if info, err := os.Lstat(path); err == nil && info.Mode()&os.ModeSymlink == 0 {
			mode := []os.FileMode{0o600, 0o755, 0o644, 0o700, 0o444, 0o555}[m.int(6)]
			if !info.IsDir() || mode&0o700 == 0o700 || m.root {
				_ = os.Chmod(path, mode)
			}
		}
	case 13:
		if m.int(2) == 0 {
			_ = unix.Lsetxattr(path, "user.note", []byte{byte(m.int(256))}, 0)
		} else {
			_ = unix.Lremovexattr(path, "user.note")
		}
		if m.root {
			_ = os.Lchown(path, m.int(3), m.int(3))
		}
	case 14:
		times := []unix.Timespec{{Sec: int64(m.int(1e9)), Nsec: int64(m.int(1e9))}, {Sec: int64(m.int(1e9)), Nsec: int64(m.int(1e9))}}
		_ = unix.UtimesNanoAt(unix.AT_FDCWD, path, times, unix.AT_SYMLINK_NOFOLLOW)
	}
}

// No call may wait for the other end of a fifo.
const flags = os.O_WRONLY | unix.O_NONBLOCK | unix.O_NOFOLLOW

func (m mutator) replace(path string, content []byte) {
	if file, err := os.OpenFile(path, flags|os.O_CREATE|os.O_TRUNC, 0o644); err == nil {
		_, _ = file.Write(content)
		_ = file.Close()
	}
}

func (m mutator) cut(path string, size int64) {
	if file, err := os.OpenFile(path, flags, 0); err == nil {
		_ = file.Truncate(size)
		_ = file.Close()
	}
}

func (m mutator) at(path string, at int64, length int) {
	file, err := os.OpenFile(path, flags, 0)
	if err != nil {
		return
	}
	defer file.Close()
	_, _ = file.WriteAt(bytes.Repeat([]byte{byte(1 + m.int(255))}, length), at)
}

// filesystems are directories of different file systems where there are two.
func filesystems(t *testing.T) []string {
	memory := inMemory(t)
	return []string{memory, memory, memory, t.TempDir()}
}

// inMemory is a directory in memory, where there is one.
func inMemory(t testing.TB) string {
	const memory = "/dev/shm"
	if err := unix.Access(memory, unix.W_OK); err != nil {
		return t.TempDir()
	}
	return memory
}

// TestRoundsEndTheSame changes a tree between rounds and during them, and compares both
// trees after the last one.
func TestRoundsEndTheSame(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		base, err := os.MkdirTemp(rapid.SampledFrom(filesystems(t)).Draw(r, "file system"), "parley-volume-")
		if err != nil {
			r.Fatal(err)
		}
		defer os.RemoveAll(base)
		source, target := filepath.Join(base, "s"), filepath.Join(base, "t")
		for _, dir := range []string{source, target} {
			if err := os.Mkdir(dir, 0o755); err != nil {
				r.Fatal(err)
			}
		}
		draw := func(n int) int { return rapid.IntRange(0, n-1).Draw(r, "n") }
		m := mutator{dir: source, int: draw, root: os.Geteuid() == 0}
		if rapid.Bool().Draw(r, "stale") { // the target has something of before
			for range 10 {
				mutator{dir: target, int: draw, root: m.root}.step()
			}
		}
		s, err := Open(source, Options{})
		if err != nil {
			r.Fatal(err)
		}
		defer s.Close()
		for range rapid.IntRange(0, 3).Draw(r, "rounds") {
			for range rapid.IntRange(0, 30).Draw(r, "changes") {
				m.step()
			}
			during := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "during"), 1))
			ends := make(chan struct{})
			var work sync.WaitGroup
			work.Go(func() {
				user := mutator{dir: source, int: during.IntN, root: m.root}
				for range 200 {
					select {
					case <-ends:
						return
					default:
						user.step()
					}
				}
			})
			_, err, took := copyRound(t, s, target, Options{}, Round{})
			close(ends)
			work.Wait()
			if err != nil || took != nil {
				r.Fatalf("Send: %v; Receive: %v", err, took)
			}
		}
		for range rapid.IntRange(0, 30).Draw(r, "changes") {
			m.step()
		}
		if _, err, took := copyRound(t, s, target, Options{}, Round{Frozen: true}); err != nil || took != nil {
			r.Fatalf("Send: %v; Receive: %v", err, took)
		}
		if err := compare(t, source, target); err != nil {
			r.Fatal(err)
		}
	})
}

func write(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// old makes what is in a directory old enough that its times tell all changes.
func old(t testing.TB, s *Source) {
	t.Helper()
	for key, k := range s.known {
		k.unsure = false
		s.known[key] = k
	}
}

// TestRoundSendsDifference holds how much a round sends.
func TestRoundSendsDifference(t *testing.T) {
	source, target := t.TempDir(), t.TempDir()
	content := make([]byte, 4<<20)
	_, _ = rand.NewChaCha8([32]byte{}).Read(content)
	write(t, filepath.Join(source, "large"), content)
	for n := range 1000 {
		write(t, filepath.Join(source, fmt.Sprint("small", n)), content[:n])
	}
	s := mustOpen(t, source, Options{})
	first := mustCopy(t, s, target, Options{}, Round{})
	if first.Data < 4<<20 {
		t.Errorf("first round: got %d bytes of data, want the whole", first.Data)
	}
	old(t, s)
	content[1<<20]++
	write(t, filepath.Join(source, "large"), content)
	second := mustCopy(t, s, target, Options{}, Round{Frozen: true})
	if second.Data != blockBytes || second.Changed != 1 {
		t.Errorf("second round: got %d bytes of data and %d items, want a block and one", second.Data, second.Changed)
	}
	if err := compare(t, source, target); err != nil {
		t.Error(err)
	}
	// Another source, which knows nothing of the target, sends no data at all.
	third := mustCopy(t, mustOpen(t, source, Options{}), target, Options{}, Round{Frozen: true})
	if third.Data != 0 {
		t.Errorf("a new source: got %d bytes of data, want none", third.Data)
	}
}

// TestLargeFiles has files of several segments, with many holes.
func TestLargeFiles(t *testing.T) {
	source, target := t.TempDir(), t.TempDir()
	file, err := os.Create(filepath.Join(source, "holes"))
	if err != nil {
		t.Fatal(err)
	}
	for n := range int64(10_000) {
		if _, err := file.WriteAt([]byte("data"), n*2*page); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Truncate(400 << 20); err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt([]byte("end"), 390<<20); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, source, Options{})
	if sent := mustCopy(t, s, target, Options{}, Round{}); sent.Data > 50<<20 {
		t.Errorf("got %d bytes of data, want those of the pages only", sent.Data)
	}
	if err := compare(t, source, target); err != nil {
		t.Error(err)
	}
	if err := unix.Fallocate(int(file.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, 0, 20<<20); err != nil {
		t.Fatal(err)
	}
	mustCopy(t, s, target, Options{}, Round{Frozen: true})
	if err := compare(t, source, target); err != nil {
		t.Error(err)
	}
}

// TestHoleAtTheEnd has a hole in the last page where the target has data.
func TestHoleAtTheEnd(t *testing.T) {
	for n, dir := range filesystems(t)[2:] {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			base, err := os.MkdirTemp(dir, "parley-volume-")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.RemoveAll(base) })
			source, target := filepath.Join(base, "s"), filepath.Join(base, "t")
			for _, dir := range []string{source, target} {
				if err := os.Mkdir(dir, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			write(t, filepath.Join(target, "file"), bytes.Repeat([]byte("x"), 3*page))
			write(t, filepath.Join(source, "file"), []byte("x"))
			if err := os.Truncate(filepath.Join(source, "file"), 2*page+145); err != nil {
				t.Fatal(err)
			}
			mustCopy(t, mustOpen(t, source, Options{}), target, Options{}, Round{Frozen: true})
			if err := compare(t, source, target); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestMappedFiles holds that a change without a trace in the times is seen.
func TestMappedFiles(t *testing.T) {
	source, target := t.TempDir(), t.TempDir()
	path := filepath.Join(source, "mapped")
	write(t, path, make([]byte, page))
	s := mustOpen(t, source, Options{})
	mustCopy(t, s, target, Options{}, Round{})
	old(t, s)
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		t.Fatal(err)
	}
	write(t, path, bytes.Repeat([]byte("x"), page))
	k := s.known[keyOf("mapped")]
	if err := unix.Stat(path, &st); err != nil {
		t.Fatal(err)
	}
	k.state = stateOf(st) // as if nothing had been written
	s.known[keyOf("mapped")] = k
	if sent := mustCopy(t, s, target, Options{}, Round{}); sent.Changed != 0 {
		t.Fatalf("got %d items, want none: the test shows nothing", sent.Changed)
	}
	mustCopy(t, s, target, Options{}, Round{Frozen: true, Mapped: map[uint64]bool{st.Ino: true}})
	if err := compare(t, source, target); err != nil {
		t.Error(err)
	}
}

func TestRefused(t *testing.T) {
	opts := Options{EntriesMost: 3}
	t.Run("names", func(t *testing.T) {
		source := t.TempDir()
		for n := range 4 {
			write(t, filepath.Join(source, fmt.Sprint(n)), nil)
		}
		refused(t, mustOpen(t, source, opts), t.TempDir(), opts, "more than 3 names")
	})
	t.Run("bytes", func(t *testing.T) {
		source := t.TempDir()
		write(t, filepath.Join(source, "file"), make([]byte, 300_000))
		refused(t, mustOpen(t, source, opts), t.TempDir(), Options{BytesMost: 200_000}, "more than 200000 bytes")
	})
	t.Run("devices", func(t *testing.T) {
		source := t.TempDir()
		if err := unix.Mknod(filepath.Join(source, "sda"), unix.S_IFBLK|0o600, int(unix.Mkdev(8, 0))); err != nil {
			t.Skipf("this needs root: %v", err)
		}
		refused(t, mustOpen(t, source, opts), t.TempDir(), opts, "the device 8:0 gives access to this host")
		if err := os.Remove(filepath.Join(source, "sda")); err != nil {
			t.Fatal(err)
		}
		if err := unix.Mknod(filepath.Join(source, "null"), unix.S_IFCHR|0o666, int(unix.Mkdev(1, 3))); err != nil {
			t.Fatal(err)
		}
		refused(t, mustOpen(t, source, Options{Devices: true}), t.TempDir(), Options{}, "the device 1:3")
		target := t.TempDir()
		mustCopy(t, mustOpen(t, source, Options{Devices: true}), target, Options{Devices: true}, Round{Frozen: true})
		if err := compare(t, source, target); err != nil {
			t.Error(err)
		}
	})
	t.Run("mount", func(t *testing.T) {
		source := t.TempDir()
		inner := filepath.Join(source, "inner")
		if err := os.Mkdir(inner, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := unix.Mount("tmpfs", inner, "tmpfs", 0, ""); err != nil {
			t.Skipf("this needs root: %v", err)
		}
		defer func() { _ = unix.Unmount(inner, 0) }()
		refused(t, mustOpen(t, source, Options{}), t.TempDir(), Options{}, "inner is another mount")
	})
}

func refused(t *testing.T, s *Source, target string, opts Options, want string) {
	t.Helper()
	_, err, took := copyRound(t, s, target, opts, Round{})
	if err == nil || took == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v and %v, want both refused: %s", err, took, want)
	}
}

func TestCancelled(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	here, there := net.Pipe()
	var work sync.WaitGroup
	defer work.Wait()
	work.Go(func() { _, _ = Receive(context.Background(), t.TempDir(), there, Options{}) })
	defer here.Close()
	if _, err := s.Send(ctx, here, Round{}); err != context.Canceled {
		t.Errorf("got %v, want that it was cancelled", err)
	}
}
