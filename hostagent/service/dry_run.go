package service

import (
	"context"
	"net/http"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/serve"
)

// DryRun asks the other hosts what an order would do, and waits for their answers. Only
// migrate and drain have one.
func (s *Service) DryRun(ctx context.Context, o api.Order) (api.DryRun, error) {
	done, err := s.instruct(ctx, func() (hostagent.Order, error) {
		switch o.Do {
		case "drain":
			return hostagent.Foresee{Force: o.Force}, nil
		case "migrate":
			order, err := s.read(o)
			move, _ := order.(hostagent.MoveGuest) // so read answers migrate
			return hostagent.Foresee(move), err
		}
		return nil, api.Refuse(hostagent.CodeNoOrder, "the order %q has no dry run: give drain or migrate", o.Do)
	})
	if err != nil {
		return api.DryRun{}, s.runs.absent(err, o.Guest)
	}
	found := api.DryRun{Moves: []api.ForeseenMove{}}
	for _, m := range done.Moves {
		found.Moves = append(found.Moves, s.names.foreseen(m))
	}
	return found, nil
}

// foreseen names the hosts of what is expected of a guest.
func (d *directory) foreseen(m hostagent.Foreseen) api.ForeseenMove {
	move := api.ForeseenMove{Guest: string(m.Guest), Name: m.Name, Kind: string(m.Kind), Load: m.Load, Why: d.refusal(m.Why)}
	if m.Target != "" {
		move.To = d.name(m.Target)
	}
	for _, host := range m.Also {
		move.Also = append(move.Also, d.name(host))
	}
	for _, no := range m.Noes {
		move.RefusedBy = append(move.RefusedBy, api.HostRefusal{Host: d.name(no.Host), Why: d.refusal(no.Why)})
	}
	return move
}

// giveDryRun answers what an order would do.
func (h *handlers) giveDryRun(w http.ResponseWriter, r *http.Request) {
	o, ok := readOrder(w, r)
	if !ok {
		return
	}
	// Hosts that do not answer are waited for; the client may disconnect.
	if err := serve.Within(w, 0); err != nil {
		h.log.Debug("a dry run is answered under a deadline", "event", "deadline_not_set", "error", err)
	}
	found, err := h.agent.DryRun(r.Context(), o)
	answer(w, found, err)
}
