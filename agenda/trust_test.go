package agenda

import (
	"strings"
	"testing"
	"time"

	"minuted/parser"
)

func TestTrust(t *testing.T) {
	const pass, fail, others = "mx.example.com; dmarc=pass header.from=example.com", "mx.example.com; dmarc=fail header.from=example.com", "mx.evil.example; dmarc=pass header.from=example.com"
	tests := []struct {
		claim    string
		from     string
		token    bool   // of Shaun's letter
		authserv string // configured
		results  string // Authentication-Results of the mail
		did      string // of "A-1 done"
	}{
		{"a token alone where no server is configured", "shaun@example.com", true, "", "", "command"},
		{"nothing: the member is asked", "shaun@example.com", false, "", "", "asked"},
		{"the token of somebody else proves nothing", "alexis@example.com", true, "", "", "asked"},
		{"dmarc of the own server alone", "shaun@example.com", false, "mx.example.com", pass, "command"},
		{"token and dmarc", "shaun@example.com", true, "mx.example.com", pass, "command"},
		{"a token without the finding that the server always writes", "shaun@example.com", true, "mx.example.com", fail, "asked"},
		{"findings of another server", "shaun@example.com", false, "mx.example.com", others, "asked"},
		{"findings that nobody asked for", "shaun@example.com", false, "", pass, "asked"},
		{"an outsider, even with a token: it waits", "sam@customer.example", true, "", "", "waits"},
		{"another address of a member, with a letter's token", "SHAUN@example.com", true, "", "", "command"},
	}
	for _, test := range tests {
		t.Run(test.claim, func(t *testing.T) {
			s := afterJanuary(t)
			s.team.Trust.AuthservID = test.authserv
			s.reopen()
			m := parser.Mail{Kind: parser.CommandKind, Commands: []parser.Command{say("done", "", "A-1")}, Subject: "hello"}
			if test.token {
				m.InReplyTo = []string{"minutes.20170130.1.shaun." + s.book.TokenOf(s.letter(MinutesDigest, "shaun")) + "@example.com"}
			}
			if test.results != "" {
				m.Header = parser.Header{{Name: "Authentication-Results", Value: test.results}}
			}
			out := s.mail(test.from, m)
			if out.Did != test.did {
				t.Errorf("it did %s (%s), want %s", out.Did, out.Detail, test.did)
			}
			if done := s.action(1).State == DoneAction; done != (test.did == "command") {
				t.Errorf("A-1 is %s", s.action(1).State)
			}
		})
	}
}

func TestSenderMustStandAloneAndPlain(t *testing.T) {
	shaun := &parser.Address{Address: "shaun@example.com", Exact: true}
	for name, m := range map[string]parser.Mail{
		"two addresses in From": {From: shaun, Froms: 2},
		"not plain":             {From: &parser.Address{Address: "shaun@example.com"}, Froms: 1},
		"only a display name":   {From: &parser.Address{Name: "shaun@example.com", Address: "x@evil.example", Exact: true}, Froms: 1},
		"homograph":             {From: &parser.Address{Address: "ѕhaun@example.com", Exact: true}, Froms: 1},
	} {
		s := afterJanuary(t)
		m.Kind, m.Commands = parser.CommandKind, []parser.Command{say("done", "", "A-1")}
		m.InReplyTo = []string{"x." + s.book.TokenOf(s.letter(MinutesDigest, "shaun")) + "@example.com"}
		letters := len(s.letters)
		s.mail("", m)
		if s.action(1).State != OpenAction || len(s.letters) != letters {
			t.Errorf("%s: changed something or was answered", name)
		}
	}
}

func TestQuestionIsAnsweredWithYes(t *testing.T) {
	s := afterJanuary(t)
	s.mail("kl@home.example", parser.Mail{Kind: parser.CommandKind, Commands: []parser.Command{say("done", "", "A-2"), say("drop", "", "T-3")}})
	question := s.letter(Question, "kostas")
	if question.To != "" || len(question.Receipt.Held) != 2 {
		t.Errorf("question %+v, want both lines, to the configured address", question)
	}
	if out := s.mail("kl@home.example", parser.Mail{Kind: parser.CommandKind, Commands: []parser.Command{say("done", "", "A-1")}}); out.Did != "ignored" {
		t.Errorf("a second question on the same day: %s", out.Did)
	}
	s.answer(question, say("yes", ""))
	if got, want := summary(s.receipt()), "A-2: open since today -> done; T-3: on the list -> dropped"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	s.answer(question, say("yes", ""))
	if got := summary(s.receipt()); !strings.Contains(got, "Nothing waits for a yes") {
		t.Errorf("a second yes: %s", got)
	}
}

