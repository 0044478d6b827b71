package agenda

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"minuted/parser"
)

// maxHourly is how many items a member may file in an hour; what comes beyond
// waits to be accepted.
const maxHourly = 100

const whyMany = "too many in an hour"

// file takes a mail as something to talk about: a new item, or, where it
// belongs to one, the next mail of its thread.
func (b *Book) file(r *request) Outcome {
	if it := b.itemOf(r.mail, r.who.card, r.at); it != nil {
		return b.follow(r, b.editItem(it.ID))
	}
	it := b.newItem()
	m := r.mail
	it.Title, it.Summary, it.Tags, it.Links = title(m), m.Summary, m.Tags, m.Links
	it.State, it.Submitter, it.Author = OpenItem, r.who.handle, originalAuthor(m)
	it.Area = b.team.areaOf(m)
	it.Filed, it.Last, it.Mails, it.Mail = r.at, r.at, 1, m.MessageID
	it.Why = b.whyWait(r)
	if it.Why != "" {
		it.State = Waiting
	}
	if r.who.handle == "" && m.From != nil {
		it.Submitter = m.From.Address
	}
	b.join(it, m, r.at)
	if it.State == Waiting {
		if it.Why == whyMany {
			r.refuse(Misread{Reason: whyMany, Line: it.Title, Sentence: fmt.Sprintf("You filed more than %d topics in an hour. From %s on they wait until somebody accepts them.", maxHourly, it.Ref()), Ready: []string{it.Ref() + " accept"}})
		}
		return Outcome{Did: "waits", Detail: it.Ref() + ": " + it.Why}
	}
	r.changed(Change{ID: it.Ref(), Title: it.Title, Verb: "filed", Now: "on the list", Links: it.Links})
	return Outcome{Did: "item", Detail: it.Ref()}
}

// whyWait says why a new item must be accepted by a member first; empty: it need not.
func (b *Book) whyWait(r *request) string {
	switch {
	case r.who.handle == "":
		return "not on the team"
	case len(r.mail.Tags) == 0 && !r.who.operator:
		return "untagged"
	case b.tooMany(r):
		return whyMany
	}
	return ""
}

// tooMany counts one more item of the hour.
func (b *Book) tooMany(r *request) bool {
	filed := b.register().Filed // advance has touched the register
	if filed == nil {
		filed = map[string]tally{}
		b.register().Filed = filed
	}
	for handle, t := range filed {
		if r.at.Sub(t.From) >= time.Hour {
			delete(filed, handle)
		}
	}
	t, ok := filed[r.who.handle]
	if !ok {
		t.From = r.at
	}
	t.N++
	filed[r.who.handle] = t
	return t.N > maxHourly
}

// follow adds a mail to the item of its thread. A new tag comment of a member
// brings back what was discussed or dropped, and accepts what waits.
func (b *Book) follow(r *request, it *Item) Outcome {
	it.Mails++
	it.Last = r.at
	b.join(it, r.mail, r.at)
	out := Outcome{Did: "follow-up", Detail: it.Ref()}
	if r.who.handle == "" {
		return out
	}
	for _, link := range r.mail.Links {
		if !slices.Contains(it.Links, link) {
			it.Links = append(it.Links, link)
		}
	}
	if len(r.mail.Tags) == 0 {
		return out
	}
	was := itemWords(*it, r.zone)
	if it.Summary == "" || !it.live() {
		it.Summary = r.mail.Summary
	}
	for _, tag := range r.mail.Tags {
		if !slices.Contains(it.Tags, tag) {
			it.Tags = append(it.Tags, tag)
		}
	}
	if it.State == OpenItem || it.State == Postponed {
		return out
	}
	it.reopen()
	r.changed(Change{ID: it.Ref(), Title: it.Title, Verb: "reopen", Was: was, Now: "on the list"})
	return out
}

// reopen puts an item on the list again.
func (it *Item) reopen() {
	it.State, it.Why, it.Drop, it.Closed, it.ClosedBy, it.Until = OpenItem, "", "", time.Time{}, "", ""
}

func title(m parser.Mail) string {
	if m.Title != "" {
		return m.Title
	}
	if m.Subject != "" {
		return m.Subject
	}
	return "(no subject)"
}

// originalAuthor is who began what was forwarded: the innermost original.
func originalAuthor(m parser.Mail) string {
	for _, f := range slices.Backward(m.Forwards) {
		if f.From == nil {
			continue
		}
		if f.From.Name == "" {
			return f.From.Address
		}
		if f.From.Address == "" {
			return f.From.Name
		}
		return fmt.Sprintf("%s <%s>", f.From.Name, f.From.Address)
	}
	return ""
}

// areaOf finds the area of a mail: by tag, then by words, sender or list. A tag
// is what somebody chose, so it goes before what only happens to be there.
func (t Team) areaOf(m parser.Mail) string {
	for _, match := range []func(Area, parser.Mail) bool{byTag, byWords, bySender, byList} {
		for _, a := range t.Areas {
			if match(a, m) {
				return a.Name
			}
		}
	}
	return ""
}

func byTag(a Area, m parser.Mail) bool {
	return slices.ContainsFunc(m.Tags, func(tag string) bool {
		return strings.EqualFold(tag, a.Name) || containsFold(a.Tags, tag)
	})
}

func byWords(a Area, m parser.Mail) bool {
	text := " " + fold(m.Title+" "+m.Summary) + " "
	return slices.ContainsFunc(a.Words, func(w string) bool { return strings.Contains(text, " "+fold(w)+" ") })
}

func bySender(a Area, m parser.Mail) bool {
	var senders []string
	if m.From != nil {
		senders = append(senders, m.From.Address)
	}
	for _, f := range m.Forwards {
		if f.From != nil {
			senders = append(senders, f.From.Address)
		}
	}
	return slices.ContainsFunc(senders, func(s string) bool {
		_, domain, _ := strings.Cut(s, "@")
		return containsFold(a.Senders, s) || containsFold(a.Senders, "@"+domain)
	})
}

// listID is the part of List-Id that names the list (RFC 2919 section 3).
var listID = regexp.MustCompile(`<([^<>]*)>\s*$`)

func byList(a Area, m parser.Mail) bool {
	return slices.ContainsFunc(m.Header.Values("List-Id"), func(value string) bool {
		if match := listID.FindStringSubmatch(value); match != nil {
			value = match[1]
		}
		return containsFold(a.Lists, strings.TrimSpace(value))
	})
}

func containsFold(list []string, word string) bool {
	return slices.ContainsFunc(list, func(x string) bool { return strings.EqualFold(x, word) })
}
