// Minuted keeps the agenda, the minutes and the promises of a team's recurring
// calls, by email alone. This file hands arguments, streams and environment to
// package cli; daemon/doc.go is the guided tour of the code.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones must be known on machines without zoneinfo, such as small containers

	"golang.org/x/term"

	"minuted/cli"
)

func main() {
	cli.KeepNoCore()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the program at once: whoever asks twice means it.
	context.AfterFunc(ctx, stop)
	os.Exit(cli.Run(ctx, os.Args[1:], cli.Streams{
		In:          os.Stdin,
		Out:         os.Stdout,
		Err:         os.Stderr,
		OutTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		ErrTerminal: term.IsTerminal(int(os.Stderr.Fd())),
		Getenv:      os.Getenv,
	}))
}
