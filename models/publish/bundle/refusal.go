package bundle

import (
	"errors"
	"fmt"
)

// Code says why a publisher's data was rejected. Each fault has its own code, so that
// operators, metrics and tests can distinguish them.
type Code string

// The codes.
const (
	TooLarge       Code = "too_large"       // more bytes, entries or files than allowed
	Malformed      Code = "malformed"       // not the expected encoding
	NotCanonical   Code = "not_canonical"   // not the canonical encoding
	WrongFormat    Code = "format"          // a format version that this program does not know
	OtherPublisher Code = "other_publisher" // of a publisher that is not followed
	NoQuorum       Code = "no_quorum"       // fewer valid signatures than the root requires
	NoQuorumNew    Code = "no_quorum_new"   // a change of keys without the signatures of the new keys
	WrongRoot      Code = "wrong_root"      // a root that does not follow the current one, or is invalid
	Rollback       Code = "rollback"        // a version before the one in force
	Equivocation   Code = "equivocation"    // another release with the same version: an alarm
	Gap            Code = "gap"             // not the next version: releases in between are missing
	Fork           Code = "fork"            // the next version of another history
	Expired        Code = "expired"         // past its expiry
	NotYet         Code = "not_yet"         // made in the future: a clock is wrong
	WrongDigest    Code = "wrong_digest"    // an object that does not match its digest
	WrongPath      Code = "wrong_path"      // a name that would leave its directory, or not a policy's file name
	WrongRoster    Code = "wrong_roster"    // an invalid roster
	WrongPolicy    Code = "wrong_policy"    // an invalid policy: names, stages, guard
	NotChecked     Code = "not_checked"     // a model that does not parse, or has an error of the checker
	NoVocabulary   Code = "no_vocabulary"   // a model with questions that this host cannot answer
	NotAccepted    Code = "not_accepted"    // a model or role that this host's configuration does not accept
	NotRun         Code = "not_run"         // a model that failed its dry run
	Quarantined    Code = "quarantined"     // the agent died with it before
	Halted         Code = "halted"          // halted on trial
	NotListed      Code = "not_listed"      // of a host that is in no roster
	NotTrying      Code = "not_trying"      // of a host that does not try the policy
	WrongSignature Code = "wrong_signature" // a heartbeat or halt without a valid signature of its maker
)

// Refusal is an error with a code.
type Refusal struct {
	Code   Code
	Detail string // the fault, and the remedy when there is one
}

func (r *Refusal) Error() string { return fmt.Sprintf("%s: %s", r.Code, r.Detail) }

// Refuse returns a *Refusal.
func Refuse(code Code, format string, args ...any) error {
	return &Refusal{Code: code, Detail: fmt.Sprintf(format, args...)}
}

// CodeOf returns the code of an error that is, or wraps, a Refusal; otherwise "".
func CodeOf(err error) Code {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}
