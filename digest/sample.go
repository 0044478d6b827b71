package digest

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"minuted/agenda"
	"minuted/parser/when"
	"minuted/templates"
)

// Preview writes a letter of a kind to the first person of a team, about a
// made-up week of a team that builds weather stations: what an operator sees
// before any mail came, and what shows that own templates work.
func Preview(set templates.Set, kind agenda.Kind, team agenda.Team, now time.Time) (Letter, error) {
	s := newSample(team, now)
	order, ok := s.order(kind)
	if !ok {
		return Letter{}, fmt.Errorf("there is no letter of kind %q; there are %v", kind, Kinds())
	}
	letters, err := NewWriter(s.team, "", set).Letters(s, agenda.Outcome{At: now, Orders: []agenda.Order{order}})
	if err != nil {
		return Letter{}, err
	}
	return letters[0], nil
}

// Kinds returns the kinds of letter that there are, in order.
func Kinds() (kinds []agenda.Kind) {
	for kind := range views {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}

// Check writes each kind of letter with a set of templates, and returns what
// fails, with file and line.
func Check(set templates.Set, team agenda.Team, now time.Time) (errs []error) {
	for _, kind := range Kinds() {
		if _, err := Preview(set, kind, team, now); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// sample is a book of a made-up week.
type sample struct {
	team    agenda.Team
	now     time.Time
	call    agenda.Call // tomorrow's
	last    agenda.Call // of three days ago, with minutes
	plan    agenda.Plan
	items   map[int]agenda.Item
	actions map[int]agenda.Action
}

func newSample(team agenda.Team, now time.Time) *sample {
	s := &sample{team: withPeople(team), now: now, items: map[int]agenda.Item{}, actions: map[int]agenda.Action{}}
	zone := s.team.Zone
	tomorrow := when.DateOf(now.In(zone)).AddDays(1)
	s.call = s.callOn(tomorrow)
	s.last = s.callOn(tomorrow.AddDays(-4))
	s.addItems()
	s.addActions()
	s.addPlan()
	s.addMinutes()
	return s
}

// withPeople fills up a team whose configuration names nobody yet.
func withPeople(team agenda.Team) agenda.Team {
	if team.Zone == nil {
		team.Zone = time.UTC
	}
	for _, name := range []string{"Ada", "Bo", "Cem"}[min(3, len(team.People)):] {
		handle := fmt.Sprintf("person%d", len(team.People)+1)
		team.People = append(slices.Clone(team.People), agenda.Person{Handle: handle, Name: name, Address: handle + "@example.com", Zone: team.Zone})
	}
	return team
}

func (s *sample) callOn(day when.Date) agenda.Call {
	call := agenda.Call{ID: string(day), Start: day.In(s.team.Zone).Add(16 * time.Hour), Length: time.Hour, Where: "https://meet.example.com/stations"}
	if len(s.team.Series) > 0 {
		series := s.team.Series[0]
		call.Length, call.Where = series.Length, series.Where
		call.Start = day.In(s.team.Zone).Add(series.Time)
	}
	return call
}

// who returns the handle of a person of the team.
func (s *sample) who(n int) string { return s.team.People[n].Handle }

func (s *sample) ago(days int) time.Time { return s.now.AddDate(0, 0, -days) }

func (s *sample) in(days int) when.Date { return when.DateOf(s.now.In(s.team.Zone)).AddDays(days) }

func (s *sample) addItems() {
	for _, i := range []agenda.Item{
		{ID: 3, Title: "Which clock a station trusts", Pinned: true, Submitter: s.who(1), Filed: s.ago(40), Minutes: 10, Calls: 4},
		{ID: 21, Title: "Batteries in winter", Summary: "Half of the stations above 1,500 m were silent in the last cold week.", Submitter: s.who(2),
			Filed: s.ago(12), Minutes: 10, Calls: 1, Reason: "needs more discussion", From: s.last.ID},
		{ID: 22, Title: "Paper copies of the calibration", Submitter: s.who(1), Filed: s.ago(30), Minutes: 5, Calls: 2, Reason: "not reached", From: s.last.ID},
		{ID: 24, Title: "One format for all readings", Summary: "Two customers read our files by themselves and ask for a promise that they stay as they are.",
			Submitter: s.who(2), Filed: s.ago(2), Minutes: 10, Area: "data", Author: "Jane Doe <jane@customer.example>", Votes: []string{s.who(1)}, Links: []string{"https://example.com/stations/issues/283"}},
		{ID: 25, Title: "Signed firmware", Summary: "What happens to a station whose key is lost?", Submitter: s.who(1), Filed: s.ago(1), Minutes: 10, Area: "devices"},
		{ID: 26, Title: "Open house in May", Summary: "Do we show the roof?", Submitter: s.who(0), Filed: s.now.Add(-5 * time.Hour), Minutes: 5, Area: "office"},
		{ID: 27, Title: "How long do you keep readings", Submitter: "sam@customer.example", Filed: s.now.Add(-6 * time.Hour), Why: "not on the team", State: agenda.Waiting},
		{ID: 20, Title: "Spare parts", Submitter: s.who(1), Filed: s.ago(10), Calls: 1, State: agenda.Discussed},
	} {
		if i.State == "" {
			i.State = agenda.OpenItem
		}
		s.items[i.ID] = i
	}
}

func (s *sample) addActions() {
	for _, a := range []agenda.Action{
		{ID: 6, Text: "Ask the maker about the cracked domes", Owners: []string{s.who(1)}, Opened: s.ago(24), Stuck: true},
		{ID: 11, Text: "Find out why the gateway in the valley restarts at night", Opened: s.ago(21), Stuck: true},
		{ID: 12, Text: "Write down how a station is calibrated", Owners: []string{s.who(0)}, Opened: s.ago(17), Due: s.in(1),
			Said: "the old sheet is from 2012 and nobody trusts it", Links: []string{"https://example.com/stations/issues/97"}},
		{ID: 14, Text: "Order spare anemometers", Owners: []string{s.who(2)}, Opened: s.ago(12)},
		{ID: 17, Text: "Count how many batteries are older than three years", Owners: []string{s.who(0)}, Opened: s.last.Start, Due: s.in(4),
			Said: "we guess, and guess too low"},
		{ID: 18, Text: "Try the lithium cells on two stations", Owners: []string{s.who(2)}, Opened: s.last.Start, Due: s.in(11)},
		{ID: 19, Text: "Tell the customers that files may gain columns", Opened: s.last.Start, Due: s.in(11)},
		{ID: 9, Text: "Renew the certificate of the map", Owners: []string{s.who(1)}, State: agenda.DoneAction, Opened: s.ago(20),
			Closed: s.ago(1), ClosedBy: s.who(1), Evidence: []string{"https://example.com/stations/pull/367"}},
	} {
		if a.State == "" {
			a.State = agenda.OpenAction
		}
		a.Call = s.last.ID
		s.actions[a.ID] = a
	}
}

func (s *sample) addPlan() {
	s.call.Shown = []string{"T-3", "T-21", "T-22", "T-24", "T-25", "A-9"}
	s.call.Coming = map[string]string{s.who(0): "ACCEPTED", s.who(1): "ACCEPTED", s.who(2): "DECLINED"}
	s.plan = agenda.Plan{
		Call: s.call, Pinned: s.itemsOf(3), Carried: s.itemsOf(21, 22), New: s.itemsOf(24, 25, 26),
		Stuck: s.actionsOf(11, 6), Waiting: s.itemsOf(27), Minutes: 50,
	}
}

func (s *sample) addMinutes() {
	s.last.Minutes = &agenda.Minutes{
		Scribe: s.who(1), Arrived: s.last.Start.Add(70 * time.Minute), Release: s.now.Add(15 * time.Minute),
		Attendees: []string{s.who(0), s.who(1)},
		Topics: []agenda.Topic{
			{Item: 20, Title: "Spare parts", Known: true, Actions: []int{17, 18}, Notes: []string{"We keep ten of each on the shelf", "Domes first, they take eight weeks"}},
			{Item: 21, Title: "Batteries in winter", Known: true, CarryOver: true, Reason: "needs more discussion", Notes: []string{"Lithium is twice the price"}},
			{Title: "The file format", Actions: []int{19}, Notes: []string{"New columns go to the end"}},
		},
		Decisions: []agenda.Decision{{Item: 20, Text: "Ten spare parts of each kind, counted in spring and autumn."}, {Text: "Columns are only ever added."}},
		Actions:   []int{17, 18, 19}, Closed: []int{9},
		Text: "# Minutes\n\nAs they were mailed.\n",
	}
}

func (s *sample) itemsOf(ids ...int) (items []agenda.Item) {
	for _, id := range ids {
		items = append(items, s.items[id])
	}
	return items
}

func (s *sample) actionsOf(ids ...int) (actions []agenda.Action) {
	for _, id := range ids {
		if a, ok := s.actions[id]; ok {
			actions = append(actions, a)
		}
	}
	return actions
}

// order asks for the sample letter of a kind.
func (s *sample) order(kind agenda.Kind) (agenda.Order, bool) {
	o := agenda.Order{Kind: kind, Key: string(kind) + ".sample." + s.who(0), Person: s.who(0), At: s.now, Call: s.call.ID}
	answer := &agenda.Answered{MessageID: "5f2b10@mail.example.com", Subject: "Minutes of the stations", Arrived: s.now.Add(-time.Minute)}
	switch kind {
	case agenda.AgendaPreview, agenda.EmptyAgenda:
		o.Invite = "REQUEST"
	case agenda.CancelledCall:
		o.Invite = "CANCEL"
	case agenda.AgendaFinal:
		o.At = s.call.Start.Add(-s.team.Final)
	case agenda.MinutesDigest, agenda.Nudge:
		o.Call = s.last.ID
	case agenda.MinutesCorrected:
		o.Call = s.last.ID
		o.Minutes = &agenda.MinutesChange{Added: []int{19}, Edited: []agenda.ActionEdit{{ID: 18, Field: "due", Was: string(s.in(4)), Now: string(s.in(11))}},
			Decided: []agenda.TextEdit{{Item: 20, Was: "Eight spare parts of each kind.", Now: "Ten spare parts of each kind, counted in spring and autumn."}},
			Topics:  []agenda.TextEdit{{Now: "The file format"}}}
	case agenda.WeeklyDigest:
		o.Week = agenda.Span{From: s.ago(7), To: s.now}
	case agenda.Reminder:
		o.Ids = []string{"A-12", "A-17"}
	case agenda.ReceiptLetter:
		o.Answer, o.Receipt = answer, s.receipt()
	case agenda.Question:
		o.Answer, o.Receipt = answer, &agenda.Receipt{Held: []string{"A-12 done", "T-24 pin"}}
	case agenda.EchoLetter:
		o.Answer, o.Call = answer, s.last.ID
		o.Minutes = &agenda.MinutesChange{First: true, Added: []int{17, 18, 19},
			Doubts: []agenda.Misread{{Line: "Action: tell the customers that files may gain columns", Sentence: "A-19 has no owner. Unless you name somebody, it goes out as nobody yet.", Ready: []string{"A-19 owner @" + s.who(0)}}},
			Unread: []string{"The line Attendees: names Zoe, whom the team does not know."}}
	case agenda.Notice:
		o.Person, o.To = "", "postmaster@example.com"
		o.Trouble = &agenda.Trouble{Code: "quarantine", Sentence: "It was nested 34 parts deep; the limit is 20. It is kept as it came, and nobody else was told.",
			Facts:    [][2]string{{"Mail", "INBOX, UID 4711"}, {"From", "builds@ci.example.net"}, {"Subject", "Fwd: Fwd: Fwd: Nightly images"}, {"Kept in", "folder Quarantine"}},
			Remedies: []string{"minuted status -c /etc/minuted/config.yaml", "minuted inspect 4711.eml"},
			Since:    &agenda.Since{From: s.ago(3), Read: 41, Ignored: 3, Letters: &agenda.Letters{Sent: 63, Pass: 400 * time.Millisecond}, Waiting: []string{"T-27"}}}
	default:
		return o, false
	}
	return o, true
}

func (s *sample) receipt() *agenda.Receipt {
	return &agenda.Receipt{
		Changes: []agenda.Change{{ID: "A-9", Title: s.actions[9].Text, Verb: "done", Was: "open for 20 days", Now: "done", Links: s.actions[9].Evidence}},
		Errors: []agenda.Misread{
			{Line: "A-17 due thirsday", Sentence: "There is no day called thirsday. Did you mean " + s.in(4).In(time.UTC).Format("Monday 2 January") + "?", Ready: []string{"A-17 due " + string(s.in(4))}},
			{Line: "A-99 done", Sentence: "There is no A-99. Your open actions are A-12 and A-17.", Ready: []string{"A-17 done", "mine"}},
		},
	}
}

func (s *sample) Plan(string) agenda.Plan { return s.plan }

func (s *sample) Week(span agenda.Span) agenda.Week {
	w := agenda.Week{Span: span, Calls: []agenda.Call{s.last}, Open: s.Owed(), Next: &s.call, Topics: len(s.plan.Listed())}
	for _, d := range s.last.Minutes.Decisions {
		w.Decisions = append(w.Decisions, agenda.Decided{Decision: d, Call: s.last.ID})
	}
	w.Opened, w.Closed = s.actionsOf(s.last.Minutes.Actions...), s.actionsOf(s.last.Minutes.Closed...)
	return w
}

func (s *sample) Owed() (owed []agenda.Owed) {
	for _, handle := range []string{"", s.who(0), s.who(1), s.who(2)} {
		o := agenda.Owed{Handle: handle}
		for _, id := range slices.Sorted(maps.Keys(s.actions)) {
			a := s.actions[id]
			own := slices.Contains(a.Owners, handle) || handle == "" && len(a.Owners) == 0
			if own && a.State == agenda.OpenAction {
				o.Actions = append(o.Actions, a)
			}
		}
		if len(o.Actions) > 0 {
			owed = append(owed, o)
		}
	}
	return owed
}

func (s *sample) Call(id string) (agenda.Call, bool) {
	for _, c := range []agenda.Call{s.call, s.last} {
		if c.ID == id {
			return c, true
		}
	}
	return agenda.Call{}, false
}

func (s *sample) NextCall(after time.Time) (agenda.Call, bool) {
	if s.call.Start.After(after) {
		return s.call, true
	}
	return s.callOn(when.DateOf(after.In(s.team.Zone)).AddDays(7)), true
}

func (s *sample) Item(id int) (agenda.Item, bool) {
	i, ok := s.items[id]
	return i, ok
}

func (s *sample) Action(id int) (agenda.Action, bool) {
	a, ok := s.actions[id]
	return a, ok
}

// Token returns what looks like a token and proves nothing: a sample has no secret.
func (s *sample) Token(string, string, time.Time) string { return "samplesamplesamplesamplesa" }

// Remember forgets: nobody answers a sample.
func (s *sample) Remember(agenda.Card) {}
