//go:build linux

package guestnet

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// within calls a function with a handle of the network namespace that a path names.
func within(path string, do func(*netlink.Handle) error) error {
	space, err := netns.GetFromPath(path)
	if err != nil {
		return fmt.Errorf("its network namespace %s: %w", path, err)
	}
	defer space.Close()
	handle, err := netlink.NewHandleAt(space)
	if err != nil {
		return err
	}
	defer handle.Close()
	return do(handle)
}

// Room is a thread in the network namespace of a guest. To enter one takes the kernel some
// milliseconds, so whoever is short of time enters it beforehand.
type Room struct {
	calls chan func() error
	done  chan error
}

// Enter enters the network namespace that a path names. Close leaves it.
func Enter(path string) (*Room, error) {
	r := &Room{calls: make(chan func() error), done: make(chan error)}
	go func() {
		runtime.LockOSThread() // it ends with the goroutine
		r.done <- enter(path)
		for do := range r.calls {
			r.done <- do()
		}
	}()
	if err := <-r.done; err != nil {
		close(r.calls)
		return nil, fmt.Errorf("enter the network namespace %s: %w", path, err)
	}
	return r, nil
}

func enter(path string) error {
	space, err := netns.GetFromPath(path)
	if err != nil {
		return err
	}
	return errors.Join(netns.Set(space), space.Close())
}

// Do calls a function in the namespace, one after the other. Sockets and processes that it
// makes are there.
func (r *Room) Do(do func() error) error {
	r.calls <- do
	return <-r.done
}

// Close leaves the namespace. Nothing is done there afterwards.
func (r *Room) Close() { close(r.calls) }

// Inside enters a namespace for one call.
func Inside(path string, do func() error) error {
	r, err := Enter(path)
	if err != nil {
		return err
	}
	defer r.Close()
	return r.Do(do)
}

// newNamespace makes a network namespace of a name.
func newNamespace(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o444)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	made := make(chan error)
	go func() {
		runtime.LockOSThread() // it ends with the goroutine
		err := unix.Unshare(unix.CLONE_NEWNET)
		if err == nil {
			err = unix.Mount("/proc/thread-self/ns/net", path, "none", unix.MS_BIND, "")
		}
		made <- err
	}()
	return <-made
}

// Unmake removes a namespace, its port, and what is left of a hold.
func Unmake(path, port string) error {
	if err := errors.Join(RemoveHold(port), removeLink(port)); err != nil {
		return err
	}
	if err := unix.Unmount(path, unix.MNT_DETACH); err != nil && !errors.Is(err, unix.ENOENT) && !errors.Is(err, unix.EINVAL) {
		return fmt.Errorf("remove the namespace %s: %w", path, err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
