package service

import (
	"context"
	"encoding/hex"
	"net/http"
	"path/filepath"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/audit"
	"parley/hostagent/audit/store"
	"parley/hostagent/serve"
	"parley/lcc"
	"parley/peer/libp2p"
)

// openAudit opens the audit, made anew from the journal where that is needed,
// and takes over what the history of earlier runs was.
func (s *Service) openAudit() (err error) {
	key, err := libp2p.LoadOrCreateKey(s.fixed.Key)
	if err != nil {
		return err
	}
	id, err := libp2p.KeyID(key)
	if err != nil {
		return err
	}
	sign := func(text []byte) []byte { return libp2p.SignWith(key, text) }
	s.audit, err = store.Open(filepath.Join(s.fixed.StateDir, "audit.db"), store.Options{
		Most: s.fixed.Audit.Most, KeepFor: s.fixed.Audit.KeepFor, Rebuild: s.fromJournal,
		Signer: store.Signer{Host: string(id), Sign: sign, Verify: libp2p.VerifyBy},
		Told: func(p audit.Checkpoint) {
			s.log.Info("checkpoint of the audit", "seq", p.Seq, "digest", hex.EncodeToString(p.Digest), "signature", hex.EncodeToString(p.Signature))
		},
	})
	if err != nil {
		return err
	}
	if s.audit.Full != nil {
		s.log.Error("the disk has no room for the audit: the agent runs without one and its entries are lost; make room and start it again; "+
			"deals and guests are not affected", "error", s.audit.Full)
		return nil
	}
	if len(s.audit.Faults) > 0 {
		s.log.Error("the audit does not hold together: somebody may have changed it, or an older copy was put back (`parley history --verify`); "+
			"deals and guests are not affected", "faults", s.audit.Faults)
	}
	if s.audit.Moved != "" {
		s.log.Error("the audit was damaged and is made anew from the journal; deals and guests are not affected", "moved_to", s.audit.Moved)
	}
	list, err := s.audit.Query(audit.Filter{Kind: "deal", Ended: true, Limit: historyMax})
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(list) {
		s.history.ended = append(s.history.ended, dealOf(e))
	}
	return nil
}

// auditStatus says what a person should know of the audit.
func (s *Service) auditStatus() api.AuditStatus {
	return api.AuditStatus{Dropped: s.audit.Dropped(), Faults: s.audit.Faults}
}

// giveAudit answers whether the audit holds together.
func (s *Service) giveAudit(w http.ResponseWriter, r *http.Request) {
	// All of it is read.
	if err := serve.Within(w, time.Minute); err != nil {
		s.log.Debug("the audit is verified under the usual deadline", "error", err)
	}
	if !s.verifying.take(r.Context()) {
		return
	}
	defer s.verifying.give()
	report, err := s.audit.Verify()
	answer(w, report, err)
}

// fromJournal is what the journal knows of deals.
func (s *Service) fromJournal() (list []audit.Entry) {
	for _, data := range s.journal.Records() {
		if r, ok := hostagent.ReadHistory(data); ok {
			list = append(list, entryOf(r.DealChanged, r.At))
		}
	}
	return list
}

func entryOf(story hostagent.DealChanged, at time.Time) audit.Entry {
	return audit.Entry{
		At: at, Kind: "deal", Deal: string(story.Deal), Guest: string(story.Guest), Name: story.Name,
		Source: string(story.Source), Target: string(story.Target), Side: string(story.Side),
		State: string(story.State), Reason: story.Reason, Operator: story.Operator, Load: story.Load,
		Total: story.Migrated.Total, Downtime: story.Migrated.Downtime, Bytes: story.Migrated.Bytes,
		Ended: ended(story.State),
	}
}

func dealOf(e audit.Entry) api.DealStatus {
	return api.DealStatus{
		Deal: e.Deal, Guest: e.Guest, Name: e.Name, Source: e.Source, Target: e.Target, Side: e.Side, State: e.State,
		Reason: e.Reason, Operator: e.Operator, Load: e.Load, At: e.At, Total: e.Total, Downtime: e.Downtime, Bytes: e.Bytes,
	}
}

// noteOrder keeps what an operator ordered, who that was as far as the socket
// knows, and what came of it.
func (s *Service) noteOrder(ctx context.Context, o api.Order, err error) {
	e := audit.Entry{At: time.Now(), Kind: "order", State: o.Do, Name: o.Guest, Target: o.Host, Operator: true}
	by := serve.CallerOf(ctx)
	e.By = by.String()
	if by.Known {
		e.UID, e.PID = &by.UID, by.PID
	}
	if err != nil {
		e.Reason = err.Error()
	}
	s.audit.Add(e)
}

// notePolicy keeps which policy came into force, or why one did not.
func (s *Service) notePolicy(state, reason string) {
	s.audit.Add(audit.Entry{At: time.Now(), Kind: "policy", State: state, Reason: reason})
}

// History asks the audit; names of hosts and guests are names for people too.
func (s *Service) History(ctx context.Context, f audit.Filter) (list []audit.Entry, err error) {
	if f.Host != "" {
		err = s.do(ctx, func(lcc.Instant) error {
			if id, err := s.target(f.Host); err == nil {
				f.Host = string(id)
			}
			return nil
		})
	}
	if err != nil {
		return nil, err
	}
	list, err = s.audit.Query(f)
	for i, e := range list {
		list[i].Source, list[i].Target = s.name(hostagent.HostID(e.Source)), s.name(hostagent.HostID(e.Target))
		list[i].Reason = s.reason(e.Reason)
	}
	return list, err
}
