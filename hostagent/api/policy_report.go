package api

import "parley/models/publish/chain"

// PolicyReport says who runs what: this host first, then those that were asked, by
// name.
type PolicyReport struct {
	Hosts []HostPolicies `json:"hosts"`
}

// HostPolicies is how it stands with the publishers that a host follows.
type HostPolicies struct {
	Host   string         `json:"host"`
	PeerID string         `json:"peer_id"`
	Error  string         `json:"error,omitempty"` // why it did not answer
	Chains []chain.Status `json:"chains"`
}

// Published says what came of a bundle that was handed to an agent.
type Published struct {
	Publisher string `json:"publisher"`
	Version   uint64 `json:"version"` // that is in force here now
	Digest    string `json:"digest"`
	Detail    string `json:"detail"`
	// Policies say how far this host is with each policy of it.
	Policies []chain.PolicyStatus `json:"policies"`
}
