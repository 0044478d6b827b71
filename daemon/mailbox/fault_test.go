package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"minuted/cli/demo/servers"
)

// wantError wants an error that is worth another try, or not.
func wantError(t *testing.T, err error, again bool) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Again != again {
		t.Errorf("error %v, want one with Again %v", err, again)
	}
}

func TestSilence_at_any_command_is_an_error_and_passes(t *testing.T) {
	for _, command := range []string{"GREETING", "LOGIN", "SELECT", "SEARCH", "FETCH", "MOVE"} {
		t.Run(command, func(t *testing.T) {
			server := serve(t, servers.IMAPOptions{})
			deliver(t, server, 2)
			c := configFor(server.Port())
			c.CmdTimeout = soon
			m := open(t, c)
			server.Break(servers.Fault{At: command, Do: servers.Stall})
			wantError(t, fetchAndFile(t.Context(), m), true)
			server.Mend()
			if err := fetchAndFile(t.Context(), m); err != nil {
				t.Errorf("after the silence: %v", err)
			}
		})
	}
}

func fetchAndFile(ctx context.Context, m *Mailbox) error {
	batch, err := m.Fetch(ctx, 0, nil, 10)
	if err != nil {
		return err
	}
	return m.FileAway(ctx, batch.Validity, uidsOf(batch.Mails), "done")
}

func TestLost_connection_at_any_command_is_an_error_and_passes(t *testing.T) {
	for _, command := range []string{"GREETING", "LOGIN", "SELECT", "SEARCH", "MOVE"} {
		t.Run(command, func(t *testing.T) {
			server := serve(t, servers.IMAPOptions{})
			deliver(t, server, 2)
			m := open(t, configFor(server.Port()))
			server.Break(servers.Fault{At: command, Do: servers.Drop, Times: 1})
			wantError(t, fetchAndFile(t.Context(), m), true)
			if err := fetchAndFile(t.Context(), m); err != nil {
				t.Errorf("after the loss: %v", err)
			}
		})
	}
}

func TestFetch_goes_on_after_a_restart_of_the_server(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 3)
	m := open(t, configFor(server.Port()))
	fetch(t, m, 0, nil, 1)
	server.DropAll()
	batch, err := m.Fetch(t.Context(), 1, nil, 10)
	if err != nil { // the loss had not arrived yet when the connection was used
		wantError(t, err, true)
		batch = fetch(t, m, 1, nil, 10)
	}
	wantUIDs(t, batch.Mails, 2, 3)
}

func TestCancelled_context_ends_a_command_at_once(t *testing.T) {
	for _, command := range []string{"GREETING", "SELECT", "FETCH"} {
		t.Run(command, func(t *testing.T) {
			server := serve(t, servers.IMAPOptions{})
			deliver(t, server, 1)
			c := configFor(server.Port())
			c.CmdTimeout = time.Hour
			m := open(t, c)
			server.Break(servers.Fault{At: command, Do: servers.Stall})
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			_, err := m.Fetch(ctx, 0, nil, 10)
			want(t, "error is that of the context", errors.Is(err, context.DeadlineExceeded), true)
		})
	}
}

func TestClose_ends_what_is_under_way(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 1)
	c := configFor(server.Port())
	c.CmdTimeout = time.Hour
	m := open(t, c)
	fetch(t, m, 0, nil, 10)
	server.Break(servers.Fault{At: "SEARCH", Do: servers.Stall})
	ended := make(chan error, 2)
	go func() { _, err := m.Fetch(context.Background(), 1, nil, 10); ended <- err }()
	go func() {
		for {
			if err := m.Wait(context.Background()); err != nil {
				ended <- err
				return
			}
		}
	}()
	m.Close()
	for range 2 {
		wantError(t, <-ended, false)
	}
}

func TestFetch_hands_out_what_came_whole_before_the_connection_broke(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 4)
	server.Break(servers.Fault{UID: 3, Do: servers.HalfLiteral, Times: 1})
	m := open(t, configFor(server.Port()))
	first := fetch(t, m, 0, nil, 10)
	wantUIDs(t, first.Mails, 1, 2)
	want(t, "more", first.More, true)
	wantUIDs(t, fetch(t, m, 2, nil, 10).Mails, 3, 4)
}

