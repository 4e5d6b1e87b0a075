// Command image packs a directory as an OCI image, without a daemon and without a base:
// one layer with the files, and a configuration that runs one of them. The result is a
// tar file with the image's layout, which podman, skopeo and crane read. The same
// directory and time give the same bytes.
package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

func main() {
	var o options
	var epoch int64
	flag.StringVar(&o.root, "root", "", "directory with the files of the image")
	flag.StringVar(&o.entry, "entrypoint", "", "the program that the image runs")
	flag.StringVar(&o.name, "name", "", "name and tag of the image")
	flag.StringVar(&o.version, "version", "", "version of the program")
	flag.StringVar(&o.arch, "arch", "", "architecture of the program, as Go names it")
	flag.Int64Var(&epoch, "epoch", 0, "time of the image, in seconds since 1970")
	out := flag.String("o", "", "tar file to write")
	flag.Parse()
	o.created = time.Unix(epoch, 0).UTC()
	if err := run(*out, o); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

type options struct {
	root, entry, name, version, arch string

	created time.Time
}

func run(out string, o options) error {
	if out == "" || o.root == "" || o.entry == "" || o.arch == "" {
		return errors.New("give -o, -root, -entrypoint and -arch")
	}
	img, err := build(o)
	if err != nil {
		return fmt.Errorf("build the image: %w", err)
	}
	dir, err := os.MkdirTemp("", "image")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path, err := layout.Write(dir, empty.Index)
	if err != nil {
		return fmt.Errorf("write the layout: %w", err)
	}
	err = path.AppendImage(img, layout.WithPlatform(v1.Platform{OS: "linux", Architecture: o.arch}),
		layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": o.name}))
	if err != nil {
		return fmt.Errorf("write the layout: %w", err)
	}
	var packed bytes.Buffer
	if err := pack(&packed, dir, o.created); err != nil {
		return fmt.Errorf("pack the layout: %w", err)
	}
	return os.WriteFile(out, packed.Bytes(), 0o644)
}

// nobody is the user of the program: the image needs no rights of the machine that runs
// it.
const nobody = "65532:65532"

func build(o options) (v1.Image, error) {
	var files bytes.Buffer
	if err := pack(&files, o.root, o.created); err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(files.Bytes())), nil
	}, tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, err
	}
	base := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	img, err := mutate.Append(base, mutate.Addendum{
		Layer: layer, MediaType: types.OCILayer,
		History: v1.History{CreatedBy: "make image", Created: v1.Time{Time: o.created}},
	})
	if err != nil {
		return nil, err
	}
	config, err := img.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = "linux", o.arch, v1.Time{Time: o.created}
	config.Config = v1.Config{
		Entrypoint: []string{o.entry}, WorkingDir: "/work", User: nobody, Env: []string{"PATH=/usr/bin"},
		Labels: map[string]string{
			"org.opencontainers.image.title":       "Parley: checker and simulator of policies",
			"org.opencontainers.image.version":     o.version,
			"org.opencontainers.image.licenses":    "Apache-2.0",
			"org.opencontainers.image.description": "parley check, test, graph and sim; it runs no agent with libvirt",
		},
	}
	return mutate.ConfigFile(img, config)
}

// pack writes a directory as a tar file, in the order of its names, owned by root.
func pack(out io.Writer, root string, at time.Time) error {
	to := tar.NewWriter(out)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		header := &tar.Header{Name: filepath.ToSlash(name), ModTime: at, Format: tar.FormatPAX}
		if entry.IsDir() {
			header.Typeflag, header.Mode, header.Name = tar.TypeDir, 0o755, header.Name+"/"
			return to.WriteHeader(header)
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		header.Typeflag, header.Size, header.Mode = tar.TypeReg, int64(len(data)), 0o644|int64(info.Mode().Perm()&0o111)
		if err := to.WriteHeader(header); err != nil {
			return err
		}
		_, err = to.Write(data)
		return err
	})
	if err != nil {
		return err
	}
	return to.Close()
}
