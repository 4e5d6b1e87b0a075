package repository

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/internal/yamlfile"
	"parley/models/publish/bundle"
	"parley/models/publish/source"
)

// Policy is a directory of policies/ with its policy.yaml.
type Policy struct {
	Name   string
	Dir    string
	Models []bundle.File // by path
	// Scenario is the file with which the policy is simulated before it is published;
	// "": the shipped one.
	Scenario string
	settings settings
}

// settings is policy.yaml.
type settings struct {
	Targets  []string `yaml:"targets"` // labels that a host needs
	Canary   []stage  `yaml:"canary"`
	Guard    guard    `yaml:"guard"`
	Models   []string `yaml:"models"`   // default: all .lcc files in the directory
	Simulate string   `yaml:"simulate"` // a scenario in the directory
}

type stage struct {
	Labels []string `yaml:"labels"`
	Share  *float64 `yaml:"share"` // default 1
	For    Span     `yaml:"for"`
}

type guard struct {
	Migrations float64 `yaml:"migrations_per_guest_hour"`
	Failed     float64 `yaml:"failed_share"`
	Overload   float64 `yaml:"overload_more"`
	Hosts      int     `yaml:"hosts"`
}

const policyFile = "policy.yaml"

// Policies reads the policies of the next release, by name.
func (r *Repository) Policies() (list []Policy, err error) {
	entries, err := os.ReadDir(r.path(policiesDir))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil // git keeps no empty directory
	case err != nil:
		return nil, fmt.Errorf("policies: %w", err)
	}
	for _, entry := range entries {
		if !entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		p, err := readPolicy(filepath.Join(r.path(policiesDir), entry.Name()))
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

func readPolicy(dir string) (Policy, error) {
	p := Policy{Name: filepath.Base(dir), Dir: dir}
	path := filepath.Join(dir, policyFile)
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p, fmt.Errorf("%s is missing: write one, it may be empty; or create the policy with `parley policy init %s`", path, p.Name)
	case err != nil:
		return p, fmt.Errorf("policy: %w", err)
	}
	if err := decodeYAML(path, text, &p.settings, func() yamlfile.Faults { return p.settings.faults(dir) }); err != nil {
		return p, err
	}
	if p.Models, err = p.models(); err != nil {
		return p, err
	}
	if p.settings.Simulate != "" {
		p.Scenario = filepath.Join(dir, filepath.FromSlash(p.settings.Simulate))
	}
	if err := p.release(bundle.Source{}).Publishable(); err != nil {
		return p, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// models reads the models that policy.yaml names, or all, each with what it imports: a
// release depends on no other text.
func (p Policy) models() ([]bundle.File, error) {
	if len(p.settings.Models) == 0 {
		b, err := source.Load(p.Dir)
		return b.Files, err
	}
	var files []bundle.File
	for _, name := range p.settings.Models {
		b, err := source.Load(filepath.Join(p.Dir, name))
		if err != nil {
			return nil, err
		}
		files = append(files, b.Files...)
	}
	slices.SortFunc(files, func(a, b bundle.File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}

// release returns the policy in the form of a release.
func (p Policy) release(source bundle.Source) bundle.Policy {
	of := bundle.Policy{
		Name: p.Name, Targets: sortedLabels(p.settings.Targets), Guard: bundle.Guard(p.settings.Guard), Source: source,
	}
	for _, f := range p.Models {
		of.Files = append(of.Files, bundle.Entry{Path: f.Path, Size: int64(len(f.Text)), Digest: f.SHA256})
	}
	for _, s := range p.settings.Canary {
		share := 1.0
		if s.Share != nil {
			share = *s.Share
		}
		of.Canary = append(of.Canary, bundle.Stage{Labels: sortedLabels(s.Labels), Share: share,
			Seconds: int64(time.Duration(s.For) / time.Second)})
	}
	return of
}

func sortedLabels(labels []string) []string {
	if len(labels) == 0 {
		return nil
	}
	labels = slices.Clone(labels)
	slices.Sort(labels)
	return slices.Compact(labels)
}

// InitPolicy creates a policy from files by name, such as a shipped model with its
// tests. Its policy.yaml has every key as a comment.
func (r *Repository) InitPolicy(name string, files map[string][]byte) (dir string, err error) {
	if err := (bundle.Policy{Name: name, Files: []bundle.Entry{{Path: "a.lcc"}}}).Validate(); err != nil {
		return "", err
	}
	dir = filepath.Join(r.path(policiesDir), name)
	if there, err := isThere(dir); err != nil || there {
		return "", fmt.Errorf("%s is there already (%w): change it, or give another name", dir, orExists(err))
	}
	// Use a temporary name until all files are there: a name with a leading dot is no
	// policy.
	temp, err := os.MkdirTemp(r.path(policiesDir), ".new-*")
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(r.path(policiesDir), 0o755); err == nil {
			temp, err = os.MkdirTemp(r.path(policiesDir), ".new-*")
		}
	}
	if err != nil {
		return "", fmt.Errorf("create a policy: %w", err)
	}
	err = writeAll(temp, files)
	if err == nil {
		err = os.Rename(temp, dir)
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("create a policy: %w", err), os.RemoveAll(temp))
	}
	return dir, nil
}

func writeAll(dir string, files map[string][]byte) error {
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, policyFile), []byte(policyText), 0o644)
}

// policyText is the policy.yaml of a new policy.
const policyText = `# Who enacts this policy: hosts with all of these labels; none: all hosts.
#targets: [rack=a]

# Who tries it first, and for how long: a share of the hosts with all of the labels. A
# host that finds it bad goes back; enough of them halt it for all. None: all at once.
#canary:
#  - {share: 0.1, for: 10m}
#  - {share: 0.5, for: 1h}

# When a host that tries it halts it.
#guard:
#  migrations_per_guest_hour: 4  # away from the host
#  failed_share: 0.5             # of at least four deals
#  overload_more: 0.2            # share of time in overload, above that in the hour before
#  hosts: 3                      # that halt it for all; default: 1 of 2, 2 of 20, else a tenth

# The models: default all .lcc files beside this one.
#models: [agility.lcc]

# The scenario that it is tried on before it is published; default: a small site with
# trouble (docs/scenarios.md).
#simulate: scenario.yaml
`
