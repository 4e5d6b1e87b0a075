package service

import (
	"context"
	"log/slog"
	"reflect"
	"slices"

	"parley/hostagent"
	"parley/lcc"
)

// hostConfig is the core's part of the configuration. The core takes 0 for its
// own default, so a 0 that was written becomes the least that is not.
func hostConfig(c Config) hostagent.Config {
	config := hostagent.Config{
		SampleEvery: c.SampleEvery, Smoothing: c.Smoothing, HoldSamples: c.HoldSamples, Hysteresis: least(c.Hysteresis),
		Cooldown: max(c.Cooldown, 1), ReturnAfter: max(c.ReturnAfter, 1), OfferTTL: c.OfferTTL, Coverage: c.Coverage, High: c.High, Low: c.Low, GainMin: least(c.GainMin),
		MovesIn: c.MovesIn, MovesOut: c.MovesOut, MoveDeadline: c.Deadline.Base, MoveDeadlinePerGiB: max(c.Deadline.PerGiB, 1),
		DowntimeMax: c.Platform.DowntimeMax, BandwidthMax: c.Platform.BandwidthMax,
		Recommend: c.Mode != "auto", Labels: c.Labels, Power: c.Power,
		AdmitForeign: c.Arrival.Foreign == "allow",
	}
	for _, r := range c.Rules {
		config.Rules = append(config.Rules, hostagent.RulesFor{Guests: r.Guests, Rules: hostagent.Rules{
			Pinned: r.Pin, Ignored: r.Ignore, Priority: r.Priority,
			Labels: r.Labels, Requires: r.Requires, Near: r.Near, Apart: r.Apart,
		}})
	}
	return config
}

func least(share float64) float64 {
	if share == 0 {
		return 1e-9
	}
	return share
}

// Reconfigure puts another configuration in force and reads the policy again,
// as after a SIGHUP. What only a new start can change is told and left as it
// is.
func (s *Service) Reconfigure(ctx context.Context, config Config) error {
	if err := config.Validate(); err != nil {
		s.RefuseConfig(ctx, err)
		return err
	}
	return s.do(ctx, func(lcc.Instant) error {
		s.configErr = ""
		config = keep(s.config, config, s.log)
		s.config = config
		if err := s.step(hostagent.Configured{Config: s.hostConfig()}); err != nil {
			return err
		}
		if s.following.driver != nil {
			return s.reaccept()
		}
		return s.loadPolicy()
	})
}

// RefuseConfig notes for the operator that a configuration was read and not
// taken.
func (s *Service) RefuseConfig(ctx context.Context, why error) {
	s.log.Error("the configuration was not taken; the agent goes on with the old one", "error", why)
	err := s.do(ctx, func(lcc.Instant) error {
		s.configErr = why.Error()
		return nil
	})
	if err != nil {
		s.log.Debug("noting a configuration that was not taken", "error", err)
	}
}

// keep takes over from a running agent's configuration what cannot change while
// it runs.
func keep(was, is Config, log *slog.Logger) Config {
	old, now := reflect.ValueOf(was), reflect.ValueOf(&is).Elem()
	for _, key := range []string{
		"Host", "Key", "StateDir", "Socket", "Listen", "Peers", "Group", "Links", "MDNS", "Platform", "Capacity", "LoadSource", "SampleEvery", "Metrics", "Audit", "Log",
	} {
		if !reflect.DeepEqual(old.FieldByName(key).Interface(), now.FieldByName(key).Interface()) {
			field, _ := old.Type().FieldByName(key)
			log.Warn("a key of the configuration was changed that only a new start of the agent takes in", "key", field.Tag.Get("koanf"))
		}
		now.FieldByName(key).Set(old.FieldByName(key))
	}
	if !slices.EqualFunc(was.Publishers, is.Publishers, func(a, b Publisher) bool { return a.Anchor == b.Anchor }) {
		log.Warn("a key of the configuration was changed that only a new start of the agent takes in", "key", "publishers.anchor")
		is.Publishers = was.Publishers
	}
	return is
}
