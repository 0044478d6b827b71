package agenda

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"minuted/parser"
	"minuted/parser/minutes"
)

func TestHoldAndSend(t *testing.T) {
	s := begin(t, "2017-01-27 10:00")
	s.topic("shaun@example.com", "Device trees")
	s.until("2017-01-30 17:00")
	s.minutes(s.letter(AgendaFinal, "alexis"), january(), "the minutes")
	echo := s.letter(EchoLetter, "alexis")
	s.answer(echo, say("hold", ""))
	s.until("2017-01-30 20:00")
	if s.count(MinutesDigest) != 0 {
		t.Fatal("held minutes went out")
	}
	s.answer(echo, say("send", ""))
	s.until("2017-01-30 20:00")
	if s.count(MinutesDigest) != 3 {
		t.Errorf("after send: %v", s.log)
	}
	s.answer(echo, say("send", ""))
	s.until("2017-01-30 21:00")
	if s.count(MinutesDigest) != 3 {
		t.Error("a second send sent them again")
	}
}

func TestCorrectedMinutesKeepIds(t *testing.T) {
	page := func(actions ...minutes.Action) *minutes.Page {
		p := january()
		p.Meetings[0].Actions = actions
		return p
	}
	first := []minutes.Action{
		{TopicLine: 2, Text: "Write the spec", Owners: []string{"Shaun"}},
		{TopicLine: 2, Text: "Open an issue about device ownership", Owners: []string{"Costas"}},
		{TopicLine: 2, Text: "Ask the printers", Owners: []string{"Alexis"}},
	}
	tests := map[string]struct {
		now     []minutes.Action
		ids     []int
		added   []int
		removed []int
		edits   []ActionEdit
	}{
		"the same again": {first, []int{1, 2, 3}, nil, nil, nil},
		"other order":    {[]minutes.Action{first[2], first[0], first[1]}, []int{3, 1, 2}, nil, nil, nil},
		"reworded": {[]minutes.Action{first[0], {TopicLine: 2, Text: "Open an issue on the API about device ownership", Owners: []string{"Costas"}}, first[2]}, []int{1, 2, 3}, nil, nil,
			[]ActionEdit{{2, "text", "Open an issue about device ownership", "Open an issue on the API about device ownership"}}},
		"one more in front": {append([]minutes.Action{{Text: "Tell users"}}, first...), []int{4, 1, 2, 3}, []int{4}, nil, nil},
		"one less":          {first[1:], []int{2, 3}, nil, []int{1}, nil},
		"another owner and day": {[]minutes.Action{{TopicLine: 2, Text: "Write the spec", Owners: []string{"Alexis"}, Due: text("2017-02-10")}, first[1], first[2]}, []int{1, 2, 3}, nil, nil,
			[]ActionEdit{{1, "owner", "Shaun", "Alexis"}, {1, "due", "", "2017-02-10"}}},
		"done": {[]minutes.Action{{TopicLine: 2, Text: "Write the spec", Owners: []string{"Shaun"}, Done: true}, first[1], first[2]}, []int{1, 2, 3}, nil, nil,
			[]ActionEdit{{1, "done", "open", "done"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := begin(t, "2017-01-30 10:00")
			s.topic("shaun@example.com", "Device trees")
			s.until("2017-01-30 17:00")
			final := s.letter(AgendaFinal, "alexis")
			s.minutes(final, page(first...), "first text")
			s.until("2017-01-30 18:00")
			s.minutes(final, page(test.now...), "second text")
			change := s.letter(EchoLetter, "alexis").Minutes
			if got := s.call("2017-01-30").Minutes.Actions; !slices.Equal(got, test.ids) {
				t.Errorf("ids %v, want %v", got, test.ids)
			}
			if change.First || !slices.Equal(change.Added, test.added) || !slices.Equal(change.Removed, test.removed) || !slices.Equal(change.Edited, test.edits) {
				t.Errorf("change %+v", change)
			}
			for _, id := range test.removed {
				if s.action(id).State != Dropped {
					t.Errorf("A-%d is %s", id, s.action(id).State)
				}
			}
			s.until("2017-01-30 18:15")
			if o := s.letter(MinutesCorrected, "shaun"); o.Key != "minutes.20170130.2.shaun" || !slices.Equal(o.Minutes.Edited, test.edits) {
				t.Errorf("corrected %+v", o.Minutes)
			}
		})
	}
}

func TestCorrectionWithinTheHoldIsStillTheFirstDigest(t *testing.T) {
	s := begin(t, "2017-01-30 10:00")
	s.topic("shaun@example.com", "Device trees")
	s.until("2017-01-30 17:00")
	final := s.letter(AgendaFinal, "alexis")
	s.minutes(final, january(), "first")
	s.until("2017-01-30 17:10")
	page := january()
	page.Meetings[0].Actions = append(page.Meetings[0].Actions[:1], minutes.Action{Text: "Tell users", Owners: []string{"Alexis"}})
	s.minutes(final, page, "second")
	s.until("2017-01-30 17:16")
	if s.count(MinutesDigest) != 0 {
		t.Fatal("the correction did not start the hold anew")
	}
	s.until("2017-01-30 17:25")
	if o := s.letter(MinutesDigest, "shaun"); !o.Minutes.First || !slices.Equal(o.Minutes.Added, []int{1, 4}) || s.count(MinutesCorrected) != 0 {
		t.Errorf("%+v", o.Minutes)
	}
}

func TestMinutesOfAnotherTime(t *testing.T) {
	t.Run("long ago: filed, and the scribe is told that nobody else is", func(t *testing.T) {
		s := afterJanuary(t)
		page := &minutes.Page{Meetings: []minutes.Meeting{{Line: 1, Heading: "2 Jan 2017", Date: "2017-01-02", Actions: []minutes.Action{{Text: "Old promise", Owners: []string{"Shaun"}}}}}}
		letters := len(s.letters)
		s.minutes(s.letter(MinutesDigest, "alexis"), page, "old")
		s.until("2017-01-30 20:00")
		if len(s.letters) != letters+1 || s.receipt().Changes[0].ID != "2017-01-02" || s.action(4).Call != "2017-01-02" {
			t.Errorf("%v", s.log)
		}
	})
	t.Run("still to come: the scribe is asked", func(t *testing.T) {
		s := afterJanuary(t)
		page := &minutes.Page{Meetings: []minutes.Meeting{{Line: 1, Heading: "30 Mar 2017", Date: "2017-03-30"}}}
		s.minutes(s.letter(MinutesDigest, "alexis"), page, "new")
		if d := s.letter(EchoLetter, "alexis").Minutes.Doubts; len(d) != 1 || !strings.Contains(d[0].Sentence, "still to come") {
			t.Errorf("%+v", d)
		}
	})
	t.Run("without a date: of the last call", func(t *testing.T) {
		s := begin(t, "2017-01-30 10:00")
		s.topic("shaun@example.com", "Device trees")
		s.until("2017-01-30 15:00")
		s.topic("shaun@example.com", "Signed images")
		s.until("2017-01-31 10:00")
		s.minutes(s.letter(ReceiptLetter, "shaun"), &minutes.Page{Meetings: []minutes.Meeting{{Line: 1}}}, "undated")
		if s.call("2017-01-30").Minutes == nil {
			t.Errorf("%v", s.log)
		}
	})
}

func TestWhatWasNotReachedReturns(t *testing.T) {
	s := begin(t, "2017-01-27 10:00")
	for _, title := range []string{"resinHUP next steps", "Device trees", "Never reached"} {
		s.topic("shaun@example.com", title)
	}
	s.answer(s.letter(ReceiptLetter, "shaun"), say("pin", "", "T-2"))
	s.until("2017-01-30 17:00")
	final := s.letter(AgendaFinal, "alexis")
	s.topic("shaun@example.com", "Too late for this agenda")
	s.minutes(final, january(), "the minutes")
	if it := s.item(3); it.Calls != 1 || it.Reason != "not reached" || it.From != "2017-01-30" || it.State != OpenItem {
		t.Errorf("T-3 is %+v", it)
	}
	if it := s.item(4); it.Calls != 0 {
		t.Errorf("T-4 was not on that agenda: %+v", it)
	}
	corrected := january()
	corrected.Meetings[0].Topics = append(corrected.Meetings[0].Topics, minutes.Topic{Line: 9, Title: "T-3 Never reached, but it was"})
	s.minutes(final, corrected, "the minutes, corrected")
	if it := s.item(3); it.State != Discussed {
		t.Errorf("T-3 is %+v, want discussed by the corrected minutes", it)
	}
	if it := s.item(2); it.Calls != 1 || !it.Pinned {
		t.Errorf("T-2 is %+v, want pinned, and carried over once", it)
	}
}

func TestTopicsFindTheirItem(t *testing.T) {
	tests := map[string]struct {
		topic minutes.Topic
		want  int
	}{
		"by id":                        {minutes.Topic{Title: "About T-2"}, 2},
		"by link":                      {minutes.Topic{Title: "Something else", URLs: []string{"https://example.com/283"}}, 1},
		"by title":                     {minutes.Topic{Title: "device-trees!"}, 2},
		"by most words":                {minutes.Topic{Title: "Speed of Device URL and VPN"}, 1},
		"not by one word":              {minutes.Topic{Title: "Device"}, 0},
		"not an item that still waits": {minutes.Topic{Title: "Hello there"}, 0},
	}
	for name, test := range tests {
		s := begin(t, "2017-01-27 10:00")
		s.mail("shaun@example.com", parser.Mail{Kind: parser.ItemKind, Tags: []string{"architecture"}, Title: "Device URL and VPN speed", Links: []string{"https://example.com/283"}})
		s.topic("shaun@example.com", "Device trees")
		s.mail("sam@customer.example", parser.Mail{Kind: parser.Untagged, Subject: "Hello there"})
		got := 0
		if it := s.book.itemNamed(test.topic.Title, test.topic.URLs); it != nil {
			got = it.ID
		}
		if got != test.want {
			t.Errorf("%s: T-%d, want T-%d", name, got, test.want)
		}
	}
}

func TestLaterMinutesCloseEarlierActions(t *testing.T) {
	s := afterJanuary(t)
	s.until("2017-02-02 17:30")
	page := &minutes.Page{Meetings: []minutes.Meeting{{Line: 1, Heading: "2 Feb", Date: "2017-02-02", Actions: []minutes.Action{
		{Text: "Change resinHUP to improve the UX", Prior: true, Done: true, ResolvingLinks: []string{"https://example.com/pull/9"}},
		{Text: "Write the spec", Owners: []string{"Costas"}, Due: text("2017-02-14")},
		{Text: "Something that nobody said before", Prior: true},
	}}}}
	s.minutes(s.letter(MinutesDigest, "alexis"), page, "february")
	if a := s.action(1); a.State != DoneAction || a.Call != "2017-01-30" || a.Evidence[0] != "https://example.com/pull/9" {
		t.Errorf("A-1 is %+v, want closed by the later minutes", a)
	}
	if a := s.action(2); a.Due != "2017-02-14" || a.Call != "2017-01-30" {
		t.Errorf("A-2 is %+v, want the same action with a date", a)
	}
	if m := s.call("2017-02-02").Minutes; !slices.Equal(m.Actions, []int{1, 2, 4}) || !slices.Equal(m.Closed, []int{1}) {
		t.Errorf("actions %v closed %v", m.Actions, m.Closed)
	}
}

// "Needs more discussion" stands in minutes as a line like an action; nobody
// owes it, and it ends when the topic was discussed.
func TestWhatNeedsMoreDiscussionEndsWithIt(t *testing.T) {
	s := begin(t, "2017-01-30 10:00")
	s.topic("shaun@example.com", "Device trees")
	s.until("2017-01-30 17:00")
	page := january()
	page.Meetings[0].Actions = []minutes.Action{{Line: 7, TopicLine: 6, Text: "Needs more discussion", CarryOver: true}}
	final := s.letter(AgendaFinal, "alexis")
	s.minutes(final, page, "january")
	s.until("2017-02-02 17:00")
	if got := s.book.AllActions(); len(got) != 0 || s.item(1).State != OpenItem {
		t.Errorf("actions %+v of %+v: the topic returns, which is no promise of anybody", got, s.item(1))
	}
	page = &minutes.Page{Meetings: []minutes.Meeting{{Line: 1, Heading: "2 Feb", Date: "2017-02-02", Topics: []minutes.Topic{{Line: 2, Title: "Device trees"}}}}}
	s.minutes(final, page, "february")
	if s.item(1).State != Discussed {
		t.Errorf("%+v", s.item(1))
	}
}

func TestTwoCallsOnADayHaveTheirOwnMinutes(t *testing.T) {
	s := afterJanuary(t)
	s.answer(s.letter(MinutesDigest, "alexis"), say("call", "2017-01-30 18:30"), say("call", "2017-01-30 19:30"))
	s.until("2017-01-30 20:00")
	second := &minutes.Page{Meetings: []minutes.Meeting{{Line: 1, Heading: "30 Jan 2017, second call", Date: "2017-01-30"}}}
	s.minutes(s.letter(MinutesDigest, "alexis"), second, "second")
	if m := s.call("2017-01-30.2").Minutes; m == nil || m.Heading != "30 Jan 2017, second call" || s.call("2017-01-30").Minutes.Heading != "30 Jan 2017" {
		t.Errorf("minutes of the second call %+v", m)
	}
}

func TestOwnersOfMinutes(t *testing.T) {
	s := begin(t, "2017-01-27 10:00")
	s.team.People = append(s.team.People, Person{Handle: "shaunm", Name: "Shaun Mulligan"}, Person{Handle: "joe", Name: "Joe Roberts"})
	s.reopen()
	handles, unknown := s.book.owners([]string{"shaun", "Joe", "joe roberts", "@kostas", "kl@home.example", "Costas", "Bob", "bob"})
	if !slices.Equal(handles, []string{"shaun", "joe", "kostas"}) || !slices.Equal(unknown, []string{"Bob", "bob"}) {
		t.Errorf("%v and %v", handles, unknown)
	}
	s.team.People[2].Handle = "sh" // now two people are called Shaun
	s.reopen()
	if handles, unknown := s.book.owners([]string{"Shaun"}); !slices.Equal(handles, []string{"sh"}) || unknown != nil {
		t.Errorf("a full name goes before a first name: %v and %v", handles, unknown)
	}
	s.team.People[2].Name = "Shaun Smith"
	s.reopen()
	if handles, unknown := s.book.owners([]string{"Shaun"}); handles != nil || !slices.Equal(unknown, []string{"Shaun"}) {
		t.Errorf("who could be two people stays as written: %v and %v", handles, unknown)
	}
}

// imported is the mail by which the command line brings a page in.
func (s *story) imported(page *minutes.Page, body string) parser.Mail {
	return parser.Mail{
		Kind: parser.MinutesKind, Minutes: page, Text: body, Froms: 1, From: &parser.Address{Address: s.team.Address, Exact: true},
		Header: parser.Header{{Name: "Minuted-Operator", Value: s.team.SignOperator([]byte(body))}},
	}
}

func TestImport(t *testing.T) {
	s := begin(t, "2017-02-10 10:00")
	page := &minutes.Page{
		Pinned: []minutes.Pinned{{Line: 3, Text: "Supervisor rearchitecture"}, {Line: 4, Text: "ENM and resinup"}},
		Meetings: []minutes.Meeting{
			{Line: 6, Heading: "30 Jan 2017", Date: "2017-01-30", Topics: []minutes.Topic{{Line: 7, Title: "Device trees", CarryOver: true}},
				Actions: []minutes.Action{{Line: 8, TopicLine: 7, Text: "Write the spec", Owners: []string{"Shaun"}}}},
			{Line: 10, Heading: "12 Jan 2017", Date: "2017-01-12", Topics: []minutes.Topic{{Line: 11, Title: "Log file", CarryOver: true}},
				Actions: []minutes.Action{{Line: 12, Text: "Write the spec", Owners: []string{"Shaun"}, Done: true}}},
		},
	}
	body := "# Page\n\nPinned\n- a\n- b\n## 30 Jan 2017\nDevice trees\n- spec\n\n## 12 Jan 2017\nLog file\n- spec\n"
	s.mail("", s.imported(page, body))
	if len(s.letters) != 0 {
		t.Errorf("an import sent letters: %+v", s.letters)
	}
	if a := s.action(1); a.Call != "2017-01-12" || a.State != DoneAction {
		t.Errorf("A-1 is %+v, want that of the oldest meeting", a)
	}
	if a := s.action(2); a.Call != "2017-01-30" || !a.Stuck || a.Opened.Format("2006-01-02") != "2017-01-30" {
		t.Errorf("A-2 is %+v, want open since its call, and stuck: its reminders would all be past", a)
	}
	if got := s.call("2017-01-30").Minutes.Text; got != "## 30 Jan 2017\nDevice trees\n- spec\n" {
		t.Errorf("text of the call %q", got)
	}
	var titles []string
	for _, it := range s.book.Items() {
		titles = append(titles, it.Title)
	}
	if want := []string{"Device trees", "Supervisor rearchitecture", "ENM and resinup"}; !slices.Equal(titles, want) {
		t.Errorf("items %v, want %v: only the last call leaves topics to discuss", titles, want)
	}
	var all []Record
	for _, r := range s.stored {
		all = append(all, r)
	}
	if whole, err := Open(s.team, all); err != nil || len(whole.Calls()) != 2 || len(whole.AllActions()) != 2 || len(whole.AllItems()) != 3 {
		t.Errorf("an export sees %d calls, %d actions, %d items (%v)", len(whole.Calls()), len(whole.AllActions()), len(whole.AllItems()), err)
	}
	s.answerByOperator("A-2 done", say("done", "", "A-2"))
	before := s.snapshot()
	s.now = s.now.Add(80 * 24 * 3600e9)
	s.until(s.now.Format("2006-01-02 15:04"))
	s.mail("", s.imported(page, body))
	for key, text := range s.snapshot() {
		if strings.HasPrefix(key, "action:") && before[key] != text {
			t.Errorf("importing the same page again changed %s:\n%s\n%s", key, before[key], text)
		}
	}
	if n := s.book.register().Actions; n != 2 {
		t.Errorf("importing the same page again gave ids up to A-%d", n)
	}
}

func (s *story) answerByOperator(body string, commands ...parser.Command) {
	s.mail("", parser.Mail{
		Kind: parser.CommandKind, Commands: commands, Text: body, Froms: 1, From: &parser.Address{Address: s.team.Address, Exact: true},
		Header: parser.Header{{Name: "Minuted-Operator", Value: s.team.SignOperator([]byte(body))}},
	})
}

func (s *story) snapshot() map[string]string {
	out := map[string]string{}
	for key, r := range s.stored {
		out[key] = string(r.JSON)
	}
	return out
}

// corpus finds the shared test mails beside the repository, or says that they are not there.
func corpus(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	found := filepath.Join(dir, "..", "shared", "corpus")
	if _, err := os.Stat(found); err != nil {
		return ""
	}
	return found
}

func TestFoundingPage(t *testing.T) {
	dir := corpus(t)
	if dir == "" {
		t.Log("the founding page is not here; nothing to compare")
		return
	}
	text, err := os.ReadFile(filepath.Join(dir, "minutes", "seed", "minutes.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := minutes.Read(text, minutes.Options{})
	s := begin(t, "2017-02-01 10:00")
	s.mail("", s.imported(&page, string(text)))
	calls, open, pinned := 0, 0, 0
	for key := range s.stored {
		if strings.HasPrefix(key, "call:") && s.call(strings.TrimPrefix(key, "call:")).Minutes != nil {
			calls++
		}
	}
	for _, it := range s.book.Items() {
		if it.Pinned {
			pinned++
		}
		open++
	}
	if calls != 19 || pinned != 2 {
		t.Errorf("%d calls and %d pinned items, want 19 and 2", calls, pinned)
	}
	t.Logf("%d actions, %d items", s.book.register().Actions, open)
	actions := s.book.register().Actions
	s.mail("", s.imported(&page, string(text)))
	if got := s.book.register().Actions; got != actions {
		t.Errorf("the same page again gave ids up to A-%d, was A-%d", got, actions)
	}
}
