package repository

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"parley/models/publish/bundle"
)

// checkout is the git state of the directory. Its zero value is a directory outside any
// checkout.
type checkout struct {
	commit  string   // "": none yet
	changed []string // files of the next release that differ from the commit, relative to the directory
}

// source returns the origin of a policy.
func (c checkout) source(policy string) bundle.Source {
	under := policiesDir + "/" + policy + "/"
	return bundle.Source{
		Commit: c.commit,
		Dirty:  slices.ContainsFunc(c.changed, func(path string) bool { return strings.HasPrefix(path, under) }),
	}
}

func lookAtCheckout(dir string) (c checkout, err error) {
	if inside, err := inCheckout(dir); err != nil || !inside {
		return c, err
	}
	prefix, err := git(dir, "rev-parse", "--show-prefix")
	if err != nil {
		return c, err
	}
	if head, err := git(dir, "rev-parse", "--verify", "--quiet", "HEAD"); err == nil {
		c.commit = strings.TrimSpace(head)
	}
	// Only the files that people write count: the chain is made from them.
	status, err := git(dir, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignored=matching", "--", clusterFile,
		policiesDir)
	if err != nil {
		return c, err
	}
	for entry := range strings.SplitSeq(status, "\x00") {
		if len(entry) < 4 {
			continue
		}
		state, path := entry[:2], strings.TrimPrefix(entry[3:], strings.TrimSpace(prefix))
		if state != "!!" || published(path) {
			c.changed = append(c.changed, path)
		}
	}
	slices.Sort(c.changed)
	return c, nil
}

// published reports whether an ignored file would become a part of a release.
func published(path string) bool {
	return path == clusterFile || strings.HasSuffix(path, ".lcc") || filepath.Base(path) == policyFile || strings.HasSuffix(path, "/")
}

// inCheckout looks for .git in a directory and its parents.
func inCheckout(dir string) (bool, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return false, err
	}
	for {
		_, err := os.Lstat(filepath.Join(dir, ".git"))
		if err == nil {
			return true, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
		up := filepath.Dir(dir)
		if up == dir {
			return false, nil
		}
		dir = up
	}
}

func git(dir string, args ...string) (string, error) {
	cmd := exec.Command("git", append([]string{"-C", dir}, args...)...)
	// These variables would point to another checkout, for example in a git hook.
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "GIT_DIR=") || strings.HasPrefix(v, "GIT_WORK_TREE=") || strings.HasPrefix(v, "GIT_INDEX_FILE=")
	})
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s is in a git checkout, and git %s failed: %w %s: fix that, or give --dirty to publish without a commit", dir,
			args[0], err, strings.TrimSpace(errs.String()))
	}
	return out.String(), nil
}
