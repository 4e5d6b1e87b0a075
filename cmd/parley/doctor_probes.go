package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"
	"github.com/shirou/gopsutil/v3/disk"
	"github.com/shirou/gopsutil/v3/mem"
	"github.com/shirou/gopsutil/v3/process"
)

// probeDisk writes and syncs a file in the journal's directory.
func probeDisk(dir string) (free int64, sync time.Duration, err error) {
	file, err := os.CreateTemp(dir, "doctor-")
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	if _, err := file.WriteString("as long as a record of the journal"); err != nil {
		return 0, 0, err
	}
	began := time.Now()
	if err := file.Sync(); err != nil {
		return 0, 0, err
	}
	sync = time.Since(began)
	usage, err := disk.Usage(dir)
	if err != nil {
		return 0, 0, err
	}
	return int64(usage.Free), sync, nil
}

// probeMemory measures the memory in use, without that of the guests' emulators.
func probeMemory() (total, own int64, err error) {
	all, err := mem.VirtualMemory()
	if err != nil {
		return 0, 0, err
	}
	// Huge pages are reserved for guests and are not in any process's resident memory.
	own = int64(all.Total) - int64(all.Available) - int64(all.HugePagesTotal*all.HugePageSize)
	processes, err := process.Processes()
	if err != nil {
		return 0, 0, err
	}
	for _, p := range processes {
		if name, err := p.Name(); err != nil || !strings.HasPrefix(name, "qemu-") {
			continue // it has ended, or is not an emulator
		}
		if info, err := p.MemoryInfo(); err == nil {
			own -= int64(info.RSS)
		}
	}
	return int64(all.Total), max(0, own), nil
}

// hookPath is where the package installs libvirt's hook.
const hookPath = "/etc/libvirt/hooks/qemu.d/50-parley"

func probeHook() (installed, called bool, err error) {
	if _, err := os.Stat(hookPath); err != nil && !errors.Is(err, os.ErrNotExist) {
		return false, false, err
	}
	if !executable(hookPath) {
		return false, false, nil
	}
	started, err := daemonStart()
	if err != nil {
		return true, false, err
	}
	called, err = hostPlaces.called(started)
	return true, called, err
}

// daemonStart is the start time of the daemon that runs QEMU.
func daemonStart() (time.Time, error) {
	all, err := process.Processes()
	if err != nil {
		return time.Time{}, err
	}
	for _, p := range all {
		name, err := p.Name()
		if err != nil || name != "libvirtd" && name != "virtqemud" {
			continue
		}
		if ms, err := p.CreateTime(); err == nil {
			return time.UnixMilli(ms), nil
		}
	}
	return time.Time{}, errors.New("neither libvirtd nor virtqemud runs")
}

func probeCertificate(path string) (time.Time, error) {
	text, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return time.Time{}, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return time.Time{}, fmt.Errorf("%s is no certificate in PEM", path)
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s: %w", path, err)
	}
	return certificate.NotAfter, nil
}

func probeDial(ctx context.Context, text string) error {
	address, err := multiaddr.NewMultiaddr(text)
	if err != nil {
		return err
	}
	network, at, err := manet.DialArgs(address)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(network, "tcp") {
		return nil // only a connection shows whether anything answers
	}
	conn, err := (&net.Dialer{Timeout: 3 * time.Second}).DialContext(ctx, network, at)
	if err != nil {
		return err
	}
	return conn.Close()
}
