package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"parley/docs"
	"parley/hostagent"
	"parley/hostagent/config"
	"parley/hostagent/config/telling"
	"parley/models/publish/repository"
	"parley/sim/scenario"
)

var rewrite = flag.Bool("rewrite", false, "write what comes out into the files that are held; read the difference afterwards")

// written are the kinds of files that people write.
func written() map[string]any {
	kinds := repository.Files()
	kinds["parley"], kinds["scenario"] = config.Config{}, scenario.Scenario{}
	return kinds
}

// TestSchemas compares docs/schemas with the types into which the files are decoded;
// with -rewrite it writes them.
func TestSchemas(t *testing.T) {
	for name, value := range written() {
		want := schemaOf(t, name, value)
		path := filepath.Join("../../docs/schemas", name+".schema.json")
		if *rewrite {
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what the types say (%v): run go test ./cmd/parley -run Schemas -rewrite", path, err)
		}
	}
}

// texts are the values that a file has as text or as a number.
var texts = map[string]*jsonschema.Schema{
	"time.Duration":   {AnyOf: []*jsonschema.Schema{{Type: "string", Pattern: `^-?([0-9.]+(ns|us|µs|ms|s|m|h))+$`}, {Const: 0}}, Examples: []any{"30s", "5m"}},
	"repository.Span": {AnyOf: []*jsonschema.Schema{{Type: "string", Pattern: `^([0-9]+d|([0-9.]+(ns|us|µs|ms|s|m|h))+)$`}, {Const: 0}}, Examples: []any{"10m", "90d"}},
	"scenario.Bytes": {AnyOf: []*jsonschema.Schema{{Type: "string", Pattern: `^[0-9.]+ *(([kMGT]|[KMGT]i)?B)(/s)?$`}, {Const: 0}},
		Examples: []any{"64 GiB"}},
}

// describedTypes are the sections of the configuration, with what their keys begin with.
var describedTypes = map[reflect.Type]string{
	reflect.TypeFor[config.Config]():        "",
	reflect.TypeFor[hostagent.Tuning]():     "",
	reflect.TypeFor[hostagent.MoveKeys]():   "",
	reflect.TypeFor[hostagent.Deadline]():   "deadline.",
	reflect.TypeFor[config.Platform]():      "platform.",
	reflect.TypeFor[hostagent.MoveLimits](): "platform.",
	reflect.TypeFor[config.Capacity]():      "capacity.",
	reflect.TypeFor[config.Process]():       "process.",
	reflect.TypeFor[config.Policy]():        "policy.",
	reflect.TypeFor[config.Arrival]():       "arrival.",
	reflect.TypeFor[config.Audit]():         "audit.",
	reflect.TypeFor[telling.Keys]():         "",
	reflect.TypeFor[telling.Metrics]():      "metrics.",
	reflect.TypeFor[telling.Log]():          "log.",
}

func schemaOf(t *testing.T, name string, value any) []byte {
	t.Helper()
	meanings := map[string]string{}
	for _, k := range docs.Configuration() {
		meanings[k.Key] = k.Meaning
	}
	r := &jsonschema.Reflector{
		FieldNameTag: "yaml", ExpandedStruct: true, RequiredFromJSONSchemaTags: true, Anonymous: true,
		Mapper: func(of reflect.Type) *jsonschema.Schema {
			if s, ok := texts[of.String()]; ok {
				same := *s
				return &same
			}
			return nil
		},
		// The page of the configuration describes its keys.
		LookupComment: func(of reflect.Type, field string) string {
			prefix, described := describedTypes[of]
			if !described {
				return ""
			}
			f, ok := of.FieldByName(field)
			if !ok {
				return ""
			}
			key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			return meanings[prefix+key]
		},
	}
	s := r.Reflect(value)
	s.Title = name + ".yaml of Parley"
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}

// conforms returns the violations of a schema by a YAML document.
func conforms(t *testing.T, name, text string) error {
	t.Helper()
	raw, ok := docs.Schema(name)
	if !ok {
		t.Fatalf("there is no schema %s", name)
	}
	schema, err := validator.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	compiler := validator.NewCompiler()
	if err := compiler.AddResource(name, schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var value any
		if err := decoder.Decode(&value); err != nil {
			return nil // the end
		}
		if value == nil {
			continue
		}
		if err := compiled.Validate(value); err != nil {
			return err
		}
	}
}

// TestSchemasAccept: every file of the project that a command reads conforms to its
// schema, and so does the printed configuration with all its keys.
func TestSchemasAccept(t *testing.T) {
	seen := map[string]int{}
	accept := func(name, where, text string) {
		if err := conforms(t, name, text); err != nil {
			t.Errorf("%s: %v", where, err)
		}
		seen[name]++
	}
	text, err := yaml.Marshal(config.Default())
	if err != nil {
		t.Fatal(err)
	}
	accept("parley", "the default configuration", string(text))
	root := os.DirFS("../..")
	err = fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" || strings.Contains(path, "testdata") {
			return err
		}
		name := ""
		switch base := filepath.Base(path); {
		case base == "cluster.yaml":
			name = "cluster"
		case base == "policy.yaml":
			name = "policy"
		case strings.Contains(path, "scenarios/") || base == "gate.yaml":
			name = "scenario"
		default:
			return nil
		}
		text, err := fs.ReadFile(root, path)
		if err == nil {
			accept(name, path, string(text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"cluster": "publisher: north\nexpires: 90d\nthreshold: 2\nhosts:\n- {name: h1, id: x, addresses: [/ip4/10.0.0.1/tcp/4200], labels: [rack=1]}\n",
		"policy":  "targets: [rack=1]\ncanary:\n- {share: 0.1, for: 10m}\nguard: {failed_share: 0.2}\n",
	} {
		accept(name, text, text)
	}
	if seen["scenario"] < 5 {
		t.Errorf("%d scenarios were looked at", seen["scenario"])
	}
}

// TestSchemasRefuse: a schema refuses every file that its reader refuses for its keys
// or types.
func TestSchemasRefuse(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"parley", "hold_sampels: 2"}, {"parley", "hold_samples: many"}, {"parley", "hold_samples: 2.5"}, {"parley", "cooldown: 15"},
		{"parley", "cooldown: soon"}, {"parley", "mode: sometimes"}, {"parley", "listen: 4200"}, {"parley", "platform: libvirt"},
		{"parley", "platform: {kid: memory}"}, {"parley", "rules: [{guest: a}]"}, {"parley", "mdns: perhaps"},
		{"cluster", "treshold: 1"}, {"cluster", "expires: soon"}, {"cluster", "hosts: [{adress: []}]"},
		{"policy", "target: []"}, {"policy", "canary: [{fore: 1h}]"},
		{"scenario", "hots: []"}, {"scenario", "hosts: [{memory: lots}]"}, {"scenario", "hosts: [{memory: 64}]"}, {"scenario", "run: {limit: 5}"}, {"scenario", "schedule: [{host: h1}]"},
		{"scenario", "agent: {deadline: 1m}"}, {"scenario", "agent: {deadline_per_gib: 1s}"}, {"scenario", "agent: {mode: auto}"},
	} {
		if err := conforms(t, c.name, c.text); err == nil {
			t.Errorf("%s: %q conforms", c.name, c.text)
		}
		path := filepath.Join(t.TempDir(), c.name+".yaml")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		var err error
		switch c.name {
		case "parley":
			_, err = config.Read(path)
		case "scenario":
			_, err = scenario.Open(path, scenario.Options{})
		default:
			continue // the tests of repository check these texts
		}
		if err == nil {
			t.Errorf("%s: %q is read", c.name, c.text)
		}
	}
}
