// Package record makes a scenario of what the hosts of a site have kept of their past: the
// hosts, the guests that came and went with their rules, what each guest wanted over time,
// and what the site enacted. The simulator replays it under any policy.
package record
