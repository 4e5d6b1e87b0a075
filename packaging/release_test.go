//go:build linux

package packaging_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// source is a repository with what the scripts of a release look at.
type source struct {
	t   *testing.T
	dir string
}

func newSource(t *testing.T) source {
	needs(t, "git", "bash")
	s := source{t, t.TempDir()}
	for _, name := range []string{"version.sh", "release.sh"} {
		s.write("packaging/"+name, string(read(t, name)))
		if err := os.Chmod(filepath.Join(s.dir, "packaging", name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s.write("internal/version/VERSION", "1.2.3\n")
	s.write("CHANGELOG.md", "# What changed\n\n## Unreleased\n")
	return s
}

func (s source) write(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// run runs a command in the repository, apart from the machine's configuration of git.
func (s source) run(name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_CEILING_DIRECTORIES="+filepath.Dir(s.dir),
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org",
		"GIT_COMMITTER_DATE=2026-11-21T23:30:00-0500", "VERSION=")
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func (s source) git(args ...string) {
	s.t.Helper()
	if out, err := s.run("git", args...); err != nil {
		s.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func (s source) commit() {
	s.t.Helper()
	s.git("add", ".")
	s.git("commit", "-q", "-m", "a change")
}

func (s source) holdVersion(want string) {
	s.t.Helper()
	if got, err := s.run("packaging/version.sh"); err != nil || !regexp.MustCompile("^"+want+"$").MatchString(got) {
		s.t.Errorf("the version: got %q, %v, want %s", got, err, want)
	}
}

func (s source) holdRefusal(want string) {
	s.t.Helper()
	if got, err := s.run("packaging/release.sh"); err == nil || !strings.Contains(got, want) {
		s.t.Errorf("release: got %q, %v, want that it is refused with %q", got, err, want)
	}
}

// The version is that of the tag, of the commit where there is none, and that of the
// tree without git.
func TestVersion(t *testing.T) {
	s := newSource(t)
	s.holdVersion(`1\.2\.3`)
	s.git("init", "-q")
	s.commit()
	s.holdVersion(`1\.2\.3\+git20261122\.[0-9a-f]{12}`)
	s.git("tag", "v1.2.4")
	s.holdVersion(`1\.2\.3\+git20261122\.[0-9a-f]{12}`)
	s.git("tag", "v1.2.3")
	s.holdVersion(`1\.2\.3`)
}

// A release is refused before anything is built, with what has to be done.
func TestReleaseRefused(t *testing.T) {
	s := newSource(t)
	s.git("init", "-q")
	s.commit()
	s.write("VERSION", "")
	s.holdRefusal("commit them")
	s.commit()
	s.git("tag", "v1.2.2")
	s.holdRefusal("has no tag v1.2.3")
	s.git("tag", "v1.2.3")
	s.holdRefusal(`## 1.2.3 (YYYY-MM-DD)`)
}
