//go:build linux

package container

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	specs "github.com/opencontainers/runtime-spec/specs-go"

	"parley/hostagent"
)

// podman is the engine of podman's containers. They are asked for, made, restored and
// removed by podman's service. Their memory is written by runc, as that of bundles: podman
// itself would let nobody look at a container while the hook holds it.
type podman struct {
	runc  runc
	api   podmanClient
	major int // of podman's version

	mu    sync.Mutex
	known map[string]known     // by ID
	runs  map[string]restoring // by ID
}

// known is what podman has said of a container, and when.
type known struct {
	inspected
	at time.Time
}

const podmanName = "podman"

func (p *podman) name() string { return podmanName }

// What podman may take: for a look, which no container in a move may hold up, and for a
// change.
const (
	podmanLooks   = time.Second
	podmanAgain   = 200 * time.Millisecond // where it has told before
	podmanChanges = 30 * time.Second
	// podmanKnown is how long what podman has said is good.
	podmanKnown = 10 * time.Second
)

// openPodman looks whether podman can move containers.
func openPodman(ctx context.Context, r runc) (*podman, error) {
	p := &podman{runc: r, api: newPodmanClient(r.Podman), known: map[string]known{}, runs: map[string]restoring{}}
	if err := p.recall(); err != nil {
		return nil, err
	}
	said, err := p.api.version(ctx)
	if err != nil {
		return nil, fmt.Errorf("container.podman is %s: %w", r.Podman, err)
	}
	has, ok := versionOf([]byte(said), podmanVersion)
	switch {
	case !ok:
		return nil, fmt.Errorf("podman does not say its version: got %q", said)
	case has.below(podmanLeast):
		return nil, fmt.Errorf("podman is %s: install 5.0 or newer (package podman of Debian 13)", said)
	}
	p.major = has[0]
	return p, p.checkHost(ctx)
}

// checkHost looks whether podman is root's, and stores containers as is needed. While
// podman restores a container it does not say, and was looked at before.
func (p *podman) checkHost(ctx context.Context) error {
	if len(p.known) > 0 {
		return nil
	}
	bounded, cancel := context.WithTimeout(ctx, podmanLooks)
	defer cancel()
	var info struct {
		Host  struct{ Security struct{ Rootless bool } }
		Store struct{ GraphDriverName string }
	}
	if err := p.api.call(bounded, http.MethodGet, "/info", nil, &info); err != nil {
		return err
	}
	switch {
	case info.Host.Security.Rootless:
		return fmt.Errorf("the podman at %s is that of a user: container.podman is the socket of root's, such as /run/podman/podman.sock",
			p.runc.Podman)
	case info.Store.GraphDriverName != "overlay":
		return fmt.Errorf("podman stores containers by %q: only the driver overlay is supported (storage.conf)", info.Store.GraphDriverName)
	}
	return nil
}

var (
	podmanVersion = regexp.MustCompile(`^(\d+)\.(\d+)`)
	podmanLeast   = version{5, 0}
)

// recall learns of the containers in moves: podman may not tell now.
func (p *podman) recall() error {
	entries, err := os.ReadDir(filepath.Join(p.runc.State, "moves"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, entry := range entries {
		var own move
		if _, err := readJSON(filepath.Join(p.runc.State, "moves", entry.Name()), &own); err != nil {
			return err
		}
		if own.Engine == podmanName && own.Place.ID != "" {
			p.known[own.Place.ID] = known{inspected: inspected{ID: own.Place.ID, Name: own.Place.Name}}
		}
	}
	return err
}

func (p *podman) need() string { return fmt.Sprintf("podman=%d", p.major) }

// imageNeed names an image by its digest.
func imageNeed(digest string) string { return imageOffer + digest }

const imageOffer = "image=sha256:"

func (p *podman) offers(ctx context.Context) ([]string, error) {
	bounded, cancel := context.WithTimeout(ctx, podmanLooks)
	defer cancel()
	var images []struct{ ID string }
	if err := p.api.call(bounded, http.MethodGet, "/images/json", nil, &images); err != nil {
		return nil, err
	}
	offers := []string{p.runc.need(), p.need()}
	for _, image := range images {
		offers = append(offers, imageNeed(image.ID))
	}
	return offers, nil
}

func (p *podman) list(ctx context.Context) (own []contained, err error) {
	// runc tells of containers that podman is busy with, too.
	list, err := p.runc.all(ctx)
	for _, c := range list {
		if filepath.Base(c.Bundle) != "userdata" || !c.active() {
			continue // it is none of podman's
		}
		i, err := p.inspected(ctx, c.ID)
		if errors.Is(err, errNoContainer) {
			continue // it is another's
		}
		if err != nil {
			return nil, err
		}
		if c.Guest = hostagent.GuestID(i.Name); checkName(c.Guest) == nil {
			own = append(own, c)
		}
	}
	return own, err
}

// inspected is what podman says of a container, or has said, while it does not answer.
func (p *podman) inspected(ctx context.Context, id string) (inspected, error) {
	p.mu.Lock()
	k, is := p.known[id]
	p.mu.Unlock()
	if is && time.Since(k.at) < podmanKnown {
		return k.inspected, nil
	}
	within := podmanLooks
	if is {
		within = podmanAgain
	}
	i, err := p.api.inspect(ctx, id, within)
	if err == nil {
		p.learn(i)
		return i, nil
	}
	if is && errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return k.inspected, nil
	}
	if errors.Is(err, errNoContainer) {
		p.forget(id)
	}
	return i, err
}

func (p *podman) learn(i inspected) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known[i.ID] = known{i, time.Now()}
}

