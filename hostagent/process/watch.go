package process

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"parley/hostagent"
	"parley/hostagent/process/protocol"
)

const (
	leaveWithin  = 5 * time.Second // after Leave, a program is ended
	backoffLeast = time.Second
	backoffMost  = time.Minute
	logMost      = 1 << 20
	endedMost    = 50 // guests that have ended, kept for their operator
	endedFor     = 24 * time.Hour
)

// watcher looks at the processes.
type watcher struct{ p *supervisor }

// watch looks at the processes until the platform is closed.
func (w watcher) watch() {
	p := w.p
	ticks := time.NewTicker(p.options.Look)
	defer ticks.Stop()
	for {
		select {
		case <-ticks.C:
		case <-p.ended.Done():
			return
		}
		p.mu.Lock()
		ended := 0
		for id, g := range p.guests {
			w.look(g)
			if g.rec.State.ended() && g.rec.Process.PID == 0 && !g.ending {
				if ended++; g.forgotten || ended > endedMost || p.now().Sub(g.rec.EndedAt) > endedFor {
					p.drop(id)
				}
			}
		}
		p.mu.Unlock()
	}
}

// drop forgets a guest, its record first. The caller holds mu.
func (p *supervisor) drop(id hostagent.GuestID) {
	if err := p.store.remove(id); err != nil {
		p.log.Error("a guest cannot be removed", "event", "process_not_removed", "guest", id, "error", err)
		return
	}
	delete(p.guests, id)
	p.changes.Raise()
}

// look does what is due for a guest. The caller holds mu.
func (w watcher) look(g *guest) {
	p := w.p
	now := p.now()
	if g.rec.Process.PID != 0 {
		if alive, how := g.rec.Process.alive(); !alive {
			w.exited(g, how)
		}
	}
	if g.ending {
		w.endAll(g)
	}
	switch {
	case g.rec.State.ended():
		if g.rec.Process.PID != 0 && now.Sub(g.rec.EndedAt) > leaveWithin {
			g.ending = true
		}
	case g.rec.State == running && g.rec.Process.PID == 0:
		// A program whose number was not written may still connect after the start of an agent.
		mayConnect := g.rec.Run != "" && now.Sub(g.since) < p.options.StartWithin
		if !g.ending && !mayConnect && !now.Before(g.restartAt) {
			w.startAgain(g)
		}
	case g.rec.State == running:
		w.lookAtBeats(g, now)
		w.lookAtCheckpoint(g, now)
	}
	w.cutLog(g)
}

// exited is called when the program of a guest has ended.
func (w watcher) exited(g *guest, how syscall.WaitStatus) {
	p := w.p
	id := g.rec.Process
	g.over()
	g.rec.Process, g.rec.Run = identity{}, "" // no program may be told to begin
	g.ending = true
	p.killRest(g, id)
	words := howItEnded(how, id)
	if p.groups.ranOut(g.rec.ID) {
		words = fmt.Sprintf("it wanted more than its %d MiB of memory (--memory of parley process run), and the kernel has ended it",
			g.rec.Spec.Need.MemoryBytes>>20)
	}
	words += p.lastWords(g)
	switch {
	case g.rec.State != running:
		g.since = p.now()
	case p.options.Restart:
		g.rec.Restarts++
		g.rec.From = "" // the next run comes from a checkpoint
		if p.now().Sub(g.since) > backoffMost {
			g.backoff = 0
		}
		w.restartLater(g, words)
	default:
		g.rec.State, g.rec.Why, g.rec.EndedAt = failed, words, p.now()
		p.log.Warn("a guest has failed", "event", "process_failed", "guest", g.rec.Spec.Name, "why", words)
	}
	if err := p.store.write(g.rec); err != nil {
		p.log.Error("the end of a program cannot be written", "event", "process_end_not_written", "guest", g.rec.Spec.Name, "error", err)
	}
	p.changes.Raise()
}

func howItEnded(how syscall.WaitStatus, id identity) string {
	switch {
	case id.Boot != bootID():
		return "the machine was started again"
	case how.Signaled():
		return fmt.Sprintf("its program was ended by the signal %v", how.Signal())
	case how == 0:
		return "its program has ended without saying that it is done"
	}
	return fmt.Sprintf("its program has ended with the exit code %d", how.ExitStatus())
}

// lastWords is the last line that a program has printed.
func (p *supervisor) lastWords(g *guest) string {
	file, err := os.Open(p.store.log(g.rec.ID))
	if err != nil {
		return ""
	}
	defer file.Close()
	const most = 300
	info, err := file.Stat()
	if err != nil {
		return ""
	}
	tail := make([]byte, most)
	n, _ := file.ReadAt(tail, max(0, info.Size()-most)) // what there is
	lines := bytes.Split(bytes.TrimSpace(tail[:n]), []byte("\n"))
	if last := strings.ToValidUTF8(string(lines[len(lines)-1]), "?"); last != "" {
		return ": " + last
	}
	return ""
}

