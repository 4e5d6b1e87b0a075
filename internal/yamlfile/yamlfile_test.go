package yamlfile

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

type site struct {
	Name  string        `yaml:"name"`
	Hosts []host        `yaml:"hosts"`
	Every time.Duration `yaml:"every"`
	Empty struct{}      `yaml:"empty"`
}

type host struct {
	Cores float64 `yaml:"cores"`
	Count int     `yaml:"count"`
	Idle  bool    `yaml:"idle"`
}

func TestExplain(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"name: a\nhots: []\n", `site.yaml:2: there is no key "hots" here: did you mean "hosts"? docs/site.md has all`},
		{"hosts:\n  - {weight: 3}\n", `site.yaml:2: there is no key "weight" here: there are cores, count, idle`},
		{"hosts:\n  - cores: many\n", `site.yaml:2: "many" is not a number`},
		{"hosts:\n  - count: some\n", `site.yaml:2: "some" is not a whole number`},
		{"hosts:\n  - idle: perhaps\n", `site.yaml:2: "perhaps" is not true or false`},
		{"name: [a]\n", `site.yaml:1: this is not a text`},
		{"every: soon\n", `site.yaml:1: "soon" is not a time: write one such as 500ms, 30s, 5m or 2h`},
		{"hosts: many\n", `site.yaml:1: "many" is not a list: write it in brackets, or each entry on a line with a dash`},
		{"hosts: [three]\n", `site.yaml:1: "three" is not a section with keys: see docs/site.md`},
		{"empty: {any: 1}\n", `site.yaml:1: field any not found in type struct {}`},
		{"name: [\n", `site.yaml:1: did not find expected node content`},
		{"name: a\nnmae: b\nhosst: []\n", `site.yaml:3: there is no key "hosst"`},
	} {
		decoder := yaml.NewDecoder(strings.NewReader(c.text))
		decoder.KnownFields(true)
		err := decoder.Decode(&site{})
		if err == nil {
			t.Errorf("%q is decoded", c.text)
			continue
		}
		if got := Of(&site{}, "docs/site.md").Explain("site.yaml", err).Error(); !strings.Contains(got, c.want) {
			t.Errorf("%q: got %q, want %q in it", c.text, got, c.want)
		}
	}
	err := errors.New("it is a directory")
	if got := Of(site{}, "").Explain("site.yaml", err); got.Error() != "site.yaml: it is a directory" || !errors.Is(got, err) {
		t.Errorf("an error of no line: got %v", got)
	}
}
