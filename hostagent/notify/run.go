package notify

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/url"
	"time"

	"parley/hostagent/site"
)

const (
	// lookEvery is how often the problems are looked at.
	lookEvery = 5 * time.Second
	// attemptsMost is how often a message is tried, at first after attemptFirst and then
	// after twice as long each time.
	attemptsMost = 6
	attemptFirst = 2 * time.Second
	// waitingMost bounds the messages that wait for a receiver; the oldest are left out.
	waitingMost = 100
)

// Run tells a receiver of the problems that see returns, until the context ends.
func Run(ctx context.Context, host Host, r Receiver, see func(context.Context) ([]site.Problem, error), log *slog.Logger) {
	watch := NewWatch(host, r.Choice)
	waiting := make(chan Message, waitingMost)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.deliver(ctx, waiting, log)
	}()
	ticker := time.NewTicker(cmp.Or(r.every, lookEvery))
	defer ticker.Stop()
	for {
		if problems, err := see(ctx); err == nil {
			for _, m := range watch.Look(time.Now(), problems) {
				select {
				case waiting <- m:
				default:
					log.Error("a notification is left out: the receiver has not taken the earlier ones", "event", "notification_left_out",
						"receiver", r.Name(), "what", m.Event, "about", m.About)
				}
			}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			<-ended
			return
		}
	}
}

// deliver sends one message after the other.
func (r Receiver) deliver(ctx context.Context, waiting <-chan Message, log *slog.Logger) {
	for {
		select {
		case m := <-waiting:
			r.insist(ctx, m, log)
		case <-ctx.Done():
			return
		}
	}
}

// insist tries a message until it is taken, or has failed too often.
func (r Receiver) insist(ctx context.Context, m Message, log *slog.Logger) {
	pause := cmp.Or(r.pause, attemptFirst)
	for attempt := 1; ; attempt++ {
		err := r.send(ctx, m)
		log := log.With("receiver", r.Name(), "what", m.Event, "about", m.About, "attempt", attempt)
		switch {
		case err == nil:
			log.Info("a notification was sent", "event", "notification_sent")
			return
		case ctx.Err() != nil:
			return
		case errors.Is(err, errFinal) || attempt == attemptsMost:
			log.Error("a notification was not sent; see `notify` in the configuration", "event", "notification_failed", "error", err)
			return
		}
		log.Warn("a notification was not sent and is tried again", "event", "notification_retried", "in", pause, "error", err)
		select {
		case <-time.After(pause):
			pause *= 2
		case <-ctx.Done():
			return
		}
	}
}

// withoutURL is an error of HTTP without the URL, which may have a secret in it.
func withoutURL(err error) error {
	var request *url.Error
	if errors.As(err, &request) {
		return request.Err
	}
	return err
}
