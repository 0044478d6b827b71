package cli

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"minuted/agenda"
	"minuted/daemon"
	"minuted/parser/minutes"
)

// exportCommand writes everything that is known as a page that import reads again.
func exportCommand(flags *flag.FlagSet) run {
	target := targetFlags(flags)
	format := flags.String("format", "markdown", "markdown, html or json")
	return func(ctx context.Context, s Streams, args []string) error {
		write, ok := formats[*format]
		if !ok {
			return usageError("there is no format %q; there are markdown, html and json", *format)
		}
		return target.look(ctx, s, func(book *agenda.Book) error { return write(s, book) })
	}
}

var formats = map[string]func(Streams, *agenda.Book) error{
	"markdown": func(s Streams, book *agenda.Book) error {
		_, err := s.Out.Write(minutes.Write(pageOf(book)))
		return err
	},
	"html": func(s Streams, book *agenda.Book) error {
		page := goldmark.New(goldmark.WithExtensions(extension.GFM))
		fmt.Fprintf(s.Out, "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>%s</title>\n", htmlText(book.Team().Name))
		return page.Convert(minutes.Write(pageOf(book)), s.Out)
	},
	"json": func(s Streams, book *agenda.Book) error {
		return printJSON(s.Out, struct {
			Items   []agenda.Item   `json:"items"`
			Actions []agenda.Action `json:"actions"`
			Calls   []agenda.Call   `json:"calls"`
		}{book.AllItems(), book.AllActions(), book.AllCalls()})
	},
}

func htmlText(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(text)
}

// look opens the target and hands its book to a command that only looks.
func (t target) look(ctx context.Context, s Streams, at func(*agenda.Book) error) error {
	d, err := t.open(s, daemon.Options{})
	if err != nil {
		return err
	}
	defer d.Close() // nothing was begun that could be left undone
	book, err := d.Book(ctx, *t.team)
	if err != nil {
		return err
	}
	return at(book)
}

// pageOf is the page of all calls that have minutes, the latest first, as the
// founding page has it: each as it was mailed, with what became of its actions.
func pageOf(book *agenda.Book) minutes.Page {
	var page minutes.Page
	for _, item := range book.Items() {
		if item.Pinned {
			page.Pinned = append(page.Pinned, minutes.Pinned{Text: item.Title})
		}
	}
	for _, call := range slices.Backward(book.AllCalls()) {
		if call.Minutes != nil {
			page.Meetings = append(page.Meetings, meetingOf(book, call))
		}
	}
	return page
}

func meetingOf(book *agenda.Book, call agenda.Call) minutes.Meeting {
	options := minutes.Options{Date: call.ID[:len("2006-01-02")]}
	for _, p := range book.Team().People {
		options.People = append(options.People, append([]string{p.Name, p.Handle}, p.Aliases...)...)
	}
	read := minutes.Read([]byte(call.Minutes.Text), options)
	if len(read.Meetings) == 0 {
		return minutes.Meeting{Date: options.Date, Heading: call.Minutes.Heading}
	}
	meeting := read.Meetings[0]
	var records []agenda.Action
	var known []minutes.Action
	for _, id := range call.Minutes.Actions {
		if action, ok := book.Action(id); ok && action.Call == call.ID {
			records, known = append(records, action), append(known, minutes.Action{Text: action.Text, Owners: action.Owners})
		}
	}
	for _, p := range minutes.Match(known, meeting.Actions) {
		if p.Old >= 0 && p.New >= 0 {
			update(book, &meeting.Actions[p.New], records[p.Old])
		}
	}
	return meeting
}

// update tells in the minutes what became of an action since they were mailed.
func update(book *agenda.Book, written *minutes.Action, now agenda.Action) {
	if done := now.State != agenda.OpenAction; done != written.Done {
		written.Done, written.ResolvingLinks, written.Tail = done, now.Evidence, ""
		if now.Note != "" {
			written.ResolutionNote = &now.Note
		}
	}
	if owners := ownersOf(book, now); !slices.EqualFunc(owners, written.Owners, strings.EqualFold) {
		written.Owners = owners
	}
	if due := string(now.Due); due != "" && written.Due == nil {
		written.Due, written.DueText = &due, &due
	}
}

// ownersOf names the owners of an action.
func ownersOf(book *agenda.Book, a agenda.Action) []string {
	var names []string
	for _, handle := range a.Owners {
		if p, ok := book.Person(handle); ok {
			handle = p.Name
		}
		names = append(names, handle)
	}
	return append(names, a.Unknown...)
}