func TestFetch_gives_up_a_mail_that_ends_every_connection_and_goes_on(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 4)
	server.Break(servers.Fault{UID: 2, Do: servers.HalfLiteral})
	m := open(t, configFor(server.Port()))
	var all []Mail
	for more, after, tries := true, uint32(0), 5; more && tries > 0; tries-- {
		batch, err := m.Fetch(t.Context(), after, nil, 10)
		if err != nil {
			wantError(t, err, true)
			continue
		}
		all, more = append(all, batch.Mails...), batch.More
		after = all[len(all)-1].UID
	}
	wantUIDs(t, all, 1, 2, 3, 4)
	if all[1].Failed == "" || all[0].Failed+all[2].Failed+all[3].Failed != "" {
		t.Errorf("failed: %q, %q, %q, %q; want the second alone", all[0].Failed, all[1].Failed, all[2].Failed, all[3].Failed)
	}
}

func TestFetch_gives_up_no_mail_while_others_do_not_come_either(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 3)
	for uid := uint32(1); uid <= 3; uid++ {
		server.Break(servers.Fault{UID: uid, Do: servers.HalfLiteral})
	}
	m := open(t, configFor(server.Port()))
	for range 2 * deathsLonely {
		_, err := m.Fetch(t.Context(), 0, nil, 10)
		wantError(t, err, true)
	}
	server.Mend()
	var all []Mail
	for more, after := true, uint32(0); more; after = all[len(all)-1].UID {
		batch := fetch(t, m, after, nil, 10)
		all, more = append(all, batch.Mails...), batch.More
	}
	for i, mail := range all {
		want(t, "text", string(mail.Raw), string(numbered(i+1)))
	}
	want(t, "mails", len(all), 3)
}

func TestFetch_gives_up_the_only_mail_there_is_late_but_does(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 1)
	server.Break(servers.Fault{UID: 1, Do: servers.HalfLiteral})
	m := open(t, configFor(server.Port()))
	for range deathsLonely - deathsFinal {
		_, err := m.Fetch(t.Context(), 0, nil, 10)
		wantError(t, err, true)
	}
	if mails := fetch(t, m, 0, nil, 10).Mails; len(mails) != 1 || mails[0].Failed == "" {
		t.Errorf("%v, want one failed mail", mails)
	}
}

func TestFetch_does_without_a_date_that_cannot_be_read(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	raw := []byte("Received: from a by b for <c>;\r\n\tMon, 30 Jan 2017 17:00:00 +0100\r\nSubject: x\r\n\r\nbody\r\n")
	if _, err := server.Deliver(user, raw, start); err != nil {
		t.Fatal(err)
	}
	server.Break(servers.Fault{UID: 1, Do: servers.BadDate})
	mail := fetch(t, open(t, configFor(server.Port())), 0, nil, 10).Mails[0]
	if !bytes.Equal(mail.Raw, raw) || !mail.Arrived.Equal(start) || mail.Failed != "" {
		t.Errorf("%q arrived %v, failed %q", mail.Raw, mail.Arrived, mail.Failed)
	}
}

func TestFetch_never_takes_a_change_of_flags_for_an_empty_mail(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 3)
	server.Break(servers.Fault{UID: 2, Do: servers.FlagsFirst, Times: 1})
	batch := fetch(t, open(t, configFor(server.Port())), 0, nil, 10)
	wantUIDs(t, batch.Mails, 1, 2, 3)
	want(t, "text", string(batch.Mails[1].Raw), string(numbered(2)))
}

func TestFetch_of_a_refused_mail_is_an_error_twice_and_then_a_finding(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 2)
	m := open(t, configFor(server.Port()))
	refuse := func() { // after the sizes, which are asked for first
		server.Break(servers.Fault{At: "FETCH", Do: servers.Refuse, Text: "internal error", After: 1, Times: 1})
	}
	for range deathsFinal - 1 {
		refuse()
		_, err := m.Fetch(t.Context(), 0, nil, 10)
		wantError(t, err, true)
	}
	refuse()
	if mails := fetch(t, m, 0, nil, 10).Mails; len(mails) != 1 || mails[0].Failed == "" {
		t.Errorf("%v, want one failed mail", mails)
	}
}

