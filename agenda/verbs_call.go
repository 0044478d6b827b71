package agenda

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"minuted/parser"
	"minuted/parser/when"
)

// nextCall is the call that a command without a date is about: that of the
// answered letter while it is to come, else the next.
func (r *request) nextCall() (Call, bool) {
	if r.who.card != nil && r.who.card.Call != "" {
		if c, ok := r.b.Call(r.who.card.Call); ok && c.Start.After(r.at) {
			return c, true
		}
	}
	return r.b.NextCall(r.at)
}

// callVerb sets up a call: "2016-12-03 16:00 about the release".
func callVerb(r *request, argument string) *Misread {
	fields := strings.Fields(argument)
	example := "call " + string(when.DateOf(r.at.In(r.zone)).AddDays(7)) + " 16:00"
	if len(fields) < 2 {
		return &Misread{Reason: "unknown call", Sentence: "call needs a day and a time.", Ready: []string{example}}
	}
	for n := 1; n < min(len(fields), 5); n++ { // the day may be several words: "10 feb 16:00"
		clock, ok := when.Clock(fields[n])
		if !ok {
			continue
		}
		days := fields[:n]
		if n > 1 && (strings.EqualFold(fields[n-1], "at") || fields[n-1] == "@") {
			days = fields[:n-1]
		}
		d, miss := r.day(strings.Join(days, " "), "call ")
		if miss != nil {
			miss.Ready = []string{strings.Join(append([]string{miss.Ready[0]}, fields[n:]...), " ")}
			return miss
		}
		return r.setCall(wall(d, clock, r.zone).UTC(), strings.Join(fields[n+1:], " "))
	}
	return &Misread{Reason: "unknown call", Sentence: fmt.Sprintf("%s has no time of day that is known here.", argument), Ready: []string{example}}
}

func (r *request) setCall(start time.Time, words string) *Misread {
	if !start.After(r.at) {
		return &Misread{Reason: "past date", Sentence: "That time is past.", Ready: []string{"agenda"}}
	}
	c := Call{ID: r.b.freeCallID(start), Start: start, Length: time.Hour, AdHoc: true, Words: words, Announced: r.at}
	if len(r.b.team.Series) > 0 {
		c.Length, c.Where = r.b.team.Series[0].Length, r.b.team.Series[0].Where
	}
	r.b.keepCall(c)
	r.changed(Change{ID: c.ID, Title: words, Verb: "call", Now: r.callTime(c)})
	return nil
}

// freeCallID is the next id of a day: calls of series keep theirs, even where
// nobody wrote them down yet.
func (b *Book) freeCallID(start time.Time) string {
	date := string(when.DateOf(start.In(b.team.zone())))
	id := date
	for n := 2; ; n++ {
		if _, taken := b.Call(id); !taken {
			return id
		}
		id = fmt.Sprintf("%s.%d", date, n)
	}
}

func (r *request) callTime(c Call) string {
	return c.Start.In(r.zone).Format("Monday 2 January 2006, 15:04")
}

// skip cancels the calls of a day.
func skip(r *request, argument string) *Misread {
	if strings.TrimSpace(argument) == "" {
		if c, ok := r.nextCall(); ok {
			r.cancel(c)
			return nil
		}
	}
	d, miss := r.day(argument, "skip ")
	if miss != nil {
		return miss
	}
	done := false
	for _, c := range r.b.callsBetween(d.AddDays(-1).In(time.UTC), d.AddDays(2).In(time.UTC)) {
		if c.Day() == d && !c.Cancelled && c.Start.After(r.at) {
			r.cancel(c)
			done = true
		}
	}
	if done {
		return nil
	}
	miss = &Misread{Reason: "no call", Sentence: "There is no call on " + longDate(d) + "."}
	if c, ok := r.b.NextCall(r.at); ok {
		miss.Ready = []string{"skip " + string(c.Day())}
	}
	return miss
}

