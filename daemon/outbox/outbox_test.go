package outbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"minuted/cli/demo/servers"
)

const (
	sender  = "team@example.org"
	person  = "eve@example.org"
	archive = "team+archive@example.org"
)

var letter = []byte("Message-ID: <l1@example.org>\r\nSubject: agenda\r\n\r\n.a line with a dot\r\n..two\r\n.\r\nend\r\n")

func at() time.Time { return time.Date(2017, 1, 30, 16, 0, 0, 0, time.UTC) }

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func serve(t *testing.T, o servers.SMTPOptions) *servers.SMTP {
	t.Helper()
	o.Domain, o.Now = "mx.example.org", at
	server, err := servers.StartSMTP(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// impatient is for tests of silence. In all others the server has time, however
// busy the machine.
func impatient(c *Config) { c.Timeout = 300 * time.Millisecond }

func open(t *testing.T, port int, change func(*Config)) *Outbox {
	t.Helper()
	c := Config{Host: "127.0.0.1", Port: port, TLS: "none", Timeout: 20 * time.Second}
	if change != nil {
		change(&c)
	}
	o := New(c, slog.New(slog.DiscardHandler))
	t.Cleanup(func() { o.Close() })
	return o
}

func wantState(t *testing.T, r Result, want State) {
	t.Helper()
	if r.State != want {
		t.Errorf("state %s (%d %s, %v), want %s", r.State, r.Code, r.Text, r.Err, want)
	}
}

func TestSend_hands_over_the_same_bytes_on_one_connection(t *testing.T) {
	server := serve(t, servers.SMTPOptions{})
	o := open(t, server.Port(), nil)
	for range 3 {
		wantState(t, o.Send(t.Context(), sender, []string{person, archive}, letter), Sent)
	}
	sent := server.Sent()
	if len(sent) != 3 || server.Connections() != 1 {
		t.Fatalf("%d letters over %d connections, want 3 over 1", len(sent), server.Connections())
	}
	if !bytes.Equal(sent[0].Raw, letter) || sent[0].From != sender || !slices.Equal(sent[0].To, []string{person, archive}) {
		t.Errorf("arrived from %s to %v: %q", sent[0].From, sent[0].To, sent[0].Raw)
	}
}

func TestSend_tells_what_became_of_a_letter(t *testing.T) {
	refuse := func(command string, code int) servers.SMTPFault {
		return servers.SMTPFault{At: command, Do: servers.Reply, Code: code, Text: "no"}
	}
	for _, c := range []struct {
		name  string
		fault servers.SMTPFault
		want  State
		code  int
		kept  int // letters the server has taken all the same
	}{
		{"busy at connect", refuse("CONNECT", 421), Again, 421, 0},
		{"unwilling at connect", refuse("CONNECT", 554), Again, 554, 0},
		{"sender refused for now", refuse("MAIL", 451), Again, 451, 0},
		{"sender refused", refuse("MAIL", 553), Failed, 553, 0},
		{"login wanted", refuse("MAIL", 530), Again, 530, 0},
		{"recipient greylisted", refuse("RCPT", 450), Again, 450, 0},
		{"recipient unknown", refuse("RCPT", 550), Failed, 550, 0},
		{"no room after the final dot", refuse("DATA", 452), Again, 452, 0},
		{"content refused after the final dot", refuse("DATA", 554), Failed, 554, 0},
		{"connection lost at MAIL", servers.SMTPFault{At: "MAIL", Do: servers.HangUp}, Again, 0, 0},
		{"connection lost at RCPT", servers.SMTPFault{At: "RCPT", Do: servers.HangUp}, Again, 0, 0},
		{"silent at MAIL", servers.SMTPFault{At: "MAIL", Do: servers.Mute}, Again, 0, 0},
		{"connection lost after the final dot", servers.SMTPFault{At: "DATA", Do: servers.Swallow}, Unclear, 0, 1},
		{"silent after the final dot", servers.SMTPFault{At: "DATA", Do: servers.Mute}, Unclear, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := serve(t, servers.SMTPOptions{})
			server.Break(c.fault)
			o := open(t, server.Port(), nil)
			if c.fault.Do == servers.Mute {
				o = open(t, server.Port(), impatient)
			}
			r := o.Send(t.Context(), sender, []string{person, archive}, letter)
			wantState(t, r, c.want)
			if r.Code != c.code || r.Err == nil || len(server.Sent()) != c.kept {
				t.Errorf("code %d, error %v, %d taken; want code %d, an error, %d taken", r.Code, r.Err, len(server.Sent()), c.code, c.kept)
			}
			server.Mend()
			wantState(t, o.Send(t.Context(), sender, []string{person}, letter), Sent)
		})
	}
}

func TestSend_is_not_kept_by_a_refused_copy(t *testing.T) {
	server := serve(t, servers.SMTPOptions{})
	server.Break(servers.SMTPFault{At: "RCPT", To: archive, Do: servers.Reply, Code: 452, Text: "full"})
	r := open(t, server.Port(), nil).Send(t.Context(), sender, []string{person, archive}, letter)
	wantState(t, r, Sent)
	if !slices.Equal(r.Rejected, []string{archive}) || !slices.Equal(server.Sent()[0].To, []string{person}) {
		t.Errorf("rejected %v, sent to %v", r.Rejected, server.Sent()[0].To)
	}
}

func TestSend_sends_no_copy_of_a_letter_that_its_person_does_not_get(t *testing.T) {
	server := serve(t, servers.SMTPOptions{})
	server.Break(servers.SMTPFault{At: "RCPT", To: person, Do: servers.Reply, Code: 550, Text: "unknown", Times: 1})
	o := open(t, server.Port(), nil)
	wantState(t, o.Send(t.Context(), sender, []string{person, archive}, letter), Failed)
	wantState(t, o.Send(t.Context(), sender, []string{person}, letter), Sent)
	if sent := server.Sent(); len(sent) != 1 || len(sent[0].To) != 1 {
		t.Errorf("sent %v", sent)
	}
}

func TestSend_renews_a_connection_that_the_server_closed(t *testing.T) {
	server := serve(t, servers.SMTPOptions{})
	o := open(t, server.Port(), nil)
	wantState(t, o.Send(t.Context(), sender, []string{person}, letter), Sent)
	server.Break(servers.SMTPFault{At: "MAIL", Do: servers.HangUp, Times: 1})
	wantState(t, o.Send(t.Context(), sender, []string{person}, letter), Sent)
	if server.Connections() != 2 {
		t.Errorf("%d connections, want 2", server.Connections())
	}
}

func TestSend_refuses_bytes_and_addresses_that_could_smuggle(t *testing.T) {
	server := serve(t, servers.SMTPOptions{})
	o := open(t, server.Port(), nil)
	for name, raw := range map[string]string{
		"bare LF": "Subject: x\r\n\r\na\n.\nMAIL FROM:<x@y>\r\n", "bare CR": "Subject: x\r\n\r\na\r.\r\r\n", "no end of line": "Subject: x\r\n\r\na",
	} {
		t.Run(name, func(t *testing.T) {
			wantState(t, o.Send(t.Context(), sender, []string{person}, []byte(raw)), Failed)
		})
	}
	for _, address := range []string{"eve@x>\r\nRCPT TO:<mallory@x", "eve@x> NOTIFY=NEVER", "a\nb"} {
		wantState(t, o.Send(t.Context(), sender, []string{address}, letter), Failed)
		wantState(t, o.Send(t.Context(), address, []string{person}, letter), Failed)
	}
	wantState(t, o.Send(t.Context(), sender, nil, letter), Failed)
	if n := server.Connections(); n != 0 {
		t.Errorf("%d connections were made for letters that cannot go", n)
	}
}

func TestSend_asks_for_SMTPUTF8_only_where_an_address_needs_it(t *testing.T) {
	with, without := serve(t, servers.SMTPOptions{UTF8: true}), serve(t, servers.SMTPOptions{})
	for _, to := range []string{person, "zoë@example.org"} {
		wantState(t, open(t, with.Port(), nil).Send(t.Context(), sender, []string{to}, letter), Sent)
	}
	if sent := with.Sent(); sent[0].UTF8 || !sent[1].UTF8 {
		t.Errorf("asked for: %v, %v; want only the second", sent[0].UTF8, sent[1].UTF8)
	}
	o := open(t, without.Port(), nil)
	wantState(t, o.Send(t.Context(), sender, []string{"zoë@example.org"}, letter), Failed)
	wantState(t, o.Send(t.Context(), sender, []string{person}, letter), Sent)
}

func TestSend_ends_with_its_context(t *testing.T) {
	for _, c := range []struct {
		at   string
		want State
	}{{"MAIL", Again}, {"DATA", Unclear}} {
		t.Run(c.at, func(t *testing.T) {
			server := serve(t, servers.SMTPOptions{})
			server.Break(servers.SMTPFault{At: c.at, Do: servers.Mute})
			o := open(t, server.Port(), func(c *Config) { c.Timeout = time.Hour })
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			r := o.Send(ctx, sender, []string{person}, letter)
			wantState(t, r, c.want)
			if !errors.Is(r.Err, context.DeadlineExceeded) {
				t.Errorf("error %v, want that of the context", r.Err)
			}
		})
	}
}

func TestSend_runs_as_many_letters_at_once_as_it_may(t *testing.T) {
	server := serve(t, servers.SMTPOptions{})
	o := open(t, server.Port(), func(c *Config) { c.Connections = 4 })
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			wantState(t, o.Send(t.Context(), sender, []string{fmt.Sprintf("p%d@example.org", i)}, letter), Sent)
		})
	}
	all.Wait()
	if server.Connections() > 4 || len(server.Sent()) != 40 {
		t.Errorf("%d letters over %d connections", len(server.Sent()), server.Connections())
	}
}

