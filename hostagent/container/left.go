package container

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"parley/hostagent"
)

// leftName is the directory of what containers have left here, below that of the bundles
// and below that of the volumes: so a rename is enough to keep it.
const leftName = ".left"

// leftTime writes when a container has left: its name in leftName begins so.
const leftTime = "20060102T150405Z"

// leftEvery is how long a look for what is kept no longer is from the next.
const leftEvery = time.Minute

// leftDirs are the directories of what is kept.
func (o Options) leftDirs() []string {
	return []string{filepath.Join(o.Bundles, leftName), filepath.Join(o.Volumes, leftName)}
}

// setAside keeps the bundle, if any, and the volumes of a container that left at a time. What is
// set aside already stays so: a move that is cleared again finds nothing to do.
func (o Options) setAside(guest hostagent.GuestID, bundle string, volumes []string, at time.Time) error {
	name := at.UTC().Format(leftTime) + "_" + string(guest)
	for _, rel := range volumes {
		if err := rename(filepath.Join(o.Volumes, rel), filepath.Join(o.Volumes, leftName, name, rel)); err != nil {
			return fmt.Errorf("keep the volume %s of a container that left: %w", rel, err)
		}
	}
	if bundle == "" {
		return nil
	}
	if err := rename(bundle, filepath.Join(o.Bundles, leftName, name)); err != nil {
		return fmt.Errorf("keep the bundle of a container that left: %w", err)
	}
	return nil
}

// rename moves a directory; that it is not there is no error.
func rename(from, to string) error {
	if _, err := os.Lstat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// expireLeft removes what was kept for the time that KeepLeft says. What has another name
// than Parley gives is a person's, and stays.
func (o Options) expireLeft(now time.Time) (removed []string, err error) {
	for _, dir := range o.leftDirs() {
		entries, problem := os.ReadDir(dir)
		if errors.Is(problem, fs.ErrNotExist) {
			continue
		}
		err = errors.Join(err, problem)
		for _, entry := range entries {
			stamp, guest, _ := strings.Cut(entry.Name(), "_")
			at, problem := time.Parse(leftTime, stamp)
			if problem != nil || checkName(hostagent.GuestID(guest)) != nil || now.Before(at.Add(o.KeepLeft)) {
				continue
			}
			path := filepath.Join(dir, entry.Name())
			if problem := os.RemoveAll(path); problem != nil {
				err = errors.Join(err, problem)
				continue
			}
			removed = append(removed, path)
		}
	}
	return removed, err
}

// watchLeft removes what is kept no longer, until it is told to end.
func (o Options) watchLeft(ctx context.Context) {
	ticks := time.NewTicker(leftEvery)
	defer ticks.Stop()
	for {
		removed, err := o.expireLeft(time.Now())
		for _, path := range removed {
			o.Logger.Info("what a container has left is removed: its time is over", "event", "left_removed", "path", path)
		}
		if err != nil {
			o.Logger.Warn("what a container has left cannot be removed: remove it yourself", "event", "left_not_removed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
	}
}
