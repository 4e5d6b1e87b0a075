//go:build linux

package container

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"

	"golang.org/x/sys/cpu"
)

// criuLeast is the version of criu that is needed: 4.1 fails at sockets on new kernels.
var criuLeast = [2]int{4, 2}

var (
	criuVersion = regexp.MustCompile(`(?m)^Version: (\d+)\.(\d+)`)
	runcVersion = regexp.MustCompile(`runc version (\d+)\.`)
)

// Probe says what this host offers to containers, or what it lacks and where that is.
func Probe(ctx context.Context, o Options) (offers []string, err error) {
	o, err = o.withDefaults()
	if err != nil {
		return nil, err
	}
	text, err := exec.CommandContext(ctx, o.Criu, "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("containers need criu 4.2 or newer (package criu of Debian 14, or criu.org): %w", err)
	}
	found := criuVersion.FindSubmatch(text)
	if found == nil {
		return nil, errors.New("criu does not say its version")
	}
	major, _ := strconv.Atoi(string(found[1])) // digits
	minor, _ := strconv.Atoi(string(found[2]))
	if major < criuLeast[0] || major == criuLeast[0] && minor < criuLeast[1] {
		return nil, fmt.Errorf("criu %d.%d fails at sockets on new kernels: install 4.2 or newer "+
			"(package criu of Debian 14, or criu.org)", major, minor)
	}
	if out, err := exec.CommandContext(ctx, o.Criu, "check").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("the kernel lacks what criu needs (criu check): %w: %s", err, firstError(string(out)))
	}
	text, err = exec.CommandContext(ctx, o.Runc, "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("containers need runc (package runc): %w", err)
	}
	found = runcVersion.FindSubmatch(text)
	if found == nil {
		return nil, errors.New("runc does not say its version")
	}
	offers = []string{"criu=4.2", "runc=" + string(found[1])}
	for level := 1; level <= cpuLevel(); level++ {
		offers = append(offers, cpuNeed(level))
	}
	return offers, nil
}

// cpuNeed names a level of the processor's instructions.
func cpuNeed(level int) string { return fmt.Sprintf("cpu=%s-v%d", runtime.GOARCH, level) }

// cpuLevel is the level of this processor: for amd64 that of its psABI.
func cpuLevel() int {
	x := cpu.X86
	switch {
	case runtime.GOARCH != "amd64" || !x.HasSSE42 || !x.HasPOPCNT:
		return 1
	case !x.HasAVX2 || !x.HasBMI1 || !x.HasBMI2 || !x.HasFMA:
		return 2
	case !x.HasAVX512F || !x.HasAVX512BW || !x.HasAVX512CD || !x.HasAVX512DQ || !x.HasAVX512VL:
		return 3
	}
	return 4
}
