package config

import (
	"errors"
	"fmt"
	"os"
	"path"

	"parley/internal/label"
	"parley/models/publish/bundle"
)

// Publisher is one whose signed releases this host follows. The first publisher owns
// the host: its roster says who may connect and which labels this host has. Of the
// others, only what this host accepts counts.
type Publisher struct {
	Anchor string `yaml:"anchor"` // file, as `parley cluster show --anchor` prints it
	// Models are patterns of names of models, without .lcc, that this host enacts and
	// lets this publisher's hosts use; none: all.
	Models []string `yaml:"models"`
	// RefuseRoles are roles that this host never plays in this publisher's models.
	RefuseRoles []string `yaml:"refuse_roles"`
	// Labels are those that a host in this publisher's roster must have to connect.
	Labels []string `yaml:"labels"`
}

func (c Config) checkPublishers() error {
	var errs []error
	if len(c.Publishers) > 0 && c.Policy.File != "" {
		errs = append(errs, &Fault{Key: "policy.file", Text: "leave it out where there are publishers: a host enacts what they have " +
			"signed, or a file, and not both"})
	}
	for i, p := range c.Publishers {
		at := fmt.Sprintf("publishers[%d]", i)
		if p.Anchor == "" {
			errs = append(errs, &Fault{Key: at + ".anchor", Text: "is empty: name the file that `parley cluster show --anchor` printed"})
		}
		for _, pattern := range p.Models {
			if _, err := path.Match(pattern, ""); err != nil || pattern == "" {
				errs = append(errs, &Fault{Key: at + ".models", Text: fmt.Sprintf("%q is not a pattern of names, such as agility or fed_*", pattern)})
			}
		}
		if err := label.CheckAll(p.Labels); err != nil {
			errs = append(errs, &Fault{Key: at + ".labels", Text: err.Error()})
		}
	}
	return errors.Join(errs...)
}

// CheckAnchor returns what is wrong with the file of an anchor.
func CheckAnchor(path string) error {
	_, err := Config{Publishers: []Publisher{{Anchor: path}}}.Anchors()
	return err
}

// Anchors reads the files of the publishers' anchors.
func (c Config) Anchors() (list []bundle.Anchor, err error) {
	for i, p := range c.Publishers {
		data, err := os.ReadFile(p.Anchor)
		if err != nil {
			return nil, fmt.Errorf("publishers[%d].anchor: %w: put the file there that `parley cluster show --anchor` prints", i, err)
		}
		anchor, err := bundle.ParseAnchor(data)
		if err != nil {
			return nil, fmt.Errorf("publishers[%d].anchor: %s: %w", i, p.Anchor, err)
		}
		list = append(list, anchor)
	}
	return list, nil
}
