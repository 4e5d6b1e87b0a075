//go:build cgo && libvirt_dlopen

package libvirt

import (
	"errors"
	"fmt"

	lv "libvirt.org/go/libvirt"

	"parley/hostagent"
)

// libvirtError is a libvirt error for people: its message, without codes.
type libvirtError struct{ err lv.Error }

func (t libvirtError) Error() string { return t.err.Message }
func (t libvirtError) Unwrap() error { return t.err }

// plain reduces a libvirt error to its message.
func plain(err error) error {
	if lerr, ok := err.(lv.Error); ok {
		return libvirtError{lerr}
	}
	return err
}

// broken says whether an error means that the connection to the daemon is lost.
func broken(err error) bool {
	var lerr lv.Error
	return errors.As(err, &lerr) && (lerr.Domain == lv.FROM_RPC || lerr.Code == lv.ERR_RPC || lerr.Code == lv.ERR_SYSTEM_ERROR &&
		lerr.Domain == lv.FROM_REMOTE)
}

// gone says whether an error means that a domain ended between two calls.
func gone(err error) bool {
	var lerr lv.Error
	return errors.As(err, &lerr) && (lerr.Code == lv.ERR_NO_DOMAIN || lerr.Code == lv.ERR_OPERATION_INVALID)
}

// explain adds to libvirt's message what an operator can do.
func explain(err error) error {
	var lerr lv.Error
	if err == nil || !errors.As(err, &lerr) {
		return err
	}
	hint := map[lv.ErrorNumber]string{
		lv.ERR_MIGRATE_UNSAFE:       "put the guest's disks on shared storage with cache='none', or pin the guest",
		lv.ERR_OPERATION_ABORTED:    "the migration was aborted; the guest stays where it is",
		lv.ERR_CPU_INCOMPATIBLE:     "give the guest a CPU model that both hosts have, or label the hosts",
		lv.ERR_OPERATION_FAILED:     "look at libvirtd's log on both hosts; is migrate_uri of the target reachable from here?",
		lv.ERR_AUTH_FAILED:          "this host may not talk to the target's libvirtd: check its certificates, or its SSH key and polkit there",
		lv.ERR_ACCESS_DENIED:        "the target's libvirtd does not allow it: check polkit's rules there (docs/three-hosts.md)",
		lv.ERR_NO_CONNECT:           "the target's libvirtd cannot be reached: check platform.endpoint there",
		lv.ERR_SYSTEM_ERROR:         "the target's libvirtd cannot be reached: check platform.endpoint, the firewall and polkit's rules there",
		lv.ERR_ARGUMENT_UNSUPPORTED: "the libvirt on one side is too old for this guest",
	}[lerr.Code]
	switch {
	case lerr.Code == lv.ERR_HOOK_SCRIPT_FAILED:
		// The target's hook asks its agent (arrival.go).
		return fmt.Errorf("%w (%w)", plain(err), hostagent.ErrNotLetIn)
	case hint == "":
		return plain(err)
	}
	return fmt.Errorf("%w (%s)", plain(err), hint)
}
