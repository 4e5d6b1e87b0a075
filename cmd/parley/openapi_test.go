package main

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/invopop/jsonschema"
	"github.com/rogpeppe/go-internal/testscript"
	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"parley/docs"
	"parley/hostagent/api"
	"parley/internal/version"
)

// The parts of an OpenAPI 3.1 document that the socket needs
// (https://spec.openapis.org/oas/v3.1.0).
type (
	openAPI struct {
		OpenAPI    string                          `json:"openapi"`
		Info       map[string]string               `json:"info"`
		Servers    []map[string]string             `json:"servers"`
		Paths      map[string]map[string]operation `json:"paths"`
		Components map[string]any                  `json:"components"`
	}
	operation struct {
		ID         string            `json:"operationId"`
		Summary    string            `json:"summary"`
		Parameters []parameter       `json:"parameters,omitempty"`
		Body       *content          `json:"requestBody,omitempty"`
		Responses  map[string]answer `json:"responses"`
	}
	parameter struct {
		Name        string            `json:"name"`
		In          string            `json:"in"`
		Description string            `json:"description"`
		Schema      map[string]string `json:"schema"`
	}
	answer struct {
		Description string `json:"description"`
		content
	}
	content struct {
		Content map[string]map[string]any `json:"content,omitempty"`
	}
)

// TestOpenAPI compares docs/api.openapi.json and the table of docs/api.md with the
// routes and their types; with -rewrite it writes them.
func TestOpenAPI(t *testing.T) {
	page, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	head, rest, begins := strings.Cut(string(page), "<!-- routes -->\n")
	_, tail, ends := strings.Cut(rest, "<!-- end -->\n")
	if !begins || !ends {
		t.Fatal("docs/api.md has no place for the table")
	}
	for path, want := range map[string][]byte{
		"../../docs/api.openapi.json": documentOf(t),
		"../../docs/api.md":           []byte(head + "<!-- routes -->\n" + routeTable() + "<!-- end -->\n" + tail),
	} {
		if *rewrite {
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what the routes say (%v): run go test ./cmd/parley -run OpenAPI -rewrite", path, err)
		}
	}
}

func documentOf(t *testing.T) []byte {
	t.Helper()
	r := &jsonschema.Reflector{
		Anonymous: true, RequiredFromJSONSchemaTags: true, AllowAdditionalProperties: true, Namer: schemaName,
		Mapper: func(of reflect.Type) *jsonschema.Schema {
			if of.Implements(reflect.TypeFor[encoding.TextMarshaler]()) && of != reflect.TypeFor[time.Time]() {
				return &jsonschema.Schema{Type: "string"}
			}
			return nil
		},
	}
	for _, dir := range []string{"hostagent/api", "hostagent/audit", "hostagent/site", "models/publish/chain"} {
		if err := r.AddGoComments("parley/"+dir, "../../"+dir); err != nil {
			t.Fatal(err)
		}
	}
	schemas := map[string]any{}
	document := openAPI{
		OpenAPI: "3.1.0",
		Info: map[string]string{
			"title": "Parley: the agent's socket", "version": version.Released(),
			"description": "JSON over HTTP on a local socket (/run/parley/parley.sock); its permissions grant access.",
		},
		Servers: []map[string]string{{
			"url":         "http://parley",
			"description": "the name is not looked up: curl --unix-socket /run/parley/parley.sock http://parley/v1/status",
		}},
		Paths:      map[string]map[string]operation{},
		Components: map[string]any{"schemas": schemas},
	}
	for _, route := range api.Routes() {
		o := operation{
			ID: strings.ToLower(route.Method) + strings.ReplaceAll(route.Path, "/", "_"), Summary: route.Summary,
			Responses: map[string]answer{
				"200": {"done", contentOf(t, r, schemas, route.Answer)},
				"400": {"the agent cannot parse the request; the text says why", contentOf(t, r, schemas, api.MediaPrometheus)},
				"409": {"the host refuses", contentOf(t, r, schemas, api.Refusal{})},
				"503": {"the agent cannot answer; the text says why", contentOf(t, r, schemas, api.MediaPrometheus)},
			},
		}
		for _, p := range route.Query {
			schema := map[string]string{"type": "string"}
			switch p.Format {
			case "integer":
				schema["type"] = p.Format
			case "":
			default:
				schema["format"] = p.Format
			}
			o.Parameters = append(o.Parameters, parameter{p.Name, "query", p.Meaning, schema})
		}
		if route.Body != nil {
			body := contentOf(t, r, schemas, route.Body)
			o.Body = &body
		}
		if document.Paths[route.Path] == nil {
			document.Paths[route.Path] = map[string]operation{}
		}
		document.Paths[route.Path][strings.ToLower(route.Method)] = o
	}
	text, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(bytes.ReplaceAll(text, []byte(`"#/$defs/`), []byte(`"#/components/schemas/`)), '\n')
}

