//go:build unix

package daemon_test

import (
	"testing"
	"time"
)

// At each of these points one of two daemons is stopped, and goes on when the
// other has had its team for long.
var stopPoints = []struct{ name, server, pattern string }{
	{"before it commits", "redis", `:quarantine\r\n`},
	{"before it files away", "imap", `UID MOVE`},
	{"before it takes a letter", "redis", `\$1\r\n2\r\n[^*]*:outbox\r\n[^*]*:meta\r\n`},
	{"before it hands a letter over", "smtp", `DATA\r\n`},
	{"after the final dot", "smtp", `\r\n\.\r\n`},
	{"before it settles a letter", "redis", `:failed\r\n`},
}

func TestADaemonThatWasStoppedForThreeLeasesRepeatsNothing(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	taps, tapped := p.tapped()
	for _, point := range stopPoints {
		t.Run(point.name, func(t *testing.T) {
			p.t = t
			victim, stopped := make(chan *child, 1), make(chan struct{})
			taps[point.server].watch(point.pattern, false, func() bool {
				c := <-victim
				c.pause()
				close(stopped)
				return true
			})
			p.deliver()
			first := spawn(t, tapped, p.origin)
			victim <- first
			select {
			case <-stopped:
			case <-time.After(within):
				t.Fatalf("the first daemon never came to this point\n%s", first.said())
			}
			threeLeases := time.After(3 * quick.Lease)
			second := spawn(t, p.direct, p.origin)
			p.deliver()
			eventually(t, "the second daemon has done everything", p.settled, second.said)
			<-threeLeases
			first.resume()
			p.deliver()
			eventually(t, "both have done everything", p.settled, func() string { return first.said() + second.said() })
			first.kill()
			second.kill()
			p.wantEach()
		})
	}
}
