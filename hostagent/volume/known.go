//go:build linux

package volume

import (
	"crypto/sha256"
	"time"

	"golang.org/x/sys/unix"
)

// pathKey names a path in little room: two different paths never have the same.
type pathKey [16]byte

func keyOf(path string) (k pathKey) {
	sum := sha256.Sum256([]byte(path))
	copy(k[:], sum[:])
	return k
}

// state is what tells one state of a file from another.
type state struct {
	inode             uint64
	size              int64
	modified, changed int64 // ns
}

func stateOf(st unix.Stat_t) state {
	return state{inode: st.Ino, size: st.Size, modified: st.Mtim.Nano(), changed: st.Ctim.Nano()}
}

// known is what the source knows that the target has under a path.
type known struct {
	state
	round  uint32 // in which the path was last there
	unsure bool   // the content may be another than that of this state
}

// recent is how long after a change another one may have the same time. The clock of file
// systems has steps of some milliseconds, some of a second or two.
const recent = int64(2 * time.Second)

// settled says that a state that was looked at after a moment tells all later changes.
func (s state) settled(began time.Time) bool { return s.changed < began.UnixNano()-recent }

// seen is the first name of a file with several in a round.
type seen struct {
	state
	path string
}
