//go:build cgo && libvirt_dlopen

package libvirt

import (
	"context"
	"fmt"

	lv "libvirt.org/go/libvirt"
	"libvirt.org/go/libvirtxml"

	"parley/hostagent"
)

// inspect finds what prevents a migration and is not in the guest's XML, and settles
// what the guest carries.
func (p *Platform) inspect(ctx context.Context, guest hostagent.GuestID) (finding, error) {
	if err := p.pending.whyNot(guest); err != nil {
		return finding{}, err
	}
	return onGuest(ctx, p, guest, "inspect the guest "+string(guest), func(domain *lv.Domain) (finding, error) {
		defer p.pending.asked(guest)()
		text, err := domain.GetXMLDesc(0)
		if err != nil {
			return finding{}, err
		}
		var xml libvirtxml.Domain
		if err := xml.Unmarshal(text); err != nil {
			return finding{}, err
		}
		var f finding
		if f.stays, err = obstacle(domain, &xml); err != nil {
			return finding{}, err
		}
		f.fault, err = p.settle(domain, &xml)
		return f, err
	})
}

// obstacle says why libvirt refuses to migrate a domain, besides reasons in its XML; ""
// if it does not. A migration in flight is not an obstacle: it is reported separately.
func obstacle(domain *lv.Domain, xml *libvirtxml.Domain) (string, error) {
	snapshots, err := domain.SnapshotNum(0)
	switch {
	case unsupported(err):
	case err != nil:
		return "", err
	case snapshots > 0:
		return fmt.Sprintf("it has snapshots (%d), with which libvirt moves no guest: delete them (`virsh snapshot-delete %s NAME`)", snapshots,
			xml.Name), nil
	}
	if job, err := domain.GetJobStats(0); err == nil && job.Type != lv.DOMAIN_JOB_NONE && job.OperationSet {
		if what := jobs[job.Operation]; what != "" {
			return fmt.Sprintf("%s of it is in progress, and libvirt moves no guest meanwhile: wait for its end, or end it (`virsh domjobabort %s`)",
				what, xml.Name), nil
		}
	}
	if xml.Devices == nil {
		return "", nil
	}
	for _, disk := range xml.Devices.Disks {
		if disk.Target == nil || disk.Source == nil {
			continue
		}
		job, err := domain.GetBlockJobInfo(disk.Target.Dev, 0)
		switch {
		case unsupported(err):
		case err != nil:
			return "", err
		case job.Type != lv.DOMAIN_BLOCK_JOB_TYPE_UNKNOWN:
			return blockJobText(xml.Name, disk.Target.Dev), nil
		}
	}
	return "", nil
}

// jobs describes the jobs that exclude a migration.
var jobs = map[lv.DomainJobOperationType]string{
	lv.DOMAIN_JOB_OPERATION_SAVE:            "saving",
	lv.DOMAIN_JOB_OPERATION_SNAPSHOT:        "a snapshot",
	lv.DOMAIN_JOB_OPERATION_SNAPSHOT_REVERT: "the return to a snapshot",
	lv.DOMAIN_JOB_OPERATION_SNAPSHOT_DELETE: "the deletion of a snapshot",
	lv.DOMAIN_JOB_OPERATION_DUMP:            "a dump",
	lv.DOMAIN_JOB_OPERATION_BACKUP:          "a backup",
}

// unsupported says whether an error means that this libvirt, or this domain, does not
// support a call.
func unsupported(err error) bool {
	lerr, ok := err.(lv.Error)
	return ok && (lerr.Code == lv.ERR_NO_SUPPORT || lerr.Code == lv.ERR_OPERATION_UNSUPPORTED ||
		lerr.Code == lv.ERR_CONFIG_UNSUPPORTED || lerr.Code == lv.ERR_INVALID_ARG)
}
