package daemon

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"time"

	"minuted/daemon/outbox"
)

// report puts a report of a letter that failed into the mailbox, as a server sends
// one that fails later (RFC 3464). So there is one way in which the team hears of
// it, an address that fails is paused, and a rebuild comes to the same. It stands
// there before the letter is settled; the same report twice counts once.
func (t *team) report(ctx context.Context, letter *outgoing, result outbox.Result) error {
	if letter.Person == "" { // a notice to an operator, whom status tells
		return nil
	}
	return t.mailbox.Post(ctx, t.reportOf(letter, result), t.now().UTC())
}

func (t *team) reportOf(letter *outgoing, result outbox.Result) []byte {
	_, domain, _ := strings.Cut(t.agenda.Address, "@")
	sum := sha256.Sum256([]byte(letter.Key))
	id := hex.EncodeToString(sum[:16])
	why := plain(fmt.Sprint(result.Code, " ", result.Text))
	if result.Code == 0 {
		why = plain(errorText(result.Err))
	}
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\r\n", args...) }
	line("From: %s", t.agenda.Address)
	line("To: %s", t.agenda.Address)
	line("Subject: A letter was refused")
	line("Date: %s", letter.At.UTC().Format(time.RFC1123Z))
	line("Message-ID: <refused.%s@%s>", id, domain)
	line("Auto-Submitted: auto-replied")
	line("MIME-Version: 1.0")
	line("Content-Type: multipart/report; report-type=delivery-status; boundary=%q", id)
	line("\r\n--%s\r\nContent-Type: text/plain; charset=us-ascii\r\n", id)
	line("The mail server did not take a letter to %s: %s", letter.To[0], why)
	line("\r\n--%s\r\nContent-Type: message/delivery-status\r\n", id)
	line("Reporting-MTA: dns; %s\r\n", domain)
	line("Final-Recipient: rfc822; %s", letter.To[0])
	line("Action: failed")
	line("Status: %s", statusOf(result))
	line("Diagnostic-Code: smtp; %s", why)
	line("\r\n--%s\r\nContent-Type: text/rfc822-headers\r\n", id)
	line("Message-ID: <%s>", letter.MessageID)
	line("\r\n--%s--", id)
	return []byte(b.String())
}

// enhanced is the code that servers put before their words (RFC 2034).
var enhanced = regexp.MustCompile(`^5\.[12]\.\d{1,3}\b`)

// statusOf is the status of RFC 3463 that says what failed: the address, the
// letter, or the patience. Refusals for reasons of policy (5.7) speak of us and not
// of the address, even where the server says so when it is named.
func statusOf(result outbox.Result) string {
	switch given := enhanced.FindString(strings.TrimSpace(result.Text)); {
	case result.State != outbox.Failed:
		return "4.4.7" // delivery time expired
	case !result.Address:
		return "5.6.0"
	case given != "":
		return given
	case policy.MatchString(strings.TrimSpace(result.Text)) || result.Code == 554:
		return "5.6.0"
	}
	return "5.1.1"
}

// policy is an enhanced code about anything but address and mailbox.
var policy = regexp.MustCompile(`^5\.[3-9]\.\d`)

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// plain is one line of what a server said, as a header may hold it.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	return text[:min(len(text), 400)]
}
