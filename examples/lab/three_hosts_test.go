//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/examples/ground"
	"parley/internal/walkthrough"
)

const hostsPage = "../../docs/three-hosts.md"

// each is the word of the page for each of the machines.
const each = "each"

// TestThreeHosts runs docs/three-hosts.md on three machines, from their names to a rule for
// polkit, with the package that this tree becomes.
func TestThreeHosts(t *testing.T) {
	page, err := os.ReadFile(hostsPage)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := walkthrough.Read(string(page))
	if err != nil {
		t.Fatalf("%s: %v", hostsPage, err)
	}
	if len(steps) < 80 {
		t.Fatalf("got %d commands on the page, want at least 80: is it read as it is written?", len(steps))
	}
	leftOutIsSaid(t, string(page))
	if !wanted() {
		t.Skip("three machines need root on Linux: run `sudo make test` (PARLEY_LAB=1)")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute)
	defer cancel()
	l := &lab{}
	if err := l.claim(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.close(); err != nil {
			t.Errorf("take the machines down: %v", err)
		}
	})
	began := time.Now()
	p := &hostsPageRun{machines: map[string]*machine{}}
	if err := p.boot(ctx); errors.Is(err, errNoContainers) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			machineLogs(t, p.list)
		}
	})
	t.Logf("%5.1f s  the machines start, and the package is built", time.Since(began).Seconds())
	for _, s := range steps {
		began := time.Now()
		if err := p.do(ctx, s); err != nil {
			t.Fatalf("%s:%d: %v", hostsPage, s.Line, err)
		}
		if took := time.Since(began); took > time.Second {
			t.Logf("%5.1f s  %s", took.Seconds(), s.Command)
		}
	}
	if err := errors.Join(p.exactlyOnce(ctx), p.closed(ctx)); err != nil {
		t.Fatal(err)
	}
}

// hostsPageRun is the page on its machines.
type hostsPageRun struct {
	list     []*machine
	machines map[string]*machine
}

// boot starts the machines, and builds the package meanwhile.
func (p *hostsPageRun) boot(ctx context.Context) error {
	var built errgroup.Group
	built.Go(func() error {
		cmd := exec.CommandContext(ctx, filepath.Join(moduleRoot(), "packaging", "package.sh"), "deb")
		cmd.Env = append(os.Environ(), "OUT="+runDir)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("build the package: %w\n%s", err, out)
		}
		return nil
	})
	err := buildFabric(ctx)
	if err == nil {
		p.list, err = bootMachines(ctx, 3)
	}
	if err = errors.Join(err, built.Wait()); err != nil {
		return err
	}
	for _, m := range p.list {
		p.machines[m.name] = m
	}
	_, err = ground.Run(ctx, "sh", "-c", "cp "+runDir+"/parley_*.deb "+filepath.Join(p.list[0].dir, "home"))
	return err
}

// do runs a step of the page on its machine, or on each at the same time.
func (p *hostsPageRun) do(ctx context.Context, s walkthrough.Step) error {
	r := replacement(s)
	if r != nil && r.instead == nil {
		return nil
	}
	list := p.list
	if s.Machine != each {
		m := p.machines[s.Machine]
		if m == nil {
			return fmt.Errorf("%s$: there is no such machine", s.Machine)
		}
		list = []*machine{m}
	}
	var all errgroup.Group
	for _, m := range list {
		all.Go(func() error {
			script := s
			if r != nil {
				script = r.instead(s)
			}
			if err := m.perform(ctx, script); err != nil {
				return fmt.Errorf("%s$ %s: %w", m.name, s.Command, err)
			}
			return nil
		})
	}
	return all.Wait()
}

// asksAgain are the beginnings of commands that a person repeats until they print what is
// expected.
var asksAgain = []string{"parley doctor", "parley explain", "parley history", "parley migrate", "parley plan", "parley policy status",
	"virsh -c", "virsh list"}

// perform runs a command until it prints what the page shows.
func (m *machine) perform(ctx context.Context, s walkthrough.Step) error {
	refused := slices.ContainsFunc(s.Shown, func(line string) bool { return strings.HasPrefix(line, "error: ") })
	again := slices.ContainsFunc(asksAgain, func(begin string) bool { return strings.HasPrefix(s.Command, begin) })
	late := time.Now().Add(time.Minute)
	for {
		out, code, err := m.shell.do(ctx, s.Script())
		if err != nil {
			return err
		}
		missing := walkthrough.Missing(s.Shown, out)
		switch {
		case missing == "" && (code != 0) == refused:
			return nil
		case again && time.Now().Before(late):
			pause(ctx, time.Second)
		case missing != "":
			return fmt.Errorf("exit %d, got\n%s\nwant the line %q", code, out, missing)
		default:
			return fmt.Errorf("exit %d\n%s", code, out)
		}
	}
}

