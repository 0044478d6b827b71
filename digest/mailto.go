package digest

import (
	"strings"

	"github.com/rivo/uniseg"
)

// longestMailto is the most that a ready answer's address may take: some
// programs cut at 500 what they hand to each other.
const longestMailto = 499

// address gives each ready answer its mailto: address.
func (d *draft) address(blocks []block) {
	for i := range blocks {
		b := &blocks[i]
		for j := range b.Answers {
			b.Answers[j].Href = d.mailto(b.Answers[j].Label)
		}
		for _, l := range append([]line{b.Head, b.Quiet}, b.Notes...) {
			d.addressSpans(l)
		}
		for _, r := range b.Rows {
			d.addressSpans(r.Value)
		}
		d.address(b.Inner)
	}
}

func (d *draft) addressSpans(l line) {
	for i := range l {
		if l[i].Kind == "answer" {
			l[i].Href = d.mailto(l[i].Text)
		}
	}
}

// mailto returns the address that opens an answer with the command filled in.
// In-Reply-To helps where it is heeded (Thunderbird, Fastmail, mutt); the token
// is in the address for all others (Gmail, Outlook), or in the text where the
// server knows no sub-addresses. What is too long loses the end of its subject.
func (d *draft) mailto(command string) string {
	body := command + "\r\n"
	if d.token != "" && !d.team.SubAddress {
		body += "ref " + d.token + "\r\n"
	}
	head := "mailto:" + escape(d.replyTo(), "@") + "?subject="
	tail := "&body=" + escape(body, "") + "&In-Reply-To=" + escape("<"+d.messageID()+">", "")
	return head + escapeUpTo("Re: "+strings.TrimPrefix(d.subject, "Re: "), longestMailto-len(head)-len(tail)) + tail
}

// escape encodes all but the letters that RFC 6068 leaves alone and more ones.
func escape(s, more string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(2 * len(s))
	for i := range len(s) {
		if c := s[i]; isUnreserved(c) || strings.IndexByte(more, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

func isUnreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// escapeUpTo encodes as many whole graphemes of s as take at most room bytes.
func escapeUpTo(s string, room int) string {
	if whole := escape(s, ""); len(whole) <= room {
		return whole
	}
	var b strings.Builder
	for rest, state := s, -1; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		escaped := escape(cluster, "")
		if b.Len()+len(escaped) > room {
			break
		}
		b.WriteString(escaped)
	}
	return b.String()
}
