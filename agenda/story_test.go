package agenda

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"minuted/parser"
	"minuted/parser/minutes"
)

// A story is a team over some days: mail comes in, time passes, letters are
// ordered. After each step the book is thrown away and opened again from what
// it stored, as the daemon may do at any moment.
type story struct {
	*testing.T
	team    Team
	book    *Book
	stored  map[string]Record
	now     time.Time
	letters []Order
	log     []string
	uid     uint32
}

func london(t testing.TB) *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// architecture is a team with calls on Monday and Thursday at 16:00 in London.
func architecture(t testing.TB) Team {
	zone := london(t)
	athens, err := time.LoadLocation("Europe/Athens")
	if err != nil {
		t.Fatal(err)
	}
	person := func(handle, name string, zone *time.Location) Person {
		return Person{Handle: handle, Name: name, Address: handle + "@example.com", Zone: zone, From: 9 * time.Hour, To: 17 * time.Hour}
	}
	kostas := person("kostas", "Kostas Lekkas", athens)
	kostas.Aliases, kostas.Addresses = []string{"Costas"}, []string{"kl@home.example"}
	return Team{
		Name: "Architecture calls", Slug: "architecture", Address: "architecture@example.com", SubAddress: true, Zone: zone,
		People:  []Person{person("alexis", "Alexis", zone), kostas, person("shaun", "Shaun", zone)},
		Series:  []Series{{Days: []time.Weekday{time.Monday, time.Thursday}, Time: 16 * time.Hour, Every: 1, Zone: zone, Length: time.Hour, Where: "https://meet.example.com/a"}},
		Tags:    []string{"architecture"},
		Areas:   []Area{{Name: "devices", Words: []string{"firmware"}, Tags: []string{"device"}, Lists: []string{"devices.lists.example"}}, {Name: "backend", Senders: []string{"@backend.example"}}},
		Preview: 24 * time.Hour, Final: time.Hour, Hold: 15 * time.Minute,
		Weekly: Weekly{Day: time.Friday, Time: 15 * time.Hour}, Calendar: "invite", Operator: []string{"ops@example.com"},
		Trust: Trust{}, Keys: [][]byte{[]byte("a secret of thirty-two bytes....")},
	}
}

// begin starts a story at an instant written "2017-01-30 10:00", in UTC.
func begin(t *testing.T, at string) *story {
	s := &story{T: t, team: architecture(t), stored: map[string]Record{}}
	s.now = instant(t, at)
	s.reopen()
	s.book.Begin(s.now)
	s.store()
	return s
}

