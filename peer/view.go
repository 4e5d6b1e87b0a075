package peer

import "parley/lcc"

// View is an enacted model with the views of its agents.
type View struct {
	Model  *lcc.Model
	Agents []lcc.View
}

// Views returns the running models and agents. It has no side effects.
func (c *Core) Views() (list []View) {
	for _, m := range c.order {
		list = append(list, View{m.model, m.engine.Agents()})
	}
	return list
}
