package models_test

import (
	"slices"
	"testing"

	"parley/models/policytest"
)

// Which roles of the shipped policies take guests is seen from their texts: those that
// give guests away are not among them, nor is one that hands requests on. Nobody speaks to
// the idle of swap, which returns a guest where it gives one.
func TestRolesThatTakeGuests(t *testing.T) {
	for name, want := range map[string][]string{
		"agility": {"underloaded"}, "power_saving": {"underloaded"}, "contract_net": {"underloaded"}, "vickrey": {"underloaded"},
		"sample": {"open"}, "sender_initiated": {"below"}, "swap": {"idle", "underloaded"}, "priority": {"underloaded"}, "seed": {"underloaded"},
		"load_by_mips": {"free"}, "by_priority": {"underloaded"},
		"evacuate": {"staying"}, "search": {"open"}, "forward": nil, "gossip": nil, "shop": nil,
	} {
		if got := policytest.Policy(t, name).Acting("reserve"); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}
