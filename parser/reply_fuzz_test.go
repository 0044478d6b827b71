package parser

import (
	"strings"
	"testing"
)

func FuzzTrimReply(f *testing.F) {
	for _, text := range []string{
		"My answer.\n\nOn Mon, 16 Nov 2026 at 09:15, Bob <bob@x.example>\nwrote:\n> When?\nSoon.\n> Who?\n\n-- \nAnn\n",
		"A\n\n<\nmailto:B <b@x.example>\n> wrote:\n\n```\n>\n```\nC> x\nC> y\n",
		"Das\r\nAm 3.5.2020 um 10:15 schrieb \"B\r\n>:\r\n> x=\r\ny\r\n> z (http://a\r\nb)\r\n> c",
		"___________\nx\n\n>>> a <<<\n| b\n\u200b\ufeff> c\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "")
		p := newProse(text)
		own, quoted, _ := trimReply(p)
		mustBeUTF8(t, own, quoted)
		// Nothing is said twice and nothing is made up.
		if letters(own)+letters(quoted) > letters(p.text) {
			t.Errorf("%d letters of %d own, %d quoted", letters(own), letters(p.text), letters(quoted))
		}
		if again, _, _ := trimReply(newProse(strings.ReplaceAll(p.text, "\n", "\r\n"))); again != own {
			t.Errorf("with CR LF %q, else %q", again, own)
		}
	})
}

func letters(text string) int {
	return len(text) - strings.Count(text, "\n") - strings.Count(text, " ")
}

func FuzzSplitForward(f *testing.F) {
	for _, text := range []string{
		"FYI\n\n---------- Forwarded message ---------\nFrom: *Bob* <bob@x.example<mailto:bob@x.example>>\nDate: Mon, Nov 16, 2026 at 9:15 AM\nSubject: Two\nlines\nTo: a@x, \"B, C\" <b@x>; d\n\nx\n",
		"> Begin forwarded message:\n>\n> Von: B [mailto:b@x] im Auftrag von C\n> Datum: 16. November 2026 um 09:15:00 MEZ\n> Betreff: y\n>\n> z\nw\n> v\nbelow",
		"----- Mesaj redirecționat ----- De la: B <b@x>Către: \"c@x\" <c@x>Trimis: marți, 2 noiembrie 2021, 09:26:50 CETSubiect: s\n\nt",
		"----- Mesaĝo -----\nA: b\nDe: B <b@x>\nDato: 2026-11-16 9:15\n\nx",
		"Am 28/10/2021, 12:46 schrieb \"B\" <b@x>:\n\n    x\n",
	} {
		f.Add(text, "Fwd: x")
		f.Add(text, "AW: x")
	}
	f.Fuzz(func(t *testing.T, text, subject string) {
		text, subject = strings.ToValidUTF8(text, ""), strings.ToValidUTF8(subject, "")
		list, _ := splitForward(newProse(text), subject, subjectKind(subject))
		if len(list) > maxNested {
			t.Errorf("%d forwards", len(list))
		}
		for _, each := range list {
			mustBeUTF8(t, each.Subject, each.Body, each.Comment, each.DateText)
			if len(each.Body) > len(text) {
				t.Errorf("a body of %d bytes out of %d", len(each.Body), len(text))
			}
			if each.From != nil && each.From.Name+each.From.Address == "" {
				t.Error("a sender that is nobody")
			}
		}
	})
}

func FuzzReadItem(f *testing.F) {
	f.Add("[a] Re[2]: #x ＃設計", "#a: `#b` the #c https://x/#d <https://x/\ny> www.x.example")
	f.Fuzz(func(t *testing.T, subject, reply string) {
		m := Mail{Subject: strings.ToValidUTF8(subject, ""), Reply: strings.ToValidUTF8(reply, "")}
		readItem(&m, Options{})
		mustBeUTF8(t, append([]string{m.Title, m.Summary}, append(m.Tags, m.Links...)...)...)
		if len(m.Summary) > maxSummary+len("…") {
			t.Errorf("a summary of %d bytes", len(m.Summary))
		}
	})
}

func FuzzPrintedDate(f *testing.F) {
	for _, date := range []string{"2022年9月19日月曜日 17:55:44 -0400", "K, 27. oktoober 2021 kell 09:31", "Mar-19-11 5:42 p.m. GMT-07:00", "23/2/20 24:61", "T--"} {
		f.Add(date)
	}
	f.Fuzz(func(t *testing.T, date string) {
		got := readPrintedDate(date, "en")
		if got != "" && len(got) != len("2006-01-02") && len(got) != len("2006-01-02T15:04:05") && len(got) != len("2006-01-02T15:04:05+07:00") {
			t.Errorf("%q is read as %q", date, got)
		}
	})
}
