package agenda

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"minuted/parser"
	"minuted/parser/minutes"
	"minuted/parser/when"
)

// step is one thing of a random history: a mail after some time.
type step struct {
	after time.Duration
	from  string
	mail  parser.Mail
	to    int // which of the letters so far it answers, from the last; -1: none
}

// history plays steps and keeps what a store would hold.
type history struct {
	story
	way string // what happens to the book after each step: kept, trimmed, or opened anew
}

func (h *history) play(steps []step) {
	for i, st := range steps {
		if h.way == "opened" { // a daemon at work looks now and then; a rebuild only before each mail
			start := h.now
			h.now = start.Add(st.after / 3)
			h.fire()
			h.now = start
		}
		h.now = h.now.Add(st.after)
		m := st.mail
		m.MessageID = fmt.Sprintf("m%d@example.com", i)
		h.fire()
		if st.to >= 0 && st.to < len(h.letters) {
			o := h.letters[len(h.letters)-1-st.to]
			m.To = []parser.Address{{Address: "architecture+" + h.book.TokenOf(o) + "@example.com"}}
		}
		h.give(m, st.from, uint32(i+1))
	}
	h.now = h.now.Add(10 * 24 * time.Hour)
	h.fire()
}

func (h *history) fire() {
	for {
		out, ok := h.book.Fire(h.now)
		if !ok {
			return
		}
		h.kept(out)
	}
}

func (h *history) kept(out Outcome) {
	for _, o := range out.Orders {
		h.letters = append(h.letters, o)
		if o.Person != "" {
			token := h.book.TokenOf(o)
			h.book.Remember(Card{Token: token, Letter: o.Key, Kind: o.Kind, Person: o.Person, Call: o.Call, Shown: h.shown(o), Expires: o.At.Add(Answerable)})
		}
	}
	for _, r := range h.book.Changes() {
		h.stored[r.Key] = r
		if r.JSON == nil {
			delete(h.stored, r.Key)
		}
	}
	switch h.way {
	case "trimmed":
		h.book.Trim()
	case "opened":
		h.reopen()
	}
}

func (h *history) give(m parser.Mail, from string, uid uint32) {
	m.From, m.Froms = &parser.Address{Address: from, Exact: true}, 1
	m.Class, m.MayAnswer = parser.Human, true
	for keys := h.book.Needs(m); len(keys) > 0; keys = h.book.Needs(m) {
		var found []Record
		for _, key := range keys {
			if r, ok := h.stored[key]; ok {
				found = append(found, r)
			}
		}
		if err := h.book.Add(found); err != nil {
			panic(err)
		}
	}
	h.kept(h.book.Apply(Incoming{Mail: m, Arrived: h.now, UID: uid, Validity: 1}))
}

func aStep(t *rapid.T) step {
	st := step{
		after: time.Duration(rapid.IntRange(0, 12000).Draw(t, "minutes")) * time.Minute,
		from:  rapid.SampledFrom([]string{"shaun@example.com", "kl@home.example", "alexis@example.com", "sam@customer.example"}).Draw(t, "from"),
		to:    rapid.IntRange(-1, 5).Draw(t, "to"),
	}
	switch rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0:
		title := rapid.SampledFrom([]string{"Device trees", "Signed images", "resinHUP next steps"}).Draw(t, "title")
		st.mail = parser.Mail{Kind: parser.ItemKind, Tags: []string{"architecture"}, Title: title, Subject: title}
	case 1:
		n := rapid.IntRange(0, 20).Draw(t, "parent")
		st.mail = parser.Mail{Kind: parser.FollowUp, Subject: "Re", InReplyTo: []string{fmt.Sprintf("m%d@example.com", n)}}
	case 2:
		st.mail = parser.Mail{Kind: parser.MinutesKind, Minutes: someMinutes(t), Text: fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "text"))}
	default:
		for range rapid.IntRange(1, 3).Draw(t, "commands") {
			st.mail.Commands = append(st.mail.Commands, aCommand(t))
		}
		st.mail.Kind = parser.CommandKind
	}
	return st
}

