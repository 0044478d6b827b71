package parser

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// The fuzz targets hold what is promised of any bytes at all. Mails that broke
// a promise stand in testdata/fuzz and run with every test.

func FuzzParse(f *testing.F) {
	for _, raw := range [][]byte{
		multipartMail(600), htmlMail(600), nestedMail(3), delimiterMail(60), attachmentMail(100),
		[]byte("From: a@x.example\rSubject: =?utf-8?B?4pyT?=\r\rtext"),
		[]byte("Content-Type: multipart/mixed\n\n--b\n\nbegin 644 a\n--b--"),
		[]byte("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeAoKeQ=="),
		[]byte("Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@x\nEND:VEVENT\nEND:VCALENDAR"),
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Parse(raw, Options{})
		if m.Limit != nil && m.Limit.Name == "internal" {
			t.Fatal(m.Problems)
		}
		if m.Limit == nil && m.Kind == "" {
			t.Error("read, but taken for nothing")
		}
		mustBeUTF8(t, m.Subject, m.Text, m.Reply)
		if _, err := json.Marshal(m); err != nil {
			t.Error(err)
		}
		if report := Explain(m); strings.ContainsAny(report, "\x00\x07\x1b\r\u202e") {
			t.Errorf("the report steers the terminal: %q", report)
		}
	})
}

func mustBeUTF8(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !utf8.ValidString(text) {
			t.Errorf("no UTF-8: %q", text)
		}
	}
}

func FuzzHTML(f *testing.F) {
	f.Add(`<table><tr><td><p>A</p></td><td>B</td></tr></table><ul><li>x<li><a href=y>z</ul>`)
	f.Add(`<blockquote style="border:none"><pre>a` + "\n" + `b</pre></blockquote><div style="display:none">x</div>`)
	f.Add(`<h2><a href=x>y</a></h2><p class=Mso style="margin:0 0">&nbsp;</p></td></table>`)
	f.Fuzz(func(t *testing.T, source string) {
		page := renderHTML(source)
		// A mark for each level of quoting, of lists and of line ends is what
		// a letter may cost at most.
		if most := 100*len(source) + 100; len(page.text) > most {
			t.Errorf("%d bytes from %d", len(page.text), len(source))
		}
		renderMarkdown(source)
	})
}

func FuzzHeaderFields(f *testing.F) {
	f.Add(`"Doe, J" <j@x.example>, team: a@x, b@x;, A@B <c@d> (e)`)
	f.Add(`Mon, 16 Nov 2026 11:00:00 +0100 (CET)`)
	f.Add(`<a@x> <b @x>, c@x`)
	f.Add(`=?utf-8*en?Q?a=C3?= =?utf-8?Q?=A4?= =?x?B?QQ?=`)
	f.Add(`text/plain charset="utf-8; name*0*=utf-8''a%20; name*1=b`)
	f.Fuzz(func(t *testing.T, value string) {
		h := Header{{Name: "From", Value: value}, {Name: "Content-Type", Value: value}}
		for _, a := range h.addresses("From", nil) {
			mustBeUTF8(t, a.Name)
			if a.Exact && !isASCII(a.Address) {
				t.Errorf("%q is exact", a.Address)
			}
		}
		mustBeUTF8(t, h.Text("From"))
		readDate(value, nil)
		messageIDs(value)
		mediaType(value)
		cleanLink(value)
	})
}
