package service

import (
	"context"
	"log/slog"
	"time"

	sd "github.com/coreos/go-systemd/v22/daemon"
)

// tellSystemd reports to systemd that the agent is ready, and then feeds its watchdog if it
// started the agent. Each watchdog signal passes through the loop, so that systemd
// restarts a hung agent.
func tellSystemd(ctx context.Context, alive func() bool, log *slog.Logger) {
	say := func(state string) {
		if _, err := sd.SdNotify(false, state); err != nil {
			log.Warn("systemd cannot be notified", "event", "systemd_notify_failed", "state", state, "error", err)
		}
	}
	if !alive() {
		return
	}
	say(sd.SdNotifyReady)
	defer say(sd.SdNotifyStopping)
	every, err := sd.SdWatchdogEnabled(false)
	if err != nil {
		log.Warn("systemd's watchdog gets no notification", "event", "systemd_watchdog_failed", "error", err)
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