// contentOf returns the content of a body, and adds the types in it to schemas.
func contentOf(t *testing.T, r *jsonschema.Reflector, schemas map[string]any, body any) content {
	t.Helper()
	if media, ok := body.(api.Media); ok {
		return content{map[string]map[string]any{string(media): {"schema": map[string]string{"type": "string"}}}}
	}
	s := r.Reflect(body)
	for name, of := range s.Definitions {
		if name == reflect.TypeFor[api.Order]().Name() {
			of.AdditionalProperties = jsonschema.FalseSchema // the agent refuses what it does not know
		}
		schemas[name] = of
	}
	s.Definitions, s.Version = nil, ""
	return content{map[string]map[string]any{"application/json": {"schema": s}}}
}

// schemaName is unique among the types of all packages.
func schemaName(of reflect.Type) string {
	path := of.PkgPath()
	if path == "" || path == reflect.TypeFor[api.Status]().PkgPath() {
		return of.Name()
	}
	name := filepath.Base(path)
	return strings.ToUpper(name[:1]) + name[1:] + of.Name()
}

func routeTable() string {
	var b strings.Builder
	b.WriteString("| call | parameters | body | answer | what it does |\n|---|---|---|---|---|\n")
	for _, r := range api.Routes() {
		var names []string
		for _, p := range r.Query {
			names = append(names, "`"+p.Name+"`")
		}
		fmt.Fprintf(&b, "| `%s %s` | %s | %s | %s | %s |\n", r.Method, r.Path, strings.Join(names, ", "),
			bodyName(r.Body), bodyName(r.Answer), r.Summary)
	}
	return b.String()
}

func bodyName(body any) string {
	switch body := body.(type) {
	case nil:
		return ""
	case api.Media:
		return string(body)
	}
	of := reflect.TypeOf(body)
	if of.Kind() == reflect.Slice {
		return "list of " + schemaName(of.Elem())
	}
	return schemaName(of)
}

// TestOpenAPIDescribesValues encodes a value of each type, with all its fields set, and
// holds it against the document.
func TestOpenAPIDescribesValues(t *testing.T) {
	for _, route := range api.Routes() {
		for _, body := range []any{route.Body, route.Answer} {
			if _, media := body.(api.Media); media || body == nil {
				continue
			}
			value := reflect.New(reflect.TypeOf(body)).Elem()
			fill(value)
			if value.Kind() == reflect.Slice {
				value = value.Index(0)
			}
			text, err := json.Marshal(value.Interface())
			if err != nil {
				t.Fatal(err)
			}
			if err := holdAgainst(schemaName(value.Type()), text); err != nil {
				t.Errorf("%s: no %s: %v\n%s", route.Path, schemaName(value.Type()), err, text)
			}
		}
	}
	if holdAgainst("Order", []byte(`{"do": "drain", "gast": "web"}`)) == nil || holdAgainst("Status", []byte(`{"host": 7}`)) == nil {
		t.Error("the document takes what the agent does not")
	}
}

// fill sets all fields of a value.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if at, ok := v.Addr().Interface().(*time.Time); ok {
			*at = time.Unix(1_000_000_000, 0).UTC()
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key)
		fill(value)
		v.SetMapIndex(key, value)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Interface:
		v.Set(reflect.ValueOf("a value"))
	case reflect.String:
		v.SetString("a text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float64, reflect.Float32:
		v.SetFloat(0.5)
	default:
		if v.CanInt() {
			v.SetInt(7)
		}
		if v.CanUint() {
			v.SetUint(7)
		}
	}
}

// holdAgainst holds JSON against a type of the document.
func holdAgainst(name string, text []byte) error {
	document, err := validator.UnmarshalJSON(bytes.NewReader(docs.OpenAPI))
	if err != nil {
		return err
	}
	compiler := validator.NewCompiler()
	if err := compiler.AddResource("api.json", document); err != nil {
		return err
	}
	schema, err := compiler.Compile("api.json#/components/schemas/" + name)
	if err != nil {
		return err
	}
	value, err := validator.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// conformsToAPI holds a file against a type of the OpenAPI document: conforms TYPE FILE.
func conformsToAPI(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: conforms TYPE FILE")
	}
	if err := holdAgainst(args[0], []byte(ts.ReadFile(args[1]))); err != nil {
		ts.Fatalf("%s is no %s: %v", args[1], args[0], err)
	}
}
