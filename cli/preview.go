package cli

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-message/mail"

	"minuted/agenda"
	"minuted/daemon"
	"minuted/digest"
	"minuted/templates"
)

// previewCommand shows a letter about a made-up week, with the templates in
// use: what a letter looks like before any mail came, and whether own templates
// work. With --to it is the letter that somebody would get now.
func previewCommand(flags *flag.FlagSet) run {
	target := targetFlags(flags)
	to := flags.String("to", "", "the letter that `HANDLE` would get now, from the team's records")
	raw := flags.Bool("raw", false, "the whole mail, for a mail program")
	html := flags.Bool("html", false, "its HTML, for a browser")
	return func(ctx context.Context, s Streams, args []string) error {
		if len(args) != 1 {
			return usageError("name one kind of letter: %s", kinds())
		}
		if !slices.Contains(digest.Kinds(), agenda.Kind(args[0])) {
			return usageError("there is no letter of the kind %q; there are %s", args[0], kinds())
		}
		letter, err := target.letter(ctx, s, agenda.Kind(args[0]), *to)
		if err != nil {
			return err
		}
		if *raw {
			_, err := s.Out.Write(letter.Bytes)
			return err
		}
		return printPart(s.Out, letter, wantedPart[*html])
	}
}

// letter writes the letter: of a made-up week, or to somebody from the records.
func (t target) letter(ctx context.Context, s Streams, kind agenda.Kind, to string) (digest.Letter, error) {
	file := *t.file
	if file == "" && to != "" {
		file = defaultConfig()
	}
	team, folder, err := previewed(s, file, *t.team)
	if err != nil {
		return digest.Letter{}, err
	}
	set, _, err := templates.Load(folder)
	if err != nil {
		return digest.Letter{}, err
	}
	if to == "" {
		return digest.Preview(set, kind, team, time.Now())
	}
	var letter digest.Letter
	err = t.look(ctx, s, func(book *agenda.Book) error {
		letter, err = letterNow(book, digest.NewWriter(team, "", set), kind, to)
		return err
	})
	return letter, err
}

// letterNow writes a letter that would go now. Nothing of it is kept: the book
// is a copy.
func letterNow(book *agenda.Book, writer *digest.Writer, kind agenda.Kind, to string) (digest.Letter, error) {
	order := agenda.Order{Kind: kind, Key: "preview", Person: strings.TrimPrefix(to, "@"), At: time.Now()}
	if _, ok := book.Person(order.Person); !ok {
		return digest.Letter{}, usageError("there is nobody called %q on the team", to)
	}
	about, ok := subjects[kind]
	if !ok {
		return digest.Letter{}, usageError("a letter of the kind %s answers a mail; --to knows agenda, agenda-final, minutes, weekly and reminder", kind)
	}
	if !about(book, &order) {
		return digest.Letter{}, fmt.Errorf("there is nothing that this letter could be about")
	}
	letters, err := writer.Letters(book, agenda.Outcome{At: order.At, Orders: []agenda.Order{order}})
	if err == nil && len(letters) == 0 {
		err = errors.New("the letter would say nothing, so it would not be sent")
	}
	if err != nil {
		return digest.Letter{}, err
	}
	return letters[0], nil
}

// subjects say what a letter would be about now, and whether there is such a thing.
var subjects = map[agenda.Kind]func(*agenda.Book, *agenda.Order) bool{
	agenda.AgendaPreview: nextAgenda,
	agenda.AgendaFinal:   nextAgenda,
	agenda.MinutesDigest: lastMinutes,
	agenda.WeeklyDigest: func(book *agenda.Book, o *agenda.Order) bool {
		o.Week = agenda.Span{From: o.At.AddDate(0, 0, -7), To: o.At}
		return true
	},
	agenda.Reminder: func(book *agenda.Book, o *agenda.Order) bool {
		for _, a := range book.Actions() {
			if slices.Contains(a.Owners, o.Person) {
				o.Ids = append(o.Ids, fmt.Sprintf("A-%d", a.ID))
			}
		}
		return len(o.Ids) > 0
	},
}

func nextAgenda(book *agenda.Book, o *agenda.Order) bool {
	call, ok := book.NextCall(o.At)
	o.Call = call.ID
	return ok
}

func lastMinutes(book *agenda.Book, o *agenda.Order) bool {
	for _, call := range slices.Backward(book.AllCalls()) {
		if call.Minutes != nil {
			o.Call, o.Minutes = call.ID, &agenda.MinutesChange{First: true, Added: call.Minutes.Actions, Closed: call.Minutes.Closed}
			return true
		}
	}
	return false
}

func kinds() string { return strings.Trim(fmt.Sprint(digest.Kinds()), "[]") }

var wantedPart = map[bool]string{false: "text/plain", true: "text/html"}

// previewed is the team and its folder of templates, or an example of a team.
func previewed(s Streams, file, slug string) (agenda.Team, fs.FS, error) {
	if file == "" {
		config, err := daemon.ReadConfig([]byte(exampleTeam), daemon.Places{})
		if err != nil {
			return agenda.Team{}, nil, err
		}
		return config.Teams[0].Agenda(nil), nil, nil
	}
	chosen, err := loadTeam(s, file, slug)
	if err != nil || chosen.Templates == "" {
		return chosen.Agenda(nil), nil, err
	}
	return chosen.Agenda(nil), os.DirFS(chosen.Templates), nil
}

// exampleTeam is the team of preview where no configuration is named.
const exampleTeam = `
teams:
  - mailbox: {host: imap.example.org, user: architecture@example.org, password_file: password}
    smtp: {host: smtp.example.org}
    people: ["Shaun <shaun@example.org>", "Petros <petros@example.org>", "Kostas <kostas@example.org>"]
    calls: [{days: [mon, thu], time: "16:00"}]
`

// printPart prints one part of a letter; of the text part the subject as well.
func printPart(w io.Writer, letter digest.Letter, kind string) error {
	parts, err := mail.CreateReader(bytes.NewReader(letter.Bytes))
	if err != nil {
		return err
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("the letter has no %s", kind)
		}
		if err != nil {
			return err
		}
		header, inline := part.Header.(*mail.InlineHeader)
		if !inline {
			continue
		}
		if found, _, err := header.ContentType(); err != nil || found != kind {
			continue
		}
		if kind == "text/plain" {
			fmt.Fprintf(w, "Subject: %s\n\n", letter.Subject)
		}
		_, err = io.Copy(w, part.Body)
		return err
	}
}
