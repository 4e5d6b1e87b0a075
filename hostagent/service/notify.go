package service

import (
	"context"
	"time"

	sd "github.com/coreos/go-systemd/v22/daemon"

	"parley/lcc"
)

// notify tells systemd, where it is what started the agent, that the agent is
// ready, and from then on that it lives: each sign of life goes through the loop,
// so that one which hangs is started anew.
func (s *Service) notify(ctx context.Context) {
	say := func(state string) {
		if _, err := sd.SdNotify(false, state); err != nil {
			s.log.Warn("systemd cannot be told", "state", state, "error", err)
		}
	}
	alive := func() bool { return s.do(ctx, func(lcc.Instant) error { return nil }) == nil }
	if !alive() {
		return
	}
	say(sd.SdNotifyReady)
	defer say(sd.SdNotifyStopping)
	every, err := sd.SdWatchdogEnabled(false)
	if err != nil {
		s.log.Warn("systemd's watchdog is not fed", "error", err)
	}
	if every <= 0 {
		<-ctx.Done()
		return
	}
	ticker := time.NewTicker(every / 3)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if alive() {
				say(sd.SdNotifyWatchdog)
			}
		}
	}
}
