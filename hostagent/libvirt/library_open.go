//go:build cgo && libvirt_dlopen

package libvirt

/*
#cgo LDFLAGS: -ldl
#include <dlfcn.h>
#include <stdlib.h>
*/
import "C"

import (
	"errors"
	"runtime"
	"unsafe"
)

// libraryName is the library that the binding opens.
const libraryName = "libvirt.so.0"

// client is the library of this process. The binding is initialised before this
// package, and has just tried to open the library.
var client = newLibrary(openLibrary)

// openLibrary opens the library as the binding does.
func openLibrary() error {
	name := C.CString(libraryName)
	defer C.free(unsafe.Pointer(name))
	// dlerror returns the error of the calling thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if C.dlopen(name, C.RTLD_NOW|C.RTLD_LOCAL) == nil {
		return errors.New(C.GoString(C.dlerror()))
	}
	return nil
}
