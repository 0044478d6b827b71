package cli

import (
	"fmt"
	"io"
	"time"

	"minuted/daemon"
)

// progress shows on a terminal how far long work has come, in one line that is
// written over; in a pipe it is quiet.
type progress struct {
	out   io.Writer // nil: quiet
	shown time.Time
}

func newProgress(s Streams) *progress { return &progress{out: s.errCodes} }

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
