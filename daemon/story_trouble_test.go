package daemon_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"minuted/cli/demo/servers"
)

// Verbs about trouble:
//
//	refuse PERSON CODE WORDS     from now on the server refuses the person's address, with these words
//	mend                         it takes everything again
//	bounce PERSON KIND           the newest letter of that kind to the person comes back
//	tell                         commands, a line each, as the operator
//	lacks KIND PERSON            none of the lines stands in the newest letter of that kind to the person
//	huge PERSON                  a mail with more header than is read
//	unproven PERSON              as mail, but nothing proves who sent it
//	asleep 2017-01-30 10:00      nothing runs until then; a pass is the first that happens
//	sent KIND PERSON             the lines stand in this order in the newest letter of that kind to the person, as it left
//	again                        the last mail of that kind arrives once more
func init() {
	verbs["huge"], verbs["unproven"], verbs["again"] = (*stage).playHuge, (*stage).playUnproven, (*stage).playAgain
	verbs["refuse"], verbs["mend"], verbs["bounce"] = (*stage).playRefuse, (*stage).playMend, (*stage).playBounce
	verbs["asleep"], verbs["sent"] = (*stage).playAsleep, (*stage).playSent
	verbs["tell"], verbs["lacks"] = (*stage).playTell, (*stage).playLacks
}

func (s *stage) playRefuse() {
	code, err := strconv.Atoi(s.verse.words[2])
	if err != nil {
		s.fail("%v", err)
	}
	s.smtp.Break(servers.SMTPFault{At: "RCPT", To: address(s.verse.words[1]), Do: servers.Reply, Code: code, Text: strings.Join(s.verse.words[3:], " ")})
}

func (s *stage) playHuge() {
	s.mails++
	s.deliver([]byte(fmt.Sprintf("From: %s\r\nMessage-ID: <huge%d@example.com>\r\n%s\r\nhello\r\n", address(s.verse.words[1]), s.mails, strings.Repeat("X: y\r\n", 30000))))
}

func (s *stage) playUnproven() {
	_, s.unproven, _ = bytes.Cut(s.write(s.verse.words[1], s.verse.text), []byte("\r\n"))
	s.deliver(s.unproven)
}

func (s *stage) playAgain() {
	s.deliver(append([]byte("Received: from another.example.com by mx.example.com; Mon, 30 Jan 2017 10:00:00 +0000\r\n"), s.unproven...))
}

func (s *stage) playMend() { s.smtp.Mend() }

func (s *stage) playBounce() {
	s.deliver(bounceOf(address(s.verse.words[1]), s.newest(s.verse.words[2], s.verse.words[1]).id))
}

func (s *stage) playLacks() {
	text := squeeze(s.newest(s.verse.words[1], s.verse.words[2]).text)
	for _, line := range strings.Split(s.verse.text, "\n") {
		if strings.Contains(text, squeeze(line)) {
			s.fail("%q stands in it", line)
		}
	}
}

func (s *stage) playTell() {
	if err := s.daemon.Tell(s.t.Context(), "", s.verse.text); err != nil {
		s.fail("%v", err)
	}
	s.pass()
}

func (s *stage) playAsleep() {
	s.clock = s.instant(strings.Join(s.verse.words[1:], " "))
	s.pass()
}

func (s *stage) playSent() {
	l := s.newest(s.verse.words[1], s.verse.words[2])
	s.inOrder(strings.Split(s.verse.text, "\n"), string(l.raw))
}
