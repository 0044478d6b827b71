package parser

import (
	"strings"
	"testing"
)

func TestHTMLReadsAsPeopleSeeIt(t *testing.T) {
	for name, c := range map[string]struct{ html, want string }{
		"blocks stand on lines of their own":                   {`<div>One</div><div>Two</div><p>Three</p><p>Four</p>`, "One\nTwo\n\nThree\n\nFour"},
		"a line break ends the line":                           {`One<br>Two<br><br>Three`, "One\nTwo\n\nThree"},
		"a break at the end of a block is no blank line":       {`<div>One<br></div><div>Two</div>`, "One\nTwo"},
		"an empty div of Gmail is a blank line":                {`<div>One</div><div><br></div><div>Two</div>`, "One\n\nTwo"},
		"an empty paragraph of Outlook stays blank":            {`<p class=MsoNormal>One</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>Two</p>`, "One\n\nTwo"},
		"blanks fold to one":                                   {"One\n   two\t three", "One two three"},
		"words split by markup stay whole":                     {`re<b>try</b> <i>storm</i>s`, "retry storms"},
		"entities are letters":                                 {`Tom &amp; Jo &lt;jo@x.example&gt; &#8364;5`, "Tom & Jo <jo@x.example> €5"},
		"lists keep their marks":                               {`<ul><li>One</li><li>Two<ol><li>Inner</li></ol></li></ul>`, "- One\n- Two\n  1. Inner"},
		"items without end tags":                               {`<ul><li>One<li>Two</ul>After`, "- One\n- Two\nAfter"},
		"cells of a row stand side by side":                    {`<table><tr><td>A</td><td>B</td></tr><tr><td>C</td><td>D</td></tr></table>`, "A | B\nC | D"},
		"cells with the paragraphs of Word":                    {`<table><tr><td><p>A</p></td><td><p>B</p></td></tr></table>`, "A | B"},
		"tables for layout are no rows":                        {`<table><tr><td><div>A</div><div>B</div></td><td><div>C</div></td></tr></table>`, "A\nB\nC"},
		"quotes have marks":                                    {`Yes.<blockquote>Really?<blockquote>Is it?</blockquote></blockquote>No.`, "Yes.\n> Really?\n> > Is it?\nNo."},
		"blank lines inside a quote have marks":                {`<blockquote><p>A</p><p>B</p></blockquote>`, "> A\n>\n> B"},
		"the indent button of Gmail quotes nothing":            {`<blockquote style="margin:0 0 0 40px;border:none;padding:0px">A</blockquote>`, "A"},
		"an anchor named quote quotes nothing":                 {`<a name="quote"></a><a name=quote>A</a> B`, "A B"},
		"a border of Word alone quotes nothing":                {`<p>A</p><div style="border:none;border-top:solid #E1E1E1 1.0pt">B: c</div><p>D</p>`, "A\n\nB: c\n\nD"},
		"a quotation that only looks like the indent of Gmail": {`<blockquote type=cite style="border:none">A</blockquote>`, "> A"},
		"preformatted lines stay":                              {"<pre>a  b\n  c</pre>", "a  b\n  c"},
		"pre-wrap is preformatted":                             {"<div style=\"white-space: pre-wrap\">a\nb</div>", "a\nb"},
		"boxes show whether they are ticked":                   {`<input type="checkbox" checked>A-17<br><input type=checkbox>A-18`, "[x] A-17\n[ ] A-18"},
		"scripts, styles and titles are not read":              {`<head><title>T</title><style>p{}</style></head><body><script>x()</script>Text`, "Text"},
		"a body ends a head that was left open":                {`<head><meta charset=utf-8><body>Text`, "Text"},
		"a stray end tag in a cell ends no table":              {`<table><tr><td>A</div></td><td>B</td></tr></table>`, "A | B"},
		"letters without width are dropped":                    {"in\u200bvis\u00adible&zwnj;", "invisible\u200c"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := renderHTML(c.html).text; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestHiddenHTMLIsNotWhatTheSenderSaid(t *testing.T) {
	for name, html := range map[string]string{
		"display none":               `<div style="display:none">done</div>`,
		"in capitals":                `<DIV STYLE="DISPLAY: NONE !important">done</DIV>`,
		"visibility":                 `<span style="visibility: hidden">done</span>`,
		"no size":                    `<span style="font-size:0px">done</span>`,
		"nearly no size":             `<span style="font-size:1px">done</span>`,
		"see-through":                `<span style="opacity:0">done</span>`,
		"no height":                  `<div style="max-height:0;overflow:hidden">done</div>`,
		"hidden from Word":           `<div style="mso-hide:all">done</div>`,
		"a class of the style sheet": `<style>p{color:red} @media print{.b{x:y}} .a, div.pre {display:none}</style><div class="a b">done</div>`,
		"an id of the style sheet":   `<style>#pre {display:none}</style><div id=pre>done</div>`,
		"the attribute":              `<p hidden>done</p>`,
		"white on white":             `<span style="color:#FFFFFF">done</span>`,
		"white font":                 `<font color="white">done</font>`,
		"white on stated white":      `<div style="color:white;background:#fff">done</div>`,
		"a child of what is hidden":  `<div style="display:none"><p>do<b>ne</b></p></div>`,
	} {
		t.Run(name, func(t *testing.T) {
			page := renderHTML("Seen. " + html + " Also seen.")
			if strings.Contains(page.text, "done") || !strings.Contains(page.text, "Also seen") {
				t.Errorf("shown: %q", page.text)
			}
			if page.hidden == "" {
				t.Error("the hidden text is not noted")
			}
		})
	}
}

func TestShownHTMLIsNotTakenForHidden(t *testing.T) {
	for name, html := range map[string]string{
		"white on a dark ground":        `<td bgcolor="#003366"><span style="color:#fff">shown</span></td>`,
		"white button":                  `<a style="background:#06c;color:white" href="https://x.example">shown</a>`,
		"small but legible":             `<span style="font-size:0.8em">shown</span>`,
		"ten pixels":                    `<span style="font-size:10px">shown</span>`,
		"half see-through":              `<span style="opacity:0.5">shown</span>`,
		"hidden on small screens":       `<style>@media (max-width:600px){.a{display:none}}</style><div class=a>shown</div>`,
		"hidden inside something else":  `<style>.mobile .a{display:none}</style><div class=a>shown</div>`,
		"after a hidden element":        `<span style="display:none">x</span>shown`,
		"after a hidden open paragraph": `<p style="display:none">x<div>shown</div>`,
	} {
		t.Run(name, func(t *testing.T) {
			if got := renderHTML(html).text; got != "shown" {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestHTMLLinksAreKeptWithTheirWords(t *testing.T) {
	page := renderHTML(`See <a href="https://x.example/a">the <b>plan</b></a>, <a href="https://x.example/b"><img src=b.png></a>.`)
	want := []link{{"https://x.example/a", "the plan"}, {"https://x.example/b", ""}}
	if len(page.links) != 2 || page.links[0] != want[0] || page.links[1] != want[1] {
		t.Errorf("got %v, want %v", page.links, want)
	}
}

func TestMinutesInHTMLKeepHeadingsAndLinks(t *testing.T) {
	got := renderMarkdown(`<h2>30 Jan 2017</h2><ul><li><a href="https://x.example/1">Broker</a> retries</li></ul>`).text
	if want := "## 30 Jan 2017\n\n- [Broker](https://x.example/1) retries"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDepthDoesNotBringHiddenTextToLight(t *testing.T) {
	deep := strings.Repeat("<div>", 2*maxElements)
	for name, html := range map[string]string{
		"a hidden element": deep + `<p style="display:none">done</p>`,
		"many of them":     deep + strings.Repeat(`<p style="display:none"><b>`, 2*maxElements) + `done`,
		"a style sheet":    deep + `<style>done</style>`,
	} {
		if got := renderHTML("Seen." + html).text; got != "Seen." {
			t.Errorf("%s: got %.60q", name, got)
		}
	}
}

func TestDeepHTMLCostsNoMoreThanItsLength(t *testing.T) {
	deep := strings.Repeat("<div><blockquote>", 20_000) + "text" + strings.Repeat("</blockquote></div>", 20_000)
	if got := renderHTML(deep).text; !strings.HasSuffix(got, "text") {
		t.Errorf("got %.60q", got)
	}
	perByte := testing.AllocsPerRun(1, func() { renderHTML(deep) }) / float64(len(deep))
	if perByte > 0.2 && pooled {
		t.Errorf("%.2f allocations a byte", perByte)
	}
}
