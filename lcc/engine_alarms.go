package lcc

import "container/heap"

// alarms is a heap of the agents that wait for a timeout. It has one entry for each
// agent, so an agent that sets a new timeout with every role takes no more space.
type alarms []alarm

type alarm struct {
	at    Instant
	agent *agent
}

func (al alarms) Len() int { return len(al) }
func (al alarms) Less(i, j int) bool {
	return al[i].at < al[j].at || al[i].at == al[j].at && al[i].agent.id < al[j].agent.id
}
func (al alarms) Swap(i, j int) {
	al[i], al[j] = al[j], al[i]
	al[i].agent.alarmAt, al[j].agent.alarmAt = i+1, j+1
}
func (al *alarms) Push(x any) {
	*al = append(*al, x.(alarm))
	x.(alarm).agent.alarmAt = len(*al)
}
func (al *alarms) Pop() any {
	last := len(*al) - 1
	x := (*al)[last]
	(*al)[last] = alarm{}
	*al = (*al)[:last]
	x.agent.alarmAt = 0
	return x
}

// set sets the instant that an agent waits for; 0 clears it.
func (al *alarms) set(a *agent, at Instant) {
	a.wake = at
	switch {
	case at == 0 && a.alarmAt != 0:
		heap.Remove(al, a.alarmAt-1)
	case at == 0:
	case a.alarmAt == 0:
		heap.Push(al, alarm{at, a})
	case (*al)[a.alarmAt-1].at != at:
		(*al)[a.alarmAt-1].at = at
		heap.Fix(al, a.alarmAt-1)
	}
}

// earliest returns the earliest instant that an agent waits for; 0: none.
func (al alarms) earliest() Instant {
	if len(al) == 0 {
		return 0
	}
	return al[0].at
}

// due removes and returns the agents whose instant has passed.
func (al *alarms) due(now Instant) (agents []*agent) {
	for len(*al) > 0 && (*al)[0].at <= now {
		agents = append(agents, heap.Pop(al).(alarm).agent)
	}
	return agents
}
