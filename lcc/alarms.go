package lcc

import "container/heap"

// alarms is a heap of the agents that wait for a timeout. An entry whose agent
// wants another instant by now is stale and passed over.
type alarms struct{ entries alarmHeap }

type alarm struct {
	at    Instant
	agent *agent
}

type alarmHeap []alarm

func (h alarmHeap) Len() int { return len(h) }
func (h alarmHeap) Less(i, j int) bool {
	return h[i].at < h[j].at || h[i].at == h[j].at && h[i].agent.id < h[j].agent.id
}
func (h alarmHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *alarmHeap) Push(x any)   { *h = append(*h, x.(alarm)) }
func (h *alarmHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = alarm{}
	*h = old[:len(old)-1]
	return last
}

func (al *alarms) set(a *agent, at Instant) {
	a.wake = at
	if at == 0 || a.alarmed == at {
		return
	}
	a.alarmed = at
	heap.Push(&al.entries, alarm{at, a})
}

func (al *alarms) stale(x alarm) bool { return x.agent.over || x.agent.wake != x.at }

// drop takes the first entry out.
func (al *alarms) drop() alarm {
	x := heap.Pop(&al.entries).(alarm)
	if x.agent.alarmed == x.at {
		x.agent.alarmed = 0
	}
	return x
}

// earliest returns the next instant that an agent waits for; 0: none.
func (al *alarms) earliest() Instant {
	for len(al.entries) > 0 && al.stale(al.entries[0]) {
		al.drop()
	}
	if len(al.entries) == 0 {
		return 0
	}
	return al.entries[0].at
}

// due takes out the agents whose instant is reached.
func (al *alarms) due(now Instant) (agents []*agent) {
	for at := al.earliest(); at != 0 && at <= now; at = al.earliest() {
		agents = append(agents, al.drop().agent)
	}
	return agents
}
