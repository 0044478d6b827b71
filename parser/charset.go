package parser

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/charset"
)

// aliases are charset names that go-message does not know, by the programs
// that write them.
var aliases = map[string]string{
	"ansi_x3.4-1968":    "us-ascii",   // glibc's name, from mail sent by scripts
	"ascii":             "us-ascii",   // PHP scripts
	"cp-850":            "ibm850",     // German DOS gateways
	"cp850":             "ibm850",     //
	"ks_c_5601-1987":    "euc-kr",     // Outlook in Korean
	"cp949":             "euc-kr",     // Java and Python in Korean
	"ms949":             "euc-kr",     //
	"uhc":               "euc-kr",     //
	"cp932":             "shift_jis",  // Java and Python in Japanese
	"ms932":             "shift_jis",  //
	"windows-31j":       "shift_jis",  //
	"x-ms-cp932":        "shift_jis",  //
	"cp936":             "gbk",        // the same in Chinese
	"ms936":             "gbk",        //
	"cp950":             "big5",       //
	"hz":                "hz-gb-2312", // Python
	"unicode-1-1-utf-7": "utf-7",      // Outlook Express
	"utf8":              "utf-8",
	"utf-8*":            "utf-8",
	"x-gbk":             "gbk",       // Foxmail
	"x-sjis":            "shift_jis", // Netscape in Japanese
	"x-euc-jp":          "euc-jp",
	"x-mac-roman":       "macintosh",
	"iso-8859-8-i":      "iso-8859-8", // Outlook in Hebrew: logical order
}

// unlabelled are names that say nothing, so that the bytes must.
var unlabelled = map[string]bool{
	"": true, "us-ascii": true, "x-unknown": true, "unknown-8bit": true,
	"unknown": true, "default": true, "_iso-2022-jp$esc": true, "binary": true, "8bit": true,
	"x-user-defined": true, // old browsers, for "as it came"
}

// windowsPattern finds the number of a code page of Windows in the names that
// programs make up for it: cp1251, cp-1251, win-1251, x-cp1251.
var windowsPattern = regexp.MustCompile(`^(?:x-)?(?:cp|ms|win|windows)[-_]?(125[0-8])$`)

// toUTF8 turns bytes of the named charset into UTF-8. problem is "" or why
// another charset was taken than the name says.
func toUTF8(b []byte, name string) (text, problem string) {
	name = strings.ToLower(strings.Trim(name, " \t\"'"))
	if alias := aliases[name]; alias != "" {
		name = alias
	} else if page := windowsPattern.FindStringSubmatch(name); page != nil {
		name = "windows-" + page[1]
	}
	if name == "utf-8" || unlabelled[name] {
		return guessUTF8(b, name)
	}
	if isASCIIBytes(b) && !stateful(name) {
		return string(b), ""
	}
	if name == "iso-8859-1" {
		name = "windows-1252" // as browsers do: C1 controls never are meant
	}
	switch {
	case name == "utf-7":
		return decodeUTF7(b), ""
	case name == "iso-2022-kr":
		b, name = shiftedKorean(b), "euc-kr"
	case name == "windows-1252" && utf8.Valid(b):
		// Letters of Western Europe do not make whole UTF-8 by chance.
		return string(b), "UTF-8 under another name"
	case strings.HasPrefix(name, "utf-16") && len(b)%2 == 1:
		b = b[:len(b)-1] // a line end that somebody added
	}
	r, err := charset.Reader(name, bytes.NewReader(b))
	if err != nil {
		text, _ = guessUTF8(b, "")
		return text, "unknown charset " + name
	}
	decoded, err := io.ReadAll(r)
	if err != nil {
		text, _ = guessUTF8(b, "")
		return text, "bytes that are not " + name
	}
	return string(decoded), ""
}

// stateful charsets use ASCII bytes for other letters.
func stateful(name string) bool {
	return strings.HasPrefix(name, "iso-2022") || strings.HasPrefix(name, "utf-16") ||
		strings.HasPrefix(name, "utf-32") || name == "utf-7" || strings.HasPrefix(name, "hz")
}

// guessUTF8 reads bytes that are, or may be, UTF-8.
func guessUTF8(b []byte, name string) (text, problem string) {
	if order := utf16Order(b); order != "" {
		return mustDecode(b, order), "UTF-16 under another name"
	}
	if bytes.Contains(b, []byte("\x1b$")) {
		return mustDecode(b, "iso-2022-jp"), "ISO-2022-JP under another name"
	}
	if utf8.Valid(b) {
		if name == "us-ascii" && !isASCIIBytes(b) {
			problem = "UTF-8 under the name us-ascii"
		}
		return string(b), problem
	}
	if mostlyUTF8(b) {
		return strings.ToValidUTF8(string(b), "�"), "broken UTF-8"
	}
	return mixedUTF8(b), "not UTF-8, read as windows-1252"
}

// mixedUTF8 reads what is UTF-8 as that, and every other byte as windows-1252:
// a footer in UTF-8 below a text that is not, or the other way round.
func mixedUTF8(b []byte) string {
	out := make([]byte, 0, len(b)+len(b)/8)
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			r = western[b[0]]
		}
		out = utf8.AppendRune(out, r)
		b = b[size:]
	}
	return string(out)
}

// western is what each byte means in windows-1252.
var western = newWestern()

func newWestern() (table [256]rune) {
	for i := range table {
		table[i], _ = utf8.DecodeRuneInString(mustDecode([]byte{byte(i)}, "windows-1252"))
	}
	return table
}

// shiftedKorean turns ISO-2022-KR (RFC 1557) into EUC-KR: between SO and SI
// the letters lack their high bits.
func shiftedKorean(b []byte) []byte {
	b = bytes.ReplaceAll(b, []byte("\x1b$)C"), nil)
	out := make([]byte, 0, len(b))
	shifted := byte(0)
	for _, c := range b {
		switch {
		case c == 0x0e:
			shifted = 0x80
		case c == 0x0f:
			shifted = 0
		case c == '\n':
			shifted = 0
			out = append(out, c)
		case c > ' ':
			out = append(out, c|shifted)
		default:
			out = append(out, c)
		}
	}
	return out
}

// mostlyUTF8 says whether bytes are UTF-8 that was cut or damaged in a few
// places, and not another charset: most of its non-ASCII is whole letters.
func mostlyUTF8(b []byte) bool {
	whole, broken := 0, 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && size == 1:
			broken++
		case size > 1:
			whole++
		}
		b = b[size:]
	}
	return whole > 2*broken
}

// utf16Order returns the charset of text that begins with a byte order mark.
func utf16Order(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		return "utf-16be"
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		return "utf-16le"
	}
	return ""
}

// mustDecode decodes by a charset that is known to exist and to take any byte.
func mustDecode(b []byte, name string) string {
	r, err := charset.Reader(name, bytes.NewReader(b))
	if err != nil {
		panic("parser: charset " + name + ": " + err.Error())
	}
	decoded, err := io.ReadAll(r)
	if err != nil {
		return strings.ToValidUTF8(string(b), "�")
	}
	return string(decoded)
}

// decodeWords decodes encoded words (RFC 2047). go-message reads those that
// keep the rules; words it gives up on are read one by one.
func decodeWords(s string) string {
	if !strings.Contains(s, "=?") {
		return s
	}
	var h message.Header
	h.Set("Subject", s)
	text, err := h.Text("Subject")
	if err == nil && !strings.Contains(text, "=?") && utf8.ValidString(text) && !strings.ContainsRune(text, utf8.RuneError) {
		return text
	}
	return salvageWords(s)
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func isASCIIBytes(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
