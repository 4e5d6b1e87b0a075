//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/cavaliergopher/cpio"

	"parley/examples/ground"
)

// modules are the kernel modules of a guest's network, in load order; virtio is not
// built into Debian's kernel.
var modules = []string{
	"virtio_ring", "virtio", "virtio_pci_modern_dev", "virtio_pci_legacy_dev", "virtio_pci",
	"failover", "net_failover", "virtio_net",
}

// image is what a guest boots from.
type image struct{ kernel, initrd string }

// buildImage makes the guests' initramfs: the guest program and the modules.
func buildImage(ctx context.Context, dir string) (image, error) {
	unpacked, err := kernel(ctx)
	if err != nil {
		return image{}, err
	}
	kernels, err := filepath.Glob(filepath.Join(unpacked, "boot", "vmlinuz-*"))
	if err != nil || len(kernels) == 0 {
		return image{}, fmt.Errorf("no kernel in %s: remove the directory and try again", unpacked)
	}
	program := filepath.Join(dir, "guest")
	if err := ground.BuildStatic(ctx, program, "parley/examples/lab/guest"); err != nil {
		return image{}, err
	}
	img := image{kernel: kernels[0], initrd: filepath.Join(dir, "initrd")}
	return img, writeInitrd(img.initrd, program, unpacked)
}

func writeInitrd(path, program, unpacked string) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := cpio.NewWriter(file)
	for _, dir := range []string{"proc", "dev", "modules"} {
		if err := w.WriteHeader(&cpio.Header{Name: dir, Mode: cpio.TypeDir | 0o755}); err != nil {
			return err
		}
	}
	if err := add(w, "init", program, 0o755); err != nil {
		return err
	}
	for i, name := range modules {
		found, err := findModule(unpacked, name)
		if err != nil {
			return err
		}
		if err := add(w, fmt.Sprintf("modules/%02d-%s.ko", i, name), found, 0o644); err != nil {
			return err
		}
	}
	return w.Close()
}

func add(w *cpio.Writer, name, path string, mode cpio.FileMode) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := w.WriteHeader(&cpio.Header{Name: name, Mode: cpio.TypeReg | mode, Size: int64(len(data))}); err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

func findModule(unpacked, name string) (found string, err error) {
	err = filepath.WalkDir(filepath.Join(unpacked, "lib", "modules"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == name+".ko" {
			found = path
			return fs.SkipAll
		}
		return err
	})
	if err == nil && found == "" {
		err = fmt.Errorf("the kernel has no module %s", name)
	}
	return found, err
}
