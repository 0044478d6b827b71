package agenda

import (
	"slices"
	"testing"

	"minuted/parser"
)

func TestLaterMailBelongsToTheItem(t *testing.T) {
	tests := map[string]struct {
		first  parser.Mail
		second parser.Mail
		joined bool
	}{
		"by In-Reply-To": {parser.Mail{MessageID: "a@x"}, parser.Mail{InReplyTo: []string{"a@x"}}, true},
		"by References, even past a missing mail": {parser.Mail{MessageID: "a@x"}, parser.Mail{References: []string{"a@x", "missing@x"}}, true},
		"by the mail that both answer":            {parser.Mail{InReplyTo: []string{"root@x"}}, parser.Mail{InReplyTo: []string{"root@x"}}, true},
		"by the attached original of a forward":   {parser.Mail{Forwards: []parser.Forward{{MessageID: "orig@x"}}}, parser.Mail{Forwards: []parser.Forward{{MessageID: "orig@x"}}}, true},
		"by what the original answered":           {parser.Mail{Forwards: []parser.Forward{{MessageID: "orig@x", References: []string{"root@x"}}}}, parser.Mail{InReplyTo: []string{"root@x"}}, true},
		"by an id in the subject":                 {parser.Mail{}, parser.Mail{Subject: "Re: T-1 and more"}, true},
		"not by the subject alone":                {parser.Mail{Subject: "Device trees"}, parser.Mail{Subject: "Re: Device trees"}, false},
		"not by an empty id":                      {parser.Mail{InReplyTo: []string{""}}, parser.Mail{InReplyTo: []string{""}, References: []string{""}}, false},
		"not by an id that nobody gave":           {parser.Mail{}, parser.Mail{Subject: "T-7"}, false},
		"not by an action's id":                   {parser.Mail{}, parser.Mail{Subject: "A-1"}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := begin(t, "2017-01-27 10:00")
			test.first.Kind, test.first.Tags, test.first.Title = parser.ItemKind, []string{"architecture"}, "Device trees"
			s.mail("shaun@example.com", test.first)
			test.second.Kind, test.second.Links = parser.FollowUp, []string{"https://example.com/more"}
			out := s.mail("alexis@example.com", test.second)
			if joined := out.Did == "follow-up"; joined != test.joined {
				t.Fatalf("%s %s", out.Did, out.Detail)
			}
			if it := s.item(1); test.joined && (it.Mails != 2 || !slices.Equal(it.Links, []string{"https://example.com/more"})) {
				t.Errorf("%+v", it)
			}
		})
	}
}

