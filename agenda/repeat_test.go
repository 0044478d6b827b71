package agenda

import (
	"fmt"
	"testing"
	"time"

	"minuted/parser"
)

// What is meant to stop programs must not stop people who have a lot to say.
func TestABusyPersonHearsOfEachCommand(t *testing.T) {
	tests := map[string]struct {
		mails int
		every time.Duration
		write func(n int) parser.Mail
	}{
		"fifteen commands in an hour, each an answer to the last receipt": {15, 4 * time.Minute, func(n int) parser.Mail {
			return parser.Mail{Subject: "Re: Re: A-1 is due", Commands: []parser.Command{say("note", fmt.Sprintf("part %c is done", 'a'+n), "A-1")}}
		}},
		"fifteen topics in an hour": {15, 4 * time.Minute, func(n int) parser.Mail {
			return parser.Mail{Subject: fmt.Sprintf("Release 1.%d", n), Title: fmt.Sprintf("Release 1.%d", n), Tags: []string{"architecture"}, Kind: parser.ItemKind}
		}},
		"the list every morning": {8, 24 * time.Hour, func(int) parser.Mail {
			return parser.Mail{Subject: "mine", Commands: []parser.Command{say("mine", "")}}
		}},
		"the same snooze each week": {4, 7 * 24 * time.Hour, func(int) parser.Mail {
			return parser.Mail{Subject: "Re: A-1 is due", Commands: []parser.Command{say("snooze", "1w", "A-1")}}
		}},
		"a mistake a day": {5, 25 * time.Hour, func(n int) parser.Mail {
			return parser.Mail{Subject: "Re: A-1 is due", Commands: []parser.Command{say("done", "", fmt.Sprintf("A-%d", 70+n))}}
		}},
		"three mistakes while learning": {3, time.Minute, func(n int) parser.Mail {
			wrong := []parser.Command{say("done", "", "A-77"), say("due", "firday", "A-1"), say("pin", "", "A-1")}
			return parser.Mail{Subject: "Re: Re: A-1", Commands: wrong[n : n+1]}
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := afterJanuary(t)
			s.team.Trust = Trust{Profile: "own", AuthservID: "mx.example.com"}
			s.reopen()
			before := s.count(ReceiptLetter)
			for n := range test.mails {
				s.now = s.now.Add(test.every)
				m := test.write(n)
				if m.Kind == "" {
					m.Kind = parser.CommandKind
				}
				s.mail("shaun@example.com", proven(m))
			}
			if got := s.count(ReceiptLetter) - before; got != test.mails {
				t.Errorf("%d receipts for %d mails", got, test.mails)
			}
		})
	}
}

// proven is a mail for whose sender the provider vouches.
func proven(m parser.Mail) parser.Mail {
	m.Class, m.MayAnswer = parser.Human, true
	m.Header = append(m.Header, parser.Field{Name: "Authentication-Results", Value: "mx.example.com; dmarc=pass header.from=example.com"})
	return m
}

func TestTheSameAgainIsCarriedOutAndToldTwice(t *testing.T) {
	s := afterJanuary(t)
	before, o := s.count(ReceiptLetter), s.letter(MinutesDigest, "shaun")
	for range 5 {
		s.now = s.now.Add(10 * time.Minute)
		s.answer(o, say("due", "2017-03-01", "A-1"))
		s.answer(o, say("due", "2017-03-08", "A-1"))
	}
	if got := s.count(ReceiptLetter) - before; got != 4 || s.action(1).Due != "2017-03-08" {
		t.Errorf("%d receipts, due %s; want two of each, and the last date", got, s.action(1).Due)
	}
}

// A member who does not answer questions is asked twice.
func TestQuestionsWithoutAnswerEnd(t *testing.T) {
	s := afterJanuary(t)
	for range 10 {
		s.now = s.now.Add(25 * time.Hour)
		s.mail("kostas@example.com", parser.Mail{Kind: parser.CommandKind, MayAnswer: true, Class: parser.Human, Commands: []parser.Command{say("done", "", "A-1")}})
	}
	if got := s.count(Question); got != 2 {
		t.Errorf("%d questions, want 2", got)
	}
}
