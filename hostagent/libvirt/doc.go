// Package libvirt is the platform of hosts that run their guests with QEMU/KVM under
// libvirt. It is the only package that imports libvirt's binding, and exports none of
// its types.
//
// The library is opened at run time (build tag libvirt_dlopen), so a build needs
// neither its headers nor the library, and a machine without it gets a clear message. A
// build without the tag or without cgo leaves libvirt out.
package libvirt
