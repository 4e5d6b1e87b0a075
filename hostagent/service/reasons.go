package service

import (
	"regexp"

	"parley/hostagent"
	"parley/hostagent/api"
)

// The core knows hosts by their ids alone, and so do its reasons; the audit keeps them
// so. People read names.

// hostIDs finds what may be the id of a host: its base 58 has no 0, O, I and l.
var hostIDs = regexp.MustCompile(`[1-9A-HJ-NP-Za-km-z]{40,}`)

// reason is a reason of the core for people.
func (s *Service) reason(text string) string {
	return hostIDs.ReplaceAllStringFunc(text, func(id string) string { return s.name(hostagent.HostID(id)) })
}

// forPeople copies deals with reasons for people.
func (s *Service) forPeople(deals []api.DealStatus) []api.DealStatus {
	shown := append([]api.DealStatus{}, deals...)
	for i, d := range shown {
		shown[i].Reason = s.reason(d.Reason)
	}
	return shown
}