func TestFetch_takes_only_the_header_of_a_mail_that_is_too_large(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	c := configFor(server.Port())
	c.MaxBytes = 1000
	header := "Message-ID: <big@example.org>\r\nSubject: big\r\n\r\n"
	deliver(t, server, 1)
	if _, err := server.Deliver(user, []byte(header+strings.Repeat("0123456789\r\n", 1000)), start); err != nil {
		t.Fatal(err)
	}
	batch := fetch(t, open(t, c), 0, nil, 10)
	wantUIDs(t, batch.Mails, 1, 2)
	big := batch.Mails[1]
	if string(big.Raw) != header || big.Size != int64(len(header)+12000) || big.Failed == "" {
		t.Errorf("raw %q, size %d, failed %q", big.Raw, big.Size, big.Failed)
	}
}

func TestFetch_holds_no_more_than_its_share_at_once(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	for range 4 {
		if _, err := server.Deliver(user, make([]byte, batchBytes/2-100), start); err != nil {
			t.Fatal(err)
		}
	}
	m := open(t, configFor(server.Port()))
	wantUIDs(t, fetch(t, m, 0, nil, 10).Mails, 1, 2)
	wantUIDs(t, fetch(t, m, 2, nil, 10).Mails, 3, 4)
}

func TestRenumbered_folder_is_told_and_nothing_moves(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 3)
	m := open(t, configFor(server.Port()))
	before := fetch(t, m, 0, nil, 10)
	server.Renumber(user, "INBOX")
	var err error
	for range 2 { // the first may meet the connection that the server has just ended
		err = m.FileAway(t.Context(), before.Validity, []uint32{1}, "done")
	}
	want(t, "renumbered", errors.Is(err, ErrRenumbered), true)
	want(t, "left", len(server.Mails(user, "INBOX")), 3)
	after := fetch(t, m, 0, nil, 10)
	want(t, "validity changed", after.Validity != before.Validity, true)
	wantUIDs(t, after.Mails, 1, 2, 3)
}

func TestFileAway_leaves_mail_where_the_server_could_only_expunge_everything(t *testing.T) {
	server := serve(t, servers.IMAPOptions{Without: []imap.Cap{imap.CapMove, imap.CapUIDPlus}})
	deliver(t, server, 2)
	server.Flag(user, "INBOX", 2, `\Deleted`)
	if err := fetchAndFile(t.Context(), open(t, configFor(server.Port()))); err != nil {
		t.Fatal(err)
	}
	want(t, "left", len(server.Mails(user, "INBOX")), 2)
}

func TestFileAway_takes_thousands_of_scattered_mails(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 4000)
	var odd []uint32
	for uid := uint32(1); uid <= 4000; uid += 2 {
		odd = append(odd, uid)
	}
	m := open(t, configFor(server.Port()))
	batch := fetch(t, m, 0, nil, 1)
	if err := m.FileAway(t.Context(), batch.Validity, odd, "done"); err != nil {
		t.Fatal(err)
	}
	want(t, "filed", len(server.Mails(user, "minuted/done")), 2000)
	want(t, "left", len(server.Mails(user, "INBOX")), 2000)
}

func TestFileAway_creates_a_folder_again_that_somebody_removed(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 2)
	m := open(t, configFor(server.Port()))
	batch := fetch(t, m, 0, nil, 10)
	for _, uid := range []uint32{1, 2} {
		if err := m.FileAway(t.Context(), batch.Validity, []uint32{uid}, "done"); err != nil {
			t.Fatal(err)
		}
		server.RemoveFolder(user, "minuted/done")
	}
	want(t, "left", len(server.Mails(user, "INBOX")), 0)
}

func TestWait_rings_for_mail_that_came_before_meanwhile_and_while_waiting(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	m := open(t, configFor(server.Port()))
	wait := func(when string) {
		t.Helper()
		if err := m.Wait(t.Context()); err != nil {
			t.Fatalf("%s: %v", when, err)
		}
	}
	wait("just connected, so mail may have come before")
	deliver(t, server, 1)
	wait("came before IDLE began")
	deliver(t, server, 1)
	wait("came between two waits")
	rung := make(chan error)
	go func() { rung <- m.Wait(t.Context()) }()
	deliver(t, server, 1)
	if err := <-rung; err != nil {
		t.Fatal(err)
	}
}

