package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func rendered(t *testing.T, c Comparison) string {
	t.Helper()
	var out bytes.Buffer
	if err := HTML(&out, c); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

var outside = regexp.MustCompile(`(?i)(src|href|action)\s*=\s*["']?\s*(https?:)?//|@import|url\(\s*["']?(https?:)?//`)

// The page is self-contained, and its tags are closed.
func TestPageStandsAlone(t *testing.T) {
	for name, c := range map[string]Comparison{"sample": sampleCourses(20, 50, 3), "odd": odd(), "empty": {}} {
		text := rendered(t, c)
		if found := outside.FindString(text); found != "" {
			t.Errorf("%s: the page reaches outside: %s", name, found)
		}
		root, err := html.Parse(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if titles := tags(root, "title"); titles == 0 {
			t.Errorf("%s: the page has no title", name)
		}
		for _, tag := range []string{"section", "table", "figure", "svg"} {
			if opened, closed := strings.Count(text, "<"+tag), strings.Count(text, "</"+tag+">"); opened != closed {
				t.Errorf("%s: %d <%s> and %d </%s>", name, opened, tag, closed, tag)
			}
		}
	}
}

func tags(n *html.Node, tag string) (found int) {
	if n.Type == html.ElementNode && n.Data == tag {
		found++
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		found += tags(child, tag)
	}
	return found
}

// Names are shown literally, never as markup or script.
func TestPageEscapes(t *testing.T) {
	const hostile = `<img src=x onerror=alert(1)></script><script>alert(2)</script>`
	c := sample(3, 5, 2)
	c.Title, c.Note, c.Scenario = hostile, hostile, hostile
	c.Policies[0].Name, c.Policies[1].Name = hostile, "a_b+&c[d=e]"
	c.Measures[0].Name, c.Measures[0].Doc, c.Measures[0].Unit = hostile, hostile, hostile
	c.Policies[0].Runs[0].Course.Hosts[0] = hostile
	c.Measures[0].Group, c.Measures[0].Definition, c.Measures[0].Source = hostile, hostile+"`"+hostile, hostile
	c.Policies[1].Texts, c.Policies[1].Aim, c.Off = []string{hostile}, hostile, hostile
	text := rendered(t, c)
	if want := "a_<wbr>b+<wbr>&amp;c<wbr>[d=<wbr>e]"; !strings.Contains(text, want) {
		t.Errorf("the name of a policy: got no %q", want)
	}
	if strings.Contains(text, "<img src=x") || strings.Contains(text, "<script>alert") {
		t.Error("a name became markup")
	}
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if n := tags(root, "script"); n != 2 {
		t.Errorf("got %d scripts, want 2: the data and the page's own", n)
	}
}

// The page of a day of 800 hosts is small enough for mail.
func TestPageSize(t *testing.T) {
	if size := len(rendered(t, sampleCourses(800, 289, 5))); size > 3<<20 {
		t.Errorf("got %d bytes, want at most 3 MiB", size)
	}
}

// The same comparison makes the same page.
func TestPageAgain(t *testing.T) {
	first, second := rendered(t, sampleCourses(10, 20, 2)), rendered(t, sampleCourses(10, 20, 2))
	if first != second {
		t.Error("two pages of one comparison differ")
	}
}

// The text of a policy is on the page once, and each policy leads to its own.
func TestPageTexts(t *testing.T) {
	c := sampleCourses(3, 5, 2)
	c.Policies[1].Texts, c.Policies[2].Texts = []string{"% agility\n"}, []string{"% power saving\n", "% agility\n"}
	text := rendered(t, c)
	for what, times := range map[string]int{
		"<pre tabindex=\"0\">% agility\n</pre>": 1, "<pre tabindex=\"0\">% power saving\n</pre>": 1,
		`<a href="#policy1">agility, as above</a>`: 1, `<li id="policy1"`: 1, `<a href="#policy1">agility</a>`: 1,
	} {
		if got := strings.Count(text, what); got != times {
			t.Errorf("%q is there %d times, want %d", what, got, times)
		}
	}
}

// Each figure leads to its definition.
func TestPageDefinitions(t *testing.T) {
	c := sampleCourses(3, 5, 2)
	c.Measures[0].Definition, c.Measures[0].Source = "as `hosts.power` says", "somebody"
	text := rendered(t, c)
	for _, m := range c.Measures {
		if !strings.Contains(text, `<a href="#def-`+m.Key+`"`) || strings.Count(text, `<dt id="def-`+m.Key+`"`) != 1 {
			t.Errorf("%s does not lead to one definition", m.Key)
		}
	}
	if want := "as <code>hosts.power</code> says<br><span class=\"wish\">Source: somebody"; !strings.Contains(text, want) {
		t.Errorf("got no %q", want)
	}
}
