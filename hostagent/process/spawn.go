package process

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/user"
	"slices"
	"strconv"

	"parley/hostagent/process/protocol"
)

// identity is one process of the machine. Numbers of processes are used again: with the
// time of its birth and the start of the machine it is that process and no other.
type identity struct {
	PID  int    `json:"pid"`
	Born uint64 `json:"born"` // ticks since the start of the machine
	Boot string `json:"boot"`
}

// account is the user that programs run as; nil for the agent's own.
type account struct {
	uid, gid uint32
	groups   []uint32
	home     string
}

func lookUp(name string) (*account, error) {
	if name == "" {
		return nil, nil
	}
	u, err := user.Lookup(name)
	if err != nil {
		return nil, fmt.Errorf("the user that programs run as: %w", err)
	}
	ids, err := u.GroupIds()
	if err != nil {
		return nil, fmt.Errorf("the groups of the user %s: %w", name, err)
	}
	a := &account{home: u.HomeDir}
	for i, text := range append([]string{u.Uid, u.Gid}, ids...) {
		id, err := strconv.ParseUint(text, 10, 32)
		switch {
		case err != nil:
			return nil, fmt.Errorf("the user %s: %w", name, err)
		case i == 0:
			a.uid = uint32(id)
		case i == 1:
			a.gid = uint32(id)
		default:
			a.groups = append(a.groups, uint32(id))
		}
	}
	return a, nil
}

// command is how a program is started.
type command struct {
	spec   spec
	env    []string
	log    *os.File
	as     *account
	cgroup string // "" without one
	space  string // the network namespace; "" is that of the agent
}

func (p *supervisor) command(g *guest, log *os.File) command {
	env := []string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8",
		protocol.EnvSocket + "=" + p.socket, protocol.EnvRun + "=" + g.rec.Run,
	}
	if p.account != nil && p.account.home != "" {
		env = append(env, "HOME="+p.account.home)
	}
	c := command{spec: g.rec.Spec, env: env, log: log, as: p.account, cgroup: p.groups.of(g.rec.ID)}
	if g.rec.Spec.Network != nil {
		c.space = p.networks.namespace(g.rec.ID)
	}
	return c
}

// CheckUser says why programs cannot run as a user; "" is the agent's own.
func CheckUser(name string) error {
	_, err := lookUp(name)
	return err
}

// CheckProgram says why a file is no program.
func CheckProgram(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return fmt.Errorf("the program: %w", err)
	case !info.Mode().IsRegular() || info.Mode()&0o111 == 0:
		return fmt.Errorf("the program %s is no executable file", path)
	}
	return nil
}

// startable says why a program cannot be started here.
func (p *supervisor) startable(s spec) error {
	if !slices.Contains(p.options.Programs, s.Program) {
		return fmt.Errorf("the program %s is none that may run on host %s: add it to the programs of its configuration", s.Program,
			p.options.Host)
	}
	if err := CheckProgram(s.Program); err != nil {
		return err
	}
	info, err := os.Stat(s.Dir)
	if err != nil {
		return fmt.Errorf("the working directory: %w", err)
	}
	if !info.IsDir() {
		return fmt.Errorf("the working directory %s is no directory", s.Dir)
	}
	return nil
}

// spawn starts the program of a guest. The caller holds mu; the record names the run and
// is durable.
func (p *supervisor) spawn(g *guest) error {
	if err := p.startable(g.rec.Spec); err != nil {
		return err
	}
	log, err := os.OpenFile(p.store.log(g.rec.ID), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("the log of the program: %w", err)
	}
	defer log.Close()
	started, err := start(p.command(g, log))
	if err != nil {
		return fmt.Errorf("start %s: %w", g.rec.Spec.Program, err)
	}
	g.rec.Process = started
	if err := p.store.write(g.rec); err != nil {
		// Nobody could find it again: it ends before it was told anything.
		return errors.Join(err, end(started, p.groups.of(g.rec.ID)))
	}
	g.began(p, started)
	return nil
}

// launch gives the guest a new run of its program, and starts it. Nothing of an earlier
// run is left. The caller holds mu.
func (p *supervisor) launch(g *guest) error {
	if err := g.forgetSockets(); err != nil { // those of a program that has ended
		p.log.Warn("sockets of a program that has ended", "event", "process_move_left", "guest", g.rec.Spec.Name, "error", err)
	}
	g.rec.Run, g.rec.Process = token(), identity{}
	if err := p.store.write(g.rec); err != nil {
		return err
	}
	if err := p.groups.make(g.rec.ID); err != nil {
		p.log.Warn("a guest has no cgroup", "event", "process_without_cgroup", "guest", g.rec.Spec.Name, "error", err)
	} else if err := p.groups.limit(g.rec.ID, g.rec.Spec.Need); err != nil {
		p.log.Warn("nothing holds a guest to what it may use", "event", "process_not_limited", "guest", g.rec.Spec.Name, "error", err)
	}
	if of := g.rec.Spec.Network; of != nil {
		err := p.networks.make(g.rec.ID, *of)
		if err == nil && g.rec.State == running {
			err = p.networks.open(g.rec.ID, *of)
		}
		if err != nil {
			return fmt.Errorf("its network: %w", err)
		}
		g.way.touched = false
	}
	return p.spawn(g)
}

// token is the secret of a run.
func token() string {
	var secret [16]byte
	_, _ = rand.Read(secret[:]) // never fails
	return hex.EncodeToString(secret[:])
}
