package parser

import (
	"encoding/base64"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// multipart builds a multipart of the given parts, each a header, a blank
// line and a body.
func multipartOf(kind, boundary string, parts ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Content-Type: multipart/%s; boundary=\"%s\"\n\n", kind, boundary)
	for _, p := range parts {
		fmt.Fprintf(&b, "--%s\n%s\n", boundary, p)
	}
	fmt.Fprintf(&b, "--%s--\n", boundary)
	return b.String()
}

const (
	plainPart = "Content-Type: text/plain\n\nplain words"
	htmlPart  = "Content-Type: text/html\n\n<p>HTML words</p>"
	imagePart = "Content-Type: image/png; name=plan.png\nContent-Transfer-Encoding: base64\n\nAAAA"
	mailPart  = "Content-Type: message/rfc822\n\nSubject: Inner\nFrom: eve@x.example\n\ninner words"
)

// outline writes a tree of parts in one line.
func outline(p *part) string {
	var inside []string
	for _, child := range p.parts {
		inside = append(inside, outline(child))
	}
	if p.message != nil {
		inside = append(inside, outline(p.message))
	}
	name := p.mediaType[strings.IndexByte(p.mediaType, '/')+1:]
	if inside == nil {
		return name
	}
	return name + "(" + strings.Join(inside, " ") + ")"
}

func readTree(raw []byte) (*part, Mail) {
	var m Mail
	root := read(raw, &m)
	return root, m
}

func TestPartsAreFoundInBrokenMultiparts(t *testing.T) {
	for name, c := range map[string]struct{ raw, want, problem string }{
		"whole":                       {multipartOf("mixed", "b", plainPart, imagePart), "mixed(plain png)", ""},
		"nested":                      {multipartOf("mixed", "b", multipartOf("alternative", "c", plainPart, htmlPart), imagePart), "mixed(alternative(plain html) png)", ""},
		"a mail inside":               {multipartOf("mixed", "b", plainPart, mailPart, imagePart), "mixed(plain rfc822(plain) png)", ""},
		"an encoded mail inside":      {multipartOf("mixed", "b", "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"+base64.StdEncoding.EncodeToString([]byte(multipartOf("mixed", "c", plainPart, imagePart)))), "mixed(rfc822(mixed(plain png)))", ""},
		"a digest":                    {multipartOf("digest", "b", "\nSubject: One\n\nfirst", "\nSubject: Two\n\nsecond"), "digest(rfc822(plain) rfc822(plain))", ""},
		"not closed":                  {strings.TrimSuffix(multipartOf("mixed", "b", plainPart, imagePart), "--b--\n"), "mixed(plain png)", "unclosed"},
		"an inner one not closed":     {multipartOf("mixed", "b", strings.TrimSuffix(multipartOf("alternative", "c", plainPart, htmlPart), "--c--\n"), imagePart), "mixed(alternative(plain html) png)", "unclosed"},
		"closed too early":            {multipartOf("mixed", "b", plainPart) + "--b\n" + imagePart + "\n--b--\n", "mixed(plain png)", "part-after-end"},
		"no boundary named":           {strings.Replace(multipartOf("mixed", "b", plainPart, imagePart), "; boundary=\"b\"", "", 1), "mixed(plain png)", "boundary"},
		"no parts":                    {"Content-Type: multipart/mixed; boundary=b\n\nwords\n", "plain", "no-parts"},
		"one boundary for two":        {multipartOf("mixed", "b", multipartOf("alternative", "b", plainPart, htmlPart), imagePart), "mixed(alternative(plain html) png)", ""},
		"one boundary begins another": {multipartOf("mixed", "b", multipartOf("alternative", "bb", plainPart, htmlPart), imagePart), "mixed(alternative(plain html) png)", ""},
		"blanks after delimiters":     {strings.ReplaceAll(multipartOf("mixed", "b", plainPart, imagePart), "--b\n", "--b \t\n"), "mixed(plain png)", ""},
		"a part of nothing":           {"Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n" + plainPart + "\n--b--\n", "mixed(plain plain)", ""},
		"a part without header":       {multipartOf("mixed", "b", "\nwords", "words at once"), "mixed(plain plain)", "no-blank-line"},
	} {
		bothLineEnds(t, name, c.raw, func(t *testing.T, raw []byte) {
			root, m := readTree(raw)
			if got := outline(root); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if c.problem != "" && !slices.Contains(codes(m), c.problem) {
				t.Errorf("problems %v, want %s", m.Problems, c.problem)
			}
		})
	}
}

func TestBodyOfAPartEndsBeforeTheLineBreakOfItsDelimiter(t *testing.T) {
	bothLineEnds(t, "mixed", multipartOf("mixed", "b", "\none\n", "\ntwo"), func(t *testing.T, raw []byte) {
		root, _ := readTree(raw)
		if one, two := root.parts[0].text(), root.parts[1].text(); one != "one\n" || two != "two" {
			t.Errorf("%q %q", one, two)
		}
	})
}

