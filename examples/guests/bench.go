//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"parley/examples/ground"
	"parley/hostagent/api"
)

// took is what one move took: until the command returned, the move by itself as its source
// says it, and the longest time in which a connection got no answer.
type took struct{ whole, move, gap time.Duration }

// compared are moves of one kind of guest: by the commands of what runs it, where it is, and
// through deals, from host to host.
type compared struct {
	kind, commands string
	hand, deal     []took
}

// turn is one move of each way.
func (c *compared) turn(hand, deal func() error) error {
	if err := hand(); err != nil {
		return fmt.Errorf("%s by hand: %w", c.kind, err)
	}
	if err := deal(); err != nil {
		return fmt.Errorf("%s through a deal: %w", c.kind, err)
	}
	return nil
}

// bench moves containers of runc and of podman, and a process, so often in each of two ways,
// and prints the medians.
func bench(ctx context.Context, times int) error {
	var list []compared
	for _, podman := range []bool{false, true} {
		l, err := open(ctx, podman)
		if err != nil {
			return errors.Join(err, closeAll())
		}
		found, err := l.compare(ctx, times)
		if err != nil {
			logs()
		}
		if err := errors.Join(err, l.close()); err != nil {
			return err
		}
		list = append(list, found...)
	}
	show(list, times)
	return nil
}

// compare measures what one laboratory has.
func (l *lab) compare(ctx context.Context, times int) (list []compared, err error) {
	if err := l.become(ctx); err != nil {
		return nil, err
	}
	c := compared{kind: "container of runc", commands: "runc checkpoint, restore"}
	hand := (*host).runcByHand
	if l.hosts[0].podman {
		c.kind, c.commands, hand = "container of podman", "podman checkpoint, restore", (*host).podmanByHand
	}
	at := 0
	for range times {
		if err := c.turn(func() error {
			return l.take(ctx, &c.hand, func() (time.Duration, error) { return 0, l.hosts[at].cut(ctx, hand) })
		}, func() error {
			if err := l.hosts[at].sees(ctx, guest); err != nil {
				return err
			}
			return l.take(ctx, &c.deal, func() (time.Duration, error) { return l.migrate(ctx, guest, at) })
		}); err != nil {
			return nil, err
		}
		at = 1 - at
	}
	list = append(list, c)
	if l.hosts[0].podman {
		return list, nil
	}
	p, err := l.compareProcess(ctx, times)
	return append(list, p), err
}

// take notes what a move took.
func (l *lab) take(ctx context.Context, list *[]took, move func() (time.Duration, error)) error {
	if _, err := l.tally("count"); err != nil { // the gap counts from here
		return err
	}
	began := time.Now()
	alone, err := move()
	if err != nil {
		return err
	}
	one := took{whole: time.Since(began), move: alone}
	t, err := l.whole(ctx)
	one.gap = time.Duration(t.GapMs) * time.Millisecond
	*list = append(*list, one)
	return err
}

// sees waits until the agent of a host has seen that a guest runs there, which it does after a
// restore by hand at its next look.
func (h *host) sees(ctx context.Context, guest string) error {
	return ground.Until(ctx, 30*time.Second, h.name+" sees "+guest, func() (bool, error) {
		said, err := h.parley(ctx, "status", "--json")
		if err != nil {
			return false, fmt.Errorf("%w: %s", err, said)
		}
		var s api.Status
		if err := json.Unmarshal([]byte(said), &s); err != nil {
			return false, err
		}
		is := func(g api.GuestStatus) bool { return g.Name == guest && g.State == "running" }
		return len(s.Deals) == 0 && slices.ContainsFunc(s.Guests, is), nil
	})
}

// migrate moves a guest away from a host, and returns what its source says that the move took.
func (l *lab) migrate(ctx context.Context, guest string, from int) (time.Duration, error) {
	said, err := l.hosts[from].parley(ctx, "migrate", guest, l.hosts[1-from].name)
	if err != nil {
		return 0, fmt.Errorf("%w: %s", err, said)
	}
	_, rest, _ := strings.Cut(said, " runs on "+l.hosts[1-from].name+": ")
	word, _, _ := strings.Cut(rest, " ")
	return time.ParseDuration(strings.TrimSuffix(word, ","))
}

