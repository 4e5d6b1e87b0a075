package api

// Paths on the socket, with method, parameters and response.
const (
	PathStatus    = "/v1/status"   // GET: Status
	PathExplain   = "/v1/explain"  // GET ?name=: Explanation
	PathHistory   = "/v1/history"  // GET ?guest= &host= &deal= &state= &kind= &ended= &since= &until= &limit=: []audit.Entry
	PathAudit     = "/v1/audit"    // GET: audit.Report
	PathPolicies  = "/v1/policies" // GET ?site=: PolicyReport
	PathPublish   = "/v1/publish"  // POST a bundle: Published
	PathNotice    = "/v1/notice"   // POST a notice of a publisher: {}
	PathAdmission = "/v1/arriving" // POST Admission: the same, if the guest is admitted
	PathOrders    = "/v1/orders"   // POST Order: the same, once it is carried out
	PathMetrics   = "/metrics"     // GET: text for Prometheus
)
