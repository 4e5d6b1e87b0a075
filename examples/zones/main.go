//go:build linux

// Command zones is the laboratory of a virtual environment: hosts in network namespaces of
// this machine with an agent each, zone servers that are cooperative processes, and clients
// who walk to two corners of the map while the agents keep the load even. It holds that no
// connection of a client breaks and that every zone keeps all that it knows.
//
// It runs as root. Its namespaces and cgroups have names that begin with pzones-.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// settings are how large the environment is.
type settings struct {
	hosts, side, clients int
	cores                float64 // of a host; 0: so many that the clients use meanLoad of all
	walk, rest           time.Duration
	inMemory             bool // the hosts' records are in memory: moves do not wait for a busy disk
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "zones:", err)
		os.Exit(1)
	}
}

// run is the laboratory, or its clients.
func run(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "clients" {
		return serveClients(ctx, args[1:])
	}
	s := settings{hosts: 5, side: 10}
	flag.IntVar(&s.clients, "clients", 400, "how many clients walk")
	flag.Float64Var(&s.cores, "cores", 0, "capacity of each host, in cores (default: by what the clients use at first)")
	flag.DurationVar(&s.walk, "walk", 4*time.Minute, "how long they walk")
	flag.DurationVar(&s.rest, "rest", 30*time.Second, "how long they stand before and after that")
	flag.Parse()
	if os.Geteuid() != 0 {
		say("left out: it makes namespaces and moves connections, and needs root")
		return nil
	}
	l, err := open(ctx, s)
	if err != nil {
		return errors.Join(err, l.close())
	}
	if err = l.play(ctx); err != nil {
		l.logs()
	}
	return errors.Join(err, l.close())
}

// say reports progress to a person.
func say(format string, args ...any) {
	fmt.Printf("%s  %s\n", time.Now().Format(time.TimeOnly), fmt.Sprintf(format, args...))
}
