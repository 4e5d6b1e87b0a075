package wording

import (
	"parley/hostagent"
	"parley/hostagent/api"
)

// remedies are what ends a refusal, by its code: words of this command, which the agent
// does not know.
var remedies = map[hostagent.Code]string{
	hostagent.CodePaused:  "`parley resume`",
	hostagent.CodeDrained: "`parley undrain`",
	hostagent.CodeIgnored: "`parley ignore --off`",
	hostagent.CodePinned:  "`parley pin --off`",
}

// Remedy returns what ends a refusal with this code; "" where no command does.
func Remedy(code string) string { return remedies[hostagent.Code(code)] }

// Refusal renders a refusal in English; "" for the zero value.
func Refusal(r api.Refusal) string {
	text := r.Detail
	if text == "" {
		text = r.Code
	}
	return with(text, Remedy(r.Code))
}

// Admission renders why a migration to this host may not begin.
func Admission(r api.Refusal) string {
	if r.Code == string(hostagent.CodeNoDeal) {
		return with(r.Detail, "move the guest with `parley migrate` at its host, or set arrival.foreign to allow at this one")
	}
	return Refusal(r)
}

func with(text, remedy string) string {
	if remedy == "" {
		return text
	}
	return text + " (" + remedy + ")"
}

// refusal renders the code and the reason of a fact.
func refusal(code, reason any) string {
	known, _ := code.(string)
	text, _ := reason.(string)
	if text == "" {
		return ""
	}
	return Refusal(api.Refusal{Code: known, Detail: text})
}
