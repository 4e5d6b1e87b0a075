//go:build linux

package container

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	specs "github.com/opencontainers/runtime-spec/specs-go"
)

// make has podman make a container of the image that is here. To be begun and stopped at
// once gives it the configuration that a restore needs; its program is never run.
func (p *podman) make(ctx context.Context, at place, spec specs.Spec, own json.RawMessage) (place, error) {
	c, err := creationOf(at.Name, at.Mark, spec, own)
	if err != nil {
		return at, err
	}
	bounded, cancel := context.WithTimeout(ctx, podmanChanges)
	defer cancel()
	var made struct {
		ID string `json:"Id"`
	}
	if err := p.api.call(bounded, http.MethodPost, "/containers/create", c, &made); err != nil {
		if errors.Is(err, errNoContainer) {
			err = fmt.Errorf("%w: get the image sha256:%s here, by podman pull or podman load", err, c.Image)
		}
		return at, err
	}
	at.ID = made.ID
	for _, what := range []string{"/init", "/stop?timeout=0"} {
		if err := p.api.call(bounded, http.MethodPost, about(at.ID, what), nil, nil); err != nil {
			return at, err
		}
	}
	i, err := p.api.inspect(ctx, at.ID, podmanChanges)
	if err != nil {
		return at, err
	}
	p.learn(i)
	at.Root, at.Static, at.Layer = i.GraphDriver.Data.UpperDir, i.StaticDir, true
	if !filepath.IsAbs(at.Root) || !filepath.IsAbs(at.Static) {
		return at, errors.New("podman does not say where the root of the container is")
	}
	return at, nil
}

func (p *podman) preDump(ctx context.Context, at place, h held) error {
	return p.runc.preDump(ctx, at, h)
}

func (p *podman) dump(ctx context.Context, at place, h held) error { return p.runc.dump(ctx, at, h) }

// restoring is a restore that podman has been asked for.
type restoring struct {
	ended chan struct{}
	err   *error // once it has ended
}

func (p *podman) restore(ctx context.Context, at place, h held) error {
	if err := h.prepare(); err != nil {
		return err
	}
	// podman looks for the memory, and has criu's log, in its own directory.
	for name, to := range map[string]string{"checkpoint": h.images(), "restore.log": filepath.Join(h.work(), "restore.log")} {
		link := filepath.Join(at.Static, name)
		if err := os.RemoveAll(link); err != nil {
			return err
		}
		if err := os.Symlink(to, link); err != nil {
			return err
		}
	}
	if err := packShm(h.shm(), filepath.Join(at.Static, "devshm-checkpoint.tar")); err != nil {
		return fmt.Errorf("/dev/shm of the container: %w", err)
	}
	run := restoring{ended: make(chan struct{}), err: new(error)}
	p.mu.Lock()
	p.runs[at.ID] = run
	p.mu.Unlock()
	go func() {
		defer close(run.ended)
		*run.err = p.api.call(context.WithoutCancel(ctx), http.MethodPost, about(at.ID, "/restore?tcpEstablished=true&fileLocks=true"), nil, nil)
	}()
	ticks := time.NewTicker(pause)
	defer ticks.Stop()
	for {
		if h.isHeld() {
			return nil
		}
		select {
		case <-run.ended:
			return fmt.Errorf("podman cannot restore the container: %w: %s", errors.Join(*run.err), h.why())
		case <-ctx.Done():
			return ctx.Err()
		case <-ticks.C:
		}
	}
}

// podmanWaits is how long podman waits for a container that criu restores, with some time
// left: then it takes the restore for failed.
const podmanWaits = 240*time.Second - 40*time.Second

func (p *podman) lapsed(ctx context.Context, at place, h held) bool {
	if p.ended(at.ID) {
		return true
	}
	held, err := os.Stat(h.path("held"))
	if err == nil && time.Since(held.ModTime()) > podmanWaits {
		return true
	}
	p.mu.Lock()
	_, own := p.runs[at.ID]
	p.mu.Unlock()
	if own {
		return false
	}
	// The agent was started again: while podman restores a container it does not tell of it.
	i, err := p.api.inspect(ctx, at.ID, podmanLooks)
	return err == nil && i.State.Status != "running"
}

// ended says that a restore of this agent has ended.
func (p *podman) ended(id string) bool {
	p.mu.Lock()
	run, is := p.runs[id]
	p.mu.Unlock()
	if !is {
		return false
	}
	select {
	case <-run.ended:
		return true
	default:
		return false
	}
}

func (p *podman) started(ctx context.Context, at place) error {
	p.mu.Lock()
	run, is := p.runs[at.ID]
	p.mu.Unlock()
	if is {
		select {
		case <-run.ended:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	// There is an answer once podman is done with the container.
	i, err := p.api.inspect(ctx, at.ID, podmanChanges)
	if err != nil {
		return err
	}
	p.learn(i)
	if i.State.Status != "running" {
		if is && *run.err != nil {
			return fmt.Errorf("podman takes the container for %s: %w", i.State.Status, *run.err)
		}
		return fmt.Errorf("podman takes the container for %s", i.State.Status)
	}
	return nil
}

// packShm packs what a container has in /dev/shm as podman reads it; nothing if there is
// nothing.
func packShm(dir, to string) (err error) {
	names, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(names) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	archive := tar.NewWriter(out)
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		to := ""
		if info.Mode()&fs.ModeSymlink != 0 {
			if to, err = os.Readlink(path); err != nil {
				return err
			}
		}
		header, err := tar.FileInfoHeader(info, to)
		if err != nil {
			return err
		}
		header.Name = rel
		if err := archive.WriteHeader(header); err != nil || !info.Mode().IsRegular() {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		_, err = io.Copy(archive, file)
		return err
	})
	return errors.Join(err, archive.Close())
}