// exactlyOnce says whether each guest of the page runs on one machine.
func (p *hostsPageRun) exactlyOnce(ctx context.Context) error {
	where := map[string][]string{}
	for _, m := range p.list {
		out, _, err := m.shell.do(ctx, "virsh list --state-running --name")
		if err != nil {
			return err
		}
		for _, guest := range strings.Fields(out) {
			where[guest] = append(where[guest], m.name)
		}
	}
	for _, guest := range []string{"web", "web2", "web3", "local"} {
		if len(where[guest]) != 1 {
			return fmt.Errorf("guest %s runs on %v: want one machine", guest, where[guest])
		}
	}
	return nil
}

// closed says whether the firewall keeps out who is no host, and admits SSH.
func (p *hostsPageRun) closed(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for port, open := range map[string]bool{"22": true, "4200": false, "16514": false, "49152": false} {
		_, err := ground.Run(ctx, "ip", "netns", "exec", fabric, self, "probe", p.list[0].address+":"+port)
		if (err == nil) != open {
			return fmt.Errorf("port %s from a machine that is no host: %w", port, err)
		}
	}
	return nil
}

// replaced is a step that the machines of the laboratory run in another way.
type replaced struct {
	begin string // of the command, or a prompt
	// instead is what they run; nil: nothing.
	instead func(walkthrough.Step) walkthrough.Step
}

// replacements are the steps that the page says its test replaces, with its reasons.
var replacements = []replaced{
	{"apt-get update", nil},
	{"apt-get install --no-install-recommends bridge-utils", nil},
	{"apt-get install --no-install-recommends libvirt-daemon-system", installed},
	{"systemctl restart networking", nil},
	{"nas$", nil},
	{"mount /srv/guests", running("mkdir -p /srv/guests && bindfs -o subtype=glusterfs /srv/lab /srv/guests")},
	{"wget", running(bootable)},
	{"cat > /etc/parley/parley.yaml", hurried},
	{"parley doctor", withoutClock},
}

// replacement finds how a step is replaced; nil if it is not.
func replacement(s walkthrough.Step) *replaced {
	for i, r := range replacements {
		if strings.HasPrefix(s.Command, r.begin) || r.begin == s.Machine+"$" {
			return &replacements[i]
		}
	}
	return nil
}

func running(command string) func(walkthrough.Step) walkthrough.Step {
	return func(s walkthrough.Step) walkthrough.Step {
		s.Command = command
		return s
	}
}

// bootable makes the disk of a guest that waits for ever: its boot sector is STI, HLT and a
// jump back to HLT.
const bootable = `truncate -s 16M raw && printf '\373\364\353\375' | dd of=raw conv=notrunc status=none && ` +
	`printf '\125\252' | dd of=raw bs=1 seek=510 conv=notrunc status=none && qemu-img convert -O qcow2 raw /srv/guests/debian.qcow2`

// notInstalled are packages for what the machines cannot do: the page says why.
var notInstalled = []string{"nfs-common", "chrony"}

// installed looks for the packages, which all machines share.
func installed(s walkthrough.Step) walkthrough.Step {
	list := strings.Fields(strings.TrimPrefix(s.Command, "apt-get install --no-install-recommends"))
	list = slices.DeleteFunc(list, func(name string) bool { return slices.Contains(notInstalled, name) })
	s.Command = "dpkg-query --show " + strings.Join(list, " ")
	return s
}

// hurried declares little room and looks often, so that few guests make a difference soon.
func hurried(s walkthrough.Step) walkthrough.Step {
	s.File += "capacity: {cpu: 2, memory: 4GiB}\nsample_every: 1s\nsmoothing: 4s\nhold_samples: 2\ncooldown: 5s\n"
	return s
}

func withoutClock(s walkthrough.Step) walkthrough.Step {
	s.Shown = slices.DeleteFunc(slices.Clone(s.Shown), func(line string) bool { return strings.Contains(line, " clock ") })
	return s
}

// leftOutIsSaid compares the replacements with the table of the page.
func leftOutIsSaid(t *testing.T, page string) {
	t.Helper()
	_, table, found := strings.Cut(page, "\n## What the test of this page leaves out\n")
	if !found {
		t.Fatalf("%s has no section about what its test leaves out", hostsPage)
	}
	var said, want []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| .+ \\|$").FindAllStringSubmatch(table, -1) {
		said = append(said, row[1])
	}
	for _, r := range replacements {
		want = append(want, r.begin)
	}
	slices.Sort(said)
	slices.Sort(want)
	if !slices.Equal(said, want) {
		t.Errorf("%s says that its test replaces %q: got %q", hostsPage, said, want)
	}
}
