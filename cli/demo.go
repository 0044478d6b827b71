package cli

import (
	"context"
	"flag"

	"minuted/cli/demo"
)

// demoCommand plays a week of a team.
func demoCommand(flags *flag.FlagSet) run {
	keep := flags.String("keep", "", "write each letter as .eml and its HTML as .html into the folder `DIR`")
	stay := flags.Bool("stay", false, "leave the servers up and say how to join with a mail program")
	return func(ctx context.Context, s Streams, args []string) error {
		o := demo.Options{Out: s.Out, Codes: s.outCodes, Keep: *keep, Stay: *stay}
		// https://no-color.org: any value but the empty one asks for none.
		if s.Getenv("NO_COLOR") != "" || s.Getenv("TERM") == "dumb" {
			o.Codes = nil
		}
		return demo.Run(ctx, o)
	}
}
