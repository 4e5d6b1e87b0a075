package peer

import "parley/lcc"

// View is a model that is enacted, with its agents as people see them.
type View struct {
	Model  *lcc.Model
	Agents []lcc.View
}

// Views returns what runs here, without changing anything.
func (c *Core) Views() (list []View) {
	for _, m := range c.order {
		list = append(list, View{m.model, m.engine.Agents()})
	}
	return list
}
