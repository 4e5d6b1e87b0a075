package doctor

import (
	"context"
	"strings"
)

// containers says whether containers can be moved from and to this host.
func containers(ctx context.Context, p Probes) []Finding {
	if !p.Config.Container.On || p.Containers == nil {
		return nil
	}
	offers, err := p.Containers(ctx)
	if err != nil {
		return []Finding{{"containers", Fail, err.Error(),
			"install runc, and criu 4.2 or newer, or name them in container.runc and container.criu; docs/container.md says where they are"}}
	}
	return []Finding{ok("containers", "they can move: this host offers %s", strings.Join(offers, ", "))}
}
