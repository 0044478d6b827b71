package parser

import (
	"strings"
	"testing"
)

func TestContentHash(t *testing.T) {
	mail := "Received: from a\n\tby b\nFrom: sam@example.com\nSubject: x\n\nReceived: in the body\nHello\n"
	same := []string{
		strings.ReplaceAll(mail, "\n", "\r\n"),
		"Delivered-To: team@example.com\n" + mail,
		strings.Replace(mail, "from a\n\tby b", "from c\n by d\n with e", 1),
	}
	for _, other := range same {
		if ContentHash([]byte(mail)) != ContentHash([]byte(other)) {
			t.Errorf("a copy that came another way counts as another mail:\n%s", other)
		}
	}
	different := []string{
		strings.Replace(mail, "Hello", "Hullo", 1),
		strings.Replace(mail, "Subject: x", "Subject: y", 1),
		strings.Replace(mail, "Received: in", "Received: not in", 1),
	}
	for _, other := range different {
		if ContentHash([]byte(mail)) == ContentHash([]byte(other)) {
			t.Errorf("another mail counts as a copy:\n%s", other)
		}
	}
}
