package service

import (
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"syscall"
)

// othersWrite are the bits by which others than the owner may write.
const othersWrite fs.FileMode = 0o022

// openStateDir makes the directory of the journal where it is not there, and sees
// that nobody else may write in it: who can replace the journal or the audit says
// what was agreed. A directory of ours is mended with a word; another is refused.
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
	log.Warn("others could write in state_dir; its mode is mended: look whether what is in it is the agent's own", "event", "state_dir_mode_changed",
		"state_dir", path, "mode", info.Mode().Perm(), "now", info.Mode().Perm()&^othersWrite)
	return nil
}

// ownerOf is the user id that a file belongs to.
func ownerOf(info fs.FileInfo) (uid int, known bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(stat.Uid), true
}
