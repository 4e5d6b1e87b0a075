package hostagent

import (
	"maps"
	"slices"
	"strings"

	"parley/internal/bytesize"
)

// This file decides by the kind of a guest where it may go, and keeps hosts of earlier
// versions, which know virtual machines only, out of deals about other guests. Such a
// host ignores what it does not know, so:
//
//   - as a target, it names no kinds when it asks for a description: the source takes
//     that as virtual machines only, and describes nothing else;
//   - as a source, it describes virtual machines only, which is what a payload without a
//     kind is about;
//   - whatever describes another guest to it, such as an operator's move, says that the
//     guest requires a host with the label of its kind. No host has such a label, so it
//     refuses. A host that knows kinds takes that label out when it reads the payload.

// Kinds returns the kinds of guests that this version knows, in the order in which they
// are shown.
func Kinds() []Kind { return []Kind{VM, Container, Process} }

// Known replaces "" by VM.
func (k Kind) Known() Kind {
	if k == "" {
		return VM
	}
	return k
}

// Words is the kind as it is written in a sentence.
func (k Kind) Words() string {
	if k.Known() == VM {
		return "virtual machine"
	}
	return string(k)
}

// nature is what the deal and the payloads say of a guest beside its size. The zero
// value is that of a virtual machine.
type nature struct {
	Kind  Kind     `cbor:"1,keyasint,omitempty"` // "" is VM
	Needs []string `cbor:"2,keyasint,omitempty"`
	Disk  int64    `cbor:"3,keyasint,omitempty"` // bytes
	// missing is a file that the guest needs and that is not here (needed_files.go). It is not
	// sent.
	missing string
}

// natureOf returns the nature of a guest; that of a virtual machine which needs nothing
// is the zero value, and left out of payloads and records.
func natureOf(g Guest) nature {
	n := nature{Kind: g.Kind, Needs: g.Needs, Disk: g.Declared.DiskBytes}
	if n.Kind == VM {
		n.Kind = ""
	}
	return n
}

// plain says whether hosts of earlier versions can move such a guest.
func (n nature) plain() bool { return n.Kind == "" && len(n.Needs) == 0 && n.Disk == 0 }

// label is the label that a guest requires in a payload if it is not plain.
func (n nature) label() string { return kindLabel + string(n.Kind.Known()) }

// kindLabel begins the labels that keep hosts of earlier versions out. Configurations
// give no host such a label.
const kindLabel = "parley.kind="

// requiring adds the label of a guest's kind to its rules as they are sent.
func (n nature) requiring(r Rules) Rules {
	if !n.plain() {
		r.Requires = union(r.Requires, []string{n.label()})
	}
	return r
}

// understood takes the label of a guest's kind out of its rules as they were received.
func (n nature) understood(r Rules) Rules {
	if !n.plain() && slices.Contains(r.Requires, n.label()) {
		own := n.label()
		r.Requires = slices.DeleteFunc(slices.Clone(r.Requires), func(l string) bool { return l == own })
	}
	return r
}

// takes returns the kinds of guests that can come, sorted; nil if only virtual machines
// can, which is what a host of an earlier version says.
func (l *loads) takes() []Kind {
	list := slices.Sorted(maps.Keys(l.platform.Endpoints))
	list = slices.DeleteFunc(list, func(k Kind) bool { return l.platform.Endpoints[k] == "" })
	if len(list) == 0 || len(list) == 1 && list[0] == VM {
		return nil
	}
	return list
}

// lacksKind says that a guest's kind is none of those that a host has said it takes.
func (n nature) lacksKind(kinds []Kind) Refusal {
	kind := n.Kind.Known()
	if len(kinds) == 0 && kind == VM || slices.Contains(kinds, kind) {
		return Refusal{}
	}
	return refusal(CodeKind, "the guest is a %s, and the target takes none", kind.Words())
}

// lacks says what a guest's nature requires that this host does not have. While no
// endpoint is known at all, the deal is refused later for that.
func (l *loads) lacks(n nature) Refusal {
	kind := n.Kind.Known()
	if why := l.blind(kind); why.Is() {
		return why
	}
	if l.platform.Endpoints[kind] == "" && (len(l.platform.Endpoints) > 0 || kind != VM) {
		return refusal(CodeKind, "the guest is a %s, and this host takes none", kind.Words())
	}
	var missing []string
	for _, need := range n.Needs {
		if !slices.Contains(l.platform.Offers, need) {
			missing = append(missing, need)
		}
	}
	if len(missing) > 0 {
		return refusal(CodeNeeds, "the guest needs %s, which this host does not offer%s", strings.Join(missing, " and "), remedy(missing))
	}
	return Refusal{}
}

// remedy says what a person can do at once about what a host lacks; "" if that is nothing.
func remedy(missing []string) string {
	if slices.ContainsFunc(missing, func(need string) bool { return strings.HasPrefix(need, "image=") }) {
		return ": get the image there, by podman pull or podman load"
	}
	return ""
}

// blind says that guests of a kind cannot be observed now; of any kind without one.
func (l *loads) blind(kind Kind) Refusal {
	if !l.seen {
		return Refusal{CodePlatform, "the platform cannot be observed" + because(l.lookErr)}
	}
	for _, k := range slices.Sorted(maps.Keys(l.platform.Unseen)) {
		if kind == "" || k == kind {
			return refusal(CodePlatform, "the platform of its %s cannot be observed%s", plural(k), because(l.platform.Unseen[k]))
		}
	}
	return Refusal{}
}

// byVirsh returns what to do about a virtual machine, or about another guest.
func byVirsh(kind Kind, virsh, other string) string {
	if kind == VM {
		return virsh
	}
	return other
}

func plural(k Kind) string {
	if k == Process {
		return "processes"
	}
	return k.Words() + "s"
}

// diskFits says why volumes of this size find no room beside those that are here and
// reserved; the zero Refusal if they do. A guest without volumes always finds room.
func (rm *room) diskFits(more int64) Refusal {
	if more <= 0 {
		return Refusal{}
	}
	if free := rm.load.platform.Capacity.DiskBytes - rm.taken(false).DiskBytes; more > free {
		return refusal(CodeNoDisk, "its volumes take %s, and %s of disk are left for them", bytesize.GiB(more), bytesize.GiB(free))
	}
	return Refusal{}
}
