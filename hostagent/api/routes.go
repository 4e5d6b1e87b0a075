package api

import (
	"parley/hostagent/audit"
	"parley/hostagent/site"
)

// Paths on the socket; Routes describes them.
const (
	PathStatus    = "/v1/status"
	PathSite      = "/v1/site"
	PathPlace     = "/v1/place"
	PathSurvive   = "/v1/survive"
	PathHalt      = "/v1/site/pause"
	PathDeal      = "/v1/deal"
	PathTalk      = "/v1/talk"
	PathPast      = "/v1/past"
	PathExplain   = "/v1/explain"
	PathHistory   = "/v1/history"
	PathAudit     = "/v1/audit"
	PathPolicies  = "/v1/policies"
	PathPublish   = "/v1/publish"
	PathNotice    = "/v1/notice"
	PathAdmission = "/v1/arriving"
	PathOrders    = "/v1/orders"
	PathDryRun    = "/v1/dry_run"
	PathProcesses = "/v1/processes"
	PathMetrics   = "/metrics"
)

// Route is one call of the socket. The agent serves the routes of Routes, and the
// OpenAPI document and docs/api.md describe the same.
type Route struct {
	Method, Path string
	Summary      string
	Query        []Parameter
	// Body and Answer are values of the types that are exchanged as JSON. A Media is
	// exchanged as it is. Nil: none.
	Body, Answer any
}

// Parameter is an optional parameter of a query.
type Parameter struct {
	Name, Meaning string
	Format        string // date-time, integer, or "" for text
}

// Media is the media type of a body that is not JSON.
type Media string

// Media types of bodies.
const (
	MediaBytes      Media = "application/octet-stream"
	MediaPrometheus Media = "text/plain"
)

// Nothing is the empty answer of a call that only hands something over.
type Nothing struct{}

// Routes returns all calls of the socket.
func Routes() []Route {
	return []Route{
		{Method: "GET", Path: PathStatus, Summary: "What the agent sees and does now", Answer: Status{}},
		{Method: "GET", Path: PathSite, Summary: "What all hosts of the site see and do now; hosts that do not answer are named",
			Query:  []Parameter{{Name: "within", Meaning: "seconds to wait for the answers; default: 2", Format: "integer"}},
			Answer: site.Report{}},
		{Method: "POST", Path: PathPlace, Summary: "Ask all hosts whether a guest may be started there; nothing is reserved",
			Body: site.Wanted{}, Answer: site.Offers{}},
		{Method: "GET", Path: PathSurvive, Summary: "Who would take whose guests if hosts failed; hosts that do not answer are named",
			Query:  []Parameter{{Name: "host", Meaning: "name or peer id of a host that fails; several fail at one time; default: each alone"}},
			Answer: site.Survival{}},
		{Method: "POST", Path: PathHalt, Summary: "Pause the policies of all hosts, or resume them; hosts that do not follow are named",
			Body: site.Halt{}, Answer: site.Halts{}},
		{Method: "GET", Path: PathDeal, Summary: "What the ends of a deal know of it: loads, guests, messages of the models",
			Query: []Parameter{{Name: "deal", Meaning: "id of the deal, or its beginning"}}, Answer: site.Story{}},
		{Method: "GET", Path: PathTalk, Summary: "The last messages of the models of a host, or of those between two hosts, as both tell them",
			Query: []Parameter{
				{Name: "host", Meaning: "name or peer id of the host; default: the one of the agent"},
				{Name: "with", Meaning: "name or peer id of the other host; default: any"},
			}, Answer: site.Story{}},
		{Method: "GET", Path: PathPast, Summary: "A part of the past of a host: loads, deals or models; next asks for what did not fit",
			Query: []Parameter{
				{Name: "host", Meaning: "name or peer id of the host; default: the one of the agent"},
				{Name: "of", Meaning: "loads, deals or models"},
				{Name: "since", Meaning: "what begins not before this time", Format: "date-time"},
				{Name: "until", Meaning: "what begins before this time", Format: "date-time"},
				{Name: "skip", Meaning: "frames of that first time to leave out", Format: "integer"},
			}, Answer: site.PastAnswer{}},
		{Method: "GET", Path: PathExplain, Summary: "Why a guest moved or stays, or the state of a host or a policy",
			Query: []Parameter{
				{Name: "name", Meaning: "name or id of a guest, a host or a policy"},
				{Name: "agent", Meaning: "what this agent of the policy waits for; 0: list its agents", Format: "integer"},
			}, Answer: Explanation{}},
		{Method: "GET", Path: PathHistory, Summary: "Entries of the audit, the latest first", Query: []Parameter{
			{Name: "guest", Meaning: "id or name of the guest"},
			{Name: "host", Meaning: "peer id of the source or the target"},
			{Name: "deal", Meaning: "id of the deal, or its beginning"},
			{Name: "state", Meaning: "state of the deal"},
			{Name: "kind", Meaning: "deal, signed, order, policy or audit"},
			{Name: "ended", Meaning: "any value: only the ends of deals"},
			{Name: "since", Meaning: "not before this time", Format: "date-time"},
			{Name: "until", Meaning: "not after this time", Format: "date-time"},
			{Name: "limit", Meaning: "at most this many entries; default: 100", Format: "integer"},
		}, Answer: []audit.Entry{}},
		{Method: "GET", Path: PathAudit, Summary: "Verify the chain of the audit", Answer: audit.Report{}},
		{Method: "GET", Path: PathPolicies, Summary: "Which policies are in force",
			Query: []Parameter{{Name: "site", Meaning: "any value: on all hosts of the site, not on this one alone"}}, Answer: PolicyReport{}},
		{Method: "POST", Path: PathOrders, Summary: "Give an order; the answer comes when it is carried out or refused",
			Body: Order{}, Answer: Order{}},
		{Method: "POST", Path: PathDryRun, Summary: "Ask the other hosts what an order to migrate or drain would do",
			Body: Order{}, Answer: DryRun{}},
		{Method: "GET", Path: PathProcesses, Summary: "The cooperative processes of this host, and those that have ended", Answer: []Process{}},
		{Method: "POST", Path: PathProcesses, Summary: "Start a cooperative process; the answer comes when it is there",
			Body: Launch{}, Answer: Process{}},
		{Method: "POST", Path: PathAdmission, Summary: "Ask whether a migration to this host may begin, as libvirt's hook does",
			Body: Admission{}, Answer: Admission{}},
		{Method: "POST", Path: PathPublish, Summary: "Hand a bundle of releases to the agent", Body: MediaBytes, Answer: Published{}},
		{Method: "POST", Path: PathNotice, Summary: "Hand a publisher's heartbeat to the agent", Body: MediaBytes, Answer: Nothing{}},
		{Method: "GET", Path: PathMetrics, Summary: "Metrics, in Prometheus' text format", Answer: MediaPrometheus},
	}
}
