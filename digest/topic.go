package digest

import (
	"cmp"
	"fmt"
	"net/mail"
	"slices"
	"strconv"
	"strings"

	"minuted/agenda"
)

// topicView is an item as letters show it.
type topicView struct {
	ID        string
	Title     Words
	Summary   Words
	Link      Link
	Area      string
	Who       string
	Author    string // who wrote it first, where that is somebody else
	Votes     int
	Ago       string
	Why       Words
	Reason    Words
	Nth       string // 2nd
	Old       bool   // three calls or more
	Minutes   int
	Longer    string // 15m: a ready answer
	Shorter   string // 5m
	MayNotFit bool
	Yours     bool
	First     bool // the reader brought it
	State     string
}

func (d *draft) topic(i agenda.Item) topicView {
	minutes := i.Planned()
	v := topicView{
		ID: i.Ref(), Title: titleOf(i), Summary: cut(i.Summary), Area: Words(begun(string(cut(i.Area)))).String(),
		Who: d.nameOf(i.Submitter), Author: d.author(i), Votes: len(i.Votes), Ago: d.reader.ago(i.Filed), Why: sentence(i.Why), Reason: sentence(i.Reason),
		Old: i.Calls > 1, Minutes: minutes, Longer: fmt.Sprintf("%dm", minutes+5), Shorter: "5m",
		First: i.Submitter == d.reader.handle && d.reader.handle != "", State: upperFirst(string(i.State)),
	}
	if links := linksOf(i.Links, 1); len(links) > 0 {
		v.Link = links[0]
	}
	if i.Calls > 0 {
		v.Nth = ordinal(i.Calls + 1)
	}
	if minutes <= 5 {
		v.Shorter = v.Longer
	}
	return v
}

// titleOf is the title of an item, without the id that minutes may have put before it.
func titleOf(i agenda.Item) Words { return cut(withoutID(i.Title, i.Ref())) }

// author is who wrote the mail that somebody else brought.
func (d *draft) author(i agenda.Item) string {
	a, err := mail.ParseAddress(i.Author)
	if err != nil { // a name alone, as some programs leave of it
		return d.nameOf(i.Author)
	}
	if strings.EqualFold(a.Address, i.Submitter) {
		return ""
	}
	if p, ok := person(d.team, i.Submitter); ok && (strings.EqualFold(a.Address, p.Address) || slices.ContainsFunc(p.Addresses, func(own string) bool { return strings.EqualFold(own, a.Address) })) {
		return ""
	}
	return d.nameOf(cmp.Or(a.Name, a.Address))
}

// sentence returns a reason as the beginning of a sentence, without its stop.
func sentence(s string) Words { return Words(upperFirst(strings.TrimRight(string(cut(s)), "."))) }

// stopped ends a sentence with a full stop where it has no sign of its own.
func stopped(s Words) Words {
	if s == "" || strings.ContainsAny(string(s[len(s)-1:]), "!?:;") || strings.HasSuffix(string(s), "…") {
		return s
	}
	return s + "."
}

func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}

func (d *draft) topicViews(items []agenda.Item) (views []topicView) {
	for _, i := range items {
		views = append(views, d.topic(i))
	}
	return views
}
