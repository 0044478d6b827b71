package parser

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// bothLineEnds runs a test with LF and with CRLF.
func bothLineEnds(t *testing.T, name, raw string, test func(t *testing.T, raw []byte)) {
	t.Run(name, func(t *testing.T) { test(t, []byte(raw)) })
	t.Run(name+"/crlf", func(t *testing.T) { test(t, []byte(strings.ReplaceAll(raw, "\n", "\r\n"))) })
}

func codes(m Mail) []string {
	var list []string
	for _, p := range m.Problems {
		list = append(list, p.Code)
	}
	return list
}

func TestBrokenHeadersAreReadAllTheSame(t *testing.T) {
	for name, c := range map[string]struct{ raw, problem string }{
		"a whole header":                   {"Subject: Broker\nFrom: jo@x.example\n\nText\n", ""},
		"folded":                           {"Subject:\n Broker\nFrom: jo@x.example\n\nText\n", ""},
		"blanks before the colon":          {"Subject : Broker\nFrom: jo@x.example\n\nText\n", ""},
		"an mbox line":                     {"From jo@x.example Mon Nov 16 10:00:00 2026\nSubject: Broker\nFrom: jo@x.example\n\nText\n", "mbox-from"},
		"an escaped mbox line":             {">From jo@x.example Mon Nov 16 10:00:00 2026\nSubject: Broker\nFrom: jo@x.example\n\nText\n", "mbox-from"},
		"a line without a colon":           {"Subject: Broker\nthis is no field\nFrom: jo@x.example\n\nText\n", "header-line"},
		"a blank in a name":                {"X Spam Flag: no\nSubject: Broker\nFrom: jo@x.example\n\nText\n", "header-line"},
		"a byte order mark":                {"\ufeffSubject: Broker\nFrom: jo@x.example\n\nText\n", "bom"},
		"blank lines first":                {"\n \t\nSubject: Broker\nFrom: jo@x.example\n\nText\n", "leading-blank"},
		"a folded line first":              {"  Subject: Broker\nFrom: jo@x.example\n\nText\n", "header-fold"},
		"no blank line":                    {"Subject: Broker\nFrom: jo@x.example\nText\n", "no-blank-line"},
		"NUL in a field":                   {"Subject: Bro\x00ker\nFrom: jo@x.example\n\nText\n", "header-control"},
		"a line of blanks inside":          {"Subject: Broker\n  \nFrom: jo@x.example\n\nText\n", ""},
		"a line of blanks before the body": {"Subject: Broker\nFrom: jo@x.example\n \nText\n", ""},
	} {
		bothLineEnds(t, name, c.raw, func(t *testing.T, raw []byte) {
			m := Parse(raw, Options{})
			if m.Subject != "Broker" || m.From == nil || m.From.Address != "jo@x.example" || strings.TrimSpace(m.Text) != "Text" {
				t.Errorf("subject %q from %v text %q", m.Subject, m.From, m.Text)
			}
			if c.problem == "" && len(m.Problems) > 0 || c.problem != "" && !slices.Contains(codes(m), c.problem) {
				t.Errorf("problems %v, want %q", m.Problems, c.problem)
			}
		})
	}
}

func TestLinesOfCROnlyAreLines(t *testing.T) {
	m := Parse([]byte("Subject: Broker\rFrom: jo@x.example\r\rOne\rTwo\r"), Options{})
	if m.Subject != "Broker" || m.Text != "One\nTwo\n" || !slices.Contains(codes(m), "cr-only") {
		t.Errorf("%q %q %v", m.Subject, m.Text, m.Problems)
	}
}

func TestServerMayHaveWrittenLinesAboveThoseOfAMacintosh(t *testing.T) {
	old := "Subject: Broker\rFrom: jo@x.example\rTo: a@x.example\rX-A: 1\rX-B: 2\rX-C: 3\rX-D: 4\rX-E: 5\rX-F: 6\r\rOne\rTwo\r\rThree\rFour\r"
	m := Parse([]byte("Received: from a\r\n"+old), Options{})
	if m.Subject != "Broker" || m.Text != "One\nTwo\n\nThree\nFour\n" {
		t.Errorf("%q %q", m.Subject, m.Text)
	}
	m = Parse([]byte("Subject: Broker\nFrom: jo@x.example\n\n10%\r20%\r30%\nTwo\n"), Options{})
	if m.Subject != "Broker" || slices.Contains(codes(m), "cr-only") {
		t.Errorf("%q %v", m.Subject, m.Problems)
	}
}

