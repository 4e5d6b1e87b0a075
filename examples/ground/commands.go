//go:build linux

package ground

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Run runs a command and returns what it printed; that is in its error, too.
func Run(ctx context.Context, name string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out), err
}

// RunAll runs commands, each a line, until one fails.
func RunAll(ctx context.Context, lines ...string) error {
	for _, line := range lines {
		words := strings.Fields(line)
		if _, err := Run(ctx, words[0], words[1:]...); err != nil {
			return err
		}
	}
	return nil
}

// The time between two looks at a condition grows: what takes long is looked at rarely, as a
// look costs processor time that the guests need.
const (
	lookSoon   = 50 * time.Millisecond
	lookRarely = 500 * time.Millisecond
)

// Until polls a condition, and returns an error that names it after the limit.
func Until(ctx context.Context, limit time.Duration, what string, holds func() (bool, error)) error {
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	wait := lookSoon
	look := time.NewTimer(wait)
	defer look.Stop()
	for {
		ok, err := holds()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("stopped while waiting until %s: %w", what, ctx.Err())
		case <-bounded.Done():
			return fmt.Errorf("gave up after %v waiting until %s: %w", limit, what, bounded.Err())
		case <-look.C:
		}
		wait = min(wait*5/4, lookRarely)
		look.Reset(wait)
	}
}
