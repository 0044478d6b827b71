// Package cli is the command line: it turns arguments into one call of the
// package of the same idea, and what comes back into text, JSON and an exit code.
//
// What is asked for goes to Out, for pipes; everything else goes to Err, one
// line each. What came by mail is escaped where Out is a terminal.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"minuted/parser/spell"
)

// Streams is what a command knows of its surroundings.
type Streams struct {
	In                       io.Reader
	Out, Err                 io.Writer
	OutTerminal, ErrTerminal bool
	Getenv                   func(string) string

	outCodes, errCodes io.Writer // get codes of a terminal, unescaped; nil where there is none
}

// run does what a command is for.
type run func(ctx context.Context, s Streams, args []string) error

// command is one word of the command line. Its setup names the flags and
// returns what to do once they are read.
type command struct {
	name, arguments string
	summary         string // after "minuted NAME ": what it does, one line
	help            string // what else there is to know, then examples
	setup           func(*flag.FlagSet) run
}

// Run runs one command and returns the exit code.
func Run(ctx context.Context, args []string, s Streams) int {
	if s.OutTerminal {
		s.outCodes, s.Out = s.Out, escaping{s.Out}
	}
	if s.ErrTerminal {
		s.errCodes, s.Err = s.Err, escaping{s.Err}
	}
	err := dispatch(ctx, args, s)
	complain(s.Err, err)
	return exitCode(err)
}

func dispatch(ctx context.Context, args []string, s Streams) error {
	if len(args) == 0 {
		return usageError("say what to do: minuted demo shows it all, minuted help lists the commands")
	}
	name := strings.TrimLeft(args[0], "-")
	if name == "h" {
		name = "help"
	}
	c, ok := find(name)
	if !ok {
		return unknownCommand(args[0])
	}
	return c.call(ctx, s, args[1:])
}

func find(name string) (command, bool) {
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		return command{}, false
	}
	return all[i], true
}

func unknownCommand(name string) error {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	if guess, ok := spell.Nearest(strings.ToLower(name), names); ok {
		return usageError("there is no command %q; did you mean minuted %s?", name, guess)
	}
	return usageError("there is no command %q; minuted help lists them", name)
}

// call reads the flags of a command and runs it.
func (c command) call(ctx context.Context, s Streams, args []string) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // complain says it, and shorter
	do := c.setup(flags)
	rest, err := parseFlags(flags, args)
	if errors.Is(err, flag.ErrHelp) {
		return c.describe(s.Out, flags)
	}
	if err != nil {
		return usageError("%w; minuted help %s shows the flags", err, c.name)
	}
	return do(ctx, s, rest)
}

// parseFlags lets flags stand behind other arguments too, as people write
// them; package flag stops at the first argument that is none.
func parseFlags(flags *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		left := flags.Args()
		if len(left) == 0 {
			return rest, nil
		}
		if ended := len(args) > len(left) && args[len(args)-len(left)-1] == "--"; ended {
			return append(rest, left...), nil
		}
		rest, args = append(rest, left[0]), left[1:]
	}
}

func (c command) describe(w io.Writer, flags *flag.FlagSet) error {
	fmt.Fprintf(w, "usage: %s\n\n%s\n", strings.TrimSpace("minuted "+c.name+" "+c.arguments), c.summary)
	if c.help != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(c.help))
	}
	first := "\nflags:\n"
	flags.VisitAll(func(f *flag.Flag) {
		name, usage := flag.UnquoteUsage(f)
		fmt.Fprintf(w, "%s  %-16s %s\n", first, strings.TrimSpace("-"+f.Name+" "+name), usage)
		first = ""
	})
	return nil
}

func helpCommand(*flag.FlagSet) run {
	return func(ctx context.Context, s Streams, args []string) error {
		if len(args) == 0 {
			return overview(s.Out)
		}
		c, ok := find(args[0])
		if !ok {
			return unknownCommand(args[0])
		}
		return c.call(ctx, s, []string{"-h"})
	}
}

func overview(w io.Writer) error {
	fmt.Fprint(w, "minuted keeps the agenda, the minutes and the promises of a team's calls, by email alone.\n\nusage: minuted COMMAND [FLAG]... [ARGUMENT]...\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, `
Start with: minuted demo
More of a command: minuted help COMMAND
The exit code is 0 when all went well, 1 when something went wrong, 2 when the
command line and 78 when the configuration is not understood.
`)
	return nil
}