// compareProcess measures a process with the same memory and as many connections: one that no
// agent started is dumped and restored by criu, another is moved.
func (l *lab) compareProcess(ctx context.Context, times int) (compared, error) {
	c := compared{kind: "process", commands: "criu dump, restore"}
	h := l.hosts[0]
	words := h.enter("sh", "-c", "GODEBUG=multipathtcp=0 /lab/guests alone /lab/mover :7001 64 </dev/null >/dev/null 2>&1 & echo $!")
	pid, err := ground.Run(ctx, words[0], words[1:]...)
	if err != nil {
		return c, err
	}
	if said, err := h.parley(ctx, "process", "run", "--name", "mover", "--network", "br0", "--address", subnet+"60/24",
		"/lab/mover", ":7000", "64"); err != nil {
		return c, fmt.Errorf("%w: %s", err, said)
	}
	bare, moved := &lab{hosts: l.hosts}, &lab{hosts: l.hosts}
	for client, where := range map[*lab]string{bare: subnet + "1:7001", moved: subnet + "60:7000"} {
		if err := client.connect(ctx, where); err != nil {
			return c, err
		}
		defer client.disconnect()
	}
	at := 0
	for range times {
		if err := c.turn(func() error {
			return bare.take(ctx, &c.hand, func() (time.Duration, error) { return 0, h.criuByHand(ctx, strings.TrimSpace(pid)) })
		}, func() error {
			if err := l.hosts[at].sees(ctx, "mover"); err != nil {
				return err
			}
			return moved.take(ctx, &c.deal, func() (time.Duration, error) { return l.migrate(ctx, "mover", at) })
		}); err != nil {
			return c, err
		}
		at = 1 - at
	}
	return c, nil
}

// shell runs a line on the host. A container must not have files of this host open.
func (h *host) shell(ctx context.Context, line string) error {
	run := "/proc/" + strconv.Itoa(h.pid) + "/root/run"
	if err := errors.Join(os.RemoveAll(run+"/hand"), os.Mkdir(run+"/hand", 0o700)); err != nil {
		return err
	}
	words := h.enter("sh", "-c", "("+line+") </dev/null >/run/hand.log 2>&1")
	_, err := ground.Run(ctx, words[0], words[1:]...)
	if err != nil {
		log, _ := os.ReadFile(run + "/hand.log") // it is a part of the error
		err = fmt.Errorf("%w: %s", err, log)
	}
	return err
}

// The images are in memory, as they are in a move.
const kept = "--tcp-established --file-locks --manage-cgroups-mode ignore --image-path /run/hand --work-path /run/hand "

func (h *host) runcByHand(ctx context.Context) error {
	return h.shell(ctx, "runc checkpoint "+kept+guest+" && cd /srv/containers/"+guest+
		" && exec runc restore -d "+kept+guest+" >/dev/null 2>&1")
}

func (h *host) podmanByHand(ctx context.Context) error {
	const with = " --tcp-established --file-locks " + guest
	return h.shell(ctx, "podman container checkpoint"+with+" && exec podman container restore"+with)
}

func (h *host) criuByHand(ctx context.Context, pid string) error {
	const with = " --images-dir /run/hand --tcp-established --network-lock nftables"
	return h.shell(ctx, "criu dump -t "+pid+with+" && exec criu restore -d"+with)
}

// cut does something while the port of the container is cut, as it is in a move: what comes
// while nobody has its connections would break them.
func (h *host) cut(ctx context.Context, do func(*host, context.Context) error) error {
	const up = "up0" // the way to the other host
	ports, err := ground.Run(ctx, "ip", "-n", space(h.name), "-brief", "link", "show", "master", "br0")
	if err != nil {
		return err
	}
	var port string
	for line := range strings.Lines(ports) {
		if name, _, _ := strings.Cut(strings.Fields(line)[0], "@"); name != up {
			port = name
		}
	}
	set := func(state string) error {
		_, err := ground.Run(ctx, "bridge", "-n", space(h.name), "link", "set", "dev", port, "state", state)
		return err
	}
	if err := set("disabled"); err != nil {
		return err
	}
	return errors.Join(do(h, ctx), set("forwarding"))
}

// show prints medians and their ratios.
func show(list []compared, times int) {
	t := table.NewWriter()
	t.SetOutputMirror(os.Stdout)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{fmt.Sprintf("medians of %d", times), "by hand", "", "through a deal", "", "", "ratio", ""})
	t.AppendHeader(table.Row{"", "commands", "gap", "command", "move alone", "gap", "commands", "gap"})
	for _, c := range list {
		whole := func(t took) time.Duration { return t.whole }
		gap := func(t took) time.Duration { return t.gap }
		hand, deal := ground.Median(c.hand, whole), ground.Median(c.deal, whole)
		handGap, dealGap := ground.Median(c.hand, gap), ground.Median(c.deal, gap)
		alone := ground.Median(c.deal, func(t took) time.Duration { return t.move })
		t.AppendRow(table.Row{c.kind + ": " + c.commands, ms(hand), ms(handGap), ms(deal), ms(alone), ms(dealGap),
			fmt.Sprintf("%.2f", float64(deal)/float64(hand)), fmt.Sprintf("%.2f", float64(dealGap)/float64(handGap))})
	}
	t.Render()
}

func ms(d time.Duration) time.Duration { return d.Round(time.Millisecond) }
