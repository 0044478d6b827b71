package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"minuted/agenda"
	"minuted/parser"
	"minuted/parser/minutes"
)

// inspectCommand shows how mails are read. CONTRACT of the JSON: the fields of
// parser.Mail and the file.
func inspectCommand(flags *flag.FlagSet) run {
	asJSON := flags.Bool("json", false, "one JSON object a line for each file")
	file := flags.String("c", "", "read as this configuration `FILE` says: its tags, people and address")
	team := flags.String("team", "", "which team of the configuration, by its `SLUG`; without it the first")
	return func(ctx context.Context, s Streams, args []string) error {
		options, sender := parser.Options{}, nobodyKnown
		if *file != "" {
			chosen, err := loadTeam(s, *file, *team)
			if err != nil {
				return err
			}
			options = chosen.Reading()
			people := chosen.Agenda(nil) // a token proves nothing without the records, so no key is needed
			sender = func(m parser.Mail) *agenda.Sender { found := people.Sender(m); return &found }
		}
		return eachFile(s, args, *asJSON, func(name string, raw []byte) any {
			mail := parser.Parse(raw, options)
			if *asJSON {
				return inspected(name, mail, sender(mail))
			}
			return parser.Explain(mail) + explainSender(sender(mail))
		})
	}
}

// nobodyKnown stands for the roster where there is no configuration.
func nobodyKnown(parser.Mail) *agenda.Sender { return nil }

// explainSender says what the mail alone proves about who wrote it.
func explainSender(s *agenda.Sender) string {
	if s == nil {
		return ""
	}
	member, proven, token := cmp.Or(s.Member, "nobody of the team"), "no", "none"
	if s.Proven {
		proven = "yes"
	}
	if s.Token {
		token = "there is one; whose letter it belongs to, the daemon's records know"
	}
	return fmt.Sprintf("\nSender\n  %-12s %s\n  %-12s %s: %s\n  %-12s %s\n", "member", member, "proven", proven, s.Why, "token", token)
}

// minutesCommand shows how minutes are read.
func minutesCommand(flags *flag.FlagSet) run {
	asJSON := flags.Bool("json", false, "one JSON object a line for each file")
	return func(ctx context.Context, s Streams, args []string) error {
		return eachFile(s, args, *asJSON, func(name string, text []byte) any {
			page := minutes.Read(text, minutes.Options{Name: name})
			if *asJSON {
				return struct {
					File string `json:"file"`
					minutes.Page
				}{name, page}
			}
			return minutes.Explain(page, text)
		})
	}
}

// inspected is a mail as inspect prints it: with its file, its id as written,
// and no date where it has none.
func inspected(name string, mail parser.Mail, sender *agenda.Sender) any {
	out := struct {
		File string `json:"file"`
		parser.Mail
		MessageID string         `json:"message_id,omitempty"`
		Date      *time.Time     `json:"date"`
		Sender    *agenda.Sender `json:"sender,omitempty"`
	}{File: name, Mail: mail, MessageID: mail.WrittenMessageID(), Sender: sender}
	if !mail.Date.IsZero() {
		out.Date = &mail.Date
	}
	return out
}

// eachFile reads the files one after the other and prints what look says of
// each: text, or with asJSON an object in one line. A file that cannot be read
// is told in its place, and the others go on.
func eachFile(s Streams, names []string, asJSON bool, look func(name string, content []byte) any) error {
	if len(names) == 0 {
		return usageError("name one file or more, or - for the standard input")
	}
	var failed error
	for i, name := range names {
		content, err := readFile(s, name)
		var out any
		switch {
		case err == nil:
			out = look(name, content)
		case asJSON:
			out, failed = unreadable{name, err.Error()}, errTold
		default:
			fmt.Fprintf(s.Err, "minuted: %v\n", err)
			failed = errTold
			continue
		}
		if err := printSeen(s.Out, out, name, len(names) > 1, i > 0); err != nil {
			return err
		}
	}
	return failed
}

type unreadable struct {
	File  string `json:"file"`
	Error string `json:"error"`
}

func readFile(s Streams, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(s.In)
	}
	return os.ReadFile(name)
}

// printSeen prints what was seen of one file; several reports for people get
// the file's name as a heading.
func printSeen(w io.Writer, seen any, name string, many, notFirst bool) error {
	text, isText := seen.(string)
	if !isText {
		return printJSON(w, seen)
	}
	if many && notFirst {
		fmt.Fprintln(w)
	}
	if many {
		fmt.Fprintf(w, "== %s\n", name)
	}
	_, err := io.WriteString(w, text)
	return err
}

// printJSON prints one value in one line, with < and > as they are: the lines
// are for programs and for reading, not for a web page.
func printJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
