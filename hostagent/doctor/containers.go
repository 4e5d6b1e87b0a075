package doctor

import (
	"context"
	"fmt"
	"slices"
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
			"install runc, and criu 4.2 or newer, or name them in container.runc and container.criu, and root's podman in " +
				"container.podman, if it is to be used; docs/container.md says where they are"}}
	}
	// A host may have hundreds of images.
	images := 0
	offers = slices.DeleteFunc(slices.Clone(offers), func(offer string) bool {
		is := strings.HasPrefix(offer, "image=")
		if is {
			images++
		}
		return is
	})
	if images > 0 {
		offers = append(offers, fmt.Sprintf("and %d images of podman", images))
	}
	memory := "their memory goes in rounds while they run"
	if p.ContainerRounds == nil || !p.ContainerRounds(ctx) {
		memory = "their memory goes once, while they stand still: the kernel does not tell which pages are written " +
			"(criu check --feature mem_dirty_track)"
	}
	return []Finding{ok("containers", "they can move, and %s: this host offers %s", memory, strings.Join(offers, ", "))}
}
