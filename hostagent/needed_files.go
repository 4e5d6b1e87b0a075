package hostagent

import (
	"path"
	"strings"
)

// This file checks whether a target has the files that a guest needs, such as the image
// in its CD-ROM drive: without them libvirt would refuse the guest when the migration
// begins. The core does no I/O, so it sets the description aside, asks its driver, and
// continues with the driver's answer.

const (
	// filesMost is how many files of one guest are checked; the platform checks the
	// rest.
	filesMost = 8
	// fileNameMost bounds the name of a file, in bytes.
	fileNameMost = 256
	// asideMost bounds the descriptions that wait for the driver, asideOfOne those of
	// one host. Further ones are treated as if all files were there: the platform has
	// the last word.
	asideMost  = 64
	asideOfOne = 4
)

// LookFor asks which of the files this host lacks; answered by Found.
type LookFor struct {
	ID    uint64
	Files []string
}

// Found answers LookFor.
type Found struct {
	ID      uint64
	Missing string // a file that is not here; "": all are, or it is unknown
}

func (LookFor) isEffect() {}
func (Found) isEvent()    {}

// hidden lists directories of which an agent sees its own version, or that hold no
// regular files: what is there does not show what libvirt would find.
var hidden = []string{"/proc", "/sys", "/dev", "/run", "/tmp", "/var/tmp", "/home", "/root"}

// Askable says whether another host may be asked for a file: the name is absolute and
// clean, and in a directory that agents see as libvirt does.
func Askable(name string) bool {
	if len(name) > fileNameMost || !path.IsAbs(name) || path.Clean(name) != name || strings.ContainsRune(name, 0) {
		return false
	}
	for _, dir := range hidden {
		if name == dir || strings.HasPrefix(name, dir+"/") {
			return false
		}
	}
	return true
}

// filesToAsk returns the first files that another host may be asked for.
func filesToAsk(files []string) (list []string) {
	for _, name := range files {
		if Askable(name) && len(list) < filesMost {
			list = append(list, name)
		}
	}
	return list
}

// setAside is a guest's description that waits for a check of its files.
type setAside struct {
	from HostID
	said payload
	raw  []byte
}

// aside holds the descriptions that wait. Its zero value is ready to use.
type aside struct {
	last    uint64
	waiting map[uint64]setAside
}

// put sets a description aside, unless too many wait, and returns what to ask.
func (a *aside) put(from HostID, p payload, raw []byte) (ask LookFor, ok bool) {
	files := filesToAsk(p.Files)
	ofOne := 0
	for _, d := range a.waiting {
		if d.from == from {
			ofOne++
		}
	}
	if len(files) == 0 || ofOne >= asideOfOne || len(a.waiting) >= asideMost {
		return LookFor{}, false
	}
	if a.waiting == nil {
		a.waiting = map[uint64]setAside{}
	}
	a.last++
	a.waiting[a.last] = setAside{from, p, raw}
	return LookFor{ID: a.last, Files: files}, true
}

// take removes and returns the description that an answer is for.
func (a *aside) take(id uint64) (d setAside, ok bool) {
	d, ok = a.waiting[id]
	delete(a.waiting, id)
	return d, ok
}

// found continues with a description whose files were checked.
func (c *Core) found(ev Found) {
	if d, ok := c.wire.aside.take(ev.ID); ok {
		d.said.Nature.missing = ev.Missing
		c.heard(d.from, d.said, d.raw)
	}
}

// describes says whether a payload describes a guest to a target.
func describes(kind string) bool {
	return kind == kindDescribe || kind == kindQuote || kind == kindPropose
}
