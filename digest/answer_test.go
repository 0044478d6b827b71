package digest

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"minuted/agenda"
	"minuted/parser"
)

// asked reads an answer of a member as the mailbox gets it.
func asked(body string) parser.Mail {
	raw := "From: Ada <ada@example.com>\r\nTo: stations@example.com\r\nSubject: Re: Agenda\r\nDate: Wed, 01 Feb 2017 17:00:00 +0000\r\n" +
		"Message-ID: <answer@example.com>\r\n" + body
	return parser.Parse([]byte(raw), parser.Options{Tags: []string{"stations"}, Own: []string{"stations@example.com"}})
}

func plainMail(text string) string {
	return "Content-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n")
}

func htmlMail(page string) string {
	return "Content-Type: text/html; charset=utf-8\r\n\r\n" + strings.ReplaceAll(page, "\n", "\r\n")
}

func TestReadyAnswersAreReadAsTheCommandOnTheirLabel(t *testing.T) {
	everyLetter(t, func(t *testing.T, w written) {
		for _, a := range links(t, w.html) {
			if !strings.HasPrefix(a.href, "mailto:") {
				continue
			}
			commands := asked(plainMail(bodyOf(t, a.href))).Commands
			if len(commands) != 1 || commands[0].Line != a.label || commands[0].Error != "" {
				t.Errorf("%q is read as %+v", a.label, commands)
			}
		}
	})
}

func bodyOf(t *testing.T, mailto string) string {
	t.Helper()
	_, query, _ := strings.Cut(mailto, "?")
	values, err := url.ParseQuery(strings.ReplaceAll(query, "+", "%2B"))
	if err != nil {
		t.Fatal(err)
	}
	return values.Get("body")
}

func TestWithoutSubAddressesReadyAnswersBringTheTokenInTheText(t *testing.T) {
	s := usualCase(t)
	s.team.SubAddress = false
	order, _ := s.order(agenda.Reminder)
	w, _ := write(t, s, order)
	if got := w.header.Get("Reply-To"); got != "<stations@example.com>" {
		t.Errorf("the answer goes to %s", got)
	}
	for _, a := range links(t, w.html) {
		if !strings.HasPrefix(a.href, "mailto:") {
			continue
		}
		m := asked(plainMail(bodyOf(t, a.href)))
		if len(m.Commands) != 1 || m.Commands[0].Line != a.label {
			t.Errorf("%q is read as %+v", a.label, m.Commands)
		}
		if len(a.href) >= 500 {
			t.Errorf("%d bytes: %s", len(a.href), a.href)
		}
	}
}

// quotes are how answers carry our letter below their own words.
var quotings = map[string]func(w written) string{
	"text behind signs": func(w written) string {
		return plainMail("Thank you.\n\nOn Wed, 1 Feb 2017 at 16:00, Weather stations <stations@example.com> wrote:\n\n> " + strings.ReplaceAll(w.text, "\n", "\n> "))
	},
	"text below a header": func(w written) string {
		return plainMail("Thank you.\n\n-----Original Message-----\nFrom: Weather stations <stations@example.com>\nSent: 01 February 2017 16:00\nTo: Ada <ada@example.com>\nSubject: " + w.Subject + "\n\n" + w.text)
	},
	"text below nothing": func(w written) string { return plainMail("Look what came today:\n\n" + w.text) },
	"text alone":         func(w written) string { return plainMail(w.text) },
	"page below nothing": func(w written) string { return htmlMail("<div>Look what came today:</div>" + w.html) },
	"page alone":         func(w written) string { return htmlMail(w.html) },
	"text forwarded": func(w written) string {
		return plainMail("For you.\n\n---------- Forwarded message ---------\nFrom: Weather stations <stations@example.com>\nDate: Wed, 1 Feb 2017 at 16:00\nSubject: " + w.Subject + "\nTo: Ada <ada@example.com>\n\n" + w.text)
	},
	"page in a quote": func(w written) string {
		return htmlMail(`<div dir="ltr">Thank you.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Wed, 1 Feb 2017 at 16:00, Weather stations &lt;<a href="mailto:stations@example.com">stations@example.com</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">` + w.html + `</blockquote></div>`)
	},
}

