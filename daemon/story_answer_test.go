package daemon_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Verbs about answers that a mail program shapes:
//
//	tick PERSON KIND             an id a line, with a link behind it or not: boxes ticked in the quoted letter, sent back
//	ready PERSON KIND            a body: a ready answer, sent by a program that refers to no letter and quotes none
//	forward PERSON KIND          a body: the letter is forwarded to the team, below these words
//	paste PERSON KIND            a body: the letter is pasted below these words, without any mark
//	calendar PERSON PROGRAM      a mail program answers the invitation in the newest agenda: testdata/calendar/PROGRAM.eml
func init() {
	verbs["tick"], verbs["calendar"], verbs["ready"] = (*stage).playTick, (*stage).playCalendar, (*stage).playReady
	verbs["forward"], verbs["paste"] = (*stage).playForward, (*stage).playPaste
}

// newest is the last letter of a kind to a person.
func (s *stage) newest(kind, person string) letter {
	for i := len(s.all) - 1; i >= 0; i-- {
		if l := s.all[i]; l.kind == kind && l.to == person {
			return l
		}
	}
	s.fail("there is no such letter")
	return letter{}
}

func (s *stage) playTick() {
	person, kind := s.verse.words[1], s.verse.words[2]
	l := s.newest(kind, person)
	for _, line := range strings.Split(s.verse.text, "\n") {
		id, link, _ := strings.Cut(line, " ")
		l.text = tick(l.text, id, link)
	}
	s.deliver(s.answer(person, l, ""))
}

func (s *stage) playReady() {
	person, l := s.verse.words[1], s.newest(s.verse.words[2], s.verse.words[1])
	s.deliver(s.write(person, "Subject: Re: "+l.subject+"\nTo: "+l.replyTo+"\n\n"+s.verse.text+"\n"))
}

func (s *stage) playForward() {
	person, l := s.verse.words[1], s.newest(s.verse.words[2], s.verse.words[1])
	head := "---------- Forwarded message ---------\nFrom: Architecture calls <" + teamAddress + ">\nDate: " +
		s.clock.Format("Mon, 2 Jan 2006 at 15:04") + "\nSubject: " + l.subject + "\nTo: <" + address(person) + ">\n\n"
	s.deliver(s.write(person, "Subject: Fwd: "+l.subject+"\n\n"+s.verse.text+"\n\n"+head+l.text))
}

func (s *stage) playPaste() {
	person, l := s.verse.words[1], s.newest(s.verse.words[2], s.verse.words[1])
	s.deliver(s.write(person, "Subject: look\n\n"+s.verse.text+"\n\n"+l.text))
}

// tick ticks the box of an id and puts a link behind its title.
func tick(text, id, link string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.Contains(line, "[ ] "+id+" ") {
			lines[i] = strings.TrimRight(strings.Replace(line, "[ ]", "[x]", 1), "\r") + " " + link
		}
	}
	return strings.Join(lines, "\n")
}

// playCalendar fills the fixture of a program with the person and with the
// identity of the call from the invitation.
func (s *stage) playCalendar() {
	person, program := s.verse.words[1], s.verse.words[2]
	raw, err := os.ReadFile(filepath.Join("testdata", "calendar", program+".eml"))
	if err != nil {
		s.fail("%v", err)
	}
	s.mails++
	filled := strings.NewReplacer(
		"{PERSON}", address(person), "{UID}", s.uid(person), "{ID}", fmt.Sprintf("calendar%d", s.mails),
		"{TEAM}", teamAddress, "\r\n", "\r\n", "\n", "\r\n",
	).Replace(string(raw))
	s.deliver(s.received([]byte(filled), address(person)))
}

// uid finds the identity of the newest invitation to a person.
func (s *stage) uid(person string) string {
	_, after, found := strings.Cut(string(s.newest("agenda", person).raw), "\nUID:")
	if !found {
		s.fail("the agenda has no invitation")
	}
	uid, _, _ := strings.Cut(after, "\r\n")
	return uid
}
