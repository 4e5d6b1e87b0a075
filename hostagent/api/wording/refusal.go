package wording

import (
	"strings"

	"parley/hostagent"
	"parley/hostagent/api"
)

// remedies are what ends a refusal, by its code: words of this command, which the agent
// does not know.
var remedies = map[hostagent.Code]string{
	hostagent.CodePaused:     "`parley resume`",
	hostagent.CodeSitePaused: "`parley resume --site`",
	hostagent.CodeDrained:    "`parley undrain`",
	hostagent.CodeIgnored:    "`parley ignore GUEST --off`",
	hostagent.CodePinned:     "`parley pin GUEST --off`",

	hostagent.CodeIgnoredHere: "change `rules` there and send SIGHUP",
	hostagent.CodePinnedHere:  "change `rules` there and send SIGHUP",
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

// RefusalOf renders a refusal about a guest, whose name stands in what ends it if a shell
// takes it as it is.
func RefusalOf(guest string, r api.Refusal) string {
	text := Refusal(r)
	if remedy := Remedy(r.Code); plainName(guest) && remedy != "" {
		return strings.TrimSuffix(text, "("+remedy+")") + "(" + Naming(remedy, guest) + ")"
	}
	return text
}

// Naming puts a guest's name into a command, for GUEST, if a shell takes it as it is.
func Naming(command, guest string) string {
	if !plainName(guest) {
		return command
	}
	return strings.Replace(command, "GUEST", guest, 1)
}

// plainName says whether a name stands in a command as it is, without quotes.
func plainName(name string) bool {
	return name != "" && name[0] != '-' && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == ""
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

// refusalOf renders the code and the reason of a fact about a guest.
func refusalOf(guest, code, reason any) string {
	name, _ := guest.(string)
	known, _ := code.(string)
	text, _ := reason.(string)
	if text == "" {
		return ""
	}
	return RefusalOf(name, api.Refusal{Code: known, Detail: text})
}