func TestSizeOfAnAttachedMailIsThatOfItsBytes(t *testing.T) {
	inner := multipartOf("mixed", "c", plainPart, imagePart)
	root, _ := readTree([]byte(multipartOf("mixed", "b", "Content-Type: message/rfc822\n\n"+inner)))
	if got := root.parts[0].size; got != len(inner) {
		t.Errorf("%d, want %d", got, len(inner))
	}
}

func TestMailOverALimitIsNotRead(t *testing.T) {
	header := "Subject: Broker\nFrom: jo@x.example\n"
	deep := plainPart
	for i := range maxNesting + 1 {
		deep = multipartOf("mixed", fmt.Sprint("b", i), deep)
	}
	for name, c := range map[string]struct {
		raw   string
		value int
		text  string
	}{
		"size":      {header + "\n" + strings.Repeat("x", maxBytes), len(header) + 1 + maxBytes, strings.Repeat("x", maxGlance)},
		"nesting":   {header + deep, maxNesting + 1, "plain words"},
		"parts":     {header + multipartOf("mixed", "b", slices.Repeat([]string{plainPart}, maxParts+1)...), maxParts + 1, "plain words"},
		"received":  {header + strings.Repeat("Received: from a\n", maxReceived+1) + "\nText", maxReceived + 1, "Text"},
		"addresses": {header + "To: " + strings.Repeat("a@x.example, ", maxAddresses-1) + "b@x.example\n\nText", maxAddresses + 1, "Text"},
	} {
		t.Run(name, func(t *testing.T) {
			m := Parse([]byte(c.raw), Options{})
			if m.Limit == nil || m.Limit.Name != name || m.Limit.Value != c.value || m.Limit.Max >= c.value {
				t.Errorf("limit %+v, want %s %d", m.Limit, name, c.value)
			}
			if m.Subject != "Broker" || m.From == nil || m.Text != c.text || m.Reply != "" || m.Kind != "" {
				t.Errorf("subject %q from %v text %q kind %q", m.Subject, m.From, m.Text, m.Kind)
			}
		})
	}
}

func TestMailAtALimitIsRead(t *testing.T) {
	raw := "From: jo@x.example\nTo: " + strings.Repeat("\"a@b\" <a@x.example>, ", maxAddresses-2) + "b@x.example\n" +
		strings.Repeat("Received: from a\n", maxReceived) + multipartOf("mixed", "b", slices.Repeat([]string{plainPart}, maxParts)...)
	if m := Parse([]byte(raw), Options{}); m.Limit != nil || !strings.Contains(m.Text, "plain words") {
		t.Errorf("%+v", m.Limit)
	}
}

func TestLimitsHoldInsideEncodedMails(t *testing.T) {
	raw := plainPart
	for range maxNesting + 1 {
		raw = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte(raw))
	}
	if m := Parse([]byte(raw), Options{}); m.Limit == nil || m.Limit.Name != "nesting" {
		t.Errorf("%+v", m.Limit)
	}
}

// TestHostileMailIsReadInBoundedMemory counts what is allocated in all, which
// is more than is ever held at once.
func TestHostileMailIsReadInBoundedMemory(t *testing.T) {
	const size = maxBytes - 1000
	// Each mail is built when its turn comes: all at once they are 400 MB.
	filled := func(head, piece string) func() string {
		return func() string { return head + strings.Repeat(piece, size/len(piece)) }
	}
	for name, raw := range map[string]func() string{
		"text":                      filled("\n", "words and words\n"),
		"blank lines":               filled("Subject: x\n\n", "\n"),
		"quoted-printable":          filled("Content-Transfer-Encoding: quoted-printable\n\n", "=3D=\n"),
		"base64":                    filled("Content-Transfer-Encoding: base64\n\n", "d29yZCB3b3Jk"),
		"broken base64":             filled("Content-Transfer-Encoding: base64\n\n", "A-"),
		"HTML":                      filled("Content-Type: text/html\n\n", "<b>"),
		"quotes in HTML":            filled("Content-Type: text/html\n\n", "<blockquote>x<br>"),
		"attributes":                filled("Content-Type: text/html\n\n<a ", "a=b "),
		"delimiters":                filled("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n", "--\n"),
		"a multipart without parts": filled("Content-Type: multipart/mixed; boundary=b\n\n", "--a\n"),
		"nothing but a header":      filled("", "a:b\n"),
		"one long field":            filled("To: ", "a@b,"),
		"a charset of wide letters": filled("Content-Type: text/plain; charset=utf-16\n\n", "\x4e\x2d"),
		"NUL":                       filled("\n", "\x00"),
		"CR":                        filled("Subject: x\r\r", "\r"),
	} {
		t.Run(name, func(t *testing.T) {
			mail := []byte(raw())
			if got := allocated(func() { Parse(mail, Options{}) }); got > 64<<20 && pooled {
				t.Errorf("%d MB", got>>20)
			}
		})
	}
}

func allocated(run func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
