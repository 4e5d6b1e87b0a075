package service

import (
	"context"
	"log/slog"
	"time"

	"parley/hostagent"
	"parley/hostagent/recall"
	"parley/hostagent/site"
	"parley/lcc"
	"parley/peer"
)

// recorder keeps and logs the events of this host for later queries: deals, the models'
// actions, incarnations of other hosts. The loop owns it.
type recorder struct {
	log       *slog.Logger
	names     *directory
	metrics   *metrics
	audit     *auditor
	watch     func(Occurrence)
	history   history
	origins   recall.Origins
	mentions  recall.Mentions
	exchanges exchanges
	trial     trial
	avoided   avoided
	alerts    alerts
	lines     logRate
	storms    storms
	past      *pastKeeper
	course    site.Course
}

// finished logs an agent's end. The peer restarts a failed agent; the reason is for the
// author of the policy, or for the sender of the message.
func (r *recorder) finished(e peer.Finish) {
	switch e.Finish.Reason.Code {
	case lcc.ReasonDone, lcc.ReasonStopped:
		r.log.Info("an agent of a model ended", "event", "model_agent_ended", "role", logText(e.Finish.Role.String()), "reason", e.Finish.Reason)
	default:
		r.emit(Occurrence{Failed: &e})
		if left, ok := r.lines.allows(string(e.Finish.By), "failed", time.Now()); ok {
			attrs := append(left, slog.String("event", "model_agent_failed"), slog.String("role", logText(e.Finish.Role.String())),
				slog.String("reason", logText(e.Finish.Reason.String())))
			if e.Finish.By != "" {
				attrs = append(attrs, slog.String("by_message_of", r.names.name(hostagent.HostID(e.Finish.By))))
			}
			r.log.LogAttrs(context.Background(), slog.LevelError, "an agent of a model failed; if it was started here it restarts soon", attrs...)
		}
	}
}

// emit passes an occurrence to the trace, the metrics, the log and the watcher.
func (r *recorder) emit(o Occurrence) {
	if m := o.Record; m != nil {
		r.mentions.Note(m.Model, m.Record, time.Now())
		if kind := m.Record.Kind; kind == lcc.RecordSend || kind == lcc.RecordReceive {
			r.metrics.messages.WithLabelValues(string(kind)).Inc()
			r.exchanges.note(m, time.Now())
		}
		r.storm(m)
		if r.log.Enabled(context.Background(), slog.LevelDebug) {
			r.log.LogAttrs(context.Background(), slog.LevelDebug, "an event of a model",
				append([]slog.Attr{slog.String("event", "model_"+string(m.Record.Kind))}, modelAttrs(m)...)...)
		}
	}
	r.watch(o)
}

// storm logs the first send of a model that sends without a pause.
func (r *recorder) storm(m *peer.Record) {
	if m.Record.Kind != lcc.RecordSend {
		return
	}
	if n, storm := r.storms.note(m, len(r.names.members().list), time.Now()); storm {
		r.log.Warn("a model sends messages without a pause, which loads this host and its partners; `parley check` may show how it comes "+
			"to that (LCC032)", "event", "model_storm", "model", logText(m.Record.Pos.File), "line", m.Record.Pos.Line, "role",
			logText(m.Record.Role.String()), "messages", n, "within", stormWithin)
	}
}

// dealChanged keeps and logs a change of a deal.
func (r *recorder) dealChanged(story hostagent.DealChanged) {
	now := time.Now()
	r.history.note(story, now)
	r.origins.Note(story, r.mentions.Asker(r.names.self, story, now), now)
	r.trial.noteDeal(story)
	r.metrics.note(story)
	if story.State != hostagent.Refused || story.Operator {
		// A negative answer to a policy's request is not a deal; the history of this
		// run has the latest (`parley explain`).
		r.audit.Add(entryOf(story, now))
	}
	r.logDeal(story, now)
	r.emit(Occurrence{Story: &story})
}

// logDeal logs a change of a deal; the log rate bounds refusals of deals that another
// host begins.
func (r *recorder) logDeal(story hostagent.DealChanged, now time.Time) {
	log := r.log
	if story.State == hostagent.Refused && !story.Operator {
		attrs, ok := r.lines.allows(string(story.Source), "refused", now)
		if !ok {
			return
		}
		for _, a := range attrs {
			log = log.With(a)
		}
	}
	level := slog.LevelInfo
	if story.State == hostagent.Stuck {
		level = slog.LevelError
	}
	log.Log(context.Background(), level, "deal", "event", "deal_changed", "deal", story.Deal, "state", story.State, "code", story.Code,
		"side", story.Side,
		"guest", story.Name, "source", r.names.name(story.Source), "target", r.names.name(story.Target), "reason",
		logText(r.names.reason(story.Reason)))
}

// incarnation logs an unexpected incarnation of another host.
func (r *recorder) incarnation(e peer.Incarnation) {
	r.metrics.lives.WithLabelValues(string(e.Kind)).Inc()
	log, text := r.log.Warn, ""
	switch e.Kind {
	case peer.IncarnationOlder:
		text = "a host announces a lower incarnation than before: its clock was ahead and its state was lost, or somebody " +
			"repeats its old messages; it counts once it proves itself over a connection"
	case peer.IncarnationTaken:
		text = "a host is back as a lower incarnation than before: its clock was ahead and its state was lost; it may be chosen again"
	case peer.IncarnationDoubled:
		log, text = r.log.Error, "two agents run with the key of one host, such as a cloned machine: no policy chooses it until one is "+
			"stopped; give one of them a key of its own"
	case peer.IncarnationSingle:
		log, text = r.log.Info, "only one agent runs with the key of a host, again: it may be chosen"
	}
	log(text, "event", "peer_incarnation", "kind", e.Kind, "peer", e.Peer, "name", r.names.name(hostagent.HostID(e.Peer)), "incarnation",
		e.Present, "other", e.Other)
}

// looked records a look at the platform, and what this host began or ceased to avoid.
func (r *recorder) looked(host hostagent.Status, high float64, failing []hostagent.Failing, duels []hostagent.Duel) {
	r.trial.looked(time.Now(), host, high)
	r.origins.Looked(host)
	r.course.Note(time.Now(), siteLoad(loadStatus(host)))
	r.avoided.note(failing, duels, r.names.name, r.log)
}

func modelAttrs(r *peer.Record) []slog.Attr {
	attrs := []slog.Attr{slog.String("role", logText(r.Record.Role.String()))}
	if r.Record.Term != nil {
		attrs = append(attrs, slog.String("term", logText(r.Record.Term.String())))
	}
	if r.Record.Peer != "" {
		attrs = append(attrs, slog.String("peer", string(r.Record.Peer)))
	}
	return attrs
}
