//go:build !cgo || !libvirt_dlopen

package libvirt

import (
	"errors"

	"parley/hostagent"
)

// Open says that this build has no libvirt in it.
func Open(Options) (hostagent.Platform, error) {
	return nil, errors.New("this build leaves libvirt out: build with CGO_ENABLED=1 and -tags libvirt_dlopen, as `make build` does, or set platform.kind to memory to try things out")
}
