//go:build cgo && libvirt_dlopen

package libvirt

import (
	"fmt"

	lv "libvirt.org/go/libvirt"
	"libvirt.org/go/libvirtxml"

	"parley/hostagent"
)

// pack writes into a domain what is to be carried, and returns what takes it back
// if the guest stays. One without a definition starts with no host.
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
		return nil, fmt.Errorf("note that the guest starts with its host: %w", err)
	}
	return func() {
		// The next inspection finds what is left, and that it is done.
		if err := setCarried(domain, carried{}); err != nil {
			p.o.Logger.Debug("taking back what a guest that stays was to carry", "event", "carried_not_removed", "error", err)
		}
	}, nil
}

// setCarried writes into the running guest and into its definition: both travel,
// and the guest may be started anew before the target's agent has looked.
func setCarried(domain *lv.Domain, c carried) error {
	return domain.SetMetadata(lv.DOMAIN_METADATA_ELEMENT, c.text(), carriedKey, carriedURI, lv.DOMAIN_AFFECT_LIVE|lv.DOMAIN_AFFECT_CONFIG)
}

// settle does for a guest that is here what it carries, and says what could not
// be done. It starts nothing. A guest on its way, in either direction, keeps what
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
		return fmt.Sprintf("at its last host it started with the host, and here that cannot be set: %v: try `virsh autostart %s`", plain(err),
			xml.Name), nil
	}
	p.o.Logger.Info("a guest that came starts with this host from now on, as it did with the last", "event", "autostart_restored", "guest", xml.Name)
	return "", nil
}

// underWay says whether a migration of a domain goes on.
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