func TestCheck_logs_in_with_and_without_TLS(t *testing.T) {
	serverTLS, clientTLS, err := servers.SelfSigned(time.Now()) // the handshake reads the real clock
	if err != nil {
		t.Fatal(err)
	}
	for _, security := range []servers.Security{servers.Plain, servers.Implicit, servers.StartTLS} {
		t.Run(string(security), func(t *testing.T) {
			server := serve(t, servers.SMTPOptions{Accounts: map[string]string{sender: "secret"}, Security: security, TLS: serverTLS})
			o := open(t, server.Port(), func(c *Config) {
				c.TLS, c.TLSConfig, c.User = string(security), clientTLS, sender
				c.Password = func() (string, error) { return "secret", nil }
			})
			if err := o.Check(t.Context()); err != nil {
				t.Error(err)
			}
			wantState(t, o.Send(t.Context(), sender, []string{person}, letter), Sent)
		})
	}
}

func TestCheck_names_the_remedy(t *testing.T) {
	serverTLS, _, err := servers.SelfSigned(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	plain := serve(t, servers.SMTPOptions{Accounts: map[string]string{sender: "secret"}})
	secure := serve(t, servers.SMTPOptions{Security: servers.Implicit, TLS: serverTLS})
	closed := serve(t, servers.SMTPOptions{})
	closed.Close()
	for name, c := range map[string]struct {
		port   int
		change func(*Config)
		want   string
	}{
		"wrong password": {plain.Port(), func(c *Config) {
			c.User, c.Password = sender, func() (string, error) { return "wrong", nil }
		}, "check user and password"},
		"nobody there":    {closed.Port(), nil, "check host and port"},
		"plain to others": {plain.Port(), func(c *Config) { c.Host = "192.0.2.1" }, "tls: implicit or starttls"},
		"unknown signer":  {secure.Port(), func(c *Config) { c.TLS = "implicit" }, "nobody we trust signed"},
		"TLS to plain":    {plain.Port(), func(c *Config) { c.TLS = "implicit" }, "tls: starttls"},
		"no STARTTLS":     {plain.Port(), func(c *Config) { c.TLS = "starttls" }, "tls: implicit"},
		"plain to TLS":    {secure.Port(), impatient, "speaks another protocol or TLS"},
	} {
		t.Run(name, func(t *testing.T) {
			err := open(t, c.port, c.change).Check(t.Context())
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want a hint %q", err, c.want)
			}
		})
	}
}

