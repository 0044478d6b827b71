package agenda

import (
	"slices"
	"strings"
	"testing"

	"minuted/parser"
)

// raw lets a mail arrive as bytes, so that what package parser reads and what
// this package does with it are seen together.
func (s *story) raw(lines ...string) Outcome {
	options := parser.Options{Tags: s.team.Tags, Own: []string{s.team.Address}, Base: s.now}
	for _, p := range s.team.People {
		options.People = append(append(options.People, p.Name, p.Handle), p.Aliases...)
	}
	m := parser.Parse([]byte(strings.Join(lines, "\r\n")+"\r\n"), options)
	return s.mail("", m)
}

func TestStory_in_the_words_of_mail_programs(t *testing.T) {
	s := begin(t, "2017-01-27 10:00")
	out := s.raw(
		"From: Shaun <shaun@example.com>", "To: architecture@example.com", "Subject: Fwd: Device trees", "Message-ID: <1@mail.gmail.com>", "Date: Fri, 27 Jan 2017 10:00:00 +0000", "",
		"#architecture Should they follow a rule that never breaks userspace? New firmware would need it.", "",
		"---------- Forwarded message ---------", "From: Theodor <theodor@customer.example>", "Date: Thu, Jan 26, 2017 at 9:12 AM", "Subject: Device trees", "To: Shaun <shaun@example.com>", "",
		"See https://example.com/issues/7", "")
	if it := s.item(1); out.Did != "item" || it.Title != "Device trees" || it.Author != "Theodor <theodor@customer.example>" || it.Area != "devices" || !strings.HasPrefix(it.Summary, "Should they follow") || !slices.Contains(it.Links, "https://example.com/issues/7") {
		t.Errorf("%s: %+v", out.Did, it)
	}

	s.until("2017-01-30 17:10")
	final := s.letter(AgendaFinal, "alexis")
	out = s.raw(
		"From: alexis@example.com", "To: architecture+"+s.book.TokenOf(final)+"@example.com", "Subject: Minutes of 30 Jan 2017", "Message-ID: <2@x.example>", "Date: Mon, 30 Jan 2017 17:10:00 +0000", "",
		"## 30 Jan 2017", "", "- Device trees", "    - resinHUP should probably ignore them", "    - Action: @shaun to write the spec by 10 February 2017", "    - Decision: they follow the rule", "")
	a := s.action(1)
	if out.Did != "minutes" || !slices.Equal(a.Owners, []string{"shaun"}) || a.Due != "2017-02-10" || a.Item != 1 || s.item(1).State != Discussed {
		t.Errorf("%s %s: %+v, topics %+v", out.Did, out.Detail, a, s.call("2017-01-30").Minutes)
	}

	s.until("2017-02-09 09:30")
	reminder := s.letter(Reminder, "shaun")
	token := s.book.TokenOf(reminder)
	out = s.raw(
		"From: Shaun <shaun@example.com>", "To: Architecture calls <architecture@example.com>", "Subject: Re: A-1 is due tomorrow", "Message-ID: <3@x.example>",
		"In-Reply-To: <"+reminder.Key+"."+token+"@example.com>", "Date: Thu, 9 Feb 2017 09:30:00 +0000", "",
		"Done! https://example.com/pull/12", "", "On Thu, 9 Feb 2017 at 09:00, Architecture calls wrote:", "> A-1 Write the spec", ">   -> A-1 done    A-1 drop", "")
	if a := s.action(1); out.Did != "command" || a.State != DoneAction || !slices.Equal(a.Evidence, []string{"https://example.com/pull/12"}) {
		t.Errorf("%s %s: %+v", out.Did, out.Detail, a)
	}

	letters := len(s.letters)
	s.raw("From: Shaun <shaun@example.com>", "To: architecture@example.com", "Subject: Automatic reply: Re: A-1 done", "Auto-Submitted: auto-replied", "Message-ID: <4@x.example>", "In-Reply-To: <"+reminder.Key+"."+token+"@example.com>", "Date: Thu, 9 Feb 2017 09:31:00 +0000", "",
		"I am out of office until 20 February 2017.", "")
	if m := s.book.Member("shaun"); m.Away != "2017-02-20" || len(s.letters) != letters {
		t.Errorf("away until %q, %d letters more", m.Away, len(s.letters)-letters)
	}
}

func TestOperatorsMailAsTheCommandLineWritesIt(t *testing.T) {
	s := afterJanuary(t)
	text := "A-1 done\n"
	write := func(text string) []string {
		return []string{"From: architecture@example.com", "To: architecture@example.com", "Subject: tell", "Message-ID: <operator.1@example.com>",
			"Minuted-Operator: " + s.team.SignOperator([]byte(text)), "Date: Mon, 30 Jan 2017 18:00:00 +0000", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", text}
	}
	if out := s.raw(write(text)...); s.action(1).State != DoneAction {
		t.Errorf("%s %s", out.Did, out.Detail)
	}
	if out := s.raw(write(Beginning)...); out.Did != "beginning" {
		t.Errorf("%s %s", out.Did, out.Detail)
	}
}
