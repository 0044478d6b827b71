package daemon_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// More verbs:
//
//	raw PERSON                   header fields, a blank line, a body as it stands: parts and all
//	config                       after the first at: the team's part of the configuration is another, and another daemon reads it
//
// With MINUTED_LETTERS=FOLDER each letter of each story is kept there, in order,
// as .eml, .txt and .html, to be read.
func init() {
	verbs["raw"] = (*stage).playRaw
}

func (s *stage) playRaw() {
	person := s.verse.words[1]
	s.mails++
	head := fmt.Sprintf("From: %s\nTo: %s\nDate: %s\nMessage-ID: <mail%d@%s>\nMIME-Version: 1.0\n",
		address(person), teamAddress, s.clock.Format("Mon, 02 Jan 2006 15:04:05 -0700"), s.mails, domain(address(person)))
	s.deliver(s.received([]byte(strings.ReplaceAll(head+s.verse.text+"\n", "\n", "\r\n")), address(person)))
}

// reconfigure lets another daemon go on with another configuration.
func (s *stage) reconfigure() {
	s.daemon.Close()
	s.world.config = s.read(s.config)
	s.start()
	s.pass()
}

// keepLetters writes the letters of a story into a folder, for people to read.
func (s *stage) keepLetters(t *testing.T) {
	folder := os.Getenv("MINUTED_LETTERS")
	if folder == "" {
		return
	}
	folder = filepath.Join(folder, filepath.Base(t.Name()))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for i, l := range s.all {
		name := filepath.Join(folder, fmt.Sprintf("%03d-%s-%s", i+1, l.kind, l.to))
		head := fmt.Sprintf("To: %s\nDate: %s\nSubject: %s\n\n", l.to, l.date, l.subject)
		for suffix, content := range map[string]string{
			".eml": string(l.raw), ".html": l.html, ".txt": head + strings.ReplaceAll(l.text, "\r\n", "\n"),
		} {
			if err := os.WriteFile(name+suffix, []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