func aCommand(t *rapid.T) parser.Command {
	verbs := slices.Concat(slices.Sorted(maps.Keys(actionVerbs)), slices.Sorted(maps.Keys(itemVerbs)), slices.Sorted(maps.Keys(plainVerbs)), []string{"undo", "yes", "show"})
	c := parser.Command{
		Verb:     rapid.SampledFrom(verbs).Draw(t, "verb"),
		Argument: rapid.SampledFrom([]string{"", "@shaun", "2w", "nobody", "2017-02-20 15:00", "reminders", "15m", "devices"}).Draw(t, "argument"),
	}
	if rapid.Bool().Draw(t, "with id") {
		c.IDs = []string{rapid.SampledFrom([]string{"A-1", "A-2", "A-3", "T-1", "T-2", "T-9"}).Draw(t, "id")}
	}
	c.Line = c.Verb
	return c
}

func someMinutes(t *rapid.T) *minutes.Page {
	page := &minutes.Page{}
	for range rapid.IntRange(1, 2).Draw(t, "meetings") {
		date := when.Date("2017-01-20").AddDays(rapid.IntRange(0, 20).Draw(t, "day"))
		m := minutes.Meeting{Line: 1, Date: string(date), Heading: string(date)}
		for i := range rapid.IntRange(0, 3).Draw(t, "lines") {
			m.Topics = append(m.Topics, minutes.Topic{
				Line: 10 + i, Title: rapid.SampledFrom([]string{"Device trees", "Signed images", "Other"}).Draw(t, "topic"),
				CarryOver: rapid.Bool().Draw(t, "carry"),
			})
			m.Actions = append(m.Actions, minutes.Action{
				Line: 20 + i, TopicLine: 10 + i, Text: rapid.SampledFrom([]string{"Write the spec", "Write the whole spec", "Open an issue"}).Draw(t, "text"),
				Owners: []string{rapid.SampledFrom([]string{"Shaun", "Costas", "Bob"}).Draw(t, "owner")},
				Done:   rapid.Bool().Draw(t, "done"), Prior: rapid.Bool().Draw(t, "prior"),
			})
		}
		page.Meetings = append(page.Meetings, m)
	}
	return page
}

// However the book is kept, thrown away and opened again, and however often
// somebody looked what is due, the same mails at the same instants give the
// same records and the same letters: so a rebuild gives what was there.
func TestReplay(t *testing.T) {
	team := architecture(t)
	rapid.Check(t, func(rt *rapid.T) {
		steps := rapid.SliceOfN(rapid.Custom(aStep), 1, 25).Draw(rt, "steps")
		play := func(way string) *history {
			h := &history{way: way}
			h.T, h.team, h.stored, h.now = t, team, map[string]Record{}, instant(t, "2017-01-27 10:00")
			h.reopen()
			h.book.Begin(h.now)
			h.play(steps)
			return h
		}
		kept := play("kept")
		for _, way := range []string{"trimmed", "opened"} {
			other := play(way)
			for i, o := range kept.letters {
				if i >= len(other.letters) || other.letters[i].Key != o.Key {
					rt.Fatalf("letter %d is %s in a book that was kept; in one that was %s it is %s", i, o.Key, way, other.keys(i))
				}
			}
			compare(rt, kept.stored, other.stored)
		}
		unique := map[string]bool{}
		for _, o := range kept.letters {
			if unique[o.Key] {
				rt.Fatalf("two letters have the key %s", o.Key)
			}
			unique[o.Key] = true
		}
	})
}

func compare(t *rapid.T, want, got map[string]Record) {
	keys := map[string]bool{}
	for key := range want {
		keys[key] = true
	}
	for key := range got {
		keys[key] = true
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		w, g := want[key], got[key]
		if string(w.JSON) != string(g.JSON) || w.Open != g.Open || !w.Expires.Equal(g.Expires) {
			t.Fatalf("%s\nkept   %v %s\nopened %v %s", key, w.Open, w.JSON, g.Open, g.JSON)
		}
	}
}

// keys are the letters around a place.
func (h *history) keys(place int) string {
	var out []string
	for _, o := range h.letters[max(0, min(place-2, len(h.letters))):min(place+3, len(h.letters))] {
		out = append(out, o.Key)
	}
	return strings.Join(out, " ")
}
