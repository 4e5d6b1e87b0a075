//go:build linux

package container

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"

	"golang.org/x/sys/cpu"
)

// The versions that are needed: criu 4.1 fails at sockets on new kernels, and runc 1.1
// cannot leave cgroups alone.
var (
	criuLeast = version{4, 2}
	runcLeast = version{1, 2}
)

var (
	criuVersion = regexp.MustCompile(`(?m)^Version: (\d+)\.(\d+)`)
	runcVersion = regexp.MustCompile(`runc version (\d+)\.(\d+)`)
)

// version is the major and the minor number of a program's version.
type version [2]int

// versionOf finds the version in what a program says of itself.
func versionOf(text []byte, is *regexp.Regexp) (v version, ok bool) {
	found := is.FindSubmatch(text)
	if found == nil {
		return v, false
	}
	for n := range v {
		v[n], _ = strconv.Atoi(string(found[n+1])) // digits
	}
	return v, true
}

func (v version) below(least version) bool { return slices.Compare(v[:], least[:]) < 0 }

// Probe says what this host offers to containers, or what it lacks and where that is.
func Probe(ctx context.Context, o Options) (offers []string, err error) {
	o, err = o.withDefaults()
	if err != nil {
		return nil, err
	}
	engines, err := probe(ctx, o)
	if err != nil {
		return nil, err
	}
	return offersOf(ctx, engines)
}

// probe looks at the programs that move containers, and returns the engines of this host.
func probe(ctx context.Context, o Options) ([]engine, error) {
	text, err := exec.CommandContext(ctx, o.Criu, "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("containers need criu 4.2 or newer (package criu of Debian 14, or criu.org): %w", err)
	}
	criu, ok := versionOf(text, criuVersion)
	if !ok {
		return nil, errors.New("criu does not say its version")
	}
	if criu.below(criuLeast) {
		return nil, fmt.Errorf("criu %d.%d fails at sockets on new kernels: install 4.2 or newer "+
			"(package criu of Debian 14, or criu.org)", criu[0], criu[1])
	}
	if out, err := exec.CommandContext(ctx, o.Criu, "check").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("the kernel lacks what criu needs (criu check): %w: %s", err, firstError(string(out)))
	}
	text, err = exec.CommandContext(ctx, o.Runc, "--version").Output()
	if err != nil {
		return nil, fmt.Errorf("containers need runc 1.2 or newer (package runc of Debian 13): %w", err)
	}
	has, ok := versionOf(text, runcVersion)
	if !ok {
		return nil, errors.New("runc does not say its version")
	}
	if has.below(runcLeast) {
		return nil, fmt.Errorf("runc %d.%d cannot restore a container without its cgroups: install 1.2 or newer "+
			"(package runc of Debian 13)", has[0], has[1])
	}
	bundles := runc{o, has[0]}
	if o.Podman == "" {
		return []engine{bundles}, nil
	}
	own, err := openPodman(ctx, bundles)
	if err != nil {
		return nil, err
	}
	return []engine{bundles, own}, nil
}

// criuOffer is what a host offers whose criu moves containers.
const criuOffer = "criu=4.2"

// offersOf says what a host with engines offers to containers, sorted.
func offersOf(ctx context.Context, engines []engine) ([]string, error) {
	offers := []string{criuOffer}
	for level := 1; level <= cpuLevel(); level++ {
		offers = append(offers, cpuNeed(level))
	}
	for _, e := range engines {
		own, err := e.offers(ctx)
		if err != nil {
			return nil, err
		}
		offers = append(offers, own...)
	}
	slices.Sort(offers)
	return slices.Compact(offers), nil
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