// killRest ends what a program has left behind. The caller holds mu.
func (p *supervisor) killRest(g *guest, id identity) {
	if err := end(id, p.groups.of(g.rec.ID)); err != nil {
		p.log.Error("a program cannot be ended", "event", "program_not_ended", "guest", g.rec.Spec.Name, "error", err)
	}
}

// endAll ends the processes of a guest until none is left.
func (w watcher) endAll(g *guest) {
	p := w.p
	p.killRest(g, g.rec.Process)
	if g.rec.Process.PID == 0 && p.groups.remove(g.rec.ID) {
		g.ending = false
		if g.rec.State.ended() {
			p.removeNetwork(g.rec.ID)
		}
	}
}

// removeNetwork removes the network of a guest whose program has ended for good.
func (p *supervisor) removeNetwork(id hostagent.GuestID) {
	if err := p.networks.remove(id); err != nil {
		p.log.Error("the network of a guest cannot be removed", "event", "process_network_left", "guest", id, "error", err)
	}
}

// restartLater has the guest started again from its checkpoint, later each time that it
// fails soon.
func (w watcher) restartLater(g *guest, why string) {
	p := w.p
	g.backoff = min(max(2*g.backoff, backoffLeast), backoffMost)
	g.restartAt, g.rec.Why = p.now().Add(g.backoff), why
	p.log.Warn("a guest is started again from its checkpoint", "event", "process_restarts", "guest", g.rec.Spec.Name, "in", g.backoff,
		"why", why)
	p.changes.Raise()
}

func (w watcher) startAgain(g *guest) {
	p := w.p
	g.restartAt = time.Time{}
	if err := p.launch(g); err != nil {
		w.restartLater(g, err.Error())
		return
	}
	p.changes.Raise()
}

// lookAtBeats tells the operator about a silent program, and ends it where the
// configuration says so.
func (w watcher) lookAtBeats(g *guest, now time.Time) {
	p := w.p
	silent := now.Sub(latest(g.beat, g.since))
	if silent > p.options.BeatMissed && !g.missed {
		g.missed = true
		p.log.Warn("a program is silent", "event", "process_silent", "guest", g.rec.Spec.Name, "for", silent.Round(time.Second))
		p.changes.Raise()
	}
	if most := p.options.SilentMost; p.options.Restart && most > 0 && silent > most && len(g.turn) == 0 {
		p.log.Warn("a silent program is ended", "event", "process_ended", "guest", g.rec.Spec.Name, "for", silent.Round(time.Second))
		p.killRest(g, g.rec.Process)
	}
}

func (w watcher) lookAtCheckpoint(g *guest, now time.Time) {
	p := w.p
	every := p.options.Checkpoint
	if every <= 0 || now.Sub(latest(g.checked, g.since)) < every || g.link == nil || g.at != protocol.AtRunning || len(g.turn) > 0 {
		return
	}
	g.checked = now
	id, name := g.rec.ID, g.rec.Spec.Name
	p.work.Go(func() {
		if err := p.checkpoint(p.ended, id); err != nil && !errors.Is(err, errOvertaken) {
			p.log.Warn("a guest has no new checkpoint", "event", "process_no_checkpoint", "guest", name, "error", err)
		}
	})
}

// cutLog keeps what a program prints within bounds.
func (w watcher) cutLog(g *guest) {
	p := w.p
	path := p.store.log(g.rec.ID)
	if info, err := os.Stat(path); err == nil && info.Size() > logMost {
		if err := os.Truncate(path, 0); err != nil {
			p.log.Error("the log of a program cannot be cut", "event", "process_log_not_cut", "guest", g.rec.Spec.Name, "error", err)
		}
	}
}

// endSoon waits until a program that was told to leave has ended, and ends it if it does
// not.
func (w watcher) endSoon(id identity, guest hostagent.GuestID, m *meter) {
	p := w.p
	if m != nil {
		defer m.close()
	}
	ticks := time.NewTicker(p.options.Look / 4)
	defer ticks.Stop()
	for until := p.now().Add(leaveWithin); ; {
		alive, _ := id.alive()
		if !alive || p.now().After(until) {
			// The cgroup of a guest that has come back meanwhile is that of its new run.
			p.mu.Lock()
			group := ""
			if p.guests[guest] == nil {
				group = p.groups.of(guest)
			}
			if err := end(id, group); err != nil {
				p.log.Error("a program cannot be ended", "event", "program_not_ended", "guest", guest, "error", err)
			}
			gone := group == "" || p.groups.remove(guest)
			if !alive && gone && p.guests[guest] == nil {
				p.removeNetwork(guest)
			}
			p.mu.Unlock()
			if !alive && gone {
				return
			}
		}
		select {
		case <-ticks.C:
		case <-p.ended.Done():
			return
		}
	}
}
