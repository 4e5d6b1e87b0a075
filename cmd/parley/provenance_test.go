package main

import "testing"

func TestCommandLine(t *testing.T) {
	cmd := newSimCompare()
	if err := cmd.Flags().Parse([]string{"--seeds", "3", "--policy", "none,a[gap=0.1;quiet=2]", "--csv", "it's.csv"}); err != nil {
		t.Fatal(err)
	}
	const want = `compare 'my site.yaml' --csv='it'\''s.csv' --policy='none,a[gap=0.1;quiet=2]' --seeds=3`
	if got := commandLine(cmd, []string{"my site.yaml"}); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