func TestThreadIsKnownAfterItsItemWasClosedForLong(t *testing.T) {
	s := begin(t, "2017-01-27 10:00")
	s.mail("shaun@example.com", parser.Mail{Kind: parser.ItemKind, Tags: []string{"architecture"}, Title: "Device trees", MessageID: "a@x", Summary: "First"})
	s.answer(s.letter(ReceiptLetter, "shaun"), say("drop", "", "T-1"))
	s.until("2017-05-01 10:00")
	if s.stored["item:1"].Open {
		t.Fatal("the item is still loaded")
	}
	s.mail("sam@customer.example", parser.Mail{Kind: parser.FollowUp, InReplyTo: []string{"a@x"}})
	if it := s.item(1); it.State != Dropped || it.Mails != 2 {
		t.Errorf("%+v, want one mail more and nothing else by an outsider", it)
	}
	s.mail("alexis@example.com", parser.Mail{Kind: parser.ItemKind, Tags: []string{"architecture"}, InReplyTo: []string{"a@x"}, Summary: "It is back"})
	if it := s.item(1); it.State != OpenItem || it.Summary != "It is back" || it.Mails != 3 {
		t.Errorf("%+v, want reopened by a new tag comment", it)
	}
	if got, want := summary(s.receipt()), "T-1: dropped -> on the list"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestAnswerToALetterBelongsToTheItemThatItShowed(t *testing.T) {
	s := begin(t, "2017-01-27 10:00")
	s.topic("shaun@example.com", "Device trees")
	receipt := s.letter(ReceiptLetter, "shaun")
	to := []parser.Address{{Address: "architecture+" + s.book.TokenOf(receipt) + "@example.com"}}
	if out := s.mail("shaun@example.com", parser.Mail{Kind: parser.FollowUp, To: to, Links: []string{"https://example.com/x"}}); out.Did != "follow-up" || len(s.item(1).Links) != 1 {
		t.Errorf("%s %s", out.Did, out.Detail)
	}
	s.until("2017-01-29 16:00")
	s.topic("shaun@example.com", "Signed images")
	agenda := s.letter(AgendaPreview, "shaun")
	to = []parser.Address{{Address: "architecture+" + s.book.TokenOf(agenda) + "@example.com"}}
	if out := s.mail("alexis@example.com", parser.Mail{Kind: parser.CommandKind, To: to, Commands: []parser.Command{say("postpone", "")}}); s.item(2).State != OpenItem {
		t.Errorf("somebody else's token counted: %s", out.Detail)
	}
	if out := s.mail("alexis@example.com", parser.Mail{Kind: parser.FollowUp, To: to}); out.Did != "ignored" {
		t.Errorf("words about somebody else's letter became %s %s", out.Did, out.Detail)
	}
}

func TestThanksForALetterIsNoTopic(t *testing.T) {
	s := afterJanuary(t)
	before := len(s.letters)
	o := s.letter(MinutesDigest, "shaun")
	out := s.mail("shaun@example.com", parser.Mail{Kind: parser.FollowUp, Subject: "Re: Minutes of Mon 30 Jan", InReplyTo: []string{"x." + s.book.TokenOf(o) + "@example.com"}})
	if out.Did != "ignored" || len(s.letters) != before {
		t.Errorf("%s %s", out.Did, out.Detail)
	}
}

func TestItems(t *testing.T) {
	tagged := func(m parser.Mail) parser.Mail {
		m.Kind, m.Tags = parser.ItemKind, append([]string{"architecture"}, m.Tags...)
		return m
	}
	tests := map[string]struct {
		from string
		mail parser.Mail
		want func(Item) bool
	}{
		"title, summary and links": {"shaun@example.com", tagged(parser.Mail{Subject: "Fwd: x", Title: "x", Summary: "why", Links: []string{"https://e.com"}}), func(it Item) bool {
			return it.Title == "x" && it.Summary == "why" && it.Links[0] == "https://e.com" && it.Submitter == "shaun" && it.State == OpenItem
		}},
		"without a title": {"shaun@example.com", tagged(parser.Mail{}), func(it Item) bool { return it.Title == "(no subject)" }},
		"the innermost original's author": {"shaun@example.com", tagged(parser.Mail{Forwards: []parser.Forward{
			{From: &parser.Address{Name: "Outer", Address: "o@x"}}, {From: &parser.Address{Name: "Inner", Address: "i@x"}}, {}}}), func(it Item) bool { return it.Author == "Inner <i@x>" }},
		"area by tag before words":      {"shaun@example.com", tagged(parser.Mail{Tags: []string{"Backend"}, Title: "firmware"}), func(it Item) bool { return it.Area == "backend" }},
		"area by a word":                {"shaun@example.com", tagged(parser.Mail{Title: "New firmware."}), func(it Item) bool { return it.Area == "devices" }},
		"area not by half a word":       {"shaun@example.com", tagged(parser.Mail{Title: "firmwares"}), func(it Item) bool { return it.Area == "" }},
		"area by the original's sender": {"shaun@example.com", tagged(parser.Mail{Forwards: []parser.Forward{{From: &parser.Address{Address: "x@backend.example"}}}}), func(it Item) bool { return it.Area == "backend" }},
		"area by the list":              {"shaun@example.com", tagged(parser.Mail{Header: parser.Header{{Name: "List-Id", Value: "Device people <devices.lists.example>"}}}), func(it Item) bool { return it.Area == "devices" }},
		"untagged from a member waits":  {"shaun@example.com", parser.Mail{Kind: parser.Untagged, Subject: "x"}, func(it Item) bool { return it.State == Waiting && it.Why == "untagged" && it.Submitter == "shaun" }},
		"tagged from a stranger waits": {"sam@customer.example", tagged(parser.Mail{Title: "x"}), func(it Item) bool {
			return it.State == Waiting && it.Why == "not on the team" && it.Submitter == "sam@customer.example"
		}},
		"commands of a stranger wait":    {"sam@customer.example", parser.Mail{Kind: parser.CommandKind, Commands: []parser.Command{say("done", "", "A-1")}}, func(it Item) bool { return it.State == Waiting }},
		"a member's other address":       {"KL@home.example", tagged(parser.Mail{Title: "x"}), func(it Item) bool { return it.Submitter == "kostas" }},
		"boxes that nobody showed waits": {"shaun@example.com", parser.Mail{Kind: parser.CommandKind, Ticked: []parser.Command{say("done", "", "A-1")}}, func(it Item) bool { return it.State == Waiting }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := begin(t, "2017-01-27 10:00")
			s.mail(test.from, test.mail)
			if it := s.item(1); !test.want(it) {
				t.Errorf("%+v", it)
			}
		})
	}
}

func TestAThousandItemsInAnHourWait(t *testing.T) {
	s := begin(t, "2017-01-27 10:00")
	for range 2 * maxHourly {
		s.topic("shaun@example.com", "Device trees")
	}
	s.topic("alexis@example.com", "Signed images")
	open := 0
	for _, it := range s.book.Items() {
		if it.State == OpenItem {
			open++
		}
	}
	if open != maxHourly+1 {
		t.Errorf("%d items are on the list, want %d of Shaun's and one of Alexis", open, maxHourly)
	}
	told := 0
	for _, o := range s.letters {
		if o.Receipt != nil && len(o.Receipt.Errors) > 0 {
			told++
		}
	}
	if told != 1 {
		t.Errorf("Shaun was told %d times, want once", told)
	}
}
