// Package wording renders in English the codes and values that an agent answers.
package wording

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"text/template"
	"time"

	"parley/hostagent/api"
)

//go:embed explain.tmpl
var explain string

var templates = template.Must(template.New("explain").Funcs(template.FuncMap{
	"also": also, "clock": clock, "join": join, "mib": mib, "number": number, "percent": percent, "refusal": refusal,
	"refusalOf": refusalOf, "sequel": sequel,
	"span": span,
}).Parse(explain))

// Fact renders a fact in English. A fact without a template in this version, such as one
// of a newer agent, is shown as code and values.
func Fact(f api.Fact) string {
	values, err := plain(f.Values)
	if err == nil && templates.Lookup(f.Code) != nil {
		var text strings.Builder
		if err := templates.ExecuteTemplate(&text, f.Code, values); err == nil {
			return digits(text.String())
		}
	}
	return fmt.Sprintf("%s %v", f.Code, f.Values)
}

// plain converts values to what a client decodes from JSON, so that an agent's own values
// are rendered alike.
func plain(values map[string]any) (plain map[string]any, err error) {
	data, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	return plain, json.Unmarshal(data, &plain)
}

// also joins the non-empty texts after a colon.
func also(parts ...any) string {
	var texts []string
	for _, part := range parts {
		if text, ok := part.(string); ok && text != "" {
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		return ""
	}
	return ": " + strings.Join(texts, " ")
}

func clock(at string) (string, error) {
	t, err := time.Parse(time.RFC3339Nano, at)
	return t.Format(time.TimeOnly), err
}

func join(list []any) string {
	texts := make([]string, len(list))
	for i, one := range list {
		texts[i] = fmt.Sprint(one)
	}
	return strings.Join(texts, ", ")
}

func mib(bytes float64) string { return fmt.Sprint(int64(bytes) >> 20) }

func number(n float64) string { return fmt.Sprintf("%.0f", n) }

func percent(share float64) string { return fmt.Sprintf("%.0f", 100*share) }

func span(nanoseconds float64) string {
	return time.Duration(nanoseconds).Round(time.Millisecond).String()
}
