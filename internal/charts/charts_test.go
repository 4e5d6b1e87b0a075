package charts

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

// published has the SHA-256 of the files of uPlot as they are in its package of version
// UPlotVersion, whose integrity is
// sha512-KIMVnG68zvu5XXUbC4LQEPnhwOxBuLyW1AHtpm6IKTXImkbLgkMy+jabjLgSLMasNuGGzQm/ep3tOkyTxpiQIw==
var published = map[string]string{
	"uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
	"uPlot.min.css":     "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
	"LICENSE":           "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
}

func TestUPlotIsAsPublished(t *testing.T) {
	entries, err := os.ReadDir("uplot")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile("uplot/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		if got, want := hex.EncodeToString(sum[:]), published[e.Name()]; got != want {
			t.Errorf("uplot/%s: got SHA-256 %s, want %q: take the file from uPlot %s, or change version and sums together", e.Name(), got, want,
				UPlotVersion)
		}
	}
	if len(entries) != len(published) {
		t.Errorf("got %d files in uplot, want %d", len(entries), len(published))
	}
	if !strings.Contains(uPlotScript[:100], "(v"+UPlotVersion+")") {
		t.Errorf("the script names another version: %q", uPlotScript[:100])
	}
}

// A script that stands in a page must not end the element around it.
func TestScriptStaysInItsElement(t *testing.T) {
	for _, word := range []string{"</script", "<!--"} {
		if strings.Contains(strings.ToLower(Script()), word) {
			t.Errorf("the script contains %q", word)
		}
	}
	if strings.Contains(strings.ToLower(Style()), "</style") {
		t.Error("the style contains </style")
	}
}
