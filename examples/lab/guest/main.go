//go:build linux

package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

func main() {
	if len(os.Args) == 4 { // in a container
		log.Fatal(contained(os.Args[1], os.Args[2], os.Args[3]))
	}
	// The console is the only place to report an error; the kernel halts when its first
	// process ends.
	fmt.Println("guest:", run())
	time.Sleep(time.Second)
}

// run serves until something fails.
func run() error {
	if err := unix.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return fmt.Errorf("mount /proc: %w", err)
	}
	if err := loadModules("/modules"); err != nil {
		return err
	}
	settings, err := commandLine()
	if err != nil {
		return err
	}
	if err := network(settings["address"]); err != nil {
		return err
	}
	cpu, err := strconv.ParseFloat(settings["cpu"], 64)
	if err != nil || cpu < 0 || cpu > 1 {
		return fmt.Errorf("parley.cpu=%q is not a share of a core", settings["cpu"])
	}
	dirty, err := strconv.Atoi(settings["dirty"])
	if err != nil {
		return fmt.Errorf("parley.dirty=%q is not a number of MiB", settings["dirty"])
	}
	go work(cpu, dirty)
	return serve()
}

// contained serves in a container, which has a network already, and adds a line to a file
// of its volume every 10 ms.
func contained(share, dirtyMiB, lines string) error {
	cpu, err := strconv.ParseFloat(share, 64)
	if err != nil {
		return err
	}
	dirty, err := strconv.Atoi(dirtyMiB)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(lines, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	go work(cpu, dirty)
	go func() { log.Fatal(serve()) }()
	for line := 1; ; line++ {
		if _, err := fmt.Fprintln(file, line); err != nil {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// loadModules loads the files in the order of their names.
func loadModules(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.ko"))
	if err != nil {
		return err
	}
	for _, name := range files { // Glob sorts
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		err = unix.FinitModule(int(file.Fd()), "", 0)
		if closed := file.Close(); err == nil {
			err = closed
		}
		if err != nil && err != unix.EEXIST {
			return fmt.Errorf("load %s: %w", name, err)
		}
	}
	return nil
}

func commandLine() (map[string]string, error) {
	text, err := os.ReadFile("/proc/cmdline")
	if err != nil {
		return nil, err
	}
	settings := map[string]string{}
	for _, word := range strings.Fields(string(text)) {
		if setting, ok := strings.CutPrefix(word, "parley."); ok {
			name, value, _ := strings.Cut(setting, "=")
			settings[name] = value
		}
	}
	return settings, nil
}

// network waits for the interface, which appears a moment after its driver is loaded,
// and assigns the address.
func network(address string) error {
	parsed, err := netlink.ParseAddr(address)
	if err != nil {
		return fmt.Errorf("parley.address=%q: %w", address, err)
	}
	for range 100 {
		link, err := netlink.LinkByName("eth0")
		if err != nil {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		if err := netlink.AddrAdd(link, parsed); err != nil {
			return fmt.Errorf("set the address: %w", err)
		}
		return netlink.LinkSetUp(link)
	}
	return fmt.Errorf("no interface eth0 has come")
}

// work uses its share of the CPU in periods of 100 ms and writes to memory.
func work(share float64, dirtyMiB int) {
	const period = 100 * time.Millisecond
	memory := make([]byte, max(1, dirtyMiB)<<20)
	at, count := 0, byte(0)
	for {
		begin := time.Now()
		for time.Since(begin) < time.Duration(share*float64(period)) {
			count++
		}
		for range dirtyMiB << 20 / 4096 / 10 {
			memory[at] = count
			at = (at + 4096) % len(memory)
		}
		time.Sleep(period - time.Since(begin))
	}
}

func serve() error {
	listener, err := net.Listen("tcp4", ":7")
	if err != nil {
		return err
	}
	fmt.Println("guest: ready")
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go func() {
			// A client may disconnect at any time.
			_, _ = io.Copy(conn, conn)
			_ = conn.Close()
		}()
	}
}
