package hostagent

import (
	"fmt"
	"slices"
)

// Refusal says why a host does not do what was asked, or how a deal came to its end:
// a code for programs, and words for people. The zero value refuses nothing.
type Refusal struct {
	Code   Code
	Detail string
}

// Is says whether something is refused.
func (r Refusal) Is() bool { return r.Code != "" }

func (r Refusal) String() string { return r.Detail }

// in puts words before those of a refusal.
func (r Refusal) in(words string) Refusal { return Refusal{r.Code, words + r.Detail} }

func refusal(code Code, format string, args ...any) Refusal {
	return Refusal{code, fmt.Sprintf(format, args...)}
}

// Code is the stable name of a kind of refusal, for metrics, logs, the audit and tests.
// A code keeps its meaning; new ones may come.
type Code string

// What keeps a host from beginning deals at all.
const (
	CodeJournal   Code = "journal"      // the journal takes no records
	CodeLoad      Code = "load_unknown" // the load is not known
	CodePlatform  Code = "platform"     // the platform cannot be seen, or does not say where it is reached
	CodePaused    Code = "paused"       // by its operator
	CodeDrained   Code = "drained"      // by its operator
	CodeSuspended Code = "suspended"    // models are kept still
	CodeRecommend Code = "recommend"    // the host only recommends
	CodeMovesIn   Code = "moves_in"     // as many guests come as may at one time
	CodeMovesOut  Code = "moves_out"    // as many guests leave as may at one time
)

// What is held against the other host.
const (
	CodeOutsider    Code = "outsider"      // nothing is agreed with the other host
	CodeAvoided     Code = "avoided"       // migrations to the host have failed, and it is given time
	CodeQuota       Code = "quota"         // as many offers are held for the host as it may have at one time
	CodeUnused      Code = "unused_offers" // the host had room held, and no guest came
	CodeRate        Code = "rate"          // the host begins too many deals a second
	CodeForged      Code = "forged"        // the signature is not the host's
	CodeVersion     Code = "version"       // the host says more than this version takes
	CodeUnreachable Code = "unreachable"   // the host cannot be reached
	CodeSilent      Code = "silent"        // the host does not answer
	CodeNoHost      Code = "no_host"       // no host takes the guest, or none can be asked
)

// What keeps a guest where it is.
const (
	CodeAbsent       Code = "guest_absent"    // the guest is not on this host
	CodePresent      Code = "guest_present"   // the guest is on this host already
	CodeNotRunning   Code = "not_running"     // the guest does not run
	CodeIneligible   Code = "ineligible"      // the platform cannot migrate the guest
	CodeNeedsPerson  Code = "needs_person"    // an earlier deal about the guest needs a person
	CodeInDeal       Code = "in_deal"         // the guest is in a deal
	CodeLeaving      Code = "leaving"         // the guest is being moved, without a deal or by its operator
	CodeIgnored      Code = "ignored"         // Parley leaves the guest alone
	CodePinned       Code = "pinned"          // the guest stays where it is
	CodeUndescribed  Code = "not_describable" // the guest cannot be described to another host
	CodeNotConverges Code = "not_converging"  // the guest writes to its memory too fast
	CodeCooling      Code = "cooling_down"    // the guest was moved, or was to be, a short time ago
	CodeReturn       Code = "return"          // the guest was moved away from here
	CodeDuel         Code = "duel"            // somebody moves the guest back
	CodeBackoff      Code = "back_off"        // a migration of the guest has failed
)

// What does not fit between a guest and a host.
const (
	CodeNoRoom  Code = "no_room" // there is no room for the guest
	CodeNoGain  Code = "no_gain" // too little is gained
	CodeLabel   Code = "label"   // the guest requires a label that the host lacks
	CodeNear    Code = "near"    // a guest is to be near another
	CodeApart   Code = "apart"   // a guest is to be apart from another
	CodeNetwork Code = "network" // the guest's network is not on the host
	CodeFile    Code = "file"    // a file that the guest needs is not on the host
	CodeLarger  Code = "larger"  // the guest is larger than declared
)

