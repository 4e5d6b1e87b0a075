package doctor

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
)

// processes says which of the programs that may run here cannot.
func processes(p Probes) []Finding {
	c := p.Config.Process
	if !c.On {
		return nil
	}
	if len(c.Programs) == 0 {
		return []Finding{{"processes", Warn, "no program may run here", "name programs in process.programs (docs/process.md)"}}
	}
	var faults []error
	for _, path := range c.Programs {
		if p.Program != nil {
			faults = append(faults, p.Program(path))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return []Finding{{"processes", Warn, strings.ReplaceAll(err.Error(), "\n", "; "),
			"install it, or take it out of process.programs: guests that need it do not come"}}
	}
	return []Finding{ok("processes", "programs that may run here: %s", strings.Join(c.Programs, ", "))}
}

// failedProcesses names the processes that have failed on this host.
func failedProcesses(status api.Status) (list []Finding) {
	for _, one := range status.Platform.Ended {
		if one.State == string(hostagent.LaunchFailed) {
			list = append(list, Finding{"process " + one.Name, Warn, fmt.Sprintf("it failed at %s: %s", one.EndedAt.Format(time.DateTime), one.Why),
				"see what it printed, and run it again; `parley process stop` removes what is kept of it"})
		}
	}
	return list
}
