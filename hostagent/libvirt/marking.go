//go:build cgo && libvirt_dlopen

package libvirt

import (
	"context"
	"errors"
	"fmt"

	lv "libvirt.org/go/libvirt"

	"parley/hostagent"
)

// mark writes into a domain the time and the deal of its move, and returns the function
// that reverts it if the guest stays. The deal is written into the running guest only:
// the admission check does not read the definition.
func (p *Platform) mark(domain *lv.Domain, m hostagent.Migration, persistent bool) (unmark func(), err error) {
	before, err := p.marked(domain)
	if err != nil {
		return nil, err
	}
	after := before
	after.deal, after.token = m.Deal, m.Token
	if !m.MovedAt.IsZero() {
		after.moved = m.MovedAt
	}
	if err := setMark(domain, after, persistent); err != nil {
		return nil, fmt.Errorf("mark the guest as moved: %w", err)
	}
	return func() {
		// The mark is a hint for damping, and the token is used up; a guest that is
		// gone has taken both along.
		if err := setMark(domain, before, persistent); err != nil {
			p.o.Logger.Debug("the mark of a move cannot be removed from a guest that stays", "event", "mark_not_removed", "error", err)
		}
	}, nil
}

// marked reads a domain's mark.
func (p *Platform) marked(domain *lv.Domain) (mark, error) {
	text, err := domain.GetXMLDesc(0)
	if err != nil {
		return mark{}, err
	}
	d, err := describe(text, p.o.shared)
	if err == nil && d.mark.fault != "" {
		err = errors.New(d.ineligible)
	}
	return d.mark, err
}

func setMark(domain *lv.Domain, m mark, persistent bool) error {
	set := func(m mark, affects lv.DomainModificationImpact) error {
		text, err := m.text()
		if err != nil {
			return err
		}
		return domain.SetMetadata(lv.DOMAIN_METADATA_ELEMENT, text, metadataKey, metadataURI, affects)
	}
	if err := set(m, lv.DOMAIN_AFFECT_LIVE); err != nil || !persistent {
		return err
	}
	m.deal, m.token = "", ""
	return set(m, lv.DOMAIN_AFFECT_CONFIG)
}

// SetRules writes a guest's rules into its metadata, and keeps the rest of it.
// Unreadable rules are replaced.
func (p *Platform) SetRules(ctx context.Context, guest hostagent.GuestID, rules hostagent.Rules) error {
	if err := rules.Validate(); err != nil {
		return fmt.Errorf("libvirt: rules of %s: %w", guest, err)
	}
	_, err := onGuest(ctx, p, guest, "write the rules of "+string(guest), func(domain *lv.Domain) (none struct{}, _ error) {
		text, err := domain.GetXMLDesc(0)
		if err != nil {
			return none, err
		}
		d, err := describe(text, p.o.shared)
		if err != nil {
			return none, err
		}
		persistent, err := domain.IsPersistent()
		if err != nil {
			return none, err
		}
		d.mark.rules, d.mark.fault = rules, ""
		return none, setMark(domain, d.mark, persistent)
	})
	if err != nil {
		return fmt.Errorf("libvirt: %w", err)
	}
	return nil
}
