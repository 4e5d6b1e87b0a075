package service

import (
	"context"
	"log/slog"

	"parley/hostagent/config/telling"
	"parley/hostagent/notify"
	"parley/hostagent/site"
)

// tell tells a receiver of this host's problems until the context ends.
func (v *view) tell(ctx context.Context, n telling.Notify, log *slog.Logger) {
	receiver := notify.Receiver{
		Choice: notify.Choice{Kinds: n.Events, After: n.Lasts(), Most: n.Most()}, Command: n.Command, Post: n.Post,
	}
	here := notify.Host{Name: v.names.host, PeerID: string(v.names.self)}
	notify.Run(ctx, here, receiver, func(ctx context.Context) ([]site.Problem, error) {
		now, err := v.see(ctx)
		return now.problems(), err
	}, log)
}
