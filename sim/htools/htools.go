// Package htools writes a simulated site in the format of Ganeti's htools, so that hbal
// can be run on the same hosts and guests, and reads its output.
//
// The format is that of the text backend (hbal -t): groups, nodes, instances, tags and
// policies, each a block of lines with fields separated by |. The loads go into a
// separate file (hbal -U): name, CPU, memory, disk, network.
package htools

import (
	"bufio"
	"fmt"
	"io"

	"parley/sim"
)

// uuid is the UUID of a group; htools check only its format.
func uuid(group int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", group) }

// ipolicy is the instance policy of every group, after its name: the sizes of guests
// (the standard one, then the smallest and the largest), the disk templates, and how
// many virtual processors may share a core: so many that the guests' load decides and
// not their number.
const ipolicy = "128,1,1024,1,1,1|128,1,0,0,0,0;1048576,1024,1048576,16,8,1024|ext,sharedfile,plain,drbd,diskless|64.0|1024.0"

// Write writes the site with its hosts in groups of groupSize; 0: one group.
func Write(w io.Writer, s sim.Site, groupSize int) error {
	out := bufio.NewWriter(w)
	if groupSize <= 0 {
		groupSize = len(s.Hosts)
	}
	groups := (len(s.Hosts) + groupSize - 1) / groupSize
	for g := range groups {
		fmt.Fprintf(out, "group%d|%s|preferred||\n", g, uuid(g))
	}
	fmt.Fprintln(out)
	used := map[string]int64{}
	for _, guest := range s.Guests {
		used[guest.Host] += guest.Declared.MemoryBytes >> 20
	}
	for i, h := range s.Hosts {
		memory := h.Capacity.MemoryBytes >> 20
		fmt.Fprintf(out, "%s|%d|0|%d|1000000|1000000|%d|N|%s|1||N|0|1|1.0\n",
			h.Name, memory, memory-used[h.Name], int(h.Capacity.CPU), uuid(i/groupSize))
	}
	fmt.Fprintln(out)
	for _, guest := range s.Guests {
		fmt.Fprintf(out, "%s|%d|0|%d|running|Y|%s||ext||1|1|N\n",
			guest.Name, guest.Declared.MemoryBytes>>20, int(guest.Declared.CPU), guest.Host)
	}
	fmt.Fprintln(out)
	fmt.Fprintln(out)
	fmt.Fprintf(out, "|%s\n", ipolicy)
	for g := range groups {
		fmt.Fprintf(out, "group%d|%s\n", g, ipolicy)
	}
	return out.Flush()
}

// WriteLoads writes each guest's initial use, in cores of a host of the first kind: the
// load that hbal balances.
func WriteLoads(w io.Writer, s sim.Site) error {
	out := bufio.NewWriter(w)
	for _, g := range s.Guests {
		load := g.CPU
		if g.Load != nil {
			load = g.Load.At(0)
		}
		fmt.Fprintf(out, "%s %.6f 0 0 0\n", g.Name, load/s.Hosts[0].Capacity.CPU)
	}
	return out.Flush()
}
