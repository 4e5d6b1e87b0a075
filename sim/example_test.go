package sim_test

import (
	"fmt"

	"parley/hostagent"
	"parley/lcc"
	"parley/models"
	"parley/sim"
)

// A site runs a policy on hosts in virtual time. The same seed gives the same run.
func ExampleSite_Run() {
	text, _ := models.Text("agility")
	policy, found := lcc.Compile("agility", text, hostagent.Vocabulary())
	if policy == nil {
		fmt.Println(found)
		return
	}
	const gib = 1 << 30
	site := sim.Site{Policies: []*lcc.Model{policy}, Seed: 1}
	for _, name := range []string{"a", "b"} {
		site.Hosts = append(site.Hosts, sim.SiteHost{Name: name, Capacity: hostagent.Resources{CPU: 8, MemoryBytes: 64 * gib}})
	}
	for _, name := range []string{"g1", "g2", "g3", "g4"} {
		site.Guests = append(site.Guests, sim.SiteGuest{
			Name: name, Host: "a", CPU: 2, Declared: hostagent.Resources{CPU: 4, MemoryBytes: 4 * gib},
		})
	}
	result, err := site.Run()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("load before:", result.Before)
	fmt.Println("load after: ", result.After)
	fmt.Println("migrations: ", result.Figures.Migrations)
	// Output:
	// load before: [1 0]
	// load after:  [0.5 0.5]
	// migrations:  2
}
