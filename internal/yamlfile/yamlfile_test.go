package yamlfile

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// site has a value of every kind.
type site struct {
	Name    string         `yaml:"name"`
	Hosts   []host         `yaml:"hosts"`
	Every   time.Duration  `yaml:"every"`
	Port    *uint16        `yaml:"port"`
	ByColor map[string]int `yaml:"by_color"`
	Weight  pounds         `yaml:"weight"`
	Empty   struct{}       `yaml:"empty"`
	Times   `yaml:",inline"`
}

// Times has its keys in the site.
type Times struct {
	Pause time.Duration `yaml:"pause"`
	Limit limit         `yaml:"limit"`
}

type limit struct {
	Base   time.Duration `yaml:"base"`
	PerGiB time.Duration `yaml:"per_gib"`
}

type host struct {
	Cores float64 `yaml:"cores"`
	Count int     `yaml:"count,omitempty"`
	Idle  bool    `yaml:"idle"`
}

// pounds reads what it holds itself.
type pounds int

func (p *pounds) UnmarshalYAML(n *yaml.Node) error {
	number, ok := strings.CutSuffix(n.Value, " lb")
	if !ok {
		return fmt.Errorf("%q is no weight: write one such as 5 lb", n.Value)
	}
	*p = pounds(len(number))
	return nil
}

func read(text string) (site, error) {
	documents, err := Of(&site{}, "docs/site.md").Parse("site.yaml", []byte(text))
	if err != nil || len(documents) == 0 {
		return site{}, err
	}
	var s site
	return s, documents[0].Decode(&s)
}

func TestFaults(t *testing.T) {
	for text, want := range map[string]string{
		"name: a\nhots: []\n":                  `site.yaml:2:1: there is no key "hots" here: did you mean "hosts"? docs/site.md has all`,
		"hosts:\n  - {weight: 3}\n":            `site.yaml:2:6: there is no key "weight" here: there are cores, count, idle`,
		"hosts:\n  - cores: many\n":            `site.yaml:2:12: hosts[0].cores: "many" is not a number`,
		"hosts:\n  - count: some\n":            `site.yaml:2:12: hosts[0].count: "some" is not a whole number`,
		"hosts:\n  - idle: perhaps\n":          `site.yaml:2:11: hosts[0].idle: "perhaps" is not true or false`,
		"name: [a]\n":                          `site.yaml:1:7: name: this is not a text`,
		"every: soon\n":                        `site.yaml:1:8: every: "soon" is not a time: write one such as 500ms, 30s, 5m or 2h`,
		"every: 15\n":                          `site.yaml:1:8: every: "15" is not a time: write its unit, such as 15s`,
		"every: 1.5\n":                         `site.yaml:1:8: every: "1.5" is not a time: write its unit, such as 1.5s`,
		"hosts: many\n":                        `site.yaml:1:8: hosts: "many" is not a list: write it in brackets, or each entry on a line with a dash`,
		"hosts: [three]\n":                     `site.yaml:1:9: hosts[0]: "three" is not a section with keys: write {cores: ..., count: ..., idle: ...}`,
		"by_color: 3\n":                        `site.yaml:1:11: by_color: "3" is not a section with keys: see docs/site.md`,
		"pause: 3\n":                           `site.yaml:1:8: pause: "3" is not a time: write its unit, such as 3s`,
		"puase: 3s\n":                          `site.yaml:1:1: there is no key "puase" here: did you mean "pause"? docs/site.md has all`,
		"times: {pause: 3s}\n":                 `site.yaml:1:1: there is no key "times" here: there are name, hosts, every, port, by_color, weight, empty, pause, limit`,
		"limit: 3s\n":                          `site.yaml:1:8: limit: "3s" is not a section with keys: write limit: {base: ..., per_gib: ...}`,
		"limit_per_gib: 3s\n":                  `site.yaml:1:1: there is no key "limit_per_gib" here: write limit: {per_gib: ...}; docs/site.md has all`,
		"empty: {any: 1}\n":                    `site.yaml:1:9: there is no key "any" here: see docs/site.md`,
		"hosts:\n\t- count: 2\n":               `site.yaml:2: a tab stands where the line is indented: YAML indents with spaces`,
		"name: @a\n":                           `site.yaml:1: a value begins with a character that YAML keeps for itself: put the value in quotes`,
		"name: [\n":                            `site.yaml:1: did not find expected node content`,
		"name: \"\x01\"\n":                     `site.yaml: this is not YAML: control characters are not allowed`,
		"name: a\nnmae: b\nhosst: []\n":        "site.yaml:2:1: there is no key \"nmae\" here: did you mean \"name\"? docs/site.md has all\nsite.yaml:3:1: there is no key \"hosst\" here: did you mean \"hosts\"? docs/site.md has all",
		"name: a\nname: b\n":                   `site.yaml:2:1: name: the key stands on line 1 already: join the two`,
		"port: 80.5":                           `site.yaml:1:7: port: "80.5" is not a whole number`,
		"port: 70000":                          `site.yaml:1:7: port: "70000" is not a whole number`,
		"hosts:\n- {count: 2}\n- count: 1_0.5": `site.yaml:3:10: hosts[1].count: "1_0.5" is not a whole number`,
		"by_color: {red: 2.25}":                `site.yaml:1:17: by_color.red: "2.25" is not a whole number`,
		"port: -.inf":                          `site.yaml:1:7: port: "-.inf" is not a whole number`,
		"weight: 5":                            `site.yaml:1:9: weight: "5" is no weight: write one such as 5 lb`,
		"hosts: [&a {count: 1}, {<<: *a, cuont: 2}]": `site.yaml:1:33: there is no key "cuont" here: did you mean "count"? docs/site.md has all`,
	} {
		if _, err := read(text); err == nil || err.Error() != want {
			t.Errorf("%q:\ngot  %v\nwant %s", text, err, want)
		}
	}
}

