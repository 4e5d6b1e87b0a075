package hostagent

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"time"

	"parley/lcc"
)

// turn is what every part of a core may use in a Step: the host's id, the time, the
// configuration, randomness, and the effects so far.
type turn struct {
	self   HostID
	config Config
	chance *rand.ChaCha8

	now  lcc.Instant
	wall time.Time // at the last look
	out  []Effect  // of the current Step
}

func (t *turn) emit(e Effect) { t.out = append(t.out, e) }

func (t *turn) after(d time.Duration) lcc.Instant { return t.now + lcc.Instant(d) }

// within says whether a wall-clock time is less than d away from the last look.
func (t *turn) within(moment time.Time, d time.Duration) bool {
	ago := t.wall.Sub(moment)
	return !moment.IsZero() && ago < d && ago > -d
}

// cooling says whether a wall-clock time is less than a cool-down away. Other hosts'
// clocks may be ahead, so a time in the near future counts, and one farther ahead does
// not.
func (t *turn) cooling(moved time.Time) bool { return t.within(moved, t.config.Cooldown) }

// random returns 16 random bytes, in hexadecimal: an id or a token that nobody guesses.
func (t *turn) random() string {
	var bytes [16]byte
	// ChaCha8.Read never fails.
	_, _ = t.chance.Read(bytes[:])
	return hex.EncodeToString(bytes[:])
}

// reseed prevents a driver that passes the same seed in every run from causing the same
// tokens again.
func (t *turn) reseed(last []byte, records int) {
	var seed [32]byte
	// ChaCha8.Read never fails.
	_, _ = t.chance.Read(seed[:])
	hash := sha256.New()
	// Writing to a hash never fails.
	_, _ = fmt.Fprintf(hash, "%d/%x/%x", records, seed, last)
	t.chance = rand.NewChaCha8([32]byte(hash.Sum(nil)))
}

// blame reports that another host did something wrong.
func (t *turn) blame(host HostID, kind string) { t.emit(Misbehaved{Host: host, Kind: kind}) }
