package service

import (
	"context"
	"encoding/hex"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/audit"
	"parley/hostagent/audit/store"
	"parley/hostagent/config"
	"parley/hostagent/journal"
	"parley/hostagent/serve"
	"parley/lcc"
	"parley/peer/libp2p"
)

// auditor records the operator's orders and the policies that come into force.
type auditor struct{ *store.Store }

// openAudit opens the audit; a damaged or missing one is rebuilt from the journal.
func openAudit(cfg config.Config, written *journal.File, log *slog.Logger) (*auditor, error) {
	key, err := libp2p.LoadOrCreateKey(cfg.Key)
	if err != nil {
		return nil, err
	}
	id, err := libp2p.KeyID(key)
	if err != nil {
		return nil, err
	}
	sign := func(text []byte) []byte { return libp2p.SignWith(key, text) }
	kept, err := store.Open(filepath.Join(cfg.StateDir, "audit.db"), store.Options{
		Most: cfg.Audit.Most, KeepFor: cfg.Audit.KeepFor, Rebuild: func() []audit.Entry { return fromJournal(written) },
		Signer: store.Signer{Host: string(id), Sign: sign, Verify: libp2p.VerifyBy},
		OnCheckpoint: func(p audit.Checkpoint) {
			log.Info("checkpoint of the audit", "event", "audit_checkpoint", "seq", p.Seq, "digest", hex.EncodeToString(p.Digest),
				"signature", hex.EncodeToString(p.Signature))
		},
	})
	if err != nil {
		return nil, err
	}
	if kept.Full != nil {
		log.Error("the disk has no room for the audit: the agent runs without one and its entries are lost; make room and restart it; "+
			"deals and guests are not affected", "event", "audit_full", "error", kept.Full)
		return &auditor{kept}, nil
	}
	if len(kept.Faults) > 0 {
		log.Error("the audit is inconsistent: somebody may have changed it, or an older copy was put back (`parley history --verify`); "+
			"deals and guests are not affected", "event", "audit_broken", "faults", kept.Faults)
	}
	if kept.Moved != "" {
		log.Error("the audit was damaged and is rebuilt from the journal; deals and guests are not affected", "event", "audit_rebuilt",
			"moved_to", kept.Moved)
	}
	return &auditor{kept}, nil
}

// openHistory loads the deals of earlier runs from the audit.
func (r *recorder) openHistory() error {
	if r.audit.Full != nil {
		return nil
	}
	list, err := r.audit.Query(audit.Filter{Kind: "deal", Ended: true, Limit: historyMax})
	if err != nil {
		return err
	}
	if err := r.audit.join(list, audit.Filter{Limit: 2 * historyMax}); err != nil {
		return err
	}
	for _, e := range slices.Backward(list) {
		r.history.add(dealOf(e))
	}
	return nil
}

// status returns what an operator should know about the audit.
func (a *auditor) status() api.AuditStatus {
	return api.AuditStatus{Dropped: a.Dropped(), Faults: a.Faults}
}

// fromJournal returns the entries about deals that the journal holds.
func fromJournal(written *journal.File) (list []audit.Entry) {
	for _, data := range written.Records() {
		if r, ok := hostagent.ReadHistory(data); ok {
			list = append(list, entriesOf(r, list)...)
		}
	}
	return list
}

func entryOf(story hostagent.DealChanged, at time.Time) audit.Entry {
	return audit.Entry{
		At: at, Kind: "deal", Deal: string(story.Deal), Guest: string(story.Guest), Name: story.Name,
		Source: string(story.Source), Target: string(story.Target), Side: string(story.Side),
		State: string(story.State), Reason: story.Reason, Code: string(story.Code), Operator: story.Operator, Drain: story.Drain,
		Load: story.Load, Total: story.Migrated.Total, Downtime: story.Migrated.Downtime, Bytes: story.Migrated.Bytes,
		Ended: story.State.Ended(), Of: string(story.Kind), Stages: stages(story.Migrated.Stages),
	}
}

func dealOf(e audit.Entry) api.DealStatus {
	return api.DealStatus{
		Deal: e.Deal, Guest: e.Guest, Name: e.Name, Source: e.Source, Target: e.Target, Side: e.Side, State: e.State,
		Reason: e.Reason, Code: e.Code, Operator: e.Operator, Drain: e.Drain, Load: e.Load, At: e.At,
		Total: e.Total, Downtime: e.Downtime, Bytes: e.Bytes, Kind: e.Of, Stages: e.Stages, Prospect: audit.Prospect{Sequel: e.Sequel},
	}
}

// noteOrder records an operator's order, its caller as far as the socket knows it, and
// its result.
func (a *auditor) noteOrder(ctx context.Context, o api.Order, err error) {
	e := audit.Entry{At: time.Now(), Kind: "order", State: o.Do, Name: o.Guest, Target: o.Host, Operator: true}
	by := serve.CallerOf(ctx)
	e.By = by.String()
	if by.Known {
		e.UID, e.PID = &by.UID, by.PID
	}
	if err != nil {
		e.Reason = err.Error()
	}
	var refused *api.Refused
	if errors.As(err, &refused) {
		e.Code = refused.Why.Code
	}
	a.Add(e)
}

// notePolicy records that a policy came into force, or why it did not.
func (a *auditor) notePolicy(state, reason string) {
	a.Add(audit.Entry{At: time.Now(), Kind: "policy", State: state, Reason: reason})
}

// History queries the audit. It accepts and returns host names instead of ids.
func (s *Service) History(ctx context.Context, f audit.Filter) (list []audit.Entry, err error) {
	if f.Host != "" {
		err = s.inLoop(ctx, func(lcc.Instant) error {
			if id, err := s.names.target(f.Host); err == nil {
				f.Host = string(id)
			}
			return nil
		})
	}
	if err != nil {
		return nil, err
	}
	list, err = s.audit.Query(f)
	if err == nil {
		err = s.audit.join(list, audit.Filter{Guest: f.Guest, Host: f.Host, Deal: f.Deal, Since: f.Since, Limit: outcomesMost(list)})
	}
	for i, e := range list {
		list[i] = s.names.entry(e)
	}
	return list, err
}

// VerifyAudit checks the integrity of the audit.
func (s *Service) VerifyAudit() (audit.Report, error) { return s.audit.Verify() }
