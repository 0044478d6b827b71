package agenda

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"minuted/parser/when"
)

// weeklyEvents is the end of the week; it comes even where no digest goes, for
// records that are no longer fresh leave the open ones then.
func (b *Book) weeklyEvents() []event {
	return []event{{b.weeklyAfter(b.register().Weekly), "weekly", b.weekly}}
}

// weeklyAfter is the first time of the weekly digest after an instant.
func (b *Book) weeklyAfter(last time.Time) time.Time {
	day := when.DateOf(last.In(b.team.zone()))
	for range 9 {
		if at := wall(day, b.team.Weekly.Time, b.team.zone()); day.Weekday() == b.team.Weekly.Day && at.After(last) {
			return at.UTC()
		}
		day = day.AddDays(1)
	}
	panic("a week without one of its days") // nine days in a row hold each weekday after last
}

// weekly tells the week to everybody, if there is anything to tell. Once the
// next one is due an older one is of no use, so a long pause sends one.
func (b *Book) weekly(at time.Time) Outcome {
	b.touch(registerKey)
	r := b.register()
	span := Span{r.Weekly, at}
	r.Weekly = at
	b.age(span.From)
	out := Outcome{Did: "weekly", Detail: string(when.DateOf(at.In(b.team.zone())))}
	out.Orders = b.ignoredNotice(out.Detail, at)
	if b.team.Weekly.Off || b.Week(span).Empty() {
		out.Did = "no weekly"
		return out
	}
	for _, p := range b.readers("weekly") {
		out.Orders = append(out.Orders, Order{
			Kind: WeeklyDigest, Key: letterKey("weekly", strings.ReplaceAll(out.Detail, "-", ""), p.Handle),
			Person: p.Handle, At: at, Until: b.weeklyAfter(at), Week: span,
		})
	}
	return out
}

// ignoredNotice tells the operators what came in the week and changed nothing,
// so that nothing is dropped in silence.
func (b *Book) ignoredNotice(day string, at time.Time) []Order {
	r := b.register()
	if len(r.Ignored) == 0 {
		return nil
	}
	trouble := Trouble{Code: "ignored", Remedies: []string{"minuted status"}}
	total := 0
	for _, reason := range slices.Sorted(maps.Keys(r.Ignored)) {
		total += r.Ignored[reason]
		trouble.Facts = append(trouble.Facts, [2]string{reason, counted(r.Ignored[reason], "mail")})
	}
	trouble.Sentence = "This week " + counted(total, "mail") + " changed nothing, and nobody was answered."
	r.Ignored = nil
	return b.notice(at, "ignored "+day, letterKey("ignored", strings.ReplaceAll(day, "-", "")), trouble)
}

// Week returns what happened in a span, and what is open now.
func (b *Book) Week(span Span) Week {
	w := Week{Span: span, Open: b.Owed()}
	w.Calls = b.callsWhere(func(c *Call) bool { return c.Minutes != nil && span.has(c.Minutes.Arrived) })
	for _, c := range w.Calls {
		for _, d := range c.Minutes.Decisions {
			w.Decisions = append(w.Decisions, Decided{d, c.ID})
		}
	}
	w.Opened = b.actionsWhere(func(a *Action) bool { return a.State != Dropped && span.has(a.Opened) })
	w.Closed = b.actionsWhere(func(a *Action) bool { return a.State == DoneAction && span.has(a.Closed) })
	if next, ok := b.NextCall(b.clock()); ok {
		w.Next = &next
		w.Topics = len(b.Plan(next.ID).Listed())
	}
	return w
}

// Empty says whether the week has nothing to tell.
func (w Week) Empty() bool {
	return len(w.Calls)+len(w.Opened)+len(w.Closed)+len(w.Open) == 0
}

func (s Span) has(t time.Time) bool { return !t.Before(s.From) && t.Before(s.To) }

// Owed returns what each owner owes: nobody first, then by name; oldest action first.
func (b *Book) Owed() []Owed {
	byOwner := map[[2]string][]Action{}
	for _, a := range b.Actions() {
		for _, o := range b.ownersOf(a) {
			byOwner[o] = append(byOwner[o], a)
		}
	}
	var out []Owed
	for o, actions := range byOwner {
		slices.SortStableFunc(actions, func(x, y Action) int { return x.Opened.Compare(y.Opened) })
		out = append(out, Owed{o[0], o[1], actions, when.DateOf(actions[0].Opened.In(b.team.zone()))})
	}
	slices.SortFunc(out, func(x, y Owed) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Handle, y.Handle))
	})
	return out
}

// ownersOf returns handle and name of each owner; both are empty where there is none.
func (b *Book) ownersOf(a Action) [][2]string {
	var out [][2]string
	for _, h := range a.Owners {
		name := h
		if p, ok := b.person(h); ok {
			name = cmp.Or(p.Name, h)
		}
		out = append(out, [2]string{h, name})
	}
	for _, name := range a.Unknown {
		out = append(out, [2]string{"", name})
	}
	if len(out) == 0 {
		out = append(out, [2]string{})
	}
	return out
}
