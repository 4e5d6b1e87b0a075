package hostagent

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"time"

	"parley/lcc"
)

// turn is what every part of a core may use in a Step: who and when it is, the
// configuration in force, chance, and the list of effects so far.
type turn struct {
	self   HostID
	config Config
	chance *rand.ChaCha8

	now  lcc.Instant
	wall time.Time // at the last look
	out  []Effect  // of the Step under way
}

func (t *turn) emit(e Effect) { t.out = append(t.out, e) }

func (t *turn) after(d time.Duration) lcc.Instant { return t.now + lcc.Instant(d) }

// within says whether a moment of the wall clock is less than so long ago.
func (t *turn) within(moment time.Time, d time.Duration) bool {
	ago := t.wall.Sub(moment)
	return !moment.IsZero() && ago < d && ago > -d
}

// cooling says whether a moment of the wall clock is less than a cool-down
// ago. Other hosts' clocks may be ahead; one that is far ahead is not believed.
func (t *turn) cooling(moved time.Time) bool { return t.within(moved, t.config.Cooldown) }

// random returns n bytes of chance, in hexadecimal.
func (t *turn) random(n int) string {
	bytes := make([]byte, n)
	// ChaCha8.Read never fails.
	_, _ = t.chance.Read(bytes)
	return hex.EncodeToString(bytes)
}

// reseed keeps a driver that gives the same seed to every run from making the
// same tokens again.
func (t *turn) reseed(last []byte, records int) {
	var seed [32]byte
	// ChaCha8.Read never fails.
	_, _ = t.chance.Read(seed[:])
	hash := sha256.New()
	// A hash takes all that is written to it.
	_, _ = fmt.Fprintf(hash, "%d/%x/%x", records, seed, last)
	t.chance = rand.NewChaCha8([32]byte(hash.Sum(nil)))
}

// blame tells of something that another host did wrong.
func (t *turn) blame(host HostID, kind string) { t.emit(Misbehaved{Host: host, Kind: kind}) }
