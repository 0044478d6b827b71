package parser

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
)

// word is one encoded word: its charset and decoded bytes.
type word struct {
	charset string
	bytes   []byte
}

// salvageWords decodes encoded words that break RFC 2047: blanks inside,
// no end, unknown charsets, a language mark, letters cut in two between words
// (their bytes are joined where the charset stays the same).
func salvageWords(s string) string {
	var out strings.Builder
	var pending word
	flush := func() {
		text, _ := toUTF8(pending.bytes, pending.charset)
		out.WriteString(text)
		pending = word{}
	}
	for s != "" {
		start := strings.Index(s, "=?")
		if start < 0 {
			break
		}
		w, rest, ok := cutWord(s[start:])
		if !ok {
			flush()
			out.WriteString(s[:start+2])
			s = s[start+2:]
			continue
		}
		if strings.Trim(s[:start], " \t") != "" || pending.charset == "" {
			flush()
			out.WriteString(s[:start])
		}
		if !strings.EqualFold(pending.charset, w.charset) {
			flush()
			pending.charset = w.charset
		}
		pending.bytes = append(pending.bytes, w.bytes...)
		s = rest
	}
	flush()
	out.WriteString(s)
	return out.String()
}

// cutWord reads =?charset?B or Q?text?= from the start of s.
func cutWord(s string) (w word, rest string, ok bool) {
	fields := strings.SplitN(s[2:], "?", 3)
	if len(fields) < 3 || len(fields[1]) != 1 || fields[0] == "" || strings.ContainsAny(fields[0], " \t<>@") {
		return word{}, "", false
	}
	text, rest, found := strings.Cut(fields[2], "?=")
	if !found {
		text = strings.TrimSuffix(fields[2], "?")
	}
	w.charset, _, _ = strings.Cut(fields[0], "*") // RFC 2231 section 5: a language
	switch fields[1] {
	case "q", "Q":
		w.bytes, _ = appendUnquoted(nil, []byte(strings.ReplaceAll(text, "_", " ")))
	case "b", "B":
		w.bytes = salvageBase64(nil, []byte(strings.ReplaceAll(text, " ", "")), nil)
	default:
		return word{}, "", false
	}
	return w, rest, true
}

// decodeUTF7 decodes RFC 2152, which go-message leaves out.
func decodeUTF7(b []byte) string {
	var out strings.Builder
	s := string(b)
	for {
		plain, rest, found := strings.Cut(s, "+")
		out.WriteString(plain)
		if !found {
			return out.String()
		}
		end := 0
		for end < len(rest) && isBase64(rest[end]) {
			end++
		}
		if end == 0 {
			out.WriteByte('+')
		} else {
			out.WriteString(decodeUTF16(rest[:end]))
		}
		s = strings.TrimPrefix(rest[end:], "-")
	}
}

// decodeUTF16 decodes one shifted run: UTF-16 in base64 without padding.
func decodeUTF16(run string) string {
	// Letters that make no whole byte are left over from the last unit.
	if len(run)%4 == 1 {
		run = run[:len(run)-1]
	}
	b, err := base64.RawStdEncoding.DecodeString(run)
	if err != nil {
		return "�"
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
	}
	return string(utf16.Decode(units))
}
