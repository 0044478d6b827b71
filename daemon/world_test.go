package daemon_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jordan-wright/email"

	"minuted/cli/demo/servers"
	"minuted/daemon"
)

// teamAddress is the shared mailbox of every story.
const teamAddress = "architecture@example.com"

// world is a team with its servers inside the process, and a clock that the story sets.
type world struct {
	t       *testing.T
	clock   time.Time
	now     func() time.Time // the clock, and the mail server is told
	imap    *servers.IMAP
	smtp    *servers.SMTP
	redis   *servers.Redis
	config  daemon.Config
	state   string
	daemon  *daemon.Daemon
	keys    [][]byte // secrets for tokens; nil: one of its own
	pace    daemon.Pace
	waiting func(team, why string)
	told    int // letters that the story has looked at
	mails   int // mails that people have sent
}

// newWorld starts the servers and a daemon. The extra lines are put into the
// team's part of the configuration.
func newWorld(t *testing.T, start time.Time, extra string) *world {
	t.Helper()
	w := &world{t: t, clock: start, state: t.TempDir()}
	// The daemon and the store ask for the time while a test waits for them. Only
	// the mail server may still ask when the test goes on.
	var seen atomic.Pointer[time.Time]
	seen.Store(&start)
	now := func() time.Time {
		at := w.clock
		seen.Store(&at)
		return at
	}
	w.now = now
	var err error
	if w.imap, err = servers.StartIMAP(servers.IMAPOptions{Accounts: map[string]string{teamAddress: "secret"}, Now: now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.imap.Close)
	if w.smtp, err = servers.StartSMTP(servers.SMTPOptions{Domain: "mx.example.com", Local: []string{"example.com"}, Mailboxes: w.imap, Now: func() time.Time { return *seen.Load() }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.smtp.Close)
	if w.redis, err = servers.StartRedis(now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.redis.Close)
	w.config = w.read(extra)
	w.start()
	t.Cleanup(func() { w.daemon.Close() })
	return w
}

func (w *world) read(extra string) daemon.Config {
	w.t.Helper()
	password := filepath.Join(w.state, "password")
	if err := os.WriteFile(password, []byte("secret"), 0o600); err != nil {
		w.t.Fatal(err)
	}
	src := fmt.Sprintf(`
redis: {url: "redis://%s/0", accept_data_loss: true}
teams:
  - name: Architecture calls
    address: %s
    sub_address: true
    mailbox: {host: 127.0.0.1, port: %d, tls: none, user: %q, password_file: %q}
    smtp: {host: 127.0.0.1, port: %d, tls: none}
    trust: {profile: own, authserv_id: mx.example.com}
%s`, w.redis.Addr(), teamAddress, w.imap.Port(), teamAddress, password, w.smtp.Port(), indent(withUsual(extra), "    "))
	config, err := daemon.ReadConfig([]byte(src), daemon.Places{Config: w.state, State: w.state})
	if err != nil {
		w.t.Fatalf("configuration: %v\n%s", err, src)
	}
	return config
}

// usual is what stands in the team's part of the configuration, where the story
// does not say otherwise.
var usual = []struct{ key, lines string }{
	{"zone", "zone: Europe/London"},
	{"people", `people:
  - Shaun <shaun@example.com>
  - {name: Kostas, address: kostas@example.com, zone: Europe/Athens}
  - Alexis <alexis@example.com>
  - Giovanni <giovanni@example.com>`},
	{"calls", `calls:
  - {days: [mon, thu], time: "16:00", where: "https://meet.example.com/architecture"}`},
	{"operators", "operators: [postmaster@example.com]"},
}

// withUsual puts what is usual before lines of a configuration that do not say it.
func withUsual(extra string) string {
	lines := ""
	for _, u := range usual {
		if !strings.Contains("\n"+extra, "\n"+u.key+":") {
			lines += u.lines + "\n"
		}
	}
	return lines + extra
}

func indent(text, by string) string {
	if text == "" {
		return ""
	}
	return by + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n"+by)
}

// start starts a daemon on whatever the servers hold.
func (w *world) start() {
	w.t.Helper()
	keys := w.keys
	if keys == nil {
		keys = [][]byte{bytes.Repeat([]byte("k"), 32)}
	}
	options := daemon.Options{Now: w.now, Host: "mx1", State: w.state, Keys: keys, Pace: w.pace, Waiting: w.waiting, Log: slog.New(slog.DiscardHandler)}
	if os.Getenv("MINUTED_STORY_LOG") != "" {
		options.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	d, err := daemon.New(w.config, options)
	if err != nil {
		w.t.Fatal(err)
	}
	w.daemon = d
}

// pass lets the daemon do what can be done by now.
func (w *world) pass() {
	w.t.Helper()
	w.redis.Tick()
	if err := w.daemon.Once(context.Background()); err != nil {
		w.t.Fatalf("pass at %s: %v", w.clock.Format(time.RFC3339), err)
	}
}

// advance lets time pass up to an instant, with a pass at each quarter of an hour.
func (w *world) advance(to time.Time) {
	w.t.Helper()
	for w.clock.Before(to) {
		w.clock = w.clock.Add(15 * time.Minute).Truncate(15 * time.Minute)
		if w.clock.After(to) {
			w.clock = to
		}
		w.pass()
	}
}

// deliver puts a mail into the shared mailbox as it arrives now.
func (w *world) deliver(raw []byte) {
	w.t.Helper()
	if _, err := w.imap.Deliver(teamAddress, raw, w.clock); err != nil {
		w.t.Fatal(err)
	}
	w.clock = w.clock.Add(time.Minute)
	w.pass()
}

// write composes a mail as a person's mail program does. The text begins with
// header fields, up to a blank line.
func (w *world) write(from, text string) []byte {
	w.t.Helper()
	w.mails++
	e := email.NewEmail()
	e.From, e.To = address(from), []string{teamAddress}
	e.Headers = textproto.MIMEHeader{}
	e.Headers.Set("Date", w.clock.Format(time.RFC1123Z))
	e.Headers.Set("Message-Id", fmt.Sprintf("<mail%d@%s>", w.mails, domain(address(from))))
	fields, body, _ := strings.Cut(text, "\n\n")
	for _, line := range strings.Split(fields, "\n") {
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "subject":
			e.Subject = value
		case "to":
			e.To = []string{value}
		default:
			e.Headers.Set(name, value)
		}
	}
	e.Text = []byte(body)
	raw, err := e.Bytes()
	if err != nil {
		w.t.Fatal(err)
	}
	return w.received(raw, address(from))
}

// received adds what the team's own mail server writes on top.
func (w *world) received(raw []byte, from string) []byte {
	return append([]byte(fmt.Sprintf("Authentication-Results: mx.example.com; dmarc=pass header.from=%s\r\n", domain(from))), raw...)
}

func address(person string) string {
	if strings.Contains(person, "@") {
		return person
	}
	return person + "@example.com"
}

func domain(address string) string {
	return strings.Trim(address[strings.LastIndex(address, "@")+1:], "> ")
}

// letter is a letter that left, as the person's mail program reads it.
type letter struct {
	kind, to, date, subject, text, html, id, replyTo string
	raw                                              []byte
}

// letters returns what has left since the story last looked.
func (w *world) letters() []letter {
	w.t.Helper()
	sent := w.smtp.Sent()
	var out []letter
	for _, s := range sent[w.told:] {
		e, err := email.NewEmailFromReader(bytes.NewReader(s.Raw))
		if err != nil {
			w.t.Fatalf("a letter cannot be read: %v\n%s", err, s.Raw)
		}
		out = append(out, letter{
			kind: e.Headers.Get("Minuted-Kind"), to: strings.TrimSuffix(s.To[0], "@example.com"), date: e.Headers.Get("Date"), subject: e.Subject,
			text: string(e.Text), html: string(e.HTML), id: strings.Trim(e.Headers.Get("Message-Id"), "<>"), replyTo: firstOf(e.ReplyTo, teamAddress), raw: s.Raw,
		})
	}
	w.told = len(sent)
	return out
}

func firstOf(list []string, otherwise string) string {
	if len(list) > 0 {
		return list[0]
	}
	return otherwise
}

// answer composes an answer to a letter, above the whole letter quoted, as most programs do.
func (w *world) answer(from string, l letter, text string) []byte {
	head := fmt.Sprintf("Subject: Re: %s\nTo: %s\nIn-Reply-To: <%s>\nReferences: <%s>\n\n", l.subject, l.replyTo, l.id, l.id)
	quote := "On " + w.clock.Format("Mon, 2 Jan 2006 at 15:04") + ", Architecture calls <" + teamAddress + "> wrote:\n> " +
		strings.ReplaceAll(strings.TrimRight(l.text, "\r\n"), "\n", "\n> ")
	return w.write(from, head+text+"\n\n"+quote+"\n")
}

// within is how long what must happen may take on a busy machine.
const within = 60 * time.Second

// eventually waits until something is so. What is waited for happens in another
// process, so that it can only be looked at again and again.
func eventually(t *testing.T, what string, so func() bool, why func() string) {
	t.Helper()
	eventuallyIn(t, within, what, so, why)
}

func eventuallyIn(t *testing.T, within time.Duration, what string, so func() bool, why func() string) {
	t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	late := time.After(within)
	for !so() {
		select {
		case <-look.C:
		case <-late:
			t.Fatalf("not within %s: %s\n%s", within, what, why())
		}
	}
}