func TestYesCountsForItsOwnQuestionOnly(t *testing.T) {
	s := afterJanuary(t)
	s.mail("kl@home.example", parser.Mail{Kind: parser.CommandKind, Commands: []parser.Command{say("done", "", "A-2")}})
	s.answer(s.letter(MinutesDigest, "shaun"), say("yes", ""))
	question := s.letter(Question, "kostas")
	s.mail("shaun@example.com", parser.Mail{
		Kind: parser.CommandKind, Commands: []parser.Command{say("yes", "")},
		To: []parser.Address{{Address: "architecture+" + s.book.TokenOf(question) + "@example.com"}},
	})
	if s.action(2).State != OpenAction {
		t.Error("somebody else's yes counted")
	}
}

func TestTokens(t *testing.T) {
	team := architecture(t)
	at := instant(t, "2017-01-30 18:00")
	b, err := Open(team, nil)
	if err != nil {
		t.Fatal(err)
	}
	card := Card{Person: "shaun", Letter: "minutes.20170130.1.shaun", Expires: at.Add(Answerable)}
	token := b.Token(card.Person, card.Letter, card.Expires)
	if len(token) != 26 || !team.verify(token, card, at) {
		t.Fatalf("token %q does not verify", token)
	}
	for name, wrong := range map[string]Card{
		"person": {Person: "kostas", Letter: card.Letter, Expires: card.Expires},
		"letter": {Person: card.Person, Letter: "minutes.20170130.2.shaun", Expires: card.Expires},
		"expiry": {Person: card.Person, Letter: card.Letter, Expires: card.Expires.Add(time.Hour)},
	} {
		if team.verify(token, wrong, at) {
			t.Errorf("the token counts for another %s", name)
		}
	}
	if team.verify(token, card, at.Add(Answerable+time.Second)) {
		t.Error("the token counts after its time")
	}
	rotated := team
	rotated.Keys = [][]byte{[]byte("a new secret, also long enough.."), team.Keys[0]}
	if !rotated.verify(token, card, at) {
		t.Error("the old key is not read any more")
	}
	rotated.Keys = rotated.Keys[:1]
	if rotated.verify(token, card, at) {
		t.Error("a key that was taken away still counts")
	}
}

func TestTeamWithoutKeysTrustsNoToken(t *testing.T) {
	team := architecture(t)
	team.Keys = nil
	b, _ := Open(team, nil)
	c := Card{Person: "shaun", Letter: "x", Expires: instant(t, "2017-01-30 18:00")}
	if team.verify(b.Token(c.Person, c.Letter, c.Expires), c, c.Expires) {
		t.Error("a token made without any secret counts")
	}
	if team.byOperator(parser.Mail{Text: "x", Header: parser.Header{{Name: "Minuted-Operator", Value: team.SignOperator([]byte("x"))}}}) {
		t.Error("an operator's mark made without any secret counts")
	}
}

func TestOperatorsSignTheirMail(t *testing.T) {
	s := afterJanuary(t)
	body := "A-1 done\r\nthat is all"
	signed := parser.Mail{
		From: &parser.Address{Address: "architecture@example.com", Exact: true}, Froms: 1, Text: "A-1 done\nthat is all\n",
		Commands: []parser.Command{say("done", "", "A-1")}, Class: parser.AutoGenerated, Automatic: true,
		Header: parser.Header{{Name: "Minuted-Operator", Value: s.team.SignOperator([]byte(body))}},
	}
	forged := signed
	forged.Text = "A-2 done"
	if out := s.mail("", forged); out.Did != "ignored" {
		t.Errorf("a mail with the mark of another: %s", out.Did)
	}
	attached := signed
	attached.Attachments = []parser.Attachment{{Name: "minutes.md"}}
	if out := s.mail("", attached); out.Did != "ignored" {
		t.Errorf("a mail with something attached that the mark does not cover: %s", out.Did)
	}
	letters := len(s.letters)
	if s.mail("", signed); s.action(1).State != DoneAction || s.action(1).ClosedBy != operatorHandle {
		t.Errorf("A-1 is %+v, want done by the operator", s.action(1))
	}
	if len(s.letters) != letters {
		t.Error("the operator's mail was answered to nobody's address")
	}
}