func TestWait_can_be_left_and_taken_up_again(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	m := open(t, configFor(server.Port()))
	if err := m.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		want(t, "left", errors.Is(m.Wait(ctx), context.DeadlineExceeded), true)
		cancel()
	}
	want(t, "connections", server.Connections(), 1)
	deliver(t, server, 1)
	if err := m.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestWait_notices_a_server_that_has_gone_silent(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	c := configFor(server.Port())
	c.CmdTimeout, c.IdleTimeout = soon, 50*time.Millisecond
	m := open(t, c)
	if err := m.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	server.Break(servers.Fault{At: "IDLE", Do: servers.Stall})
	wantError(t, m.Wait(t.Context()), true)
	server.Mend()
	for range 2 {
		if err := m.Wait(t.Context()); err != nil {
			t.Errorf("after the silence: %v", err)
		}
	}
}

func TestWait_notices_a_connection_that_ended(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	m := open(t, configFor(server.Port()))
	if err := m.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	server.DropAll()
	wantError(t, m.Wait(t.Context()), true)
}

func TestWait_looks_from_time_to_time_where_there_is_no_IDLE(t *testing.T) {
	server := serve(t, servers.IMAPOptions{Without: []imap.Cap{imap.CapIdle}})
	c := configFor(server.Port())
	c.IdleTimeout = 20 * time.Millisecond
	m := open(t, c)
	for range 3 {
		if err := m.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	want(t, "no IDLE", m.noIdle, true)
}

func TestErrors_name_the_remedy(t *testing.T) {
	serverTLS, clientTLS, err := servers.SelfSigned(time.Now()) // the handshake reads the real clock
	if err != nil {
		t.Fatal(err)
	}
	plain := serve(t, servers.IMAPOptions{})
	secure := serve(t, servers.IMAPOptions{Security: servers.Implicit, TLS: serverTLS})
	busy := serve(t, servers.IMAPOptions{})
	busy.Break(servers.Fault{At: "LOGIN", Do: servers.Refuse, Code: "UNAVAILABLE", Text: "database is down"})
	closed := serve(t, servers.IMAPOptions{})
	closed.Close()
	for name, c := range map[string]struct {
		port   int
		change func(*Config)
		again  bool
		want   string
	}{
		"wrong password": {plain.Port(), func(c *Config) { c.Password = func() (string, error) { return "wrong", nil } }, false, "check user and password"},
		"no password":    {plain.Port(), func(c *Config) { c.Password = func() (string, error) { return "", fmt.Errorf("no file") } }, true, "no file"},
		"database down":  {busy.Port(), nil, true, "database is down"},
		"unknown folder": {plain.Port(), func(c *Config) { c.Folder = "Inbox/Team" }, false, `there is no folder "Inbox/Team"`},
		"nobody there":   {closed.Port(), nil, true, "check host and port"},
		"unknown host":   {plain.Port(), func(c *Config) { c.Host, c.TLS = "no-such-host.invalid", "implicit" }, true, "check host"},
		"plain to world": {plain.Port(), func(c *Config) { c.Host = "192.0.2.1" }, false, "tls: implicit or starttls"},
		"unknown signer": {secure.Port(), func(c *Config) { c.TLS = "implicit" }, false, "nobody we trust signed"},
		"other name":     {secure.Port(), func(c *Config) { c.TLS, c.TLSConfig = "implicit", named(clientTLS, "imap.example.org") }, false, "for another host"},
		"TLS to plain":   {plain.Port(), func(c *Config) { c.TLS = "implicit" }, false, "tls: starttls"},
		"no STARTTLS":    {plain.Port(), func(c *Config) { c.TLS = "starttls" }, false, "tls: implicit"},
		"plain to TLS":   {secure.Port(), func(c *Config) { c.CmdTimeout = soon }, true, "speaks another protocol or TLS"},
	} {
		t.Run(name, func(t *testing.T) {
			config := configFor(c.port)
			if c.change != nil {
				c.change(&config)
			}
			_, err := open(t, config).Check(t.Context())
			wantError(t, err, c.again)
			if err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want a hint %q", err, c.want)
			}
		})
	}
}