func (p *podman) forget(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.known, id)
	delete(p.runs, id)
}

func (p *podman) has(ctx context.Context, guest hostagent.GuestID) (bool, error) {
	bounded, cancel := context.WithTimeout(ctx, podmanLooks)
	defer cancel()
	err := p.api.call(bounded, http.MethodGet, about(string(guest), "/exists"), nil, nil)
	if errors.Is(err, errNoContainer) {
		return false, nil
	}
	return err == nil, err
}

func (p *podman) mounts(ctx context.Context) (map[hostagent.GuestID][]specs.Mount, error) {
	bounded, cancel := context.WithTimeout(ctx, podmanChanges)
	defer cancel()
	var list []struct {
		ID string `json:"Id"`
	}
	if err := p.api.call(bounded, http.MethodGet, "/containers/json?all=true", nil, &list); err != nil {
		return nil, err
	}
	here := map[hostagent.GuestID][]specs.Mount{}
	for _, c := range list {
		i, err := p.inspected(ctx, c.ID)
		if errors.Is(err, errNoContainer) {
			continue // it has gone
		}
		if err != nil {
			return nil, err
		}
		for _, m := range i.Mounts {
			here[hostagent.GuestID(i.Name)] = append(here[hostagent.GuestID(i.Name)],
				specs.Mount{Type: "bind", Source: m.Source, Destination: m.Destination})
		}
	}
	return here, nil
}

func (p *podman) look(ctx context.Context, c contained) (looked, error) {
	i, err := p.inspected(ctx, c.ID)
	if err != nil {
		return looked{}, err
	}
	text, err := os.ReadFile(filepath.Join(c.Bundle, "config.json"))
	if err != nil {
		return looked{}, err
	}
	spec, err := parseSpec(text)
	if err != nil {
		return looked{}, err
	}
	at := place{ID: c.ID, Name: i.Name, Root: i.GraphDriver.Data.UpperDir, Static: i.StaticDir, Layer: true}
	for _, m := range spec.Mounts {
		if m.Destination == "/dev/shm" && filepath.Dir(m.Source) == i.StaticDir {
			at.Shm = m.Source
		}
	}
	own, err := i.own()
	return looked{spec: i.plain(spec), place: at, own: own, pipes: true, why: i.whyNot(),
		needs: []string{p.runc.need(), p.need(), imageNeed(i.Image)}}, err
}

// remove removes a container, also one that podman restores just now: the hook says no then.
func (p *podman) remove(ctx context.Context, at place, h held) error {
	id := at.ID
	if id == "" { // it came, and the agent was killed while podman made it
		i, err := p.api.inspect(ctx, at.Name, podmanChanges)
		if errors.Is(err, errNoContainer) || err == nil && i.Config.Annotations[moveAnnotation] != at.Mark {
			return nil
		}
		if err != nil {
			return err
		}
		id = i.ID
	}
	bounded, cancel := context.WithTimeout(ctx, podmanChanges)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		ended <- p.api.call(bounded, http.MethodDelete, about(id, "?force=true&timeout=0"), nil, nil)
	}()
	ticks := time.NewTicker(pause)
	defer ticks.Stop()
	for {
		select {
		case err := <-ended:
			h.say("back") // what podman has left to itself ends, too
			if err != nil && !errors.Is(err, errNoContainer) {
				return err
			}
			p.forget(id)
			return nil
		case <-ticks.C:
			h.say("back")
		}
	}
}
