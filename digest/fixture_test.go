package digest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"minuted/agenda"
	"minuted/templates"
)

// The cases of each letter: a team with nothing, the made-up week of the
// preview, and a team that does everything wrong at once.
var cases = map[string]func(*testing.T) *sample{"empty": emptyCase, "usual": usualCase, "crowded": crowdedCase}

// wednesday is the afternoon before a call in London.
var wednesday = time.Date(2017, 2, 1, 16, 0, 0, 0, time.UTC)

func sampleTeam(t testing.TB) agenda.Team {
	t.Helper()
	london := zone(t, "Europe/London")
	return agenda.Team{
		Name: "Weather stations", Slug: "stations", Address: "stations@example.com", SubAddress: true, Archive: "archive@example.com",
		Zone: london, Tags: []string{"stations"}, Preview: 24 * time.Hour, Final: time.Hour, Calendar: "invite", Host: "mx1",
		People: []agenda.Person{
			{Handle: "ada", Name: "Ada", Address: "ada@example.com", Zone: london},
			{Handle: "bo", Name: "Bo", Address: "bo@example.com", Zone: zone(t, "Europe/Athens")},
			{Handle: "cem", Name: "Cem", Address: "cem@example.com", Zone: zone(t, "America/New_York")},
		},
		Series: []agenda.Series{{
			Days: []time.Weekday{time.Monday, time.Thursday}, Time: 16 * time.Hour, Every: 1, Zone: london,
			Length: time.Hour, Where: "https://meet.example.com/stations",
		}},
	}
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func usualCase(t *testing.T) *sample { return newSample(sampleTeam(t), wednesday) }

func emptyCase(t *testing.T) *sample {
	s := usualCase(t)
	s.plan = agenda.Plan{Call: s.call}
	s.plan.Call.Shown, s.plan.Call.Coming = nil, nil
	s.last.Minutes = &agenda.Minutes{Scribe: "bo", Arrived: s.last.Minutes.Arrived, Release: s.last.Minutes.Release}
	s.items, s.actions = map[int]agenda.Item{}, map[int]agenda.Action{}
	return s
}

// hostile are words as people, and those who pretend to be, write them.
var hostile = []string{
	strings.Repeat("A title that does not end, and then some more of it. ", 6),
	"כותרת בעברית, עם English באמצע ועוד הרבה מילים " + strings.Repeat("ועוד מילה ", 25),
	strings.Repeat("議題は長くて空白がありません。", 20),
	"<script>alert(1)</script><img src=http://evil.example/x.png> & \"quotes\" 'and' more",
	"{{.Team}} {{template \"help\"}} ${IFS} %s %d \\n",
	"line one\r\nBcc: everybody@example.net\r\n\r\n-> A-1 drop\n[ ] A-2 tick me",
	"hidden\u202e txt.exe \u200b\u200d\u2066zero\U000e0041\U000e0042 width\x00\x1b[31m",
	"see https://example.com/" + strings.Repeat("long/", 155) + "end and http://xn--80ak6aa92e.com/ or javascript:alert(1)",
	"-> A-1 drop", "## [Yours]", "---", "| a | b", "> A-3 done", "<stop all>", "A-3 done", "* A-99 mine", "* no id", "Subject: other",
}

func words(n int) string { return hostile[n%len(hostile)] }

func crowdedCase(t *testing.T) *sample {
	s := usualCase(t)
	links := []string{"https://example.com/" + strings.Repeat("path/", 156), "javascript:alert(1)", "http://bücher.example/ü?q=\"><b>"}
	for n := 100; n < 160; n++ {
		s.items[n] = agenda.Item{
			ID: n, Title: words(n), Summary: words(n + 1), Submitter: []string{"ada", "bo", "eve@" + strings.Repeat("x", 80) + ".example"}[n%3],
			Filed: s.ago(n), Calls: n % 4, Reason: words(n + 2), Area: []string{"data", "devices", words(n)}[n%3], Links: links,
			State: agenda.OpenItem, Pinned: n%5 == 0, Minutes: n % 30,
		}
	}
	for n := 200; n < 700; n++ {
		s.actions[n] = agenda.Action{
			ID: n, Text: words(n), Owners: [][]string{{"ada"}, {"bo"}, nil, {"ada", "bo", "cem"}}[n%4], Opened: s.ago(n - 190),
			State: agenda.OpenAction, Said: words(n + 3), Links: links, Call: s.last.ID, Notes: []string{words(n), words(n + 1)},
		}
	}
	s.plan = agenda.Plan{Call: s.call, Minutes: 900, Overrun: map[int]bool{}}
	for n := 100; n < 160; n++ {
		s.crowdPlan(s.items[n])
	}
	s.plan.Stuck = s.actionsOf(upTo(200, 300)...)
	s.crowdMinutes()
	return s
}

func (s *sample) crowdPlan(i agenda.Item) {
	s.plan.Overrun[i.ID] = i.ID > 110
	switch {
	case i.ID%7 == 0:
		s.plan.Waiting = append(s.plan.Waiting, i)
	case i.Pinned:
		s.plan.Pinned = append(s.plan.Pinned, i)
	case i.Calls > 0:
		s.plan.Carried = append(s.plan.Carried, i)
	default:
		s.plan.New = append(s.plan.New, i)
	}
}

func (s *sample) crowdMinutes() {
	m := s.last.Minutes
	m.Actions, m.Closed = upTo(200, 260), upTo(260, 300)
	for n := range 60 {
		m.Topics = append(m.Topics, agenda.Topic{
			Item: 100 + n, Title: words(n), Notes: []string{words(n + 1), words(n + 2)}, CarryOver: n%3 == 0, Reason: words(n), Actions: upTo(200+n, 203+n),
		})
		m.Decisions = append(m.Decisions, agenda.Decision{Item: n % 2, Text: words(n), Link: "https://example.com/" + words(n)})
		m.Attendees = append(m.Attendees, words(n))
	}
}

func upTo(from, to int) (ids []int) {
	for n := from; n < to; n++ {
		ids = append(ids, n)
	}
	return ids
}

// crowd makes an order as long as it gets.
func (s *sample) crowd(o *agenda.Order) {
	for _, n := range upTo(200, 240) {
		o.Ids = append(o.Ids, fmt.Sprintf("A-%d", n))
	}
	if o.Answer != nil {
		o.Answer.Subject = "Re: RE: re: " + words(1) + words(2)
		o.Answer.References = strings.Fields(strings.Repeat("a@example.com b@example.com>,<c ", 40))
	}
	if o.Minutes != nil {
		o.Minutes.Added, o.Minutes.Removed, o.Minutes.Closed = upTo(200, 230), upTo(230, 260), upTo(260, 290)
		for n := range 60 {
			o.Minutes.Edited = append(o.Minutes.Edited, agenda.ActionEdit{ID: 300 + n/2, Field: "text", Was: words(n), Now: words(n + 1)})
			o.Minutes.Topics = append(o.Minutes.Topics, agenda.TextEdit{Item: n % 3, Was: words(n), Now: words(n + 1)})
			o.Minutes.Decided = append(o.Minutes.Decided, agenda.TextEdit{Item: n % 2, Was: words(n)})
			o.Minutes.Doubts = append(o.Minutes.Doubts, agenda.Misread{Line: words(n), Sentence: words(n + 1), Ready: []string{"A-1 done", words(n)}})
			o.Minutes.Unread = append(o.Minutes.Unread, words(n))
		}
	}
	if o.Receipt != nil {
		s.crowdReceipt(o.Receipt)
	}
	if o.Trouble != nil {
		for n := range hostile {
			o.Trouble.Facts = append(o.Trouble.Facts, [2]string{words(n), words(n + 1)})
			o.Trouble.Remedies = append(o.Trouble.Remedies, words(n))
		}
	}
}

func (s *sample) crowdReceipt(r *agenda.Receipt) {
	for n := range 60 {
		r.Held = append(r.Held, words(n))
		r.Changes = append(r.Changes, agenda.Change{ID: fmt.Sprintf("A-%d", 200+n), Title: words(n), Verb: "note", Now: words(n + 1), Links: []string{words(n)}})
		r.Errors = append(r.Errors, agenda.Misread{Line: words(n), Sentence: words(n + 1), Ready: []string{words(n), "A-1 done"}})
	}
	r.Pages = []agenda.Page{{Verb: "mine", Actions: upTo(200, 700)}, {Verb: "find", Argument: words(3), Items: upTo(100, 160)}, {Verb: "help"}}
}

// letter writes the letter of a kind in a case, and reads it again.
func letter(t *testing.T, name string, kind agenda.Kind) (written, bool) {
	t.Helper()
	s := cases[name](t)
	order, ok := s.order(kind)
	if !ok {
		t.Fatalf("the sample has no %s", kind)
	}
	if name == "crowded" {
		s.crowd(&order)
		order.Unreached = []agenda.Unreached{
			{Person: s.team.People[1].Handle, Letter: agenda.AgendaFinal, Since: order.At.AddDate(0, 0, -3)}, {Person: order.Person, Letter: agenda.Reminder, Since: order.At.AddDate(0, 0, -2)},
			{Person: s.team.People[1].Handle, Letter: agenda.Reminder, Since: order.At.AddDate(0, 0, -1)},
		}
	}
	return write(t, s, order)
}

func builtIn(t testing.TB) templates.Set {
	t.Helper()
	set, err := templates.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// write writes one letter, and reads it again; false where there was nothing to say.
func write(t *testing.T, s *sample, o agenda.Order) (written, bool) {
	t.Helper()
	letters, err := NewWriter(s.team, "", builtIn(t)).Letters(s, agenda.Outcome{At: o.At, Orders: []agenda.Order{o}})
	if err != nil {
		t.Fatal(err)
	}
	if len(letters) == 0 {
		return written{}, false
	}
	return readBack(t, letters[0]), true
}

// everyLetter runs a test for each kind in each case.
func everyLetter(t *testing.T, test func(*testing.T, written)) {
	for name := range cases {
		for _, kind := range Kinds() {
			t.Run(name+"/"+string(kind), func(t *testing.T) {
				if w, ok := letter(t, name, kind); ok {
					test(t, w)
				}
			})
		}
	}
}
