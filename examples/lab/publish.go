//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/examples/ground"
	"parley/hostagent/api"
	"parley/models/publish/bundle"
	"parley/models/publish/repository"
)

// site is the policy repository of the laboratory.
func site() string { return filepath.Join(runDir, "repository") }

// publisherKey is the file of the key that signs the laboratory's releases.
func publisherKey() string { return filepath.Join(runDir, "publisher.key") }

// strangerKey is the file of a key that is in no root.
func strangerKey() string { return filepath.Join(runDir, "stranger.key") }

// inRepository runs a verb of parley in the repository.
func (l *lab) inRepository(ctx context.Context, args ...string) (string, error) {
	bounded, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	return ground.Run(bounded, l.program, append(args, "--repository", site())...)
}

// publishes goes through an operator's steps: a repository, a roster, a policy that is
// published at one host and enacted by all, a tampered bundle, another policy, and a
// host that refuses a role.
func (l *lab) publishes(ctx context.Context) error {
	for _, do := range []func(context.Context) error{l.found, l.publishFirst, l.tamper, l.publishAnother, l.refuseRole} {
		if err := do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// found creates the repository and starts the agents, which know only the publisher's
// anchor and one other host.
func (l *lab) found(ctx context.Context) error {
	if err := l.configure(ctx, settings{policy: "agility"}); err != nil { // to learn the ids
		return err
	}
	if err := os.RemoveAll(site()); err != nil {
		return err
	}
	if err := os.MkdirAll(site(), 0o755); err != nil {
		return err
	}
	for _, key := range []string{publisherKey(), strangerKey()} {
		if err := os.RemoveAll(key); err != nil {
			return err
		}
		if _, err := ground.Run(ctx, l.program, "key", "new", key); err != nil {
			return err
		}
	}
	if _, err := l.inRepository(ctx, "cluster", "init", "lab", "--key", publisherKey()); err != nil {
		return err
	}
	for _, h := range l.hosts {
		if _, err := l.inRepository(ctx, "cluster", "add", h.name, "--id", h.peerID, "--address", "/ip4/"+h.address+"/tcp/4200"); err != nil {
			return err
		}
	}
	return l.enact(ctx, settings{policy: "agility", published: true})
}

// publish makes a shipped model the only policy and publishes it at the first host; it
// returns when every agent enacts it.
func (l *lab) publish(ctx context.Context, model, without string) error {
	if _, err := l.inRepository(ctx, "policy", "init", model, "--from", model); err != nil {
		return err
	}
	if without != "" {
		if err := os.RemoveAll(filepath.Join(site(), "policies", without)); err != nil {
			return err
		}
	}
	began := time.Now()
	if _, err := l.inRepository(ctx, "policy", "publish", "--no-simulation", "--key", publisherKey(), "--socket",
		l.hosts[0].socket()); err != nil {
		return err
	}
	handed := time.Since(began)
	began = time.Now()
	err := ground.Until(ctx, time.Minute, "every agent enacts "+model+" alone", func() (bool, error) {
		return l.allEnact(ctx, model)
	})
	if err != nil {
		return err
	}
	say("%s was checked, tested, signed and handed over in %v; %v later every agent enacted it", model, handed.Round(time.Millisecond),
		time.Since(began).Round(time.Millisecond))
	return nil
}

// allEnact says whether every agent enacts a model and no other.
func (l *lab) allEnact(ctx context.Context, model string) (bool, error) {
	for _, h := range l.hosts {
		s, err := h.status(ctx)
		if err != nil {
			return false, err
		}
		if len(s.Policy.Models) != 1 || s.Policy.Models[0].Name != model+".lcc" {
			return false, nil
		}
	}
	return true, nil
}

// publishFirst publishes agility: it spreads the guests that power_saving or a drain
// has packed.
func (l *lab) publishFirst(ctx context.Context) error {
	since := time.Now()
	if err := l.publish(ctx, "agility", ""); err != nil {
		return err
	}
	_, err := l.steady(ctx, settles, since, even)
	return err
}

// tamper sends a host a bundle whose policy was changed after it was signed, and one
// that a stranger has signed: nothing may change on any host, and the refusal has a
// reason.
func (l *lab) tamper(ctx context.Context) error {
	h := l.hosts[1]
	file := filepath.Join(runDir, "bundle")
	r, err := repository.Open(site())
	if err != nil {
		return err
	}
	good, err := r.Archive(0)
	if err != nil {
		return err
	}
	data, err := good.Pack()
	if err != nil {
		return err
	}
	for want, change := range map[bundle.Code]func(*bundle.Archive) error{
		bundle.NoQuorum: signedByStranger, bundle.WrongDigest: changedAfterwards,
	} {
		a, err := bundle.Unpack(data)
		if err != nil {
			return err
		}
		if err := change(&a); err != nil {
			return err
		}
		packed, err := a.Pack()
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, packed, 0o644); err != nil {
			return err
		}
		out, err := ground.Run(ctx, l.program, "policy", "apply", file, "--socket", h.socket())
		if err == nil || !strings.Contains(out, string(want)) {
			return fmt.Errorf("a bundle that was tampered with: got %q, %v, want it refused with %s", out, err, want)
		}
		say("refused: %s", strings.TrimSpace(out))
	}
	if ok, err := l.allEnact(ctx, "agility"); !ok {
		return fmt.Errorf("after a bundle that was tampered with the agents enact something else: %w", err)
	}
	return nil
}

// signedByStranger makes a next release that is signed by a key without authority.
func signedByStranger(a *bundle.Archive) error {
	last := a.Releases[len(a.Releases)-1]
	r, err := last.Release()
	if err != nil {
		return err
	}
	r.Version, r.Previous = r.Version+1, last.Digest()
	s, err := r.Draft()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(strangerKey())
	if err != nil {
		return err
	}
	key, err := bundle.ParsePrivate(text)
	if err != nil {
		return err
	}
	a.Releases = append(a.Releases, s.Sign(key))
	return nil
}

// changedAfterwards replaces the content under the digest of a policy's file.
func changedAfterwards(a *bundle.Archive) error {
	r, err := a.Releases[len(a.Releases)-1].Release()
	if err != nil {
		return err
	}
	d := r.Policies[0].Files[0].Digest
	a.Objects[d] = append(slices.Clone(a.Objects[d]), "% and something else\n"...)
	return nil
}

// publishAnother replaces agility by power_saving: the guests are packed again.
func (l *lab) publishAnother(ctx context.Context) error {
	since := time.Now()
	if err := l.publish(ctx, "power_saving", "agility"); err != nil {
		return err
	}
	_, err := l.steady(ctx, settles, since, packed)
	return err
}

// refuseRole makes a host without guests refuse the role underloaded, and publishes
// agility again: the other hosts do not ask it, and it shows what it refuses. The host
// is drained before, so that it has no guests whatever the previous policy did.
func (l *lab) refuseRole(ctx context.Context) error {
	shy := l.emptiest(ctx)
	if out, err := ground.Run(ctx, l.program, "drain", "--socket", shy.socket()); err != nil {
		return fmt.Errorf("drain: %q, %w", out, err)
	}
	if err := l.enact(ctx, settings{policy: "agility", published: true, refuses: shy.name}); err != nil {
		return err
	}
	since := time.Now()
	if err := l.publish(ctx, "agility", "power_saving"); err != nil {
		return err
	}
	if out, err := ground.Run(ctx, l.program, "undrain", "--socket", shy.socket()); err != nil {
		return fmt.Errorf("undrain: %q, %w", out, err)
	}
	before, err := l.received(ctx, shy) // counted since it enacted another policy
	if err != nil {
		return err
	}
	alone := func(_ []float64, guests []int) error {
		if at := slices.Index(l.hosts, shy); guests[at] > 0 {
			return fmt.Errorf("%s refuses the role underloaded, and has %d guests", shy.name, guests[at])
		}
		return nil
	}
	deals, err := l.steady(ctx, 2*time.Minute, since, alone)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(deals, func(d dealt) bool { return d.to == shy.name }); i >= 0 {
		return fmt.Errorf("%s refuses the role underloaded, and was asked for room by %s", shy.name, deals[i].from)
	}
	after, err := l.received(ctx, shy)
	if err != nil || after > before {
		return errors.Join(fmt.Errorf("%s got %d messages though it refuses the role", shy.name, after-before), err)
	}
	out, err := ground.Run(ctx, l.program, "explain", shy.name, "--socket", shy.socket())
	if err != nil || !strings.Contains(out, "refuses the roles underloaded") {
		return fmt.Errorf("explain says nothing of the role that is refused: %s %w", out, err)
	}
	say("%s refuses to be asked for room, and got no message", shy.name)
	return nil
}

// received is the number of model messages that a host has received since its agent
// started.
func (l *lab) received(ctx context.Context, h *host) (int, error) {
	text, err := api.Client{Socket: h.socket()}.Metrics(ctx)
	if err != nil {
		return 0, err
	}
	match := regexp.MustCompile(`(?m)^parley_messages_total\{direction="receive"\} (\d+)`).FindStringSubmatch(text)
	if match == nil {
		return 0, nil // none was counted yet
	}
	return strconv.Atoi(match[1])
}

// emptiest is the host with the fewest guests.
func (l *lab) emptiest(ctx context.Context) *host {
	least, at := len(l.guests)+1, l.hosts[0]
	for _, h := range l.hosts {
		if names, err := h.running(ctx); err == nil && len(names) < least {
			least, at = len(names), h
		}
	}
	return at
}