func TestDecode(t *testing.T) {
	s, err := read("name: a\nevery: 0\nport: 1e3\nweight: 12 lb\nhosts: [&a {count: 2, idle: true}, {<<: *a, cores: 0.5}]\nby_color:\n")
	if err != nil || s.Name != "a" || s.Every != 0 || *s.Port != 1000 || s.Weight != 2 || s.Hosts[1] != (host{0.5, 2, true}) ||
		s.ByColor != nil {
		t.Errorf("got %+v, %v", s, err)
	}
	if _, err := read("# nothing\n"); err != nil {
		t.Error(err)
	}
	kept := site{Name: "kept"}
	documents, err := Of(site{}, "").Parse("site.yaml", []byte("name: b\nport: x\n---\nname: c\n"))
	if err != nil || len(documents) != 2 {
		t.Fatal(len(documents), err)
	}
	if err := documents[0].Decode(&kept); err == nil || kept.Name != "kept" {
		t.Errorf("a faulty document was read: %+v, %v", kept, err)
	}
}

// A field is named by its place in the file, that of an inline struct as well.
func TestKey(t *testing.T) {
	kind := Of(site{}, "docs/site.md")
	for field, want := range map[string]string{
		"Name": "name", "ByColor": "by_color", "Hosts[2].Count": "hosts[2].count", "Pause": "pause", "Times.Pause": "pause",
		"Limit.PerGiB": "limit.per_gib", "Port": "port", "Hosts[0].Colour": "hosts[0].Colour", "Name.Length": "name.Length", "": "",
	} {
		if got := kind.Key(field); got != want {
			t.Errorf("the key of %q: got %q, want %q", field, got, want)
		}
	}
	documents, err := kind.Parse("site.yaml", []byte("name: a\nlimit:\n  base: 1s\n  per_gib: 3s\n"))
	if err != nil {
		t.Fatal(err)
	}
	if f := documents[0].Fault(kind.Key("Limit.PerGiB"), "is 3s"); f.Line != 4 || f.Column != 3 {
		t.Errorf("got %v, want line 4 and column 3", f)
	}
}

// TestBomb: a few lines whose aliases stand for thousands of millions of values, and
// one that stands for itself, are refused.
func TestBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("a: &a0 [1]\n")
	for i := range 40 {
		fmt.Fprintf(&b, "a%d: &a%d [*a%d, *a%d]\n", i+1, i+1, i, i)
	}
	for _, text := range []string{b.String(), "hosts: &a [*a]\n"} {
		documents, err := Of(map[string]any{}, "").Parse("bomb.yaml", []byte(text))
		if err == nil {
			err = documents[0].Decode(&map[string]any{})
		}
		if err == nil {
			t.Errorf("%.40q... was read", text)
		}
	}
	type nest struct {
		In *nest `yaml:"in"`
	}
	documents, err := Of(nest{}, "").Parse("nest.yaml", []byte("in: &a {in: *a}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := documents[0].Decode(&nest{}); err == nil || !strings.Contains(err.Error(), "this is too large") {
		t.Errorf("got %v", err)
	}
}

