package service

import (
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"syscall"
)

// othersWrite are the permission bits by which others than the owner may write.
const othersWrite fs.FileMode = 0o022

// openStateDir makes the directory of the journal if it is missing, and ensures that
// nobody else may write in it: whoever can replace the journal or the audit can forge
// agreements. It corrects the mode of a directory that this user owns, with a log line,
// and refuses another user's.
func openStateDir(path string, log *slog.Logger) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("state_dir: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("state_dir: %w", err)
	}
	if info.Mode().Perm()&othersWrite == 0 {
		return nil
	}
	owner, known := ownerOf(info)
	if !known || owner != os.Geteuid() || info.Mode()&fs.ModeSticky != 0 {
		return fmt.Errorf("state_dir: others may write in %s (mode %v): name a directory of the agent's own user with the mode 0700", path,
			info.Mode())
	}
	if err := os.Chmod(path, info.Mode().Perm()&^othersWrite); err != nil {
		return fmt.Errorf("state_dir: others may write in %s: %w", path, err)
	}
	log.Warn("other users could write in state_dir; its mode is corrected: check that its files are the agent's own",
		"event", "state_dir_mode_changed",
		"state_dir", path, "mode", info.Mode().Perm(), "now", info.Mode().Perm()&^othersWrite)
	return nil
}

// ownerOf returns the user id of a file's owner.
func ownerOf(info fs.FileInfo) (uid int, known bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(stat.Uid), true
}