func TestSend_hands_over_whatever_lines_there_are(t *testing.T) {
	server := serve(t, servers.SMTPOptions{})
	o := open(t, server.Port(), nil)
	long := strings.Repeat("0123456789abcde\r\n", 10_000)
	kilobytes := strings.Repeat(strings.Repeat("x", 62)+"\r\n", 1024) // 64, as much as is written at once
	letters := []string{
		"\r\n", ".\r\n", "..\r\n", ".\r\n.\r\n", "\r\n.\r\n", "\r\n\r\n.\r\n.", "a\r\n.", ".a\r\nb.\r\n.c\r\n\r\n..\r\n",
		long, long + "." + long, strings.Repeat(".\r\n", 30_000), kilobytes + ".y", "x" + kilobytes + ".y", kilobytes[1:] + ".y",
	}
	for i, text := range letters {
		if !strings.HasSuffix(text, "\r\n") {
			text += "\r\n"
			letters[i] = text
		}
		wantState(t, o.Send(t.Context(), sender, []string{person}, []byte(text)), Sent)
	}
	sent := server.Sent()
	if len(sent) != len(letters) || server.Connections() != 1 {
		t.Fatalf("%d letters over %d connections, want %d over 1", len(sent), server.Connections(), len(letters))
	}
	for i, text := range letters {
		if string(sent[i].Raw) != text {
			t.Errorf("letter %d arrived with %d bytes, want %d", i, len(sent[i].Raw), len(text))
		}
	}
}

func TestSend_refuses_bare_line_ends(t *testing.T) {
	for _, text := range []string{"a\nb\r\n", "a\rb\r\n", "a\r\r\n", "a\n\r\n", "\n\r\r\n", "a\r\n\n", "a", ""} {
		if err := checkLetter(sender, []string{person}, []byte(text)); err == nil {
			t.Errorf("%q would be sent", text)
		}
	}
}
