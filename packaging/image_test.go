//go:build linux

package packaging_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// descriptor names a blob of a layout.
type descriptor struct {
	MediaType string `json:"mediaType"`
	Digest    string `json:"digest"`
	Size      int    `json:"size"`
}

// TestImage builds the image, reads it as its format says, and runs its program in it,
// as the user that it names.
func TestImage(t *testing.T) {
	asRoot(t)
	dir := t.TempDir()
	script(t, "./image.sh", []string{"OUT=" + dir})
	layout := unpacked(t, read(t, filepath.Join(dir, "parley-sim.oci.tar")))
	blob := func(d descriptor) []byte {
		data := layout["blobs/sha256/"+strings.TrimPrefix(d.Digest, "sha256:")]
		if sum := sha256.Sum256(data); "sha256:"+hex.EncodeToString(sum[:]) != d.Digest || len(data) != d.Size {
			t.Fatalf("the blob %s: got %d bytes with another digest or size", d.Digest, len(data))
		}
		return data
	}
	var version struct{ ImageLayoutVersion string }
	var index struct{ Manifests []descriptor }
	decode(t, layout["oci-layout"], &version)
	decode(t, layout["index.json"], &index)
	if version.ImageLayoutVersion != "1.0.0" || len(index.Manifests) != 1 {
		t.Fatalf("got the layout %+v with %+v", version, index)
	}
	var manifest struct {
		Config descriptor
		Layers []descriptor
	}
	decode(t, blob(index.Manifests[0]), &manifest)
	var config struct {
		OS     string
		Config struct {
			Entrypoint       []string
			User, WorkingDir string
		}
		RootFS struct {
			DiffIDs []string `json:"diff_ids"`
		}
	}
	decode(t, blob(manifest.Config), &config)
	if len(manifest.Layers) != 1 || manifest.Layers[0].MediaType != "application/vnd.oci.image.layer.v1.tar+gzip" ||
		config.OS != "linux" || config.Config.User != "65532:65532" || config.Config.WorkingDir != "/work" {
		t.Fatalf("got %+v and %+v", manifest, config)
	}
	files, err := gzip.NewReader(bytes.NewReader(blob(manifest.Layers[0])))
	if err != nil {
		t.Fatal(err)
	}
	layer, err := io.ReadAll(files)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(layer); len(config.RootFS.DiffIDs) != 1 || config.RootFS.DiffIDs[0] != "sha256:"+hex.EncodeToString(sum[:]) {
		t.Errorf("the configuration names the layer %v, it is %x", config.RootFS.DiffIDs, sum)
	}
	runsIn(t, layer, config.Config.Entrypoint)
}

const site = `title: Two hosts
hosts:
  - {name: host, count: 2, cores: 16, memory: 64 GiB}
guests:
  - {name: guest, count: 8, host: host1, sizes: [{cores: 2, memory: 4 GiB}], load: {kind: constant, share: 0.7}}
`

// runsIn unpacks the layer, mounts nothing, and runs the program with the layer as its
// whole file system.
func runsIn(t *testing.T, layer []byte, entrypoint []string) {
	root := t.TempDir()
	for name, data := range unpacked(t, layer) {
		path := filepath.Join(root, name)
		dir := filepath.Dir(path)
		if strings.HasSuffix(name, "/") {
			dir = path
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if dir == path {
			continue
		}
		if err := os.WriteFile(path, data, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range map[string][]byte{"site.yaml": []byte(site), "mine.lcc": read(t, "../models/agility/agility.lcc")} {
		if err := os.WriteFile(filepath.Join(root, "work", name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"version"}, "without libvirt"},
		{[]string{"check", "--strict", "mine.lcc"}, "0 errors"},
		{[]string{"sim", "run", "site.yaml", "--policy", "mine.lcc"}, "migrations"},
	} {
		cmd := exec.Command(entrypoint[0], append(entrypoint[1:], c.args...)...)
		cmd.Dir = "/work"
		cmd.Env = []string{"PATH=/usr/bin"}
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), c.want) {
			t.Errorf("parley %v: %v, want %q in\n%s", c.args, err, c.want, out)
		}
	}
}

func decode(t *testing.T, data []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%v in %q", err, data)
	}
}

// unpacked is the content of a tar file, by name; the name of a directory ends with /.
func unpacked(t *testing.T, data []byte) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	from := tar.NewReader(bytes.NewReader(data))
	for {
		header, err := from.Next()
		if err == io.EOF {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[header.Name], err = io.ReadAll(from); err != nil {
			t.Fatal(err)
		}
	}
}
