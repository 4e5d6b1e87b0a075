package hostagent

import "parley/lcc"

// Weighed is what a model was told that a move of a guest is worth, when it chose a guest.
type Weighed struct {
	Guest GuestID
	Worth float64 // cores, as a mean over half an hour
}

// told is the last answer about what a move of a guest is worth. It is for people who ask
// why that guest moved: no answer depends on it.
type told struct {
	worth float64
	load  float64     // of the target, as the model gave it
	at    lcc.Instant // of the Step
	known bool
}

// weighed returns what was told of the guests here when it was told last of the chosen one: a
// model compares the moves to one target in one Step. It is nil where nothing was told of it,
// or it is not here.
func weighed(chosen *tracked, here []*tracked) (list []Weighed) {
	if chosen == nil || !chosen.told.known {
		return nil
	}
	for _, t := range here {
		if t.told.known && t.told.at == chosen.told.at && t.told.load == chosen.told.load {
			list = append(list, Weighed{t.guest.ID, t.told.worth})
		}
	}
	return list
}
