package service

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
)

// launchWithin bounds the start of a process until its program is there.
const launchWithin = 30 * time.Second

// errNoProcesses is the refusal of a host without the platform.
func errNoProcesses() error {
	return api.Refuse(hostagent.CodeNoOrder, "this host runs no cooperative processes: its configuration has no platform of the kind process "+
		"(docs/process.md)")
}

// processes carries out orders about cooperative processes.
type processes struct {
	runner hostagent.Runner // nil: this host runs none
	look   func()           // has the platform looked at soon
}

// start starts a process.
func (p processes) start(ctx context.Context, l api.Launch) (api.Process, error) {
	if p.runner == nil {
		return api.Process{}, errNoProcesses()
	}
	bounded, cancel := context.WithTimeout(ctx, launchWithin)
	defer cancel()
	var network *hostagent.LaunchNetwork
	if n := l.Network; n != nil {
		network = &hostagent.LaunchNetwork{Bridge: n.Bridge, Addresses: n.Addresses, Gateways: n.Gateways}
	}
	id, err := p.runner.Launch(bounded, hostagent.Launch{
		Name: l.Name, Program: l.Program, Args: l.Args, Dir: l.Dir, Need: hostagent.Resources{CPU: l.CPU, MemoryBytes: l.Memory},
		Rules: hostagent.Rules{Priority: l.Priority, Labels: l.Labels}, Network: network,
	})
	p.look()
	return api.Process{ID: string(id), Name: l.Name}, err
}

// list lists the processes of this host, and those that have ended.
func (p processes) list() ([]api.Process, error) {
	if p.runner == nil {
		return nil, errNoProcesses()
	}
	list := []api.Process{}
	for _, l := range p.runner.Launched() {
		list = append(list, processOf(l))
	}
	return list, nil
}

func processOf(l hostagent.Launched) api.Process {
	one := api.Process{
		ID: string(l.ID), Name: l.Name, Program: l.Program, Args: l.Args, State: string(l.State), PID: l.PID, Code: l.Code, EndedAt: l.EndedAt,
		Why: l.Why, Restarts: l.Restarts, Beat: l.Beat, Checkpoint: l.Checkpoint, CPUTime: l.CPUTime, Memory: l.Memory,
	}
	if l.Progress >= 0 {
		one.Progress = &l.Progress
	}
	if l.Instructions.Known {
		one.Instructions = &l.Instructions.N
	}
	return one
}

// over says whether a process has ended.
func over(l hostagent.Launched) bool {
	return l.State == hostagent.LaunchDone || l.State == hostagent.LaunchFailed || l.State == hostagent.LaunchStopped
}

// ended lists the processes that have ended here, in the order of their ends.
func (p processes) ended() (list []api.Process) {
	if p.runner == nil {
		return nil
	}
	for _, l := range p.runner.Launched() {
		if over(l) {
			list = append(list, processOf(l))
		}
	}
	slices.SortFunc(list, func(a, b api.Process) int { return cmp.Or(a.EndedAt.Compare(b.EndedAt), cmp.Compare(a.ID, b.ID)) })
	return list
}

// lastEnded finds the process with an id or a name that has ended last.
func lastEnded(list []api.Process, name string) (api.Process, bool) {
	for _, one := range slices.Backward(list) {
		if one.ID == name || one.Name == name {
			return one, true
		}
	}
	return api.Process{}, false
}

// absent says of a guest that an order has not found here that it has ended here, where it
// has.
func (p processes) absent(err error, guest string) error {
	var refused *api.Refused
	if !errors.As(err, &refused) || refused.Why.Code != string(hostagent.CodeAbsent) {
		return err
	}
	one, ended := lastEnded(p.ended(), guest)
	if !ended {
		return err
	}
	why := ""
	if one.Why != "" {
		why = ": " + one.Why
	}
	return api.Refuse(hostagent.CodeAbsent, "the process %q has ended on this host (%s at %s)%s: `parley process ps` lists it",
		guest, one.State, one.EndedAt.Format(time.DateTime), why)
}

// order suspends, resumes or stops a process.
func (p processes) order(ctx context.Context, o api.Order) error {
	if p.runner == nil {
		return errNoProcesses()
	}
	id, err := findLaunched(p.runner.Launched(), o.Guest)
	if err != nil {
		return err
	}
	defer p.look()
	switch o.Do {
	case "suspend":
		return p.runner.Suspend(ctx, id)
	case "resume":
		return p.runner.Resume(ctx, id)
	}
	return p.runner.Stop(ctx, id)
}

// findLaunched finds a process by its id or its name: one that has not ended, or else the
// only one that has.
func findLaunched(list []hostagent.Launched, name string) (hostagent.GuestID, error) {
	var here, ended []hostagent.GuestID
	for _, l := range list {
		switch {
		case string(l.ID) == name:
			return l.ID, nil
		case l.Name == name && over(l):
			ended = append(ended, l.ID)
		case l.Name == name:
			here = append(here, l.ID)
		}
	}
	found := here
	if len(found) == 0 {
		found = ended
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", api.Refuse(hostagent.CodeAbsent, "no process %q is on this host: `parley process ps` lists those that are", name)
	}
	return "", api.Refuse(hostagent.CodeBadQuestion, "%d processes are called %q: give the id (`parley process ps --json`)", len(found), name)
}