func (r *request) cancel(c Call) {
	was := r.callTime(c)
	r.orders = append(r.orders, r.b.cancel(r.b.keepCall(c), r.at)...)
	r.changed(Change{ID: c.ID, Title: c.Words, Verb: "skip", Was: was, Now: "cancelled"})
}

// keep keeps a call that has nothing on its list, or brings back a cancelled one.
func keep(r *request, _ string) *Misread {
	c, ok := r.nextCall()
	if !ok {
		return &Misread{Reason: "no call", Sentence: "There is no call to keep.", Ready: []string{"agenda"}}
	}
	call := r.b.keepCall(c)
	was := ""
	if call.Empty {
		was = "cancelled unless somebody keeps it"
	}
	if call.Cancelled {
		was = "cancelled"
		r.b.revive(call, r.at)
	}
	call.Kept = r.who.handle
	r.changed(Change{ID: call.ID, Title: call.Words, Verb: "keep", Was: was, Now: r.callTime(*call)})
	return nil
}

// send lets held minutes go now, hold keeps them until send.
func send(r *request, _ string) *Misread {
	c, miss := r.heldMinutes("send")
	if miss != nil {
		return miss
	}
	c.Minutes.Release, c.Minutes.Held = r.at, false
	r.changed(Change{ID: c.ID, Title: c.Minutes.Subject, Verb: "send", Now: "sent to everybody"})
	return nil
}

func hold(r *request, _ string) *Misread {
	c, miss := r.heldMinutes("hold")
	if miss != nil {
		return miss
	}
	c.Minutes.Release, c.Minutes.Held = time.Time{}, true
	r.changed(Change{ID: c.ID, Title: c.Minutes.Subject, Verb: "hold", Now: "held until you say send"})
	return nil
}

// heldMinutes finds the minutes that still wait: those of the answered letter,
// else the last that the person mailed.
func (r *request) heldMinutes(verb string) (*Call, *Misread) {
	waits := func(c *Call) bool { return c.Minutes != nil && (c.Minutes.Held || !c.Minutes.Release.IsZero()) }
	if r.who.card != nil {
		if c := r.b.calls[callKey(r.who.card.Call)]; c != nil && waits(c) {
			return r.b.editCall(c.ID), nil
		}
	}
	mine := r.b.callsWhere(func(c *Call) bool { return waits(c) && (c.Minutes.Scribe == r.who.handle || r.who.operator) })
	if len(mine) == 0 {
		return nil, &Misread{Reason: "nothing held", Sentence: "No minutes of yours are waiting, so there is nothing to " + verb + "."}
	}
	return r.b.editCall(mine[len(mine)-1].ID), nil
}

// stoppable are the kinds of letter that a person can stop.
var stoppable = []string{"reminders", "weekly", "agenda", "minutes"}

// kindsOf reads the kinds in "stop reminders until fri", and what else stands
// there. "All" is all of a kind where one is named.
func kindsOf(argument string) (kinds []string, rest string) {
	all := false
	for _, w := range strings.Fields(argument) {
		word := strings.Trim(strings.ToLower(w), ".,;!")
		switch {
		case word == "all" || word == "everything":
			all = true
		case slices.Contains(stoppable, word):
			kinds = addMissing(kinds, word)
		case slices.Contains(stoppable, word+"s"): // reminder
			kinds = addMissing(kinds, word+"s")
		case slices.Contains(stoppable, strings.TrimSuffix(word, "s")): // agendas
			kinds = addMissing(kinds, strings.TrimSuffix(word, "s"))
		case !aroundKinds[word]:
			rest = strings.TrimSpace(rest + " " + w)
		}
	}
	if all && len(kinds) == 0 {
		kinds = slices.Clone(stoppable)
	}
	return kinds, rest
}

// aroundKinds are words around the kinds that say nothing.
var aroundKinds = map[string]bool{
	"digest": true, "digests": true, "and": true, "the": true, "letters": true, "letter": true, "mails": true, "mail": true, "emails": true,
	"these": true, "those": true, "this": true, "my": true, "your": true, "sending": true, "me": true, "any": true, "more": true, "getting": true,
}

