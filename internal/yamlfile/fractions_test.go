package yamlfile

import (
	"testing"

	"go.yaml.in/yaml/v3"
)

// shop has whole numbers wherever one can stand.
type shop struct {
	Size    int            `yaml:"size"`
	Port    *uint16        `yaml:"port"`
	Share   float64        `yaml:"share"`
	Lamps   []int          `yaml:"lamps,omitempty"`
	Rooms   []room         `yaml:"rooms"`
	ByColor map[string]int `yaml:"by_color"`
	Weight  pounds         `yaml:"weight"`
}

type room struct {
	Doors int `yaml:"doors"`
}

// pounds reads what it holds itself.
type pounds int

func (p *pounds) UnmarshalYAML(n *yaml.Node) error { *p = pounds(len(n.Value)); return nil }

func TestFractions(t *testing.T) {
	for text, want := range map[string]string{
		"size: 1.5":                            `shop.yaml:1: "1.5" is not a whole number`,
		"share: 0.5\nport: 80.5":               `shop.yaml:2: "80.5" is not a whole number`,
		"lamps:\n- 1\n- 2.5\n":                 `shop.yaml:3: "2.5" is not a whole number`,
		"rooms:\n- {doors: 2}\n- doors: 1_0.5": `shop.yaml:3: "1_0.5" is not a whole number`,
		"by_color: {red: 2.25}":                `shop.yaml:1: "2.25" is not a whole number`,
		"rooms: [&a {doors: 0.5}, *a]":         "shop.yaml:1: \"0.5\" is not a whole number\nshop.yaml:1: \"0.5\" is not a whole number",
		"size: -.inf":                          `shop.yaml:1: "-.inf" is not a whole number`,
		"size: 1e3\nshare: 0.25\nlamps: [1, 2]\nweight: 1.5\n": "",
		"": "",
	} {
		var root yaml.Node
		if err := yaml.Unmarshal([]byte(text), &root); err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := Of(&shop{}, "docs/shop.md").Fractions("shop.yaml", &root); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
