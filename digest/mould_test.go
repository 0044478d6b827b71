package digest

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// wholePage is what html/template itself makes of a page.
func wholePage(t *rapid.T, m *moulds, page pageOf) string {
	var whole strings.Builder
	if err := m.page.Execute(&whole, page); err != nil {
		t.Fatal(err)
	}
	return whole.String()
}

func TestAPagePouredIntoMouldsIsWhatTheTemplatePrints(t *testing.T) {
	m, err := mouldsOf(builtIn(t))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		page := pageOf{Subject: anyText(t), Blocks: anyBlocks(t, true)}
		var poured strings.Builder
		if err := m.print(&poured, page); err != nil {
			t.Fatal(err)
		}
		if want := wholePage(t, m, page); poured.String() != want {
			t.Fatalf("poured:\n%s\nthe template prints:\n%s", poured.String(), want)
		}
	})
}

func TestMouldsAreForgottenBeforeTheyAreTooMany(t *testing.T) {
	m, err := mouldsOf(builtIn(t))
	if err != nil {
		t.Fatal(err)
	}
	for n := range 2 * mostMoulds {
		b := block{Kind: "paragraph"}
		for bit := range 14 {
			b.Head = append(b.Head, span{Kind: [...]string{"id", "auto"}[n>>bit&1], Text: "x"})
		}
		if err := m.block(new(strings.Builder), &b); err != nil {
			t.Fatal(err)
		}
	}
	if len(m.known) > mostMoulds {
		t.Errorf("%d moulds are kept", len(m.known))
	}
}

func anyText(t *rapid.T) string {
	return rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom([]rune("ab z0y1+&<>\"'=`/\\{}\u200f\u05d0\U0001F600\x00")), 0, 24, -1),
		rapid.SampledFrom([]string{"", "A-12", "z1y", "z0y", "</title><script>", "javascript:alert(1)", "{{.Subject}}", "-->", "a word"}),
	).Draw(t, "text")
}

func anyHref(t *rapid.T) string {
	return rapid.OneOf(
		rapid.Custom(func(t *rapid.T) string {
			return "mailto:" + escape(anyText(t), "@") + "?body=" + escape(anyText(t), "")
		}),
		rapid.Custom(func(t *rapid.T) string { return "https://example.com/" + anyText(t) }),
		rapid.Custom(anyText),
	).Draw(t, "href")
}

func anyLine(t *rapid.T) (l line) {
	for range rapid.IntRange(0, 4).Draw(t, "spans") {
		s := span{Kind: rapid.SampledFrom([]string{"", "", "id", "auto", "link", "answer"}).Draw(t, "kind"), Text: anyText(t)}
		if s.Kind == "link" || s.Kind == "answer" {
			s.Href = anyHref(t)
		}
		l = append(l, s)
	}
	return l
}

func anyBlocks(t *rapid.T, panels bool) (blocks []block) {
	kinds := []string{"opening", "paragraph", "heading", "entry", "entry", "entry", "answers", "facts", "bars", "code", "foot", "panel"}
	if !panels {
		kinds = kinds[:len(kinds)-1]
	}
	for range rapid.IntRange(0, 6).Draw(t, "blocks") {
		b := block{Kind: rapid.SampledFrom(kinds).Draw(t, "block"), Head: anyLine(t), Quiet: anyLine(t), Quote: anyLine(t),
			Tick: rapid.Bool().Draw(t, "tick"), Tight: rapid.Bool().Draw(t, "tight"), Buttons: rapid.Bool().Draw(t, "buttons")}
		if rapid.Bool().Draw(t, "has an id") {
			b.ID = fmt.Sprintf("A-%d", rapid.IntRange(1, 999).Draw(t, "id"))
		}
		for range rapid.IntRange(0, 3).Draw(t, "notes") {
			b.Notes = append(b.Notes, anyLine(t))
		}
		for range rapid.IntRange(0, 3).Draw(t, "answers") {
			b.Answers = append(b.Answers, answer{Label: anyText(t), Href: anyHref(t)})
		}
		for range rapid.IntRange(0, 3).Draw(t, "rows") {
			b.Rows = append(b.Rows, row{Label: anyLine(t), Value: anyLine(t), Percent: rapid.IntRange(4, 100).Draw(t, "percent")})
		}
		if b.Kind == "panel" {
			b.Inner = anyBlocks(t, false)
		}
		blocks = append(blocks, b)
	}
	return blocks
}
