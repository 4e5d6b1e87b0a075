package hostagent

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parley/hostagent/spare"
	"parley/internal/label"
)

// limitMost bounds n of a limit.
const limitMost = 10_000

// readLimit reads a limit of Rules.AtMost, "key=value:n".
func readLimit(text string) (spare.Limit, error) {
	at := strings.LastIndexByte(text, ':')
	if at < 0 {
		return spare.Limit{}, fmt.Errorf("%.80q is no limit: write key=value:n, such as app=web:2", text)
	}
	n, err := strconv.Atoi(text[at+1:])
	if err != nil || n < 1 || n > limitMost {
		return spare.Limit{}, fmt.Errorf("%.80q is no limit: after the colon stands how many, 1 to %d", text, limitMost)
	}
	return spare.Limit{Label: text[:at], Most: n}, label.Check(text[:at])
}

// limits are those of the rules; a text that is none was refused with them.
func (r Rules) limits() (list []spare.Limit) {
	for _, text := range r.AtMost {
		if l, err := readLimit(text); err == nil {
			list = append(list, l)
		}
	}
	return list
}

// checkLimits says what is wrong with a list of limits.
func checkLimits(list []string) error {
	if len(list) > label.Most {
		return fmt.Errorf("%d limits, more than %d", len(list), label.Most)
	}
	for _, text := range list {
		if _, err := readLimit(text); err != nil {
			return err
		}
	}
	return nil
}

// avoided says which label of a host keeps a guest from there.
func avoided(r Rules, labels []string) Refusal {
	for _, label := range r.Avoids {
		if slices.Contains(labels, label) {
			return Refusal{CodeLabel, "the guest must not be on a host with the label " + label}
		}
	}
	return Refusal{}
}

// fitsLabels says why the labels of a host keep a guest from there.
func fitsLabels(r Rules, labels []string) Refusal {
	if why := lacksLabels(r, labels); why.Is() {
		return why
	}
	return avoided(r, labels)
}

// crowded says which limit a guest would exceed beside others: its own, or one of a guest that
// is there. A limit that is exceeded already keeps away who is counted, and nobody else.
func crowded(r Rules, others []neighbour) Refusal {
	over := func(l spare.Limit) Refusal {
		n := 0
		for _, other := range others {
			if slices.Contains(other.rules.Labels, l.Label) {
				n++
			}
		}
		if slices.Contains(r.Labels, l.Label) {
			n++
		}
		if n <= l.Most {
			return Refusal{}
		}
		return refusal(CodeApart, "at most %d guests with the label %s may be on a host, and with it there would be %d", l.Most, l.Label, n)
	}
	for _, l := range r.limits() {
		if why := over(l); why.Is() {
			return why
		}
	}
	for _, other := range others {
		for _, l := range other.rules.limits() {
			if !slices.Contains(r.Labels, l.Label) {
				continue
			}
			if why := over(l); why.Is() {
				return why
			}
		}
	}
	return Refusal{}
}