func instant(t testing.TB, at string) time.Time {
	when, err := time.Parse("2006-01-02 15:04", at)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func (s *story) reopen() {
	var open []Record
	for _, key := range slices.Sorted(maps.Keys(s.stored)) {
		if s.stored[key].Open {
			open = append(open, s.stored[key])
		}
	}
	book, err := Open(s.team, open)
	if err != nil {
		s.Fatal(err)
	}
	s.book = book
}

func (s *story) store() {
	for _, r := range s.book.Changes() {
		s.stored[r.Key] = r
		if r.JSON == nil {
			delete(s.stored, r.Key)
		}
	}
	s.reopen()
}

// take remembers the letters of an outcome as package digest does.
func (s *story) take(out Outcome) {
	s.log = append(s.log, fmt.Sprintf("%s %s %s", out.At.Format("01-02 15:04"), out.Did, out.Detail))
	for _, o := range out.Orders {
		s.letters = append(s.letters, o)
		if o.Person == "" {
			continue
		}
		token := s.book.TokenOf(o)
		s.book.Remember(Card{
			Token: token, Letter: o.Key, Kind: o.Kind, Person: o.Person, MessageID: o.Key + "." + token + "@example.com",
			Call: o.Call, Shown: s.shown(o), Expires: o.At.Add(Answerable),
		})
	}
	s.store()
}

// shown is what a letter shows of actions and items, much as the templates do.
func (s *story) shown(o Order) []string {
	ids := slices.Clone(o.Ids)
	if o.Minutes != nil {
		for _, id := range o.Minutes.Added {
			ids = append(ids, Action{ID: id}.Ref())
		}
	}
	if o.Receipt != nil {
		for _, c := range o.Receipt.Changes {
			ids = append(ids, c.ID)
		}
	}
	if o.Kind == AgendaPreview || o.Kind == AgendaFinal {
		ids = append(ids, s.book.Plan(o.Call).shown()...)
	}
	return ids
}

// until lets time pass.
func (s *story) until(at string) *story {
	s.now = instant(s, at)
	for range 10000 {
		out, ok := s.book.Fire(s.now)
		if !ok {
			return s
		}
		s.take(out)
	}
	s.Fatal("things fall due without end")
	return s
}

// mail lets a mail arrive now. What stands open in it has the usual values.
func (s *story) mail(from string, m parser.Mail) Outcome {
	s.uid++
	if m.From == nil {
		m.From = &parser.Address{Address: from, Exact: true}
		m.Froms = 1
	}
	if m.MessageID == "" {
		m.MessageID = fmt.Sprintf("mail%d@%s", s.uid, from)
	}
	if m.Class == "" {
		m.Class, m.MayAnswer = parser.Human, true
	}
	s.until(s.now.Format("2006-01-02 15:04"))
	for range 4 { // as the daemon: until nothing more is named
		keys := s.book.Needs(m)
		if len(keys) == 0 {
			break
		}
		var found []Record
		for _, key := range keys {
			if r, ok := s.stored[key]; ok {
				found = append(found, r)
			}
		}
		if err := s.book.Add(found); err != nil {
			s.Fatal(err)
		}
	}
	out := s.book.Apply(Incoming{Mail: m, Arrived: s.now, Mailbox: "INBOX", Validity: 1, UID: s.uid, Size: 1000})
	s.take(out)
	return out
}

// topic is a mail with a tag.
func (s *story) topic(from, title string) Outcome {
	return s.mail(from, parser.Mail{Kind: parser.ItemKind, Subject: title, Title: title, Tags: []string{"architecture"}, Summary: "About " + title})
}

// letter is the last letter of a kind to a person.
func (s *story) letter(kind Kind, person string) Order {
	for _, o := range slices.Backward(s.letters) {
		if o.Kind == kind && o.Person == person {
			return o
		}
	}
	s.Fatalf("no %s to %s; so far:\n%s", kind, person, strings.Join(s.log, "\n"))
	return Order{}
}

func (s *story) count(kind Kind) int {
	n := 0
	for _, o := range s.letters {
		if o.Kind == kind {
			n++
		}
	}
	return n
}

// answer is a reply to a letter with commands, by the token of its sub-address.
func (s *story) answer(o Order, commands ...parser.Command) Outcome {
	p, _ := s.book.Person(o.Person)
	token := s.book.TokenOf(o)
	return s.mail(p.Address, parser.Mail{
		Kind: parser.CommandKind, Commands: commands, Subject: "Re: something",
		To: []parser.Address{{Address: "architecture+" + token + "@example.com"}},
	})
}

func say(verb, argument string, ids ...string) parser.Command {
	return parser.Command{Verb: verb, IDs: ids, Argument: argument, Line: strings.TrimSpace(strings.Join(ids, " ") + " " + verb + " " + argument)}
}

// receipt is the receipt of the last mail.
func (s *story) receipt() Receipt {
	if len(s.letters) == 0 || s.letters[len(s.letters)-1].Receipt == nil {
		s.Fatalf("no receipt; so far:\n%s", strings.Join(s.log, "\n"))
	}
	return *s.letters[len(s.letters)-1].Receipt
}

// item and action read what is stored, open or closed.
func (s *story) item(id int) Item     { return read[Item](s, itemKey(id)) }
func (s *story) action(id int) Action { return read[Action](s, actionKey(id)) }
func (s *story) call(id string) Call  { return read[Call](s, callKey(id)) }

func read[T any](s *story, key string) T {
	var v T
	r, ok := s.stored[key]
	if !ok {
		s.Fatalf("no record %s; so far:\n%s", key, strings.Join(s.log, "\n"))
	}
	if err := json.Unmarshal(r.JSON, &v); err != nil {
		s.Fatal(err)
	}
	return v
}

func text(s string) *string { return &s }

// january is the minutes of 30 January 2017.
func january() *minutes.Page {
	return &minutes.Page{Meetings: []minutes.Meeting{{
		Line: 1, Heading: "30 Jan 2017", Date: "2017-01-30",
		Topics: []minutes.Topic{
			{Line: 2, Title: "resinHUP next steps"},
			{Line: 6, Title: "Device trees", CarryOver: true, Reason: "Needs more discussion"},
		},
		Decisions: []minutes.Decision{{Line: 3, Text: "An update always brings the supervisor version", TopicLine: 2}},
		Actions: []minutes.Action{
			{Line: 4, TopicLine: 2, Text: "Change resinHUP to improve UX", Owners: []string{"Shaun"}, Due: text("2017-02-06")},
			{Line: 5, TopicLine: 2, Text: "Write the spec", Owners: []string{"Costas", "Bob"}},
			{Line: 7, TopicLine: 6, Text: "Open an issue", Done: true, ResolvingLinks: []string{"https://example.com/97"}},
		},
	}}}
}

func (s *story) minutes(o Order, page *minutes.Page, body string) Outcome {
	p, _ := s.book.Person(o.Person)
	return s.mail(p.Address, parser.Mail{
		Kind: parser.MinutesKind, Minutes: page, Text: body, Subject: "Minutes",
		To: []parser.Address{{Address: "architecture+" + s.book.TokenOf(o) + "@example.com"}},
	})
}

func TestStory_a_topic_goes_from_mail_to_minutes_to_done(t *testing.T) {
	s := begin(t, "2017-01-27 10:00")
	s.topic("shaun@example.com", "resinHUP next steps")
	s.topic("alexis@example.com", "Device trees")
	if got := s.receipt().Changes[0]; got.ID != "T-2" || got.Verb != "filed" {
		t.Errorf("receipt %+v, want T-2 filed", got)
	}

	s.until("2017-01-30 15:30")
	if got := s.count(AgendaPreview); got != 3 {
		t.Errorf("%d previews, want one for each of 3 people", got)
	}
	preview := s.letter(AgendaPreview, "shaun")
	if want := instant(t, "2017-01-29 16:00"); !preview.At.Equal(want) || preview.Invite != "REQUEST" || preview.Key != "agenda.20170130.1.shaun" {
		t.Errorf("preview %+v, want at %v with an invitation", preview, want)
	}
	final := s.letter(AgendaFinal, "alexis")
	if final.Invite != "" || final.Key != "agenda.20170130.2.alexis" {
		t.Errorf("final %+v, want no second invitation", final)
	}

	s.now = instant(t, "2017-01-30 17:40")
	s.minutes(final, january(), "the minutes")
	echo := s.letter(EchoLetter, "alexis")
	if len(echo.Minutes.Added) != 2 || len(echo.Minutes.Doubts) != 1 {
		t.Errorf("echo %+v, want two new actions and a doubt about Bob", echo.Minutes)
	}
	if it := s.item(1); it.State != Discussed {
		t.Errorf("T-1 is %s, want discussed", it.State)
	}
	if it := s.item(2); it.State != OpenItem || it.Calls != 1 || it.Reason != "Needs more discussion" {
		t.Errorf("T-2 is %+v, want back on the list", it)
	}
	if a := s.action(3); a.State != DoneAction || a.Evidence[0] != "https://example.com/97" {
		t.Errorf("A-3 is %+v, want done at once", a)
	}
	if a := s.action(2); !slices.Equal(a.Owners, []string{"kostas"}) || !slices.Equal(a.Unknown, []string{"Bob"}) {
		t.Errorf("A-2 is owned by %v and %v, want kostas by his alias, Bob as written", a.Owners, a.Unknown)
	}

	s.until("2017-01-30 17:54")
	if s.count(MinutesDigest) != 0 {
		t.Error("the minutes went out before the hold was over")
	}
	s.until("2017-01-30 17:55")
	if got := s.letter(MinutesDigest, "kostas"); !got.Minutes.First || got.Key != "minutes.20170130.1.kostas" {
		t.Errorf("minutes digest %+v", got)
	}

	s.until("2017-02-06 12:00")
	reminder := s.letter(Reminder, "shaun")
	if !slices.Equal(reminder.Ids, []string{"A-1"}) || !reminder.At.Equal(instant(t, "2017-02-06 09:00")) {
		t.Errorf("reminder %+v, want A-1 on the first working morning from the day before it is due", reminder)
	}
	s.answer(reminder, say("done", "https://example.com/pull/1"))
	if a := s.action(1); a.State != DoneAction || a.Evidence[0] != "https://example.com/pull/1" || a.ClosedBy != "shaun" {
		t.Errorf("A-1 is %+v, want done by shaun with the link", a)
	}
	if got := s.receipt().Changes[0]; got.Was != "open for 7 days" || got.Now != "done" {
		t.Errorf("receipt says %+v", got)
	}

	s.until("2017-02-10 15:00")
	week := s.letter(WeeklyDigest, "alexis").Week
	if w := s.book.Week(week); len(w.Closed) != 1 || w.Closed[0].ID != 1 || len(w.Open) != 2 {
		t.Errorf("week %+v, want A-1 closed and Kostas and Bob owing", w)
	}
}
