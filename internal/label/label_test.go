package label

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	for label, ok := range map[string]bool{
		"rack=a": true, "rack=a=b": true, "zone=Zürich": true, "k=" + strings.Repeat("v", Bytes-2): true,
		"k=" + strings.Repeat("v", Bytes-1): false, "": false, "rack": false, "=a": false, "rack=": false,
		"rack=a b": false, "rack=a\u00a0b": false, "rack=a,b": false, `rack="a"`: false, "rack=\x1b[2J": false,
		"rack=a\x00": false, "rack=a\u202eb": false, "rack=\u009b2J": false, "rack=\xff": false,
	} {
		if err := Check(label); (err == nil) != ok {
			t.Errorf("%q: got %v, want it taken: %v", label, err, ok)
		}
	}
	if err := Check(strings.Repeat("x", 10_000)); len(err.Error()) > 400 {
		t.Errorf("the error about a long text has %d bytes", len(err.Error()))
	}
}

func TestCheckAll(t *testing.T) {
	if err := CheckAll(numbered(Most)); err != nil {
		t.Error(err)
	}
	if CheckAll(numbered(Most+1)) == nil || CheckAll([]string{"a=b", "a"}) == nil {
		t.Error("a list that is too long, or holds no label, is taken")
	}
}

func TestFit(t *testing.T) {
	long := "k=" + strings.Repeat("v", Bytes)
	kept, left := Fit([]string{"z=1", "b=2", "z=1"}, append(numbered(Most), long, "b=2"))
	if len(kept) != Most || !slices.Contains(kept, "z=1") || !slices.Contains(kept, "b=2") || !slices.IsSorted(kept) {
		t.Errorf("kept %v", kept)
	}
	if want := []string{long, "n=14", "n=15"}; !slices.Equal(left, want) {
		t.Errorf("got %v left out, want %v", left, want)
	}
	if err := CheckAll(kept); err != nil {
		t.Error(err)
	}
	if kept, left := Fit(nil, nil); len(kept)+len(left) != 0 {
		t.Errorf("of nothing: %v, %v", kept, left)
	}
}

func numbered(n int) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprintf("n=%02d", i))
	}
	return list
}