// What is wrong with a question, or with what it names.
const (
	CodeBadQuestion Code = "bad_question" // the question makes no sense
	CodeSameHost    Code = "same_host"    // source and target are one
	CodeNoDeal      Code = "no_deal"      // no deal covers it
	CodeUsed        Code = "used"         // the deal was used already
	CodeCommitted   Code = "committed"    // the source has committed
	CodeNotArmed    Code = "not_armed"    // the deal is not armed
	CodeToken       Code = "token"        // another deal or token
	CodeNoOrder     Code = "no_order"     // there is nothing of which the order speaks
)

// How a deal came to its end, beside the refusals above.
const (
	CodeExpired    Code = "expired"      // its time is over
	CodeTakenBack  Code = "taken_back"   // the offer was taken back
	CodeDisplaced  Code = "displaced"    // an operator's move goes first
	CodeGivenUp    Code = "given_up"     // the source has given it up
	CodeOver       Code = "over"         // the source says that the move is over
	CodeRestarted  Code = "restarted"    // an agent was started anew
	CodeMoveFailed Code = "move_failed"  // the platform could not move the guest
	CodeNotLetIn   Code = "not_admitted" // the target did not let the guest in
	CodeEnded      Code = "guest_ended"  // the guest has ended
	CodeElsewhere  Code = "seen"         // what the platforms show has ended it
	CodeUnclear    Code = "unclear"      // no look settles where the guest is
	CodeOther      Code = "other"        // the other end gives a code that this version does not know, or none
)

// codes are those that another host may give.
var codes = []Code{
	CodeJournal, CodeLoad, CodePlatform, CodePaused, CodeDrained, CodeSuspended, CodeRecommend, CodeMovesIn, CodeMovesOut,
	CodeOutsider, CodeAvoided, CodeQuota, CodeUnused, CodeRate, CodeForged, CodeVersion, CodeUnreachable, CodeSilent, CodeNoHost,
	CodeAbsent, CodePresent, CodeNotRunning, CodeIneligible, CodeNeedsPerson, CodeInDeal, CodeLeaving, CodeIgnored, CodePinned,
	CodeUndescribed, CodeNotConverges, CodeCooling, CodeReturn, CodeDuel, CodeBackoff,
	CodeNoRoom, CodeNoGain, CodeLabel, CodeNear, CodeApart, CodeNetwork, CodeFile, CodeLarger,
	CodeBadQuestion, CodeSameHost, CodeNoDeal, CodeUsed, CodeCommitted, CodeNotArmed, CodeToken, CodeNoOrder,
	CodeExpired, CodeTakenBack, CodeDisplaced, CodeGivenUp, CodeOver, CodeRestarted, CodeMoveFailed, CodeNotLetIn, CodeEnded,
	CodeElsewhere, CodeUnclear, CodeOther,
}

// Codes returns all codes, for whoever lists them. The caller may change what it gets.
func Codes() []Code { return slices.Clone(codes) }

func orderDone(id uint64, why Refusal) OrderDone {
	return OrderDone{ID: id, Err: why.Detail, Code: why.Code}
}

// why is what the platform says of a migration that failed.
func (ev Moved) why() Refusal {
	switch {
	case ev.Err == "":
		return Refusal{}
	case ev.NotLetIn:
		return Refusal{CodeNotLetIn, ev.Err}
	}
	return Refusal{CodeMoveFailed, ev.Err}
}

// said is a refusal of another host. A code that is not known here says nothing: no
// other host may make up names for the metrics.
func said(p payload) Refusal {
	if slices.Contains(codes, p.Code) {
		return Refusal{p.Code, p.Reason}
	}
	return Refusal{CodeOther, p.Reason}
}
