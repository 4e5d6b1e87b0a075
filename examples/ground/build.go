//go:build linux

package ground

import (
	"context"
	"fmt"
	"os"
	"os/exec"
)

// Build builds a program of this module as all of it is built, so that what it consists of is
// not compiled once more.
func Build(ctx context.Context, output, program string) error { return build(ctx, output, program) }

// BuildStatic builds one that runs where there is no loader, such as in a guest. All that it
// imports is compiled for it: it is a small one.
func BuildStatic(ctx context.Context, output, program string) error {
	return build(ctx, output, program, "CGO_ENABLED=0", "GOFLAGS=-trimpath -buildmode=exe")
}

func build(ctx context.Context, output, program string, env ...string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-tags", "libvirt_dlopen", "-o", output, program)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", program, err, out)
	}
	return nil
}
