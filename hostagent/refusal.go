package hostagent

import (
	"fmt"
	"slices"
)

// Refusal says why a host does not do what was asked, or why a deal ended: a code for
// programs and a text for people. The zero value refuses nothing.
type Refusal struct {
	Code   Code
	Detail string
}

// Is says whether something is refused.
func (r Refusal) Is() bool { return r.Code != "" }

func (r Refusal) String() string { return r.Detail }

// in puts a prefix before the text of a refusal.
func (r Refusal) in(words string) Refusal { return Refusal{r.Code, words + r.Detail} }

func refusal(code Code, format string, args ...any) Refusal {
	return Refusal{code, fmt.Sprintf(format, args...)}
}

// Code is the stable name of a kind of refusal, for metrics, logs, the audit and tests.
// A code keeps its meaning; new ones may be added.
type Code string

// Why a host begins no deals at all.
const (
	CodeJournal    Code = "journal"      // the journal takes no records
	CodeLoad       Code = "load_unknown" // the load is not known
	CodePlatform   Code = "platform"     // the platform cannot be observed, or does not report its endpoint
	CodePaused     Code = "paused"       // by its operator
	CodeSitePaused Code = "site_paused"  // by an operator of the site
	CodeDrained    Code = "drained"      // by its operator
	CodeWindow     Code = "window"       // its windows keep policies from moving guests at this time
	CodeSuspended  Code = "suspended"    // models are suspended
	CodeRecommend  Code = "recommend"    // the host only recommends
	CodeMovesIn    Code = "moves_in"     // the limit of concurrent moves in is reached
	CodeMovesOut   Code = "moves_out"    // the limit of concurrent moves out is reached
)

// Reasons that concern the other host.
const (
	CodeOutsider    Code = "outsider"      // there is no agreement with the other host
	CodeAvoided     Code = "avoided"       // migrations to the host failed, and it is in back-off
	CodeQuota       Code = "quota"         // the host has as many reservations as it may have at one time
	CodeUnused      Code = "unused_offers" // the host left reservations unused
	CodeRate        Code = "rate"          // the host begins too many deals per second
	CodeForged      Code = "forged"        // the signature is not the host's
	CodeVersion     Code = "version"       // the payload exceeds the limits of this version
	CodeUnreachable Code = "unreachable"   // the host cannot be reached
	CodeSilent      Code = "silent"        // the host does not answer
	CodeNoHost      Code = "no_host"       // no host takes the guest, or none can be asked
)

// Why a guest is not moved.
const (
	CodeAbsent       Code = "guest_absent"    // the guest is not on this host
	CodePresent      Code = "guest_present"   // the guest is on this host already
	CodeNotRunning   Code = "not_running"     // the guest does not run
	CodeIneligible   Code = "ineligible"      // the platform cannot migrate the guest
	CodeNeedsPerson  Code = "needs_person"    // an earlier deal about the guest needs a person
	CodeInDeal       Code = "in_deal"         // the guest is in a deal
	CodeLeaving      Code = "leaving"         // the guest is migrating already, without a deal or by its operator
	CodeIgnored      Code = "ignored"         // Parley leaves the guest alone
	CodePinned       Code = "pinned"          // the guest stays where it is
	CodeIgnoredHere  Code = "ignored_by_rule" // a rule of its host has Parley leave the guest alone
	CodePinnedHere   Code = "pinned_by_rule"  // a rule of its host keeps the guest where it is
	CodeUndescribed  Code = "not_describable" // the guest's description exceeds the limits of a payload
	CodeNotConverges Code = "not_converging"  // the guest writes to its memory faster than it can be sent
	CodeCooling      Code = "cooling_down"    // the guest was moved, or its move recommended, a short time ago
	CodeReturn       Code = "return"          // the guest was moved away from here a short time ago
	CodeDuel         Code = "duel"            // someone else moves the guest back
	CodeBackoff      Code = "back_off"        // a migration of the guest failed
)

