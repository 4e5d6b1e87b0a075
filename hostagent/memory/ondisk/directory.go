package ondisk

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"parley/internal/atomicfile"
	"parley/internal/hostname"
)

// directory is the directory of a site.
type directory string

// guestBytes bounds the file of a guest and a message of a migration.
const guestBytes = 64 << 10

// Names in the directory of a site that no host can have.
const (
	made     = ".made" // a directory with the guests that were made once
	siteLock = ".lock"
)

func (d directory) host(name string) string { return filepath.Join(string(d), name) }
func (d directory) socket(host string) string {
	return filepath.Join(d.host(host), "socket")
}
func (d directory) guest(host, guest string) string {
	return filepath.Join(d.host(host), guest+".json")
}
func (d directory) mark(guest string) string { return filepath.Join(string(d), made, guest) }

// prepare makes the directories of the site and of one host.
func (d directory) prepare(host string) error {
	for _, path := range []string{d.host(host), filepath.Join(string(d), made)} {
		if err := os.MkdirAll(path, 0o700); err != nil {
			return fmt.Errorf("the directory of the site: %w", err)
		}
	}
	return nil
}

// guests reads the guests of a host, in the order of their names.
func (d directory) guests(host string) (list []Guest, err error) {
	entries, err := os.ReadDir(d.host(host)) // sorted
	if err != nil {
		return nil, fmt.Errorf("the directory of the host: %w", err)
	}
	for _, entry := range entries {
		name, is := strings.CutSuffix(entry.Name(), ".json")
		if !is || hostname.Check(name) != nil {
			continue
		}
		g, err := d.read(host, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // it has left since
		}
		if err != nil {
			return nil, err
		}
		list = append(list, g)
	}
	return list, nil
}

func (d directory) read(host, name string) (g Guest, err error) {
	path := d.guest(host, name)
	text, err := os.ReadFile(path)
	if err != nil {
		return g, err
	}
	if err := json.Unmarshal(text, &g); err != nil {
		return g, fmt.Errorf("%s is not the file of a guest: correct it, or remove it: %w", path, err)
	}
	if err := g.Validate(); err != nil {
		return g, fmt.Errorf("%s: %w", path, err)
	}
	if g.Name != name {
		return g, fmt.Errorf("%s is the file of a guest %s: give it the name of the guest", path, g.Name)
	}
	return g, nil
}

func (d directory) write(host string, g Guest) error {
	text, err := json.MarshalIndent(g, "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.Write(d.guest(host, g.Name), append(text, '\n'), 0o600)
}

// make writes a guest that was never made in this site, and says whether it did.
func (d directory) make(host string, g Guest) (ok bool, err error) {
	unlock, err := d.lock(syscall.LOCK_EX)
	if err != nil {
		return false, err
	}
	defer unlock()
	if _, err := os.Lstat(d.mark(g.Name)); !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	// A process that ended before it wrote the mark has left the guest somewhere.
	there, err := d.anywhere(g.Name)
	if err != nil {
		return false, err
	}
	if !there {
		if err := d.write(host, g); err != nil {
			return false, err
		}
	}
	return !there, atomicfile.Write(d.mark(g.Name), []byte("made on "+host+"\n"), 0o600)
}

// anywhere says whether a guest is on any host.
func (d directory) anywhere(guest string) (bool, error) {
	hosts, err := os.ReadDir(string(d))
	if err != nil {
		return false, err
	}
	for _, host := range hosts {
		if _, err := os.Lstat(d.guest(host.Name(), guest)); err == nil {
			return true, nil
		}
	}
	return false, nil
}

// switchOver moves a guest's file from host to host.
func (d directory) switchOver(guest, from, to string) error {
	unlock, err := d.lock(syscall.LOCK_SH)
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := os.Lstat(d.guest(to, guest)); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fmt.Errorf("host %s has a guest of this name", to), err)
	}
	if err := os.Rename(d.guest(from, guest), d.guest(to, guest)); err != nil {
		return err
	}
	return errors.Join(atomicfile.SyncDir(d.host(to)), atomicfile.SyncDir(d.host(from)))
}

// lock takes the lock of the site.
func (d directory) lock(how int) (unlock func(), err error) {
	file, err := lockFile(filepath.Join(string(d), siteLock), how)
	if err != nil {
		return nil, fmt.Errorf("lock the site: %w", err)
	}
	return func() { _ = file.Close() }, nil // it was never written to
}

// be takes the lock of a host, for as long as the file is open.
func (d directory) be(host string) (*os.File, error) {
	file, err := lockFile(filepath.Join(d.host(host), "lock"), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("another process is host %s of the site %s: stop it, or give this host another name or site", host, d)
	}
	if err != nil {
		return nil, fmt.Errorf("lock the host: %w", err)
	}
	return file, nil
}

func lockFile(path string, how int) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(file.Fd()), how)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			_ = file.Close()
			return nil, err
		}
		return file, nil
	}
}
