package service

import (
	"context"
	"log/slog"
	"reflect"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/lcc"
)

// Reconfigure puts another configuration in force and reads the policy again, as after
// a SIGHUP. Keys that need a restart keep their values, and the log names them.
func (s *Service) Reconfigure(ctx context.Context, config config.Config) error {
	if err := config.Validate(); err != nil {
		s.RefuseConfig(ctx, err)
		return err
	}
	return s.inLoop(ctx, func(lcc.Instant) error {
		s.rejected = api.RejectedConfig{}
		config = keep(s.config, config, s.log)
		s.config = config
		if err := s.step(hostagent.Configured{Config: s.hostConfig()}); err != nil {
			return err
		}
		if s.publishers.driver != nil {
			return s.reaccept()
		}
		return s.policies.load(s.config.Policy.File)
	})
}

// RefuseConfig records, for the status, that a configuration was read and rejected.
func (s *Service) RefuseConfig(ctx context.Context, why error) {
	s.log.Error("the configuration is refused; the agent keeps the old one", "event", "config_refused", "error", why)
	err := s.inLoop(ctx, func(lcc.Instant) error {
		s.rejected = api.RejectedConfig{Why: why.Error(), At: time.Now()}
		return nil
	})
	if err != nil {
		s.log.Debug("recording a configuration that was refused", "event", "config_refusal_not_noted", "error", err)
	}
}

// needRestart are the fields of a configuration that count from the next start on.
var needRestart = []string{
	"Host", "Key", "StateDir", "Socket", "Listen", "Peers", "Group", "Links", "MDNS", "Platform", "Container", "Process", "Capacity",
	"LoadSource", "SampleEvery", "Metrics", "Web", "Notify", "Audit", "Log",
}

// keep copies from the running configuration the keys that cannot change without a
// restart.
func keep(was, is config.Config, log *slog.Logger) config.Config {
	old, now := reflect.ValueOf(was), reflect.ValueOf(&is).Elem()
	for _, key := range needRestart {
		if !reflect.DeepEqual(old.FieldByName(key).Interface(), now.FieldByName(key).Interface()) {
			field, _ := old.Type().FieldByName(key)
			log.Warn("a key of the configuration has changed that needs a restart of the agent", "event", "config_restart_required",
				"key", field.Tag.Get("yaml"))
		}
		now.FieldByName(key).Set(old.FieldByName(key))
	}
	if !slices.EqualFunc(was.Publishers, is.Publishers, func(a, b config.Publisher) bool { return a.Anchor == b.Anchor }) {
		log.Warn("a key of the configuration has changed that needs a restart of the agent", "event", "config_restart_required",
			"key", "publishers.anchor")
		is.Publishers = was.Publishers
	}
	return is
}
