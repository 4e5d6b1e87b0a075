//go:build !cgo || !libvirt_dlopen

package libvirt

import "parley/hostagent"

// Built says whether this build includes libvirt.
const Built = false

// Open returns ErrNotBuilt.
func Open(Options) (hostagent.Platform, error) { return nil, ErrNotBuilt }
