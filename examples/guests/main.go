//go:build linux

// Command guests is the laboratory of containers: two hosts in namespaces of this machine,
// a container with memory, a volume and live connections that moves between them, hosts
// that say no at each stage, and agents that are killed at each stage. A client counts
// what is lost.
//
// It runs as root, and unpacks criu and runc into /var/cache/parley-lab/engines, or with
// podman into /var/cache/parley-lab/podman; nothing of the system changes. Its namespaces have names that begin with pguest-.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"parley/examples/ground"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "guests:", err)
		os.Exit(1)
	}
}

// run is the laboratory, or a part of it inside of its namespaces.
func run(ctx context.Context, args []string) error {
	switch {
	case len(args) == 1 && args[0] == "init":
		return reap(ctx)
	case len(args) == 2 && args[0] == "agent":
		return serveAgent(ctx, args[1], "")
	case len(args) == 3 && args[0] == "agent":
		return serveAgent(ctx, args[1], args[2])
	case len(args) == 2 && args[0] == "space":
		return nameSpace(args[1])
	case len(args) > 1 && args[0] == "alone":
		return alone(args[1:])
	case len(args) == 2 && args[0] == "client":
		return runClient(ctx, args[1])
	}
	moves := flag.Int("moves", 6, "how often the container moves to and fro")
	podman := flag.Bool("podman", false, "podman runs the container")
	times := flag.Int("bench", 0, "measure so many moves against what runs the guests")
	flag.Parse()
	if why := whyNot(); why != "" {
		say("left out: %s", why)
		return nil
	}
	if *times > 0 {
		return bench(ctx, *times)
	}
	l, err := open(ctx, *podman)
	if err != nil {
		return errors.Join(err, closeAll())
	}
	err = l.play(ctx, *moves)
	if err != nil {
		logs()
	}
	return errors.Join(err, l.close())
}

// logs prints the end of what hosts and agents have written.
func logs() {
	files, _ := filepath.Glob(filepath.Join(runDir, "*/*.log")) // the pattern is good
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err == nil && len(text) > 0 {
			fmt.Printf("--- %s\n%s\n", name, text[max(0, len(text)-6000):])
		}
	}
}

// whyNot says why there can be no laboratory here.
func whyNot() string {
	if os.Geteuid() != 0 {
		return "it makes namespaces and runs containers, and needs root"
	}
	if _, err := ground.Mirror(); err != nil {
		return "it gets criu and runc from Debian's archive: " + err.Error()
	}
	return ""
}

// say reports progress to a person.
func say(format string, args ...any) {
	fmt.Printf("%s  %s\n", time.Now().Format(time.TimeOnly), fmt.Sprintf(format, args...))
}
