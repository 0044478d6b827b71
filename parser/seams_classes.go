package parser

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"

	"golang.org/x/net/html/charset"
)

// A small reader that keeps this branch whole until part.go arrives.

type part struct {
	header      Header
	mediaType   string
	params      map[string]string
	disposition string
	filename    string
	body        []byte
	size        int
	parts       []*part
	message     *part
	parent      *part
}

func (p *part) text() string {
	cs := p.params["charset"]
	if cs != "" {
		if r, err := charset.NewReaderLabel(cs, bytes.NewReader(p.body)); err == nil {
			if b, err := io.ReadAll(r); err == nil {
				return strings.ToValidUTF8(string(b), "\ufffd")
			}
		}
	}
	return strings.ToValidUTF8(string(p.body), "\ufffd")
}

func (p *part) walk(visit func(*part) bool) {
	if p == nil || !visit(p) {
		return
	}
	for _, child := range p.parts {
		child.walk(visit)
	}
	p.message.walk(visit)
}

func (h Header) Get(name string) string {
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			return h[i].Value
		}
	}
	return ""
}

func (h Header) Text(name string) string { return seamDecode(h.Get(name)) }

func seamDecode(s string) string {
	d := mime.WordDecoder{CharsetReader: func(cs string, r io.Reader) (io.Reader, error) { return charset.NewReaderLabel(cs, r) }}
	if t, err := d.DecodeHeader(s); err == nil {
		return t
	}
	return s
}

func seamPart(raw string, depth int, parent *part) *part {
	p := &part{parent: parent, mediaType: "text/plain", params: map[string]string{}}
	lines := strings.Split(raw, "\n")
	i := 0
	for ; i < len(lines); i++ {
		l := lines[i]
		if i == 0 && (strings.HasPrefix(l, "From ") || l == "") && depth == 0 {
			continue
		}
		if strings.TrimSpace(l) == "" {
			if depth == 0 && len(p.header) == 0 {
				continue
			}
			i++
			break
		}
		if (l[0] == ' ' || l[0] == '\t') && len(p.header) > 0 {
			p.header[len(p.header)-1].Value += " " + strings.TrimSpace(l)
			continue
		}
		n, v, ok := strings.Cut(l, ":")
		if !ok || strings.ContainsAny(n, " \t") {
			break
		}
		p.header = append(p.header, Field{n, strings.TrimSpace(v)})
	}
	body := strings.Join(lines[min(i, len(lines)):], "\n")
	if ct := p.header.Get("Content-Type"); ct != "" {
		mt, ps, err := mime.ParseMediaType(ct)
		if mt == "" || err != nil {
			mt = strings.ToLower(strings.TrimSpace(strings.Split(ct, ";")[0]))
			if _, after, ok := strings.Cut(ct, "boundary="); ok {
				ps = map[string]string{"boundary": strings.Trim(strings.Split(after, ";")[0], `" `)}
			}
		}
		p.mediaType, p.params = mt, ps
		if p.params == nil {
			p.params = map[string]string{}
		}
	}
	b := p.params["boundary"]
	if b == "" && depth == 0 && len(p.header) < 4 {
		for _, l := range strings.Split(body, "\n") {
			if strings.HasPrefix(l, "--") && len(l) > 10 {
				b = l[2:]
				break
			}
		}
	}
	if b != "" && depth < 9 {
		for j, chunk := range strings.Split("\n"+body, "\n--"+b) {
			if j == 0 || strings.HasPrefix(chunk, "--") {
				continue
			}
			p.parts = append(p.parts, seamPart(strings.TrimPrefix(chunk, "\n"), depth+1, p))
		}
		if len(p.parts) > 0 {
			return p
		}
	}
	switch strings.ToLower(p.header.Get("Content-Transfer-Encoding")) {
	case "base64":
		if d, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(strings.TrimSpace(body), "\n", "")); err == nil {
			body = string(d)
		}
	case "quoted-printable":
		if d, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body))); err == nil {
			body = string(d)
		}
	}
	if (p.mediaType == "message/rfc822" || p.mediaType == "message/global") && depth < 9 {
		p.message = seamPart(body, depth+1, p)
		return p
	}
	p.body = []byte(body)
	return p
}

// Parse is a stand-in.
func Parse(raw []byte, o Options) Mail {
	s := strings.ReplaceAll(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\r", "\n")
	root := seamPart(s, 0, nil)
	m := Mail{Header: root.header}
	m.Subject = root.header.Text("Subject")
	one := func(name string) []Address {
		as, _ := mail.ParseAddressList(seamDecode(root.header.Get(name)))
		var out []Address
		for _, a := range as {
			out = append(out, Address{Name: a.Name, Address: a.Address})
		}
		return out
	}
	if f := one("From"); len(f) > 0 {
		m.From = &f[0]
	}
	m.To = one("To")
	m.Date, _ = mail.ParseDate(root.header.Get("Date"))
	if r := root.header.Get("In-Reply-To"); r != "" {
		m.InReplyTo = []string{strings.Trim(r, "<> ")}
	}
	classify(root, &m)
	return m
}
