package parser

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"

	"github.com/emersion/go-message"
)

// Each mail is read by Parse, by a plain go-message walk and by net/mail with
// mime/multipart, in the same run: `go test -bench . -benchmem ./parser/`.
// Parse is to take at most 1.5 times the walk on the 8 kB mail.

func BenchmarkMultipart8kB(b *testing.B)  { compare(b, multipartMail(3500)) }
func BenchmarkHTML50kB(b *testing.B)      { compare(b, htmlMail(50_000)) }
func BenchmarkText1MB(b *testing.B)       { compare(b, textMail(1_000_000)) }
func BenchmarkAttachment5MB(b *testing.B) { compare(b, attachmentMail(5_000_000)) }
func BenchmarkNested(b *testing.B)        { compare(b, nestedMail(maxNesting-1)) }
func BenchmarkDelimiters(b *testing.B)    { compare(b, delimiterMail(1_000_000)) }

func compare(b *testing.B, raw []byte) {
	b.Run("parse", func(b *testing.B) { measure(b, raw, func() { Parse(raw, Options{}) }) })
	b.Run("go-message", func(b *testing.B) { measure(b, raw, func() { walkGoMessage(raw) }) })
	b.Run("net-mail", func(b *testing.B) { measure(b, raw, func() { walkNetMail(raw) }) })
}

func measure(b *testing.B, raw []byte, read func()) {
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		read()
	}
}

// walkGoMessage reads every body and decodes the fields that any reader wants.
func walkGoMessage(raw []byte) {
	entity, err := message.Read(bytes.NewReader(raw))
	if entity == nil {
		return
	}
	if err == nil || message.IsUnknownCharset(err) {
		entity.Header.Text("Subject")
		entity.Header.Text("From")
	}
	entity.Walk(func(path []int, part *message.Entity, err error) error {
		if err == nil && part.MultipartReader() == nil {
			io.ReadAll(part.Body)
		}
		return err
	})
}

func walkNetMail(raw []byte) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return
	}
	m.Header.AddressList("From")
	walkStandard(m.Header.Get("Content-Type"), m.Body)
}

func walkStandard(contentType string, body io.Reader) {
	kind, params := mediaType(contentType)
	if !strings.HasPrefix(kind, "multipart/") {
		io.ReadAll(body)
		return
	}
	parts := multipart.NewReader(body, params["boundary"])
	for {
		p, err := parts.NextPart()
		if err != nil {
			return
		}
		walkStandard(p.Header.Get("Content-Type"), p)
	}
}

// benchHeader is the header of a mail that came through two servers and a list.
const benchHeader = `Return-Path: <sam@corp.example>
Delivered-To: architecture@corp.example
Received: from mx.corp.example (mx.corp.example [192.0.2.10])
	by store.corp.example with ESMTPS id 4XyZ1234
	for <architecture@corp.example>; Mon, 16 Nov 2026 10:00:03 +0000 (UTC)
Received: from mail-ej1.example.net (mail-ej1.example.net [192.0.2.20])
	by mx.corp.example (Postfix) with ESMTPS id 9AbC5678
	for <architecture@corp.example>; Mon, 16 Nov 2026 10:00:02 +0000 (UTC)
Authentication-Results: mx.corp.example;
	dkim=pass header.d=corp.example header.s=s1 header.b=abcdef;
	spf=pass smtp.mailfrom=sam@corp.example; dmarc=pass header.from=corp.example
MIME-Version: 1.0
References: <a1@corp.example> <b2@corp.example>
 <c3@corp.example>
In-Reply-To: <c3@corp.example>
From: =?utf-8?Q?Sam_M=C3=BCller?= <sam@corp.example>
Date: Mon, 16 Nov 2026 11:00:00 +0100
Message-ID: <CAF9x2=d4@mail.corp.example>
Subject: Re: [arch] Fwd: Retry storms after a broker restart #architecture
To: Architecture <architecture@corp.example>
Cc: "Doe, Jo" <jo@corp.example>, eve@corp.example
`

const benchLine = "We saw =E2=80=9Cretry storms=E2=80=9D when the broker restarts: every client dials at on=\nce, see https://tracker.corp.example/4711 and the notes.\n"

func multipartMail(textBytes int) []byte {
	text := strings.Repeat(benchLine, textBytes/len(benchLine))
	return fmt.Appendf(nil, `%sContent-Type: multipart/alternative; boundary="0000000000001"

--0000000000001
Content-Type: text/plain; charset="UTF-8"
Content-Transfer-Encoding: quoted-printable

%s
--0000000000001
Content-Type: text/html; charset="UTF-8"
Content-Transfer-Encoding: quoted-printable

<html><body><p>%s</p></body></html>
--0000000000001--
`, benchHeader, text, strings.ReplaceAll(text, "\n", "<br>\n"))
}

func htmlMail(size int) []byte {
	row := `<tr><td style=3D"padding:4px">Topic</td><td><a href=3D"https://corp.example/x?id=3D1">Broker</a> and <b>retries</b></td></tr>` + "\n"
	return fmt.Appendf(nil, "%sContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<html><body><table>%s</table></body></html>\n",
		benchHeader, strings.Repeat(row, size/len(row)))
}

func textMail(size int) []byte {
	line := "A line of a log that somebody pasted, with an address jo@corp.example in it.\n"
	return fmt.Appendf(nil, "%sContent-Type: text/plain; charset=utf-8\n\n%s", benchHeader, strings.Repeat(line, size/len(line)))
}

func attachmentMail(size int) []byte {
	encoded := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{1, 2, 3}, size/4))
	var lines strings.Builder
	for len(encoded) > 76 {
		lines.WriteString(encoded[:76] + "\n")
		encoded = encoded[76:]
	}
	return fmt.Appendf(nil, `%sContent-Type: multipart/mixed; boundary=b

--b

See the picture.
--b
Content-Type: image/png; name=plan.png
Content-Transfer-Encoding: base64

%s
--b--
`, benchHeader, lines.String())
}

// nestedMail is a mail in a mail in a mail…
func nestedMail(depth int) []byte {
	return []byte(strings.Repeat("Content-Type: message/rfc822\n\n", depth) + benchHeader + "\nThe innermost words.\n")
}

// delimiterMail is full of lines that look like delimiters.
func delimiterMail(size int) []byte {
	return fmt.Appendf(nil, "%sContent-Type: multipart/mixed; boundary=b\n\n--b\n\n%s--b--\n", benchHeader, strings.Repeat("--\n", size/3))
}