func TestFault(t *testing.T) {
	documents, err := Of(site{}, "").Parse("site.yaml", []byte("name: a\nhosts:\n- {cores: 1}\n- {cores: 2,\tcount: 3}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"hosts[1].count": "site.yaml:4:14: hosts[1].count: is wrong",
		"hosts[1].idle":  "site.yaml:4:3: hosts[1].idle: is wrong",
		"hosts[7].idle":  "site.yaml:2:1: hosts[7].idle: is wrong",
		"every":          "site.yaml:1:1: every: is wrong",
		"":               "site.yaml:1:1: is wrong",
	} {
		if got := documents[0].Fault(key, "is wrong").Error(); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
	if got, want := documents[0].Fault("hosts[1].count",
		"").Marked(), "    4 | - {cores: 2,\tcount: 3}\n      |             \t^"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var f *Fault
	err = Faults{{Key: "a", Text: "is wrong"}, {Text: "b"}}
	if !errors.As(err, &f) || f.Key != "a" || err.Error() != "a: is wrong\nb" {
		t.Errorf("got %+v of %v", f, err)
	}
}

// What is not at fault is read and checked; what follows from a fault is left out.
func TestDecodeChecked(t *testing.T) {
	for _, c := range []struct {
		text  string
		about []string // keys that the check finds at fault
		want  []string
		read  string
	}{
		{"name: a\nevery: 5s\n", nil, nil, "a 5s 0"},
		{"name: a\nevery: 5\n", []string{"name"}, []string{"1:1: name", "2:8: every"}, "a 0s 0"},
		{"name: a\nevery: 5\n", []string{"every", "limit.base"}, []string{"1:1: limit.base", "2:8: every"}, "a 0s 0"},
		{"nme: a\nevery: 5s\n", []string{"name"}, []string{"1:1: there is no key"}, " 5s 0"},
		{"limit: {base: 1s, per_gib: 7}\n", []string{"limit", "limit.base"}, []string{"1:9: limit.base", "1:28: limit.per_gib"}, " 0s 0"},
		{"hosts: [{cores: 1}, {cores: x}]\nname: a\n", []string{"hosts[0].cores", "hosts"}, []string{"1:10: hosts[0].cores",
			"1:29: hosts[1].cores"}, "a 0s 2"},
		{"x: &x {cores: y}\nhosts: [*x]\nname: a\n", nil, []string{"1:1: there is no key", "1:15: hosts[0].cores"}, "a 0s 1"},
		{"hosts: [{cores: 1}, 7]\nname: a\n", []string{"hosts[0].cores"}, []string{"1:10: hosts[0].cores", "1:21: hosts[1]"}, "a 0s 0"},
		{"name: a\nname: b\n", nil, []string{"2:1: name: the key stands"}, "a 0s 0"},
		{"7\n", []string{"name"}, []string{"1:1: \"7\" is not a section"}, " 0s 0"},
		{"", []string{"name"}, []string{" name"}, " 0s 0"},
	} {
		var s site
		err := Of(&site{}, "").DecodeChecked("site.yaml", []byte(c.text), &s, func() (list Faults) {
			for _, key := range c.about {
				list = append(list, &Fault{Key: key, Text: "is wrong"})
			}
			return list
		})
		var lines []string
		if err != nil {
			lines = strings.Split(err.Error(), "\n")
		}
		fits := len(lines) == len(c.want)
		for i := 0; fits && i < len(lines); i++ {
			fits = strings.HasPrefix(lines[i], "site.yaml:"+c.want[i])
		}
		if read := fmt.Sprintf("%s %v %d", s.Name, s.Every, len(s.Hosts)); !fits || read != c.read {
			t.Errorf("%q: got %q and %q, want %q and %q", c.text, lines, read, c.want, c.read)
		}
	}
}