func TestSubjectsAreDecoded(t *testing.T) {
	for name, c := range map[string]struct{ value, want string }{
		"Q":                                {"=?utf-8?Q?Caf=C3=A9_at_nine?=", "Café at nine"},
		"B":                                {"=?utf-8?B?Q2Fmw6k=?=", "Café"},
		"another charset":                  {"=?iso-8859-2?Q?P=F8=EDklad?=", "Příklad"},
		"two words run on":                 {"=?utf-8?Q?Ca?= =?utf-8?Q?f=C3=A9?=", "Café"},
		"a letter cut in two":              {"=?utf-8?Q?Caf=C3?= =?utf-8?Q?=A9?=", "Café"},
		"a letter of GBK cut in two":       {"=?gb2312?B?1tA=?= =?gb2312?B?zg==?= =?gb2312?B?xA==?=", "中文"},
		"an unknown charset":               {"=?x-none?Q?Caf=C3=A9?=", "Café"},
		"a language":                       {"=?utf-8*fr?Q?Caf=C3=A9?=", "Café"},
		"blanks inside":                    {"=?utf-8?Q?Caf=C3=A9 now?=", "Café now"},
		"no padding":                       {"=?utf-8?B?Q2Fmw6k?=", "Café"},
		"no end":                           {"=?utf-8?Q?Caf=C3=A9", "Café"},
		"no word at all":                   {"1 =? 2", "1 =? 2"},
		"raw UTF-8":                        {"Café", "Café"},
		"raw bytes of windows-1252":        {"Caf\xe9", "Café"},
		"an alias of Outlook":              {"=?ks_c_5601-1987?B?yLjAxw==?=", "회의"},
		"Japanese escapes without a label": {"\x1b$B2q5D\x1b(B", "会議"},
	} {
		bothLineEnds(t, name, "Subject: "+c.value+"\n\nText\n", func(t *testing.T, raw []byte) {
			if m := Parse(raw, Options{}); m.Subject != c.want {
				t.Errorf("got %q, want %q", m.Subject, c.want)
			}
		})
	}
}

func TestRawHeaderBytesAreReadInTheCharsetOfTheBody(t *testing.T) {
	m := Parse([]byte("Subject: \xd0\xd2\xc9\xd7\xc5\xd4\nContent-Type: text/plain; charset=koi8-r\n\n\xd0\xd2\xc9\xd7\xc5\xd4\n"), Options{})
	if m.Subject != "привет" || m.Text != "привет\n" {
		t.Errorf("%q %q", m.Subject, m.Text)
	}
}

func TestRawHeaderInUTF8IsThatWhateverTheBodyIs(t *testing.T) {
	for _, charset := range []string{"utf-16", "koi8-r", "gb2312", "us-ascii"} {
		m := Parse([]byte("Subject: Größe\nContent-Type: text/plain; charset="+charset+"\n\n"), Options{})
		if m.Subject != "Größe" {
			t.Errorf("%s: %q", charset, m.Subject)
		}
	}
}

func TestHeaderOverItsLimitIsNamedWithItsSubject(t *testing.T) {
	long := strings.Repeat("X-Filler: "+strings.Repeat("x", 70)+"\n", 2000)
	m := Parse([]byte(long+"Subject: Broker\n\nText\n"), Options{})
	if m.Limit == nil || m.Limit.Name != "headers" || m.Limit.Max != maxHeaderBytes || m.Subject != "Broker" || m.Text != "Text\n" {
		t.Errorf("%+v %q %q", m.Limit, m.Subject, m.Text)
	}
}

func TestEveryProblemHasItsSentence(t *testing.T) {
	for _, raw := range []string{"\ufeffX\n\n", "From a\nSubject: x\x00\nbad line\nTo: \"x\nContent-Type: html\nContent-Transfer-Encoding: x-odd\n\n="} {
		m := Parse([]byte(raw), Options{})
		if len(m.Problems) == 0 {
			t.Errorf("%q has no problem", raw)
		}
		for _, p := range m.Problems {
			if problemTexts[p.Code] == "" {
				t.Errorf("%s has no sentence", p.Code)
			}
		}
	}
}

func TestProblemsOfAHostileMailDoNotFillAReport(t *testing.T) {
	var raw strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&raw, "no field %d\nX-A: b\nTo: c\n", i)
	}
	if m := Parse([]byte(raw.String()), Options{}); len(m.Problems) != enoughProblems {
		t.Errorf("%d problems", len(m.Problems))
	}
}
