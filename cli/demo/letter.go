package demo

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jordan-wright/email"
)

// letter is one letter of the daemon as it arrived at a person's mail program.
type letter struct {
	at      time.Time
	kind    string // of the header Minuted-Kind
	to      string // local part of the address
	subject string
	text    string
	html    []byte
	replyTo string
	id      string // Message-ID with its brackets
	refs    string // References
	raw     []byte
}

// newLetters reads what the daemon sent since the last call. What the cast
// sends goes through the same server and is passed over: it has no kind.
func (s *stage) newLetters() ([]letter, error) {
	var letters []letter
	sent := s.smtp.Sent()
	for _, mail := range sent[s.shown:] {
		l, err := readLetter(mail.Raw, mail.At)
		if err != nil {
			return nil, fmt.Errorf("read the letter to %s: %w", mail.To, err)
		}
		if l.kind != "" {
			letters = append(letters, l)
		}
	}
	s.shown = len(sent)
	return letters, nil
}

// readLetter reads a letter with a library that the daemon does not write
// letters with, so that the demo sees what others see.
func readLetter(raw []byte, at time.Time) (letter, error) {
	mail, err := email.NewEmailFromReader(bytes.NewReader(raw))
	if err != nil {
		return letter{}, err
	}
	l := letter{
		at: at, raw: raw, kind: mail.Headers.Get("Minuted-Kind"), subject: mail.Subject,
		text: strings.ReplaceAll(string(mail.Text), "\r\n", "\n"), html: mail.HTML,
		id: mail.Headers.Get("Message-Id"), refs: mail.Headers.Get("References"),
	}
	if len(mail.To) > 0 {
		l.to, _, _ = strings.Cut(bare(mail.To[0]), "@")
	}
	if len(mail.ReplyTo) > 0 {
		l.replyTo = bare(mail.ReplyTo[0])
	}
	return l, nil
}

// bare returns the address in "Name <address>".
func bare(address string) string {
	return strings.TrimSuffix(address[strings.LastIndex(address, "<")+1:], ">")
}

// keep writes a letter as .eml for mail programs and its HTML as .html for browsers.
func (l letter) keep(folder string, number int) error {
	name := filepath.Join(folder, fmt.Sprintf("%02d-%s-%s", number, l.kind, l.to))
	if err := os.WriteFile(name+".eml", l.raw, 0o644); err != nil {
		return err
	}
	if len(l.html) == 0 {
		return nil
	}
	return os.WriteFile(name+".html", l.html, 0o644)
}
