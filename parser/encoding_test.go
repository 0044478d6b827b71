package parser

import (
	"strings"
	"testing"
)

func TestBodiesAreDecodedAsFarAsTheyGo(t *testing.T) {
	for name, c := range map[string]struct{ encoding, body, want string }{
		"quoted-printable":             {"quoted-printable", "Caf=C3=A9 at=\n nine=20\n", "Café at nine \n"},
		"lower-case codes":             {"Quoted-Printable", "Caf=c3=a9", "Café"},
		"a = that starts no code":      {"quoted-printable", "1=1 =zz", "1=1 =zz"},
		"blanks at the end of a line":  {"quoted-printable", "one  \ntwo=  \n three", "one\ntwo three"},
		"cut off in a code":            {"quoted-printable", "Cafe=C", "Cafe=C"},
		"base64":                       {"base64", "Q2Fmw6kgYXQgbmluZQ==\n", "Café at nine"},
		"base64 in capitals":           {"BASE64", "Q2Fmw6k=", "Café"},
		"base64 without padding":       {"base64", "Q2Fmw6k", "Café"},
		"base64 with stray bytes":      {"base64", "Q2F!mw6kg\nYXQg*bmluZQ==", "Café at nine"},
		"base64 in two runs":           {"base64", "Q2Fmw6k=\nIGF0IG5pbmU=", "Café at nine"},
		"base64 with a footer of text": {"base64", "Q2Fmw6k=\n_______________\nlist mailing list\n", "Café"},
		"base64 indented":              {"base64", "  Q2Fm\n  w6k=", "Café"},
		"a decorated name":             {"7bit (ascii)", "Café", "Café"},
		"a name with a semicolon":      {"8bit;", "Café", "Café"},
		"an unknown name":              {"x-none", "Café", "Café"},
		"base64 that is none":          {"base64", "Café at nine, as ever", "Café at nine, as ever"},
		"uuencode":                     {"x-uuencode", "begin 644 a.txt\n%0V%FPZD \n \nend\n", "Café"},
		"uuencode without a begin":     {"x-uuencode", "Café", "Café"},
	} {
		bothLineEnds(t, name, "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "+c.encoding+"\n\n"+c.body, func(t *testing.T, raw []byte) {
			if got := strings.TrimSpace(Parse(raw, Options{}).Text); got != strings.TrimSpace(c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestCharsetsAreReadByNameAndElseByTheirBytes(t *testing.T) {
	for name, c := range map[string]struct{ charset, body, want string }{
		"UTF-8":                                   {"utf-8", "Café", "Café"},
		"no name, UTF-8":                          {"", "Café", "Café"},
		"us-ascii that is UTF-8":                  {"us-ascii", "Café", "Café"},
		"utf-8 that is windows-1252":              {"utf-8", "Caf\xe9", "Café"},
		"no name, windows-1252":                   {"", "Caf\xe9 \x80 5", "Café € 5"},
		"UTF-8 cut in a letter":                   {"utf-8", "Café für alle Bärtigen\xc3", "Café für alle Bärtigen�"},
		"iso-8859-1 with curly quotes of Windows": {"iso-8859-1", "\x93Caf\xe9\x94", "“Café”"},
		"iso-8859-15":                             {"iso-8859-15", "\xa4 5", "€ 5"},
		"koi8-r":                                  {"koi8-r", "\xd0\xd2\xc9\xd7\xc5\xd4", "привет"},
		"shift_jis":                               {"shift_jis", "\x89\xef\x8bc", "会議"},
		"iso-2022-jp":                             {"iso-2022-jp", "\x1b$B2q5D\x1b(B", "会議"},
		"no name, iso-2022-jp":                    {"", "\x1b$B2q5D\x1b(B", "会議"},
		"gb2312":                                  {"gb2312", "\xd6\xd0\xce\xc4", "中文"},
		"an alias of Foxmail":                     {"x-gbk", "\xd6\xd0\xce\xc4", "中文"},
		"cp-850":                                  {"cp-850", "Caf\x82", "Café"},
		"utf-7":                                   {"utf-7", "Caf+AOk- 1+-1", "Café 1+1"},
		"utf-16 by its mark":                      {"utf-8", "\xff\xfeC\x00a\x00", "Ca"},
		"utf-8 by its mark":                       {"utf-8", "\ufeffCafé", "Café"},
		"a name that is none":                     {"x-none", "Café", "Café"},
		"UTF-8 below windows-1252":                {"utf-8", "Caf\xe9 f\xfcr alle\nCafé", "Café für alle\nCafé"},
		"iso-8859-1 that is UTF-8":                {"iso-8859-1", "Café", "Café"},
		"a code page by its number":               {"cp-1251", "\xef\xf0\xe8\xe2\xe5\xf2", "привет"},
		"another one":                             {"win1251", "\xef\xf0\xe8\xe2\xe5\xf2", "привет"},
		"cp932":                                   {"cp932", "\x89\xef\x8bc", "会議"},
		"cp949":                                   {"cp949", "\xc8\xb8\xc0\xc7", "회의"},
		"hz":                                      {"hz", "~{VPND~}", "中文"},
		"iso-2022-kr":                             {"iso-2022-kr", "\x1b$)C\x0eH8@G\x0f at 9", "회의 at 9"},
		"utf-16 with a byte too many":             {"utf-16le", "C\x00a\x00\n", "Ca"},
		"a name that says nothing":                {"x-user-defined", "Caf\xe9", "Café"},
		"quotes around the name":                  {"'utf-8'", "Café", "Café"},
		"NUL between letters":                     {"utf-8", "Ca\x00fé", "Café"},
	} {
		t.Run(name, func(t *testing.T) {
			raw := "Content-Type: text/plain; charset=\"" + c.charset + "\"\n\n" + c.body
			if got := Parse([]byte(raw), Options{}).Text; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestHTMLNamesItsOwnCharset(t *testing.T) {
	m := Parse([]byte("Content-Type: text/html\n\n<html><head><meta http-equiv=Content-Type content=\"text/html; charset=koi8-r\"></head>\xd0\xd2\xc9\xd7\xc5\xd4</html>"), Options{})
	if m.Text != "привет" {
		t.Errorf("%q", m.Text)
	}
}
