package hostagent

import (
	"strings"

	"parley/lcc/vocabulary"
)

// Vocabulary returns what a model may ask of a host and have it do. Shares are of the
// capacity that the host declares; a need is need(Cores, MiB), a capacity room(Cores,
// MiB). The caller owns the result.
func Vocabulary() *vocabulary.Set {
	set := &vocabulary.Set{Version: vocabularyVersion}
	for _, q := range questions {
		set.Predicates = append(set.Predicates, q.signature)
	}
	set.Predicates = append(set.Predicates, doable()...)
	return set
}

// vocabularyVersion grows with each release that has new words. A word says with Since
// which version first had it.
const vocabularyVersion = 2

const (
	formNeed = "need(Cores, MiB)"
	formRoom = "room(Cores, MiB)"
	formDeal = "deal(Id, Token, TtlSeconds)"
	unitLoad = "share 0..1"
)

func params(list ...vocabulary.Param) []vocabulary.Param { return list }

func in(name, kind, unit, doc string) vocabulary.Param {
	return vocabulary.Param{Name: name, Mode: vocabulary.In, Type: kind, Unit: unit, Doc: doc}
}

func out(name, kind, unit, doc string) vocabulary.Param {
	return vocabulary.Param{Name: name, Mode: vocabulary.Out, Type: kind, Unit: unit, Doc: doc}
}

// oneOf is an atom among some.
func oneOf(name string, mode vocabulary.Mode, values ...string) vocabulary.Param {
	last := len(values) - 1
	doc := strings.Join(values[:last], ", ") + " or " + values[last]
	return vocabulary.Param{Name: name, Mode: mode, Type: "atom", Values: values, Doc: doc}
}

var (
	paramLevel    = in("Level", "number", unitLoad, "a level that the text chooses")
	paramLoad     = out("Load", "number", unitLoad, "the forecast")
	paramWorth    = out("Cores", "number", "cores", "the mean of half an hour; below 0: the move costs more than it brings")
	paramResource = oneOf("Resource", vocabulary.In, "cpu", "memory")
	paramNeedIn   = in("Need", formNeed, "cores, MiB", "what a guest needs")
	paramDealIn   = in("Deal", formDeal, "", "a deal as reserve gave it")
	paramCapacity = out("Capacity", formRoom, "cores, MiB", "what may still come")
	paramExcess   = out("Need", formNeed, "cores, MiB", "what is too much")
)

func doable() []vocabulary.Signature {
	guest := in("Guest", "string", "", "the guest's id")
	return []vocabulary.Signature{
		{Name: "reserve", Acts: true, Params: params(guest, paramNeedIn, in("Source", "string", "", "the peer that has the guest"),
			out("Deal", formDeal, "", "what the source shows when it commits")),
			Doc: "At the target: reserve room for a guest, for a time to live, once its host has said what it needs and the rules let it come."},
		{Name: "release", Acts: true, Params: params(paramDealIn),
			Doc: "At the target: release a reservation that the source has not committed to."},
		{Name: "migrate", Acts: true, Params: params(paramDealIn, guest, in("Target", "string", "", "the peer that made the deal")),
			Doc: "At the source: move the guest; it holds once the guest was seen at the target and is gone here, and fails when the guest stays."},
		{Name: "note", Acts: true, AtOnce: true,
			Params: params(in("Name", "atom", "", "one of at most 64"), in("Number", "number", "", "what is noted")),
			Doc:    "Notes a number under a name, in place of the one before, for all models of this host; the number is lost when the agent ends."},
	}
}
