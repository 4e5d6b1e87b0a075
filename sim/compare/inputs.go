package compare

import (
	"encoding/hex"
	"strings"

	"parley/sim/report"
)

// Inputs are the files that a comparison is made of, with the SHA-256 of each.
type Inputs struct {
	Scenario report.Digest
	Traces   []report.Digest
}

// Inputs returns the digests of the scenario and its traces.
func (o Options) Inputs() (in Inputs, err error) {
	files, err := o.Scenario.Inputs()
	if err != nil {
		return in, err
	}
	for i, f := range files {
		d := report.Digest{Name: f.Name, SHA256: f.SHA256}
		if i == 0 {
			in.Scenario = d
		} else {
			in.Traces = append(in.Traces, d)
		}
	}
	return in, nil
}

// Digests returns the digests of the texts of a policy's models, with the values of its
// parameters in them: the names have these values too.
func (p Policy) Digests() (list []report.Digest) {
	names := strings.Split(p.Name, "+")
	for i, m := range p.Models {
		digest, name := m.Digest(), m.Name()
		if len(names) == len(p.Models) {
			name = names[i]
		}
		list = append(list, report.Digest{Name: name, SHA256: hex.EncodeToString(digest[:])})
	}
	return list
}