// stopKind is the kind that stops the letters of the answered one.
var stopKind = map[Kind]string{
	AgendaPreview: "agenda", AgendaFinal: "agenda", EmptyAgenda: "agenda", CancelledCall: "agenda",
	MinutesDigest: "minutes", MinutesCorrected: "minutes", WeeklyDigest: "weekly", Reminder: "reminders",
}

func stop(r *request, argument string) *Misread {
	kinds, rest := kindsOf(argument)
	if len(kinds) == 0 && r.who.card != nil && stopKind[r.who.card.Kind] != "" {
		kinds = []string{stopKind[r.who.card.Kind]}
	}
	if len(kinds) == 0 {
		return &Misread{Reason: "stop what", Sentence: "Say which letters to stop:", Ready: []string{"stop reminders", "stop weekly", "stop agenda", "stop minutes", "stop all"}}
	}
	until, miss := r.stopUntil(kinds, rest)
	if miss != nil {
		return miss
	}
	m := r.b.editMember(r.who.handle)
	m.Stopped = addMissing(m.Stopped, kinds...)
	slices.Sort(m.Stopped)
	if slices.Contains(kinds, "reminders") {
		m.Until = until
	}
	now := "stopped"
	if until != "" {
		now = "stopped until " + longDate(until)
	}
	r.changed(Change{ID: "", Title: strings.Join(kinds, ", "), Verb: "stop", Was: "on", Now: now})
	return nil
}

// stopUntil reads the day after which reminders resume. Only they can have one.
func (r *request) stopUntil(kinds []string, rest string) (when.Date, *Misread) {
	rest = strings.TrimSpace(strings.TrimPrefix(rest, "until"))
	if rest == "" {
		return "", nil
	}
	if !slices.Equal(kinds, []string{"reminders"}) {
		day, miss := r.day(rest, "stop reminders until ")
		if miss == nil {
			kinds := strings.Join(kinds, " ")
			miss = &Misread{Reason: "stop until", Sentence: "Only reminders can stop until a day. Others stop until you say resume:", Ready: []string{"stop reminders until " + string(day), "stop " + kinds, "resume " + kinds}}
		}
		return "", miss
	}
	return r.day(rest, "stop "+strings.Join(kinds, " ")+" until ")
}

func resume(r *request, argument string) *Misread {
	kinds, rest := kindsOf(argument)
	if rest != "" {
		return &Misread{Reason: "resume what", Sentence: fmt.Sprintf("There are no letters called %s.", rest), Ready: []string{"resume reminders", "resume weekly", "resume agenda", "resume minutes", "resume"}}
	}
	if len(kinds) == 0 {
		kinds = stoppable
	}
	m := r.b.editMember(r.who.handle)
	m.Stopped = slices.DeleteFunc(m.Stopped, func(k string) bool { return slices.Contains(kinds, k) })
	if slices.Contains(kinds, "reminders") {
		m.Until, m.Away = "", ""
	}
	m.Paused, m.Failing = false, 0
	r.changed(Change{Title: strings.Join(kinds, ", "), Verb: "resume", Was: "stopped", Now: "on"})
	return nil
}

// show answers with what is known of some ids.
func (r *request) show(c parser.Command) *Misread {
	p := Page{Verb: "show", Argument: strings.Join(c.IDs, " ")}
	ids := c.IDs
	if len(ids) == 0 && r.who.card != nil {
		ids = r.who.card.Shown
	}
	if len(ids) == 0 {
		return &Misread{Reason: "which one", Sentence: "show needs an id, such as A-17 or T-4.", Ready: []string{"mine", "agenda"}}
	}
	for _, id := range ids {
		switch {
		case !r.b.has(keyOf(id)):
			return r.unknown(c, id)
		case strings.HasPrefix(id, "A-"):
			p.Actions = append(p.Actions, number(id))
		default:
			p.Items = append(p.Items, number(id))
		}
	}
	r.receipt.Pages = append(r.receipt.Pages, p)
	return nil
}
