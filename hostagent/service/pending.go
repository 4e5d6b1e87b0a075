package service

import (
	"context"

	"parley/hostagent"
	"parley/lcc"
)

// pending are the questions that the core answers later. The loop owns them.
type pending struct {
	admissions waiting[hostagent.Admit]
	orders     waiting[hostagent.OrderDone]
}

func newPending() pending {
	return pending{newWaiting[hostagent.Admit](), newWaiting[hostagent.OrderDone]()}
}

// waiting holds the channels of unanswered questions, by question number.
type waiting[A any] struct {
	last uint64
	each map[uint64]chan<- A
}

func newWaiting[A any]() waiting[A] { return waiting[A]{each: map[uint64]chan<- A{}} }

// add numbers a question. The channel must have room for one answer.
func (w *waiting[A]) add(answer chan<- A) uint64 {
	w.last++
	w.each[w.last] = answer
	return w.last
}

// answer delivers an answer, if its question is still waiting.
func (w *waiting[A]) answer(id uint64, a A) {
	if answer, ok := w.each[id]; ok {
		delete(w.each, id)
		answer <- a
	}
}

// Admit asks whether a migration to this host may begin; a platform that can ask before
// it admits a guest calls it. The zero Refusal admits the guest.
func (s *Service) Admit(ctx context.Context, arriving hostagent.AdmissionAsked) (why hostagent.Refusal) {
	defer func() {
		s.log.Info("a migration arrives", "event", "admission", "deal", arriving.Deal, "guest", arriving.Guest, "admitted", !why.Is(),
			"code", why.Code, "reason", why.Detail)
	}()
	answer := make(chan hostagent.Admit, 1)
	err := s.ask(ctx, s.inbox.putFirst, func(lcc.Instant) error {
		arriving.ID = s.asked.admissions.add(answer)
		return s.step(arriving)
	})
	if err != nil {
		return silent("does not answer: " + err.Error())
	}
	select {
	case admit := <-answer:
		return s.names.named(admit.Why)
	case <-s.done:
		return silent("is stopping")
	case <-ctx.Done():
		return silent("did not answer in time")
	}
}

// silent is the refusal of an arrival that the loop has not decided about.
func silent(how string) hostagent.Refusal {
	return hostagent.Refusal{Code: hostagent.CodeSilent, Detail: "the target's agent " + how}
}
