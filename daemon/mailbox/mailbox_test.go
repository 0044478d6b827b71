package mailbox

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"go.uber.org/goleak"

	"minuted/cli/demo/servers"
)

const (
	user   = "team@example.org"
	secret = "correct horse"
)

// start is the instant at which the clocks of the tests stand.
var start = time.Date(2017, 1, 30, 16, 0, 0, 0, time.UTC)

func at() time.Time { return start }

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve starts a server in the process that ends with the test.
func serve(t *testing.T, o servers.IMAPOptions) *servers.IMAP {
	t.Helper()
	o.Accounts = map[string]string{user: secret}
	o.Now = at
	server, err := servers.StartIMAP(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// soon is how long a server may be silent in tests of silence. In all others it
// has time, however busy the machine.
const soon = 300 * time.Millisecond

func configFor(port int) Config {
	return Config{Host: "127.0.0.1", Port: port, TLS: "none", User: user, Base: "minuted",
		Password:   func() (string, error) { return secret, nil },
		CmdTimeout: 20 * time.Second, IdleTimeout: 20 * time.Second}
}

func open(t *testing.T, c Config) *Mailbox {
	t.Helper()
	m := New(c, discard())
	t.Cleanup(func() { m.Close() })
	return m
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// numbered is a small mail that can be told from others.
func numbered(n int) []byte {
	return fmt.Appendf(nil, "Message-ID: <m%d@example.org>\r\nSubject: mail %d\r\n\r\nbody %d\r\n", n, n, n)
}

func deliver(t *testing.T, server *servers.IMAP, count int) {
	t.Helper()
	for i := 1; i <= count; i++ {
		if _, err := server.Deliver(user, numbered(i), start.Add(time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
}

func uidsOf(mails []Mail) (uids []uint32) {
	for _, mail := range mails {
		uids = append(uids, mail.UID)
	}
	return uids
}

func fetch(t *testing.T, m *Mailbox, after uint32, except []uint32, max int) Batch {
	t.Helper()
	batch, err := m.Fetch(t.Context(), after, except, max)
	if err != nil {
		t.Fatalf("fetch after %d: %v", after, err)
	}
	return batch
}

func want[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func wantUIDs(t *testing.T, got []Mail, want ...uint32) {
	t.Helper()
	if !slices.Equal(uidsOf(got), want) {
		t.Errorf("UIDs %v, want %v", uidsOf(got), want)
	}
}

func TestFetch_gives_mails_in_order_as_they_arrived_and_sets_no_flag(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 3)
	batch := fetch(t, open(t, configFor(server.Port())), 0, nil, 10)
	wantUIDs(t, batch.Mails, 1, 2, 3)
	want(t, "more", batch.More, false)
	want(t, "next UID", batch.NextUID, 4)
	for i, mail := range batch.Mails {
		if !bytes.Equal(mail.Raw, numbered(i+1)) || !mail.Arrived.Equal(start.Add(time.Duration(i+1)*time.Minute)) || mail.Failed != "" {
			t.Errorf("mail %d: %q at %v, failed %q", i+1, mail.Raw, mail.Arrived, mail.Failed)
		}
	}
	for _, mail := range server.Mails(user, "INBOX") {
		want(t, "flags", len(mail.Flags), 0)
	}
}

func TestFetch_goes_on_where_the_last_batch_ended(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 150)
	m := open(t, configFor(server.Port()))
	var all []Mail
	after, more := uint32(0), true
	for more {
		batch := fetch(t, m, after, nil, 64)
		all = append(all, batch.Mails...)
		after, more = batch.Mails[len(batch.Mails)-1].UID, batch.More
	}
	want(t, "mails", len(all), 150)
	want(t, "sorted", slices.IsSorted(uidsOf(all)), true)
	deliver(t, server, 1)
	wantUIDs(t, fetch(t, m, after, nil, 64).Mails, 151)
}

func TestFetch_gives_exceptions_first_and_leaves_out_what_is_gone(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 6)
	server.Remove(user, "INBOX", 3)
	server.Remove(user, "INBOX", 5)
	batch := fetch(t, open(t, configFor(server.Port())), 4, []uint32{3, 2}, 10)
	wantUIDs(t, batch.Mails, 2, 6)
}

func TestFetch_of_nothing_new_is_an_empty_batch(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	m := open(t, configFor(server.Port()))
	want(t, "mails", len(fetch(t, m, 0, nil, 10).Mails), 0)
	deliver(t, server, 2)
	want(t, "mails", len(fetch(t, m, 2, nil, 10).Mails), 0)
}

func TestReplay_gives_all_mails_of_a_folder_in_order(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 2*replayBatch+5)
	m := open(t, configFor(server.Port()))
	batch := fetch(t, m, 0, nil, 1)
	var filed []uint32
	for uid := uint32(1); uid <= 2*replayBatch; uid++ {
		filed = append(filed, uid)
	}
	if err := m.FileAway(t.Context(), batch.Validity, filed, "done"); err != nil {
		t.Fatal(err)
	}
	for folder, count := range map[string]int{"done": 2 * replayBatch, "": 5, "never made": 0} {
		var all []Mail
		err := m.Replay(t.Context(), folder, func(mail Mail) error {
			all = append(all, mail)
			return nil
		})
		if err != nil || len(all) != count || !slices.IsSorted(uidsOf(all)) {
			t.Errorf("folder %q: %d mails, error %v, want %d in order", folder, len(all), err, count)
		}
	}
	stop := errors.New("enough")
	want(t, "error of the caller", m.Replay(t.Context(), "done", func(Mail) error { return stop }), stop)
}

func TestHolds_finds_a_message_id_in_the_inbox_and_in_filed_folders(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 12)
	m := open(t, configFor(server.Port()))
	batch := fetch(t, m, 0, nil, 20)
	if err := m.FileAway(t.Context(), batch.Validity, []uint32{1}, "done/2017"); err != nil {
		t.Fatal(err)
	}
	for id, there := range map[string]bool{"m1@example.org": true, "m12@example.org": true, "m99@example.org": false, "2@example.org": false} {
		found, err := m.Holds(t.Context(), "Message-ID", "<"+id+">")
		if err != nil || found != there {
			t.Errorf("%s: %v, %v, want %v", id, found, err, there)
		}
	}
}

// Some servers keep what the mailbox sends to itself with what it has sent, or take it for junk.
func TestHolds_looks_where_servers_put_what_one_sends_to_oneself(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	m := open(t, configFor(server.Port()))
	elsewhere := configFor(server.Port())
	elsewhere.Folder, elsewhere.Base = "Sent", "INBOX"
	other := open(t, elsewhere)
	if err := other.Post(t.Context(), numbered(1), start); err != nil {
		t.Fatal(err)
	}
	for n, folder := range []string{"Sent Items", "Junk Email", "Notes"} {
		if err := other.Append(t.Context(), folder, numbered(n+2), start); err != nil {
			t.Fatal(err)
		}
	}
	for n, there := range []bool{1: true, 2: true, 3: true, 4: false} {
		if found, err := m.Holds(t.Context(), "Message-ID", fmt.Sprintf("<m%d@example.org>", n)); err != nil || found != there {
			t.Errorf("mail %d: %v, %v, want %v", n, found, err, there)
		}
	}
}

func TestAppend_keeps_bytes_and_time(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	m := open(t, configFor(server.Port()))
	for range 2 {
		if err := m.Append(t.Context(), "told", numbered(7), start); err != nil {
			t.Fatal(err)
		}
	}
	mails := server.Mails(user, "minuted/told")
	if len(mails) != 2 || !bytes.Equal(mails[0].Raw, numbered(7)) || !mails[0].Arrived.Equal(start) {
		t.Errorf("told: %v", mails)
	}
}

func TestPost_puts_mail_where_it_arrives(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	m := open(t, configFor(server.Port()))
	if err := m.Post(t.Context(), numbered(1), start); err != nil {
		t.Fatal(err)
	}
	wantUIDs(t, fetch(t, m, 0, nil, 10).Mails, 1)
}

func TestCheck_reports_what_is_there_with_and_without_TLS(t *testing.T) {
	serverTLS, clientTLS, err := servers.SelfSigned(time.Now()) // the handshake reads the real clock
	if err != nil {
		t.Fatal(err)
	}
	for _, security := range []servers.Security{servers.Plain, servers.Implicit, servers.StartTLS} {
		t.Run(string(security), func(t *testing.T) {
			server := serve(t, servers.IMAPOptions{Security: security, TLS: serverTLS})
			deliver(t, server, 3)
			c := configFor(server.Port())
			c.TLS, c.TLSConfig = string(security), clientTLS
			m := open(t, c)
			batch := fetch(t, m, 0, nil, 10)
			if err := m.FileAway(t.Context(), batch.Validity, []uint32{3}, "done"); err != nil {
				t.Fatal(err)
			}
			r, err := m.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			want(t, "folder, mails, delimiter, filing", fmt.Sprintln(r.Folder, r.Mails, r.Delimiter, r.Filing, r.Idle), "INBOX 2 / MOVE true\n")
			want(t, "filed", r.Filed["minuted/done"], 1)
			want(t, "certificate", r.Certificate.Subject != "", security != servers.Plain)
		})
	}
}

func TestFileAway_moves_creates_the_folder_and_forgives_what_is_gone(t *testing.T) {
	for name, o := range map[string]servers.IMAPOptions{
		"MOVE":                  {},
		"COPY and EXPUNGE":      {Without: []imap.Cap{imap.CapMove}},
		"a namespace of INBOX.": {Prefix: "INBOX.", Delimiter: '.'},
		"no NAMESPACE":          {Without: []imap.Cap{imap.CapNamespace}, Delimiter: '.'},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, o)
			deliver(t, server, 5)
			m := open(t, configFor(server.Port()))
			batch := fetch(t, m, 0, nil, 10)
			server.Remove(user, "INBOX", 2)
			server.Flag(user, "INBOX", 5, `\Deleted`)
			for range 2 { // the second time all are gone
				if err := m.FileAway(t.Context(), batch.Validity, []uint32{1, 2, 3}, "done/2017"); err != nil {
					t.Fatal(err)
				}
			}
			delimiter := cmp.Or(o.Delimiter, '/')
			filed := o.Prefix + strings.Join([]string{"minuted", "done", "2017"}, string(delimiter))
			want(t, "filed", len(server.Mails(user, filed)), 2)
			counts, err := m.Filed(t.Context())
			if err != nil || counts["done/2017"] != 2 || len(counts) != 1 {
				t.Errorf("filed, as counted: %v, %v", counts, err)
			}
			want(t, "left, a colleague's deleted one among them", len(server.Mails(user, "INBOX")), 2)
		})
	}
}

