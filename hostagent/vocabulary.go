package hostagent

import (
	"parley/lcc/vocabulary"
)

// Vocabulary returns what a model may ask of a host and have it do. Shares are of the
// capacity that the host declares; a need is need(Cores, MiB), a capacity room(Cores,
// MiB). The caller owns the result.
func Vocabulary() *vocabulary.Set {
	return &vocabulary.Set{Predicates: append(askable(), doable()...)}
}

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

var (
	paramLevel    = in("Level", "number", unitLoad, "a level that the text chooses")
	paramLoad     = out("Load", "number", unitLoad, "the forecast")
	paramResource = in("Resource", "atom", "", "cpu or memory")
	paramNeedIn   = in("Need", formNeed, "cores, MiB", "what a guest needs")
	paramDealIn   = in("Deal", formDeal, "", "a deal as reserve gave it")
	paramCapacity = out("Capacity", formRoom, "cores, MiB", "what may still come")
	paramExcess   = out("Need", formNeed, "cores, MiB", "what is too much")
)

func askable() []vocabulary.Signature {
	return []vocabulary.Signature{
		{Name: "load", Params: params(paramLoad),
			Doc: "The forecast load of this host: the largest of its resources'."},
		{Name: "load", Params: params(in("Resource", "atom", "", "cpu, memory, network or disk"), paramLoad),
			Doc: "The forecast load of one resource of this host; of the network and the disk as far as the machine shows it."},
		{Name: "forecast", Params: params(out("Load", "number", unitLoad, "rarely exceeded")),
			Doc: "The load that this host is forecast to stay below during the share of the next half hour " +
				"that the configuration names (coverage)."},
		{Name: "confidence", Params: params(out("Share", "number", "0..1", "share of earlier measurements that the forecasts covered")),
			Doc: "How reliable the forecast is: 0 after a start, then the share of measurements that the forecasts covered."},
		{Name: "pressure", Params: params(in("Resource", "atom", "", "cpu, memory, io or steal"), out("Share", "number", "0..1", "of the time")),
			Doc: "How much of the last ten seconds some task of this machine waited for the resource; steal: what a hypervisor below took of the " +
				"processors."},
		{Name: "stability", Params: params(in("Guest", "string", "", "a guest that is here"),
			out("Share", "number", "0..1", "1: its CPU use does not change")),
			Doc: "How steady a guest's recent CPU use is."},
		{Name: "contention", Params: params(in("Guest", "string", "", "a guest that is here"),
			out("Share", "number", "0..1", "of its processors' time")),
			Doc: "How much of their time a guest's processors wait for a core of this host."},
		{Name: "price", Params: params(in("Guest", "string", "", "a guest that is here"), out("Cost", "cost(Seconds, DowntimeMs, MiB)", "",
			"what its migration is expected to take")),
			Doc: "What it would cost to migrate a guest; there is none while it is not known how fast it writes to its memory."},
		{Name: "overloaded", Params: params(paramExcess),
			Doc: "This host is above the level that its configuration calls high, and by how much."},
		{Name: "overloaded", Params: params(paramLevel, paramExcess),
			Doc: "The load was above the level for the host's number of samples and has not come back below it by the hysteresis; what is in " +
				"flight to other hosts no longer counts."},
		{Name: "underloaded", Params: params(paramCapacity),
			Doc: "This host is below the level that its configuration calls low, and has this room up to it."},
		{Name: "underloaded", Params: params(paramLevel, paramCapacity),
			Doc: "The load was below the level for the host's number of samples and has not come back above it by the hysteresis, and there is " +
				"room up to the level beside what is reserved and incoming."},
		{Name: "canMigrate", Params: params(in("Capacity", formRoom, "cores, MiB", "the room at the target"), paramNeedIn),
			Doc: "A guest with this need goes into that room."},
		{Name: "guest", Params: params(
			out("Guest", "string", "", "the guest's id"), out("Need", formNeed, "cores, MiB", "its forecast CPU use and its memory")),
			Doc: "A guest that runs here and may be moved now (eligible, not cooling down, in no deal, and its rules let it go); the lowest " +
				"priority first, of one priority the largest CPU use."},
		{Name: "priority", Params: params(in("Guest", "string", "", "a guest that is here"),
			out("Priority", "integer", "", "-100 to 100; 0 where no rule gives one")),
			Doc: "What a guest counts for beside others, by the rules that it brings along and those of its host."},
		{Name: "label", Params: params(out("Label", "string", "", "\"key=value\"")),
			Doc: "A label of this host, as its configuration gives them."},
		{Name: "fits", Params: params(paramNeedIn),
			Doc: "This host has room for the need beside its guests and all that is reserved and incoming."},
		{Name: "loadWith", Params: params(paramNeedIn, paramLoad),
			Doc: "The load of this host with the need and all that is reserved and incoming."},
		{Name: "loadWith", Params: params(paramResource, paramNeedIn, paramLoad),
			Doc: "As loadWith/2, of one resource."},
		{Name: "loadWithout", Params: params(paramResource, in("Guest", "string", "", "a guest that is here"), paramLoad),
			Doc: "As loadWithout/2, of one resource."},
		{Name: "loadWithout", Params: params(in("Guest", "string", "", "a guest that is here"), paramLoad),
			Doc: "The load of this host without one of its guests and without those in flight to other hosts."},
		{Name: "capacity", Params: params(out("Capacity", formRoom, "cores, MiB", "what the guests of this host may use")),
			Doc: "What this host declares that its guests may use."},
		{Name: "power", Params: params(out("Watts", "number", "watts", "0 where no guest is")),
			Doc: "What this host takes for its guests at their forecast CPU load, by the curve that its configuration gives; a host without " +
				"guests counts as asleep."},
		{Name: "powerWith", Params: params(paramNeedIn, out("Watts", "number", "watts", "with it")),
			Doc: "What this host would take with the need and all that is reserved and incoming."},
		{Name: "powerFull", Params: params(out("Watts", "number", "watts", "at full load")),
			Doc: "What this host takes at full CPU load."},
		{Name: "guests", Params: params(out("Number", "integer", "", "how many guests run here")),
			Doc: "How many guests run on this host."},
		{Name: "noted", Params: params(in("Name", "atom", "", "as it was noted"), out("Number", "number", "", "the latest"),
			out("AgeSeconds", "integer", "s", "since it was last written")),
			Doc: "A number that a model of this host has noted; one that differs by less than a hundredth counts as the same. Nothing is noted " +
				"after a start."},
		{Name: "beyond", Params: params(out("Peer", "string", "", "a peer's id")),
			Doc: "A host that is not of this one's group, so that its adverts are not heard: some of all of them, drawn again now and then, in " +
				"an order of chance. It may not enact the model, or be gone."},
		{Name: "settled", Params: params(paramDealIn, out("Outcome", "atom", "", "done, aborted, expired, refused, withdrawn or stuck")),
			Doc: "The deal has ended, as this end of it saw it; expired also when this end knows no such deal (any more)."},
	}
}

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
