//go:build cgo && libvirt_dlopen

package libvirt

import (
	"fmt"

	lv "libvirt.org/go/libvirt"
	"libvirt.org/go/libvirtxml"

	"parley/hostagent"
)

// pack writes what is to be carried into a domain, and returns the function that
// removes it if the guest stays. A transient domain has no autostart to carry.
func (p *Platform) pack(domain *lv.Domain, persistent bool) (unpack func(), err error) {
	if !persistent {
		return func() {}, nil
	}
	autostart, err := domain.GetAutostart()
	switch {
	case err != nil:
		return nil, fmt.Errorf("ask whether the guest starts with its host: %w", err)
	case !autostart:
		return func() {}, nil
	}
	if err := setCarried(domain, carried{autostart: true}); err != nil {
		return nil, fmt.Errorf("write into the guest that it starts with its host: %w", err)
	}
	return func() {
		// The next inspection settles what remains.
		if err := setCarried(domain, carried{}); err != nil {
			p.o.Logger.Debug("metadata of a move cannot be removed from a guest that stays", "event", "carried_not_removed", "error", err)
		}
	}, nil
}

// setCarried writes into the running guest and into its definition: both travel, and
// the guest may be restarted before the target's agent has looked.
func setCarried(domain *lv.Domain, c carried) error {
	return domain.SetMetadata(lv.DOMAIN_METADATA_ELEMENT, c.text(), carriedKey, carriedURI, lv.DOMAIN_AFFECT_LIVE|lv.DOMAIN_AFFECT_CONFIG)
}

// settle applies to a guest that is here what it carries, and returns a fault if that
// fails. It starts nothing. A guest that is migrating, in either direction, keeps what
// it carries.
func (p *Platform) settle(domain *lv.Domain, xml *libvirtxml.Domain) (fault string, err error) {
	if xml.Metadata == nil || !readCarried(xml.Metadata.XML).autostart || p.underWay(domain) {
		return "", nil
	}
	persistent, err := domain.IsPersistent()
	if err != nil || !persistent {
		return "", err
	}
	on, err := domain.GetAutostart()
	if err == nil && !on {
		err = domain.SetAutostart(true)
	}
	if err == nil {
		err = setCarried(domain, carried{})
	}
	if gone(err) {
		return "", err
	}
	if err != nil {
		return fmt.Sprintf("it started with its last host, and this cannot be set here: %v: try `virsh autostart %s`", plain(err),
			xml.Name), nil
	}
	p.o.Logger.Info("a guest that arrived starts with this host, as it did with its last one", "event", "autostart_restored",
		"guest", xml.Name)
	return "", nil
}

// underWay says whether a migration of a domain is in flight.
func (p *Platform) underWay(domain *lv.Domain) bool {
	uuid, err := domain.GetUUIDString()
	if err != nil {
		return true
	}
	p.mu.Lock()
	moving := p.moving[hostagent.GuestID(uuid)] != nil
	p.mu.Unlock()
	job, err := domain.GetJobStats(0)
	return moving || err == nil && job.OperationSet &&
		(job.Operation == lv.DOMAIN_JOB_OPERATION_MIGRATION_OUT || job.Operation == lv.DOMAIN_JOB_OPERATION_MIGRATION_IN)
}