// Why a guest and a host do not match.
const (
	CodeNoRoom  Code = "no_room" // there is no room for the guest
	CodeNoGain  Code = "no_gain" // the gain is too small
	CodeLabel   Code = "label"   // the guest requires a label that the host lacks
	CodeNear    Code = "near"    // a guest is to be near another
	CodeApart   Code = "apart"   // a guest is to be apart from another
	CodeNetwork Code = "network" // the guest's network is not on the host
	CodeFile    Code = "file"    // a file that the guest needs is not on the host
	CodeLarger  Code = "larger"  // the guest is larger than declared
	CodeKind    Code = "kind"    // the host has no platform for guests of this kind
	CodeNeeds   Code = "needs"   // the guest needs something that the host does not offer
	CodeNoDisk  Code = "no_disk" // there is no disk room for the guest's volumes
	// CodeSpareRoom says that room for guests of hosts that fail would be missing.
	CodeSpareRoom Code = "spare_room"
)

// What is wrong with a question, or with what it refers to.
const (
	CodeBadQuestion Code = "bad_question" // the question is invalid
	CodeSameHost    Code = "same_host"    // source and target are the same host
	CodeNoDeal      Code = "no_deal"      // no deal covers it
	CodeUsed        Code = "used"         // the deal was used already
	CodeCommitted   Code = "committed"    // the source has committed
	CodeNotArmed    Code = "not_armed"    // the deal is not armed
	CodeToken       Code = "token"        // it names another deal or token
	CodeNoOrder     Code = "no_order"     // what the order refers to does not exist
)

// Why a deal ended, besides the refusals above.
const (
	CodeExpired    Code = "expired"      // its time is over
	CodeTakenBack  Code = "taken_back"   // the offer was withdrawn
	CodeDisplaced  Code = "displaced"    // an operator's move goes first
	CodeGivenUp    Code = "given_up"     // the source gave it up
	CodeOver       Code = "over"         // the source says that the migration is over
	CodeRestarted  Code = "restarted"    // an agent was restarted
	CodeMoveFailed Code = "move_failed"  // the platform could not move the guest
	CodeNotLetIn   Code = "not_admitted" // the target did not admit the guest
	CodeEnded      Code = "guest_ended"  // the guest has ended
	CodeElsewhere  Code = "seen"         // the platforms show where the guest is
	CodeUnclear    Code = "unclear"      // no look settles where the guest is
	CodeOther      Code = "other"        // the other end gives an unknown code, or none
)

// codes lists the codes that another host may give.
var codes = []Code{
	CodeJournal, CodeLoad, CodePlatform, CodePaused, CodeSitePaused,
	CodeDrained, CodeWindow, CodeSuspended, CodeRecommend, CodeMovesIn, CodeMovesOut,
	CodeOutsider, CodeAvoided, CodeQuota, CodeUnused, CodeRate, CodeForged, CodeVersion, CodeUnreachable, CodeSilent, CodeNoHost,
	CodeAbsent, CodePresent, CodeNotRunning, CodeIneligible, CodeNeedsPerson, CodeInDeal, CodeLeaving, CodeIgnored, CodePinned,
	CodeIgnoredHere, CodePinnedHere,
	CodeUndescribed, CodeNotConverges, CodeCooling, CodeReturn, CodeDuel, CodeBackoff,
	CodeNoRoom, CodeNoGain, CodeLabel, CodeNear, CodeApart, CodeNetwork, CodeFile, CodeLarger, CodeKind, CodeNeeds, CodeNoDisk, CodeSpareRoom,
	CodeBadQuestion, CodeSameHost, CodeNoDeal, CodeUsed, CodeCommitted, CodeNotArmed, CodeToken, CodeNoOrder,
	CodeExpired, CodeTakenBack, CodeDisplaced, CodeGivenUp, CodeOver, CodeRestarted, CodeMoveFailed, CodeNotLetIn, CodeEnded,
	CodeElsewhere, CodeUnclear, CodeOther,
}

// Codes returns all codes. The caller owns the slice.
func Codes() []Code { return slices.Clone(codes) }

// why returns what the platform says about a failed migration.
func (ev Moved) why() Refusal {
	switch {
	case ev.Err == "":
		return Refusal{}
	case ev.NotLetIn:
		return Refusal{CodeNotLetIn, ev.Err}
	}
	return Refusal{CodeMoveFailed, ev.Err}
}

// said returns a refusal of another host. An unknown code becomes CodeOther: no other
// host may invent names for the metrics.
func said(p payload) Refusal {
	if slices.Contains(codes, p.Code) {
		return Refusal{p.Code, p.Reason}
	}
	return Refusal{CodeOther, p.Reason}
}
