//go:build cgo && libvirt_dlopen

package libvirt

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	lv "libvirt.org/go/libvirt"

	"parley/hostagent"
)

func TestExplain(t *testing.T) {
	unsafe := lv.Error{Code: lv.ERR_MIGRATE_UNSAFE, Domain: lv.FROM_QEMU,
		Message: "Unsafe migration: Migration without shared storage is unsafe"}
	got := explain(unsafe)
	if text := got.Error(); !strings.HasPrefix(text, unsafe.Message) || !strings.Contains(text, "shared storage with") ||
		strings.Contains(text, "Code=") {
		t.Errorf("got %q, want libvirt's words and what to do", text)
	}
	var lerr lv.Error
	if !errors.As(got, &lerr) || lerr.Code != lv.ERR_MIGRATE_UNSAFE {
		t.Errorf("errors.As: got %v, want libvirt's error", lerr)
	}
	hook := lv.Error{Code: lv.ERR_HOOK_SCRIPT_FAILED, Domain: lv.FROM_HOOK, Message: "Hook script execution failed"}
	if got := explain(hook); !errors.Is(got, hostagent.ErrNotLetIn) {
		t.Errorf("the target's hook refuses: got %v, want %v in it", got, hostagent.ErrNotLetIn)
	}
	denied := lv.Error{Code: lv.ERR_ACCESS_DENIED, Domain: lv.FROM_ACCESS, Message: "access denied: 'QEMU' denied access"}
	if text := explain(denied).Error(); !strings.Contains(text, "polkit's rules there (docs/three-hosts.md)") {
		t.Errorf("the target's polkit refuses: got %q, want what to look at", text)
	}
	if explain(nil) != nil {
		t.Error("explain(nil): got an error, want none")
	}
	other := errors.New("other")
	if got := explain(other); got != other {
		t.Errorf("got %v, want an error that is not libvirt's as it is", got)
	}
}

func TestBroken(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{errors.New("other"), false},
		{lv.Error{Code: lv.ERR_INTERNAL_ERROR, Domain: lv.FROM_RPC, Message: "client socket is closed"}, true},
		{fmt.Errorf("look: %w", plain(lv.Error{Code: lv.ERR_RPC})), true},
		{lv.Error{Code: lv.ERR_NO_DOMAIN, Domain: lv.FROM_QEMU}, false},
	} {
		if got := broken(c.err); got != c.want {
			t.Errorf("broken(%v): got %v, want %v", c.err, got, c.want)
		}
	}
}
