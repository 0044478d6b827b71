package parser

import (
	"strings"
	"testing"
)

func TestExplanationNamesWhatAMailWasTakenForAndWhy(t *testing.T) {
	m := Parse([]byte("From: Jo Doe <jo@x.example>\nTo: team@x.example; eve@x.example\nSubject: Broker #architecture\n"+
		"Date: Mon, 16 Nov 2026 11:00:00 +0100\nMessage-ID: <a@x.example>\nContent-Type: multipart/mixed; boundary=b\n\n"+
		"--b\n\nRetries storm, see https://x.example/1\n--b\nContent-Type: image/png; name=plan.png\n\nxx\n"), Options{})
	got := Explain(m)
	for _, want := range []string{
		"This is a mail from a person. It would be filed as an item.",
		"class       human, because: ",
		"kind        item, because: it has a tag",
		"from        Jo Doe <jo@x.example>",
		"to          team@x.example, eve@x.example",
		"date        Mon 16 Nov 2026 11:00:00 +0100",
		"tags        architecture",
		"| Retries storm, see https://x.example/1",
		"plan.png, image/png, 3 bytes",
		"unclosed    a multipart without its last delimiter",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
}

func TestExplanationOfAMailOverALimitNamesIt(t *testing.T) {
	m := Parse([]byte("Subject: Broker\n"+strings.Repeat("Received: x\n", maxReceived+1)+"\nText"), Options{})
	got := Explain(m)
	if !strings.HasPrefix(got, "Not read: received is 51, at most 50 is read") || !strings.Contains(got, "subject     Broker") || !strings.Contains(got, "| Text") {
		t.Error(got)
	}
}

func TestExplanationSaysWhereTheTextIsFrom(t *testing.T) {
	m := Parse([]byte(htmlAnswer(`<p>Yes.</p><div class="yahoo_quoted"><p>Is it?</p></div>`)), Options{})
	if got := Explain(m); !strings.Contains(got, "text        in HTML, quoted as Yahoo quote\n") {
		t.Error(got)
	}
}

func TestExplanationCannotSteerATerminal(t *testing.T) {
	m := Parse([]byte("From: =?utf-8?Q?Jo=1B[2J?= <jo@x.example>\nSubject: =?utf-8?Q?a=0Aclass_bounce=E2=80=AE=07?=\n\n\x1b]0;title\x07 \u202etext\u009b1m\n"), Options{})
	got := Explain(m)
	if strings.ContainsAny(got, "\x1b\x07\u202e\u009b") {
		t.Errorf("%q", got)
	}
	for _, want := range []string{`\x1b[2J`, `a ⏎ class`, `\u202e`} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %s in %q", want, got)
		}
	}
}

func TestExplanationCutsLongTexts(t *testing.T) {
	m := Parse([]byte("Subject: Broker\n\n"+strings.Repeat("line\n", 100)), Options{})
	if got := Explain(m); strings.Count(got, "| line") != 20 || !strings.Contains(got, "… 80 more lines") {
		t.Error(got)
	}
}
