package hostagent

import (
	"path"
	"strings"
)

// This file is how a target finds out whether it has the files that a guest needs,
// such as the image in its CD-ROM drive: libvirt would refuse it when the move
// begins. The core cannot look, so it puts what it was told aside, asks its driver,
// and goes on when that has answered.

const (
	// filesMost are asked for of one guest; further ones are left to the platform.
	filesMost = 8
	// fileNameMost bounds the name of one, in bytes.
	fileNameMost = 256
	// asideMost descriptions may wait for the driver, asideOfOne of one host. What
	// comes beyond them is taken as if all files were there: the platform has the
	// last word.
	asideMost  = 64
	asideOfOne = 4
)

// LookFor asks which of some files this host lacks; answered by Found.
type LookFor struct {
	ID    uint64
	Files []string
}

// Found answers LookFor.
type Found struct {
	ID      uint64
	Missing string // one that is not here; "": all are, or it is not known
}

func (LookFor) isEffect() {}
func (Found) isEvent()    {}

// hidden are directories of which an agent sees its own, or which are none of files:
// what is there says nothing of what libvirt would find.
var hidden = []string{"/proc", "/sys", "/dev", "/run", "/tmp", "/var/tmp", "/home", "/root"}

// Askable says whether another host may be asked for a file: it is named in full and
// in one way, and lies where agents see what libvirt does.
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

// filesToAsk are the first of some files that another host may be asked for.
func filesToAsk(files []string) (list []string) {
	for _, name := range files {
		if Askable(name) && len(list) < filesMost {
			list = append(list, name)
		}
	}
	return list
}

// setAside is what a host said of a guest while files are looked for.
type setAside struct {
	from HostID
	said payload
	raw  []byte
}

// aside are the descriptions that wait. Its zero value is ready.
type aside struct {
	last    uint64
	waiting map[uint64]setAside
}

// put sets one aside, unless too many wait, and returns what to ask.
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

// take gives back the one that an answer is for.
func (a *aside) take(id uint64) (d setAside, ok bool) {
	d, ok = a.waiting[id]
	delete(a.waiting, id)
	return d, ok
}

// found goes on with a description whose files were looked for.
func (c *Core) found(ev Found) {
	if d, ok := c.wire.aside.take(ev.ID); ok {
		d.said.missing = ev.Missing
		c.heard(d.from, d.said, d.raw)
	}
}

// describes says whether a payload describes a guest to a target.
func describes(kind string) bool {
	return kind == kindDescribe || kind == kindQuote || kind == kindPropose
}
