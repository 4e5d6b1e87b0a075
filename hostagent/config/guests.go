package config

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"parley/hostagent"
	"parley/internal/hostname"
)

// MemoryGuest is a guest of the platform memory, or several alike.
type MemoryGuest struct {
	Name      string        `yaml:"name"`
	Count     int           `yaml:"count"`      // their names end with 1, 2, and so on, if it is above 1
	Cores     float64       `yaml:"cores"`      // processors
	Memory    string        `yaml:"memory"`     // such as 2GiB
	CPU       []float64     `yaml:"cpu"`        // cores that it wants, in turn
	Every     time.Duration `yaml:"every"`      // how long each of CPU lasts
	DirtyRate string        `yaml:"dirty_rate"` // how much of its memory it writes per second, such as 40MiB
}

// UnmarshalYAML reads a guest over the default of each key.
func (g *MemoryGuest) UnmarshalYAML(decode func(any) error) error {
	type plain MemoryGuest
	guest := plain{Count: 1, Cores: 1, Memory: "1GiB", Every: time.Minute, DirtyRate: "0MiB"}
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

// Bytes returns memory and dirty_rate in bytes; the errors are found by Validate.
func (g MemoryGuest) Bytes() (memory, dirty int64, err error) {
	if memory, err = amount("memory", g.Memory); err != nil {
		return 0, 0, err
	}
	dirty, err = amount("dirty_rate", g.DirtyRate)
	return memory, dirty, err
}

func amount(key, text string) (int64, error) {
	bytes, _, err := size(key, text)
	return bytes, err
}

// guestsMost bounds the guests of a host in memory: each of its looks reads all of them.
const guestsMost = 1000

// checkMemoryGuests returns what is wrong with the keys of the platform memory.
func (p Platform) checkMemoryGuests() (faults []error) {
	wrong := func(is bool, key, format string, args ...any) {
		if is {
			faults = append(faults, &Fault{Key: key, Text: fmt.Sprintf(format, args...)})
		}
	}
	if p.Kind != "memory" {
		const own = "leave it out, or write kind: memory: the guests of libvirt are its own"
		wrong(len(p.Guests) > 0, "platform.guests", own)
		wrong(p.Site != "", "platform.site", own)
		return faults
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
