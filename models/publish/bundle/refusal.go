package bundle

import (
	"errors"
	"fmt"
)

// Code says why something of a publisher was refused. Each way to be wrong has its
// own, so that an operator, a metric and a test can tell them apart.
type Code string

// The codes.
const (
	TooLarge       Code = "too_large"       // more bytes, entries or files than are taken
	Malformed      Code = "malformed"       // not the encoding that it should be
	NotCanonical   Code = "not_canonical"   // other bytes than those that say the same
	WrongFormat    Code = "format"          // a version of the format that this program does not know
	OtherPublisher Code = "other_publisher" // of a publisher that is not followed
	NoQuorum       Code = "no_quorum"       // fewer valid signatures than the root demands
	NoQuorumNew    Code = "no_quorum_new"   // a change of keys that the new keys have not signed
	WrongRoot      Code = "wrong_root"      // a root that does not follow the one in force, or makes no sense
	Rollback       Code = "rollback"        // of a version that is behind the one in force
	Equivocation   Code = "equivocation"    // another release under the same version: an alarm
	Gap            Code = "gap"             // not the next version: those between are missing
	Fork           Code = "fork"            // the next version, of another history
	Expired        Code = "expired"         // its time is over
	NotYet         Code = "not_yet"         // made in the future: a clock is wrong
	WrongDigest    Code = "wrong_digest"    // an object that is not what its digest says
	WrongPath      Code = "wrong_path"      // a name that would leave its directory, or is none of a policy's
	WrongRoster    Code = "wrong_roster"    // a roster that makes no sense
	WrongPolicy    Code = "wrong_policy"    // a policy that makes no sense: names, stages, guard
	NotChecked     Code = "not_checked"     // a model that does not parse, or has an error that the checker finds
	NoVocabulary   Code = "no_vocabulary"   // a model that asks what this host cannot answer
	NotAccepted    Code = "not_accepted"    // a model or role that this host's configuration does not accept
	NotRun         Code = "not_run"         // a model that failed its dry run
	Quarantined    Code = "quarantined"     // the agent died with it before
	Halted         Code = "halted"          // stopped on trial
	NotListed      Code = "not_listed"      // of a host that is in no roster
	NotTrying      Code = "not_trying"      // of a host that does not try the policy
	WrongSignature Code = "wrong_signature" // a heartbeat or halt that its maker has not signed
)

// Refusal is an error with a code.
type Refusal struct {
	Code   Code
	Detail string // what is wrong, and what to do where something can be done
}

func (r *Refusal) Error() string { return fmt.Sprintf("%s: %s", r.Code, r.Detail) }

// Refuse makes a Refusal.
func Refuse(code Code, format string, args ...any) error {
	return &Refusal{Code: code, Detail: fmt.Sprintf(format, args...)}
}

// CodeOf returns the code of an error that is, or wraps, a Refusal; "" for another.
func CodeOf(err error) Code {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}
