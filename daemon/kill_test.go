//go:build unix

package daemon_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// crashPoints name each step of a pass by what goes over the line there, in the
// order of a pass. At each the daemon is killed twice: before the server has
// heard of it, and after it has answered.
var crashPoints = []struct{ name, server, pattern string }{
	{"the lease is taken", "redis", `architecture\}:lease`},
	{"the records are loaded", "redis", `(?i)hgetall\r\n[^*]*:open\r\n`},
	{"the mailbox is opened", "imap", `SELECT`},
	{"new mail is looked for", "imap", `UID SEARCH`},
	{"a mail is fetched", "imap", `UID FETCH`},
	{"contents are looked up", "redis", `(?i)mget\r\n[^*]*:seen:`},
	{"a mail is committed", "redis", `:quarantine\r\n`},
	{"a mail is filed away", "imap", `UID MOVE`},
	{"the filing is noted", "redis", `(?i)hdel\r\n[^*]*:filing\r\n`},
	{"the mark is asked for", "imap", `STATUS`},
	{"the mark is noted", "redis", `filed_uid`},
	{"a letter is taken", "redis", `\$1\r\n2\r\n[^*]*:outbox\r\n[^*]*:meta\r\n`},
	{"a letter is begun", "smtp", `MAIL FROM`},
	{"a letter is addressed", "smtp", `RCPT TO`},
	{"the text is announced", "smtp", `DATA\r\n`},
	{"the final dot is written", "smtp", `\r\n\.\r\n`},
	{"a letter is settled", "redis", `:failed\r\n`},
}

func TestAKilledDaemonLosesNothingAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	taps, config := p.tapped()
	for _, point := range crashPoints {
		for after, when := range map[bool]string{false: "before", true: "after"} {
			t.Run(when+" "+point.name, func(t *testing.T) {
				p.t = t
				victim := make(chan *child, 1)
				struck := make(chan struct{})
				taps[point.server].watch(point.pattern, after, func() bool {
					c := <-victim
					c.kill()
					close(struck)
					return false
				})
				p.deliver()
				c := spawn(t, config, p.origin)
				victim <- c
				select {
				case <-struck:
				case <-time.After(within):
					t.Fatalf("the daemon never came to this point\n%s", c.said())
				}
				c = spawn(t, config, p.origin)
				eventually(t, "every mail is a topic and every letter has left", p.settled, c.said)
				c.kill()
				p.wantEach()
			})
		}
	}
}

// TestAFirstStartThatIsCutShortIsBegunAgain kills the daemon when the mailbox says
// already that work has begun, and Redis does not.
func TestAFirstStartThatIsCutShortIsBegunAgain(t *testing.T) {
	t.Parallel()
	for after, when := range map[bool]string{false: "before", true: "after"} {
		t.Run(when+" the beginning is committed", func(t *testing.T) {
			p := newPlant(t)
			taps, config := p.tapped()
			victim, struck := make(chan *child, 1), make(chan struct{})
			taps["redis"].watch(`:quarantine\r\n`, after, func() bool {
				c := <-victim
				c.kill()
				close(struck)
				return false
			})
			p.deliver()
			victim <- spawn(t, config, p.origin)
			<-struck
			c := spawn(t, config, p.origin)
			eventually(t, "every mail is a topic and every letter has left", p.settled, c.said)
			c.kill()
			p.wantEach()
		})
	}
}

// number reads a number from the environment, for longer runs by hand.
func number(t *testing.T, variable string, otherwise int) int {
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestKillsAtRandomMomentsUnderLoad kills a daemon 200 times while mail keeps
// coming. More by hand: MINUTED_KILLS=1000 MINUTED_MAILS=10000 go test -run Random -timeout 2h ./daemon
//
// Half of the kills wait until the daemon has begun with a mail or a letter: on a
// busy machine the others strike before it has done anything.
func TestKillsAtRandomMomentsUnderLoad(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	kills := number(t, "MINUTED_KILLS", 200)
	mails := max(kills, number(t, "MINUTED_MAILS", 400)) // a mail for each kill, so that there is work
	atWork := 0
	for kill := range kills {
		c := spawn(t, p.direct, p.origin)
		for p.mails < mails*(kill+1)/kills {
			p.deliver()
		}
		if kill%2 == 0 {
			eventually(t, "the daemon works", c.works, c.said)
		}
		moment := time.NewTimer(time.Duration(rand.IntN(400)) * time.Millisecond)
		<-moment.C
		c.kill()
		if c.works() {
			atWork++
		}
		os.Remove(c.log) // thousands of them would fill the disk
	}
	c := spawn(t, p.direct, p.origin)
	eventuallyIn(t, within+time.Duration(mails)*50*time.Millisecond, "every mail is a topic and every letter has left", p.settled, c.said)
	c.kill()
	p.wantEach()
	t.Logf("%d kills, %d of them at work, %d mails, %d letters", kills, atWork, p.mails, len(p.letters()))
	if atWork < kills/2 {
		t.Errorf("%d of %d kills struck a daemon at work, want half of them at least", atWork, kills)
	}
}

// works says whether a daemon has begun with a mail or a letter.
func (c *child) works() bool {
	return strings.Contains(c.said(), "msg=mail") || strings.Contains(c.said(), "msg=letter")
}
