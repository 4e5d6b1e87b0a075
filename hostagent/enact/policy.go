package enact

import (
	"fmt"
	"strings"

	"parley/models/publish/bundle"
	"parley/models/publish/source"
)

// Policy prepares the models of a signed policy. The error is a *bundle.Refusal.
func (c *Cache) Policy(t Terms, p bundle.Policy, files map[string][]byte) (list []Model, err error) {
	for _, f := range p.Files {
		if !t.Accepts(f.Path) {
			return nil, bundle.Refuse(bundle.NotAccepted, "policy %s has the model %s; this host accepts %s from this publisher "+
				"(publishers.models in its configuration)",
				p.Name, strings.TrimSuffix(f.Path, ".lcc"), strings.Join(t.Models, ", "))
		}
		model, err := c.prepare(f.Path, files[f.Path], t)
		if err != nil {
			return nil, err
		}
		model.Policy = p.Name
		list = append(list, model)
	}
	return list, nil
}

// File prepares every model of an operator's own policy: a file, or a directory of
// them. The error holds every reason, one a line.
func File(path string) (list []Model, err error) {
	set, err := source.Load(path)
	if err != nil {
		return nil, err
	}
	var reasons []string
	for _, f := range set.Files {
		model, v := Prepare(f.Path, f.Text, Terms{})
		reasons = append(reasons, v.lines()...)
		for _, r := range v.Unfit {
			reasons = append(reasons, r.Detail)
		}
		list = append(list, model)
	}
	if len(reasons) > 0 {
		return nil, fmt.Errorf("%s is not enacted (`parley check %s` shows more):\n  %s", path, path, strings.Join(reasons, "\n  "))
	}
	return list, nil
}

// CheckFile says why a host would not enact an operator's own policy.
func CheckFile(path string) error {
	_, err := File(path)
	return err
}