// named is a client's configuration that expects another name.
func named(c *tls.Config, name string) *tls.Config {
	c = c.Clone()
	c.ServerName = name
	return c
}

// What was read ahead is not what is asked for here: a daemon begins again where its ledger stands.
func TestFetch_from_the_start_again_gives_the_start_again(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 9)
	m := open(t, configFor(server.Port()))
	wantUIDs(t, fetch(t, m, 0, nil, 3).Mails, 1, 2, 3)
	wantUIDs(t, fetch(t, m, 3, nil, 3).Mails, 4, 5, 6)
	wantUIDs(t, fetch(t, m, 0, nil, 3).Mails, 1, 2, 3)
	wantUIDs(t, fetch(t, m, 3, nil, 3).Mails, 4, 5, 6)
}

// A daemon that committed nothing asks from the same place again and again.
func TestFetch_sees_new_mail_where_all_that_was_known_is_gone(t *testing.T) {
	server := serve(t, servers.IMAPOptions{})
	deliver(t, server, 1)
	m := open(t, configFor(server.Port()))
	batch := fetch(t, m, 0, nil, 3)
	wantUIDs(t, batch.Mails, 1)
	if err := m.FileAway(t.Context(), batch.Validity, []uint32{1}, "Handled"); err != nil {
		t.Fatal(err)
	}
	wantUIDs(t, fetch(t, m, 0, nil, 3).Mails)
	if _, err := server.Deliver(user, numbered(2), start); err != nil {
		t.Fatal(err)
	}
	wantUIDs(t, fetch(t, m, 0, nil, 3).Mails, 2)
}
