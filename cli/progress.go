package cli

import (
	"fmt"
	"io"
	"log/slog"
	"time"

	"minuted/daemon"
)

// progress shows on a terminal how far long work has come, in one line that is
// written over; in a pipe it is quiet.
type progress struct {
	out   io.Writer // nil: quiet
	shown time.Time
	log   *slog.Logger // where progress is shown: warnings alone, since a line for each mail would hide it
}

func newProgress(s Streams) *progress {
	if s.errCodes == nil {
		return &progress{}
	}
	return &progress{out: s.errCodes, log: newLog(s, "warn")}
}

// clearLine goes to the first column and erases what stands there (ECMA-48 EL).
const clearLine = "\r\x1b[K"

// show is called for every batch; ten times a second is enough to look alive.
func (p *progress) show(at daemon.Progress) {
	if p.out == nil || time.Since(p.shown) < 100*time.Millisecond {
		return
	}
	p.shown = time.Now()
	fmt.Fprintf(p.out, clearLine+"%s: %d mails %s", at.Team, at.Done, at.What)
}

// end leaves the line empty for what comes after.
func (p *progress) end() {
	if p.out != nil && !p.shown.IsZero() {
		io.WriteString(p.out, clearLine)
	}
}
