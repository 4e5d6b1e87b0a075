package config

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"parley/hostagent"
	"parley/internal/hostname"
)

// MemoryGuest is a guest of the platform memory, or several alike.
type MemoryGuest struct {
	Name      string         `yaml:"name"`
	Kind      hostagent.Kind `yaml:"kind" jsonschema:"enum=vm,enum=container,enum=process"`
	Count     int            `yaml:"count"`      // their names end with 1, 2, and so on, if it is above 1
	Cores     float64        `yaml:"cores"`      // processors
	Memory    string         `yaml:"memory"`     // such as 2GiB
	CPU       []float64      `yaml:"cpu"`        // cores that it wants, in turn
	Every     time.Duration  `yaml:"every"`      // how long each of CPU lasts
	DirtyRate string         `yaml:"dirty_rate"` // how much of its memory it writes per second, such as 40MiB
	Needs     []string       `yaml:"needs"`      // what a target must offer, such as criu=4.2
	Disk      string         `yaml:"disk"`       // what its volumes take, such as 4GiB
}

// UnmarshalYAML reads a guest over the default of each key.
func (g *MemoryGuest) UnmarshalYAML(decode func(any) error) error {
	type plain MemoryGuest
	guest := plain{Kind: hostagent.VM, Count: 1, Cores: 1, Memory: "1GiB", Every: time.Minute, DirtyRate: "0MiB"}
	if err := decode(&guest); err != nil {
		return err
	}
	*g = MemoryGuest(guest)
	return nil
}

// Names returns the names of the guests.
func (g MemoryGuest) Names() (list []string) {
	if g.Count == 1 {
		return []string{g.Name}
	}
	for i := range g.Count {
		list = append(list, g.Name+strconv.Itoa(i+1))
	}
	return list
}

// Bytes returns memory, dirty_rate and disk in bytes; the errors are found by Validate.
func (g MemoryGuest) Bytes() (memory, dirty, disk int64, err error) {
	memory, err = amount("memory", g.Memory)
	if err == nil {
		dirty, err = amount("dirty_rate", g.DirtyRate)
	}
	if err == nil {
		disk, err = amount("disk", g.Disk)
	}
	return memory, dirty, disk, err
}

func amount(key, text string) (int64, error) {
	bytes, _, err := size(key, text)
	return bytes, err
}

// guestsMost bounds the guests of a host in memory: each of its looks reads all of them.
const guestsMost = 1000

// TakenKinds returns the kinds of the guests that the platform memory can have.
func (p Platform) TakenKinds() []hostagent.Kind {
	if len(p.Kinds) > 0 {
		return p.Kinds
	}
	kinds := []hostagent.Kind{hostagent.VM}
	for _, g := range p.Guests {
		if !slices.Contains(kinds, g.Kind) {
			kinds = append(kinds, g.Kind)
		}
	}
	return kinds
}

// needsMost bounds what a guest needs, and what a host offers.
const needsMost = 64

const needText = "write one word, such as criu=4.2, of at most 256 bytes"

func isNeed(text string) bool {
	unfit := func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }
	return text != "" && len(text) <= 256 && !strings.ContainsFunc(text, unfit)
}

// checkMemoryGuests returns what is wrong with the keys of the platform memory.
func (p Platform) checkMemoryGuests() (faults []error) {
	wrong := func(is bool, key, format string, args ...any) {
		if is {
			faults = append(faults, &Fault{Key: key, Text: fmt.Sprintf(format, args...)})
		}
	}
	switch p.Kind {
	case "memory":
	case "libvirt":
		const own = "leave it out, or write kind: memory: the guests of libvirt are its own"
		wrong(len(p.Guests) > 0, "platform.guests", own)
		wrong(p.Site != "", "platform.site", own)
		wrong(len(p.Kinds) > 0, "platform.kinds", own)
		wrong(len(p.Offers) > 0, "platform.offers", own)
		return faults
	default:
		return nil // what these keys are for is told by the kind, which is wrong
	}
	for i, kind := range p.Kinds {
		wrong(!slices.Contains(hostagent.Kinds(), kind), fmt.Sprintf("platform.kinds[%d]", i), "is %q: write vm, container or process", kind)
	}
	wrong(len(p.Offers) > needsMost, "platform.offers", "are %d: give at most %d", len(p.Offers), needsMost)
	for i, offer := range p.Offers {
		wrong(!isNeed(offer), fmt.Sprintf("platform.offers[%d]", i), "is %q: %s", offer, needText)
	}
	seen := map[string]string{}
	all := 0
	for i, g := range p.Guests {
		at := fmt.Sprintf("platform.guests[%d]", i)
		err := hostname.Check(g.Name)
		wrong(err != nil, at+".name", "is wrong: a guest is called as a host: %v", err)
		wrong(g.Count < 1 || g.Count > guestsMost, at+".count", "is %d: give 1 to %d", g.Count, guestsMost)
		wrong(!(g.Cores > 0) || g.Cores > CoresMost, at+".cores", "is %g: give processors, such as 2, at most %d", g.Cores, CoresMost)
		memory, err := amount(at+".memory", g.Memory)
		if err != nil {
			faults = append(faults, err)
		}
		wrong(err == nil && memory == 0, at+".memory", "is none: write how much the guest has, such as 2GiB")
		if _, err := amount(at+".dirty_rate", g.DirtyRate); err != nil {
			faults = append(faults, err)
		}
		wrong(!slices.Contains(hostagent.Kinds(), g.Kind), at+".kind", "is %q: write vm, container or process", g.Kind)
		wrong(len(p.Kinds) > 0 && !slices.Contains(p.Kinds, g.Kind), at+".kind", "is %s, which platform.kinds leaves out: add it there", g.Kind)
		if _, err := amount(at+".disk", g.Disk); err != nil {
			faults = append(faults, err)
		}
		wrong(len(g.Needs) > needsMost, at+".needs", "are %d: give at most %d", len(g.Needs), needsMost)
		for j, need := range g.Needs {
			wrong(!isNeed(need), fmt.Sprintf("%s.needs[%d]", at, j), "is %q: %s", need, needText)
		}
		for j, cores := range g.CPU {
			wrong(!(cores >= 0) || math.IsInf(cores, 0), fmt.Sprintf("%s.cpu[%d]", at, j), "is %g: give cores, such as 1.5", cores)
		}
		wrong(g.Every <= 0 || g.Every > hostagent.TimeMost, at+".every", "is %v: give a time such as 1m, at most %v", g.Every, hostagent.TimeMost)
		if g.Count < 1 || g.Count > guestsMost {
			continue
		}
		all += g.Count
		for _, name := range g.Names() {
			wrong(seen[name] != "", at+".name", "makes a second guest %s, as %s does: give each guest a name of its own", name, seen[name])
			seen[name] = at
		}
	}
	wrong(all > guestsMost, "platform.guests", "are %d guests: give at most %d for a host", all, guestsMost)
	return faults
}