func TestCommandsAboveOurLettersRunWhateverMarksThem(t *testing.T) {
	everyLetter(t, func(t *testing.T, w written) {
		for how, mail := range map[string]string{
			"nothing between":  plainMail("A-901 done\n\nA-902 due fri\n\n" + w.text),
			"greeted":          plainMail("Hi all,\n\nA-901 done\nA-902 due fri\n\n" + w.text),
			"behind words":     plainMail("Thanks for this one.\n\nA-901 done\n\nA-902 due fri\n\n" + w.text),
			"above a page":     htmlMail("<div>Here they are:</div><div>A-901 done</div><div><br></div><div>A-902 due fri</div><div><br></div>" + w.html),
			"and words behind": plainMail("A-901 done\nA-902 due fri\n\nThat was easy.\n\n" + w.text),
		} {
			m := asked(mail)
			said := lines(m.Commands)
			if len(said) != 2 || said[0] != `"A-901 done"` || said[1] != `"A-902 due fri"` || len(m.Ticked) > 0 {
				t.Errorf("%s: %v %v", how, said, lines(m.Ticked))
			}
		}
	})
}

func TestOurLettersQuotedBackRunNothing(t *testing.T) {
	everyLetter(t, func(t *testing.T, w written) {
		for how, quoted := range quotings {
			m := asked(quoted(w))
			if len(m.Commands) > 0 || len(m.Ticked) > 0 {
				t.Errorf("%s: %v %v", how, lines(m.Commands), lines(m.Ticked))
			}
			if m.Minutes != nil && !strings.Contains(w.text, "Attendees:") { // a nudge's skeleton is there to be sent back
				t.Errorf("%s is read as minutes", how)
			}
		}
	})
}

func lines(commands []parser.Command) (said []string) {
	for _, c := range commands {
		said = append(said, fmt.Sprintf("%q", c.Line))
	}
	return said
}

func TestATickInTheQuotedLetterIsFound(t *testing.T) {
	order, _ := usualCase(t).order(agenda.Reminder)
	w, _ := write(t, usualCase(t), order)
	ticked := strings.Replace(w.text, "[ ] A-17", "[x] A-17", 1)
	m := asked(plainMail("On Wed, 1 Feb 2017 at 16:00, Weather stations <stations@example.com> wrote:\n\n> " + strings.ReplaceAll(ticked, "\n", "\n> ")))
	if len(m.Ticked) != 1 || m.Ticked[0].IDs[0] != "A-17" {
		t.Errorf("found %+v", m.Ticked)
	}
}

func TestOurOwnLettersComeBackAsAutomaticMail(t *testing.T) {
	everyLetter(t, func(t *testing.T, w written) {
		m := parser.Parse(w.Bytes, parser.Options{Own: []string{"stations@example.com"}})
		if !m.Automatic || m.MayAnswer {
			t.Errorf("class %s, automatic %v, may be answered %v", m.Class, m.Automatic, m.MayAnswer)
		}
	})
}

func TestTheSkeletonOfANudgeIsReadAsMinutesOnceItIsFilledIn(t *testing.T) {
	order, _ := usualCase(t).order(agenda.Nudge)
	w, _ := write(t, usualCase(t), order)
	_, skeleton, _ := strings.Cut(w.text, "\n  # Minutes")
	skeleton, _, _ = strings.Cut(skeleton, "\n\n\n")
	filled := "# Minutes" + strings.NewReplacer(
		"\n  ", "\n", "Attendees:", "Attendees: Ada, Bo", "\n-", "\n- we talked about it", "Action:", "Action: Bo to order spare domes by 10 Feb",
	).Replace(skeleton)
	m := asked(plainMail(filled + "\n\nOn Mon, 30 Jan 2017 at 09:00, Weather stations <stations@example.com> wrote:\n\n> " + strings.ReplaceAll(w.text, "\n", "\n> ")))
	if m.Minutes == nil || len(m.Minutes.Meetings) != 1 {
		t.Fatalf("read %+v of %q", m.Minutes, filled)
	}
	meeting := m.Minutes.Meetings[0]
	if meeting.Date != "2017-01-29" || len(meeting.Topics) != 6 || len(meeting.Actions) != 1 || len(meeting.Attendees) != 2 {
		t.Errorf("read the date %s, %d topics, %d actions, %v there, of %q", meeting.Date, len(meeting.Topics), len(meeting.Actions), meeting.Attendees, filled)
	}
}
