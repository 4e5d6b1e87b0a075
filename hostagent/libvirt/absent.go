//go:build !cgo || !libvirt_dlopen

package libvirt

import "parley/hostagent"

// Built says whether this build has libvirt in it.
const Built = false

// Open says that it has not.
func Open(Options) (hostagent.Platform, error) { return nil, ErrNotBuilt }
