package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"minuted/daemon"
)

// The exit codes. 78 is EX_CONFIG of sysexits.h; the unit does not restart on 2 and 78.
const (
	exitDone   = 0
	exitWrong  = 1
	exitUsage  = 2
	exitConfig = 78
)

// usage is a command line that is not understood.
type usage struct{ error }

func (u usage) Unwrap() error { return u.error }

func usageError(format string, args ...any) error { return usage{fmt.Errorf(format, args...)} }

// badConfig is a configuration that cannot be used.
type badConfig struct {
	file string
	err  error
}

func (b *badConfig) Error() string { return fmt.Sprintf("read configuration: %v", b.err) }
func (b *badConfig) Unwrap() error { return b.err }

// errTold is what a command returns that has said already what went wrong.
var errTold = errors.New("told already")

func exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	if _, ok := errors.AsType[usage](err); ok || errors.Is(err, flag.ErrHelp) {
		return exitUsage
	}
	if _, ok := errors.AsType[*badConfig](err); ok {
		return exitConfig
	}
	return exitWrong
}

// complain says what went wrong, one line for each thing, with a hint where
// the remedy can be guessed.
func complain(w io.Writer, err error) {
	if err == nil || errors.Is(err, errTold) {
		return
	}
	bad, _ := errors.AsType[*badConfig](err)
	if refused, ok := errors.AsType[*daemon.ConfigError](err); ok && bad != nil {
		for _, m := range refused.Mistakes {
			fmt.Fprintf(w, "minuted: %s:%s\n", bad.file, m)
		}
		return
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(w, "minuted: %s\n", strings.TrimSuffix(line, "\n"))
	}
	if hint := hintOf(err); hint != "" {
		fmt.Fprintf(w, "minuted: hint: %s\n", hint)
	}
}

// hints are the remedies that can be guessed, the first that fits. What the
// mail servers and Redis answer has its remedy in the error already.
var hints = []struct {
	fits func(error) bool
	hint string
}{
	{isType[*badConfig], "name the file with -c FILE; config.example.yaml shows what it says"},
	{is(daemon.ErrNoTokenKey), "minuted serve makes it at its first start; run this as the daemon's user, or name the file with token_key_file"},
	{is(fs.ErrPermission), "run it as the user that the file belongs to, or as root"},
}

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func isType[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func hintOf(err error) string {
	for _, h := range hints {
		if h.fits(err) {
			return h.hint
		}
	}
	return ""
}
