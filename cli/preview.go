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
	"strings"
	"time"

	"github.com/emersion/go-message/mail"

	"minuted/agenda"
	"minuted/daemon"
	"minuted/digest"
	"minuted/templates"
)

// previewCommand shows a letter about a made-up week, with the templates in
// use: what would be sent before any mail came, and whether own templates work.
func previewCommand(flags *flag.FlagSet) run {
	file := flags.String("c", "", "with the team and the templates of this configuration `FILE`")
	slug := flags.String("team", "", "which team of it, by its `SLUG`; without it the first")
	raw := flags.Bool("raw", false, "the whole mail, for a mail program")
	html := flags.Bool("html", false, "its HTML, for a browser")
	return func(ctx context.Context, s Streams, args []string) error {
		if len(args) != 1 {
			return usageError("name one kind of letter: %s", kinds())
		}
		team, folder, err := previewed(s, *file, *slug)
		if err != nil {
			return err
		}
		set, _, err := templates.Load(folder)
		if err != nil {
			return err
		}
		if !strings.Contains(" "+kinds()+" ", " "+args[0]+" ") {
			return usageError("there is no letter of the kind %q; there are %s", args[0], kinds())
		}
		letter, err := digest.Preview(set, agenda.Kind(args[0]), team, time.Now())
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
