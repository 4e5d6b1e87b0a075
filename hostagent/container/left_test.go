package container

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	specs "github.com/opencontainers/runtime-spec/specs-go"
)

// leftSite is a host with a container that has a nested volume, beside another's.
func leftSite(t *testing.T, keep time.Duration) Options {
	t.Helper()
	dir := t.TempDir()
	o := Options{Bundles: filepath.Join(dir, "bundles"), Volumes: filepath.Join(dir, "volumes"), KeepLeft: keep,
		Logger: slog.New(slog.DiscardHandler)}
	for path, text := range map[string]string{
		"bundles/shop/config.json":      "{}",
		"bundles/shop/rootfs/bin/shop":  "program",
		"volumes/shop/data/orders":      "17 orders",
		"volumes/shop/other/of-another": "stays",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, path)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, path), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// is says whether a file is there.
func is(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func TestLeftIsKeptForItsTime(t *testing.T) {
	o := leftSite(t, time.Hour)
	at := time.Date(2026, 11, 27, 12, 0, 0, 500, time.UTC)
	for range 2 { // a move that is cleared again
		if err := o.setAside("shop", o.bundle("shop"), []string{"shop/data"}, at); err != nil {
			t.Fatal(err)
		}
	}
	if is(o.bundle("shop")) || is(filepath.Join(o.Volumes, "shop/data")) {
		t.Error("bundle or volume is in its place: the container could not come back")
	}
	if !is(filepath.Join(o.Volumes, "shop/other/of-another")) {
		t.Error("a volume that is not the container's was set aside")
	}
	orders := filepath.Join(o.Volumes, leftName, "20261127T120000Z_shop/shop/data/orders")
	program := filepath.Join(o.Bundles, leftName, "20261127T120000Z_shop/rootfs/bin/shop")
	foreign := filepath.Join(o.Volumes, leftName, "by-hand")
	if err := os.Mkdir(foreign, 0o700); err != nil {
		t.Fatal(err)
	}
	for after, kept := range map[time.Duration]bool{0: true, time.Hour - time.Second: true} {
		if removed, err := o.expireLeft(at.Add(after)); err != nil || len(removed) > 0 || is(orders) != kept || is(program) != kept {
			t.Fatalf("after %v: removed %v, err %v, volume there %v, bundle there %v", after, removed, err, is(orders), is(program))
		}
	}
	removed, err := o.expireLeft(at.Add(time.Hour))
	if err != nil || len(removed) != 2 || is(orders) || is(program) {
		t.Errorf("after its time: removed %v, err %v, volume there %v, bundle there %v", removed, err, is(orders), is(program))
	}
	if !is(foreign) {
		t.Error("a directory of another name was removed")
	}
}

// The same container leaves twice within the time: both are kept.
func TestLeftTwice(t *testing.T) {
	o := leftSite(t, time.Hour)
	at := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	for n := range 2 {
		if err := os.MkdirAll(o.root("shop"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := o.setAside("shop", o.bundle("shop"), nil, at.Add(time.Duration(n)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if entries, err := os.ReadDir(o.leftDirs()[0]); err != nil || len(entries) != 2 {
		t.Errorf("got %v, %v; want two", entries, err)
	}
}

func TestLeftIsRemovedWhileTheAgentRuns(t *testing.T) {
	o := leftSite(t, 5*time.Minute)
	synctest.Test(t, func(t *testing.T) {
		if err := o.setAside("shop", o.bundle("shop"), []string{"shop/data"}, time.Now()); err != nil {
			t.Fatal(err)
		}
		ctx, end := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); o.watchLeft(ctx) }()
		there := func() (n int) {
			for _, dir := range o.leftDirs() {
				entries, err := os.ReadDir(dir)
				if err != nil {
					t.Fatal(err)
				}
				n += len(entries)
			}
			return n
		}
		time.Sleep(4 * time.Minute)
		synctest.Wait()
		if got := there(); got != 2 {
			t.Errorf("before its time: %d directories, want 2", got)
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if got := there(); got != 0 {
			t.Errorf("after its time: %d directories, want none", got)
		}
		end()
		<-ended
	})
}

// No container may have what others have left for a volume.
func TestLeftIsNoVolume(t *testing.T) {
	o := Options{Volumes: "/srv/volumes"}
	for source, ok := range map[string]bool{"/srv/volumes/.left": false, "/srv/volumes/.left/x_shop/shop/data": false,
		"/srv/volumes/.leftover": true, "/srv/volumes/shop": true} {
		_, err := o.volumeOf(specs.Mount{Type: "bind", Source: source})
		if (err == nil) != ok || err != nil && !strings.Contains(err.Error(), leftName) {
			t.Errorf("%s: got %v, want it taken: %v", source, err, ok)
		}
	}
}
