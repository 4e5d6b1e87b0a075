package api

import "parley/models/publish/chain"

// PolicyReport lists the policies of hosts: this host first, then the hosts that were
// asked, by name.
type PolicyReport struct {
	Hosts []HostPolicies `json:"hosts"`
}

// HostPolicies is a host's state with respect to the publishers that it follows.
type HostPolicies struct {
	Host   string         `json:"host"`
	PeerID string         `json:"peer_id"`
	Error  string         `json:"error,omitempty"` // why it did not answer
	Chains []chain.Status `json:"chains"`
}

// Published is the outcome of publishing a bundle through an agent.
type Published struct {
	Publisher string `json:"publisher"`
	Version   uint64 `json:"version"` // in force here now
	Digest    string `json:"digest"`
	Detail    string `json:"detail"`
	// Policies is this host's progress with each policy of the publisher.
	Policies []chain.PolicyStatus `json:"policies"`
}
