package cli

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"minuted/agenda"
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
	fmt.Fprintln(s.Out, st.Team)
	for _, line := range slices.Concat(statusOfDaemon(st), statusOfMail(st), statusOfLetters(st), lessons(st)) {
		fmt.Fprintf(s.Out, "  %-12s %s\n", line[0], line[1])
	}
	return nil
}

func statusOfDaemon(st daemon.Status) (lines [][2]string) {
	lines = append(lines, [2]string{"daemon", cmp.Or(st.Holder, "none runs for this team: minuted serve")})
	if !st.Next.IsZero() {
		lines = append(lines, [2]string{"next", clock(st.Next)})
	}
	return lines
}

func clock(t time.Time) string { return t.UTC().Format("Mon 2 Jan 2006 15:04 UTC") }

// statusOfMail tells of each mail that did not get its way: why, and what
// settles it.
func statusOfMail(st daemon.Status) (lines [][2]string) {
	line := func(label, format string, args ...any) {
		lines = append(lines, [2]string{label, fmt.Sprintf(format, args...)})
	}
	for _, q := range st.Quarantined {
		line("set aside", "%s from %s, %q: %s; it lies in the folder %s, minuted inspect FILE shows more, minuted tell does what it asked for; delete it there when that is settled: with the folder empty this is no longer told",
			q.Arrived.Format(time.DateOnly), q.From, q.Subject, q.Why, agenda.Quarantine)
	}
	for _, h := range st.Asked {
		line("asked", "%s whether these were meant, since nothing proved it: %q; %s answers yes, until %s they count then",
			h.Person, strings.Join(h.Lines(), " / "), h.Person, clock(h.Expires))
	}
	for _, item := range st.Unaccepted {
		line("waits", "T-%d %q from %s (%s): minuted tell \"T-%d accept\"", item.ID, item.Title, item.Submitter, item.Why, item.ID)
	}
	for _, call := range st.Held {
		until := "until " + clock(call.Minutes.Release)
		if call.Minutes.Held {
			until = "as their scribe asked"
		}
		line("held", "the minutes of %s, %s; the scribe answers send, or: minuted tell send", call.ID, until)
	}
	for _, s := range st.Stale {
		line("moved", "%s", staleCall(s))
	}
	return lines
}

// lessons suggests rules that people taught by giving topics their area.
func lessons(st daemon.Status) (lines [][2]string) {
	for _, l := range st.Lessons {
		lines = append(lines, [2]string{"suggestion", fmt.Sprintf("add %q to the %s of area %s: %d topics were given it by hand", l.Value, l.Key, l.Area, len(l.Items))})
	}
	return lines
}

// staleCall says how an announced call comes to be as the configuration has it.
func staleCall(s agenda.Stale) string {
	text := fmt.Sprintf(`the call of %s was announced before the configuration changed, and stays; minuted tell "skip %s" calls it off`, clock(s.Call.Start), s.Call.Day())
	if !s.Now.IsZero() {
		text += fmt.Sprintf(`, then minuted tell "call %s %s" sets it anew`, s.Call.Day(), s.Now.Format("15:04"))
	}
	return text
}

// statusOfLetters does the same for letters.
func statusOfLetters(st daemon.Status) (lines [][2]string) {
	for _, l := range st.Waiting {
		lines = append(lines, [2]string{"to send", letterState(l) + "; next try " + clock(l.Next)})
	}
	for _, l := range st.Failed {
		lines = append(lines, [2]string{"refused", letterState(l) + "; put the address right in the configuration, what is missed is mailed to whoever asks for it: agenda, mine"})
	}
	for _, u := range st.Unreached {
		lines = append(lines, [2]string{"came back", fmt.Sprintf("%s to %s, on %s; the next letter to the team says so, after two in a row none are sent there: look at the address in the configuration", u.Letter, u.Person, clock(u.Since))})
	}
	for _, p := range st.Paused {
		lines = append(lines, [2]string{"paused", fmt.Sprintf("letters to %s, since %s fails; put the right address in the configuration, or, where this one works again, %s answers resume", p.Name, p.Address, p.Name)})
	}
	return lines
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
