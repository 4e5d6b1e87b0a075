package tune

import (
	"cmp"
	"math"
	"slices"
)

// point has a value for each goal; less is better in all of them. What was not measured is
// +Inf.
type point []float64

// dominates says that a is nowhere worse than b, and somewhere better.
func (a point) dominates(b point) bool {
	better := false
	for i := range a {
		if a[i] > b[i] {
			return false
		}
		better = better || a[i] < b[i]
	}
	return better
}

// fronts returns the indexes of the points by fronts: the first are dominated by none, the
// next by those of the first alone, and so on.
func fronts(points []point) (all [][]int) {
	left := make([]int, len(points))
	for i := range left {
		left[i] = i
	}
	for len(left) > 0 {
		var front, rest []int
		for _, i := range left {
			if slices.ContainsFunc(left, func(j int) bool { return points[j].dominates(points[i]) }) {
				rest = append(rest, i)
			} else {
				front = append(front, i)
			}
		}
		all, left = append(all, front), rest
	}
	return all
}

// crowding is, for each point of a front, how far its neighbours are from each other, as
// a sum over the goals in parts of the front's extent; +Inf at the ends of a goal.
func crowding(points []point, front []int) map[int]float64 {
	distance := map[int]float64{}
	for goal := range points[front[0]] {
		order := slices.Clone(front)
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(points[a][goal], points[b][goal]) })
		first, last := order[0], order[len(order)-1]
		extent := points[last][goal] - points[first][goal]
		distance[first], distance[last] = math.Inf(1), math.Inf(1)
		if extent == 0 || math.IsInf(extent, 0) || math.IsNaN(extent) {
			continue
		}
		for k := 1; k < len(order)-1; k++ {
			distance[order[k]] += (points[order[k+1]][goal] - points[order[k-1]][goal]) / extent
		}
	}
	return distance
}

// best returns the indexes of the n best points, front by front, the least crowded of a
// front first, in ascending order.
func best(points []point, n int) (chosen []int) {
	for _, front := range fronts(points) {
		if room := n - len(chosen); len(front) > room {
			far := crowding(points, front)
			slices.SortStableFunc(front, func(a, b int) int { return cmp.Compare(far[b], far[a]) })
			front = front[:room]
		}
		chosen = append(chosen, front...)
	}
	slices.Sort(chosen)
	return chosen
}

// balanced is the point of a front that is nearest to the best value of each goal, measured
// in parts of the front's extent.
func balanced(points []point, front []int) int {
	nearest, least := front[0], math.Inf(1)
	for _, i := range front {
		sum := 0.0
		for goal := range points[i] {
			low, high := math.Inf(1), math.Inf(-1)
			for _, j := range front {
				low, high = min(low, points[j][goal]), max(high, points[j][goal])
			}
			if high > low && !math.IsInf(high, 0) {
				part := (points[i][goal] - low) / (high - low)
				sum += part * part
			}
		}
		if sum < least {
			nearest, least = i, sum
		}
	}
	return nearest
}
