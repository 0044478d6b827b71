package cli

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"minuted/daemon"
	"minuted/daemon/store"
	"minuted/parser/minutes"
)

// checkCommand reads the configuration, opens its files and dials its servers.
func checkCommand(flags *flag.FlagSet) run {
	file := configFlag(flags)
	return func(ctx context.Context, s Streams, args []string) error {
		config, err := loadConfig(s, *file)
		if err != nil {
			return err
		}
		d, err := daemon.New(config, daemon.Options{})
		if err != nil {
			return err
		}
		defer d.Close() // nothing was begun
		findings := []daemon.Finding{{What: "configuration", Good: true, Text: counted(len(config.Teams), "team")}}
		for _, wrong := range config.CheckFiles() {
			findings = append(findings, daemon.Finding{What: "file", Text: wrong})
		}
		return printFindings(s, append(findings, d.Check(ctx)...))
	}
}

// printFindings prints a line for each; it fails where one is not good.
func printFindings(s Streams, findings []daemon.Finding) error {
	var failed error
	for _, f := range findings {
		verdict := "good "
		if !f.Good {
			verdict, failed = "wrong", errTold
		}
		fmt.Fprintf(s.Out, "%s  %s: %s\n", verdict, strings.TrimPrefix(f.Team+" "+f.What, " "), f.Text)
	}
	return failed
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// statusCommand says how each team stands, and what somebody should look at.
func statusCommand(flags *flag.FlagSet) run {
	file := configFlag(flags)
	asJSON := flags.Bool("json", false, "one JSON object a line for each team")
	return func(ctx context.Context, s Streams, args []string) error {
		d, err := target{file: file}.open(s, daemon.Options{})
		if err != nil {
			return err
		}
		defer d.Close() // nothing was begun
		var failed error
		for _, team := range d.Status(ctx) {
			if team.Fault != "" {
				failed = errTold
			}
			if *asJSON {
				err = printJSON(s.Out, team)
			} else {
				err = printStatus(s, team)
			}
			if err != nil {
				return err
			}
		}
		return failed
	}
}

func printStatus(s Streams, st daemon.Status) error {
	if st.Fault != "" {
		fmt.Fprintf(s.Err, "minuted: %s: %s\n", st.Team, st.Fault)
		return nil
	}
	line := func(label, format string, args ...any) {
		fmt.Fprintf(s.Out, "  %-12s %s\n", label, fmt.Sprintf(format, args...))
	}
	fmt.Fprintln(s.Out, st.Team)
	if st.Holder == "" {
		line("daemon", "none runs for this team")
	} else {
		line("daemon", "%s", st.Holder)
	}
	if !st.Next.IsZero() {
		line("next", "%s", st.Next.UTC().Format("Mon 2 Jan 2006 15:04 UTC"))
	}
	for _, q := range st.Quarantined {
		line("set aside", "%s from %s, %q: %s", q.Arrived.Format(time.DateOnly), q.From, q.Subject, q.Why)
	}
	for _, item := range st.Unaccepted {
		line("waits", "T-%d %q from %s (%s): minuted tell \"T-%d accept\"", item.ID, item.Title, item.Submitter, item.Why, item.ID)
	}
	for _, call := range st.Held {
		line("held", "the minutes of %s, until their scribe answers send", call.ID)
	}
	for _, l := range st.Waiting {
		line("to send", "%s", letterState(l))
	}
	for _, l := range st.Failed {
		line("refused", "%s", letterState(l))
	}
	return nil
}

func letterState(l store.LetterState) string {
	text := fmt.Sprintf("%s to %s, %q", l.Kind, l.To, l.Subject)
	if l.Tries > 0 {
		text += fmt.Sprintf(", tried %s: %s", counted(l.Tries, "time"), l.Why)
	}
	return text
}

// tellCommand gives the commands of mails as the operator.
func tellCommand(flags *flag.FlagSet) run {
	target := targetFlags(flags)
	return func(ctx context.Context, s Streams, args []string) error {
		if len(args) == 0 {
			return usageError(`say what: minuted tell "A-17 done"`)
		}
		d, err := target.openSigning(s)
		if err != nil {
			return err
		}
		defer d.Close() // the mail is posted or it is not
		if err := d.Tell(ctx, *target.team, strings.Join(args, "\n")); err != nil {
			return err
		}
		fmt.Fprintln(s.Err, "minuted: told; the daemon acts on it with its next pass")
		return nil
	}
}

// importCommand brings past calls along.
func importCommand(flags *flag.FlagSet) run {
	target := targetFlags(flags)
	return func(ctx context.Context, s Streams, args []string) error {
		if len(args) != 1 {
			return usageError("name one page of minutes, or - for the standard input")
		}
		text, err := readFile(s, args[0])
		if err != nil {
			return err
		}
		page := minutes.Read(text, minutes.Options{Name: args[0]})
		if !slices.ContainsFunc(page.Meetings, func(m minutes.Meeting) bool { return m.Date != "" }) {
			return fmt.Errorf("import %s: no call with a date was found in it; minuted minutes %s shows how each line is read", args[0], args[0])
		}
		d, err := target.openSigning(s)
		if err != nil {
			return err
		}
		defer d.Close() // the mail is posted or it is not
		if err := d.Import(ctx, *target.team, text); err != nil {
			return err
		}
		actions := 0
		for _, m := range page.Meetings {
			actions += len(m.Actions)
		}
		fmt.Fprintf(s.Err, "minuted: %s with %s and %s are in the mailbox; the daemon files them with its next pass\n",
			counted(len(page.Meetings), "call"), counted(actions, "action"), counted(len(page.Pinned), "pinned item"))
		return nil
	}
}
