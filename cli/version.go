package cli

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"runtime/debug"
)

// versionCommand prints what Go noted in the binary, so that no build needs
// flags to be told its version.
func versionCommand(*flag.FlagSet) run {
	return func(ctx context.Context, s Streams, args []string) error {
		_, err := fmt.Fprintln(s.Out, "minuted", version())
		return err
	}
}

func version() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return cmp.Or(build.Main.Version, "(devel)")
}
