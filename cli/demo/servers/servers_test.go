package servers

import (
	"bufio"
	"fmt"
	"net"
	"net/smtp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"go.uber.org/goleak"
)

const team = "team@example.org"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func at() time.Time { return time.Date(2017, 1, 30, 16, 0, 0, 0, time.UTC) }

func startIMAP(t *testing.T, o IMAPOptions) *IMAP {
	t.Helper()
	o.Accounts, o.Now = map[string]string{team: "secret"}, at
	server, err := StartIMAP(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

func startSMTP(t *testing.T, o SMTPOptions) *SMTP {
	t.Helper()
	o.Domain, o.Now = "mx.example.org", at
	server, err := StartSMTP(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

func send(t *testing.T, server *SMTP, to, raw string) {
	t.Helper()
	if err := smtp.SendMail(server.Addr(), nil, "eve@example.org", []string{to}, []byte(strings.ReplaceAll(raw, "\n", "\r\n"))); err != nil {
		t.Fatal(err)
	}
}

// talk logs in, sends commands one after the other and returns what came, by lines.
func talk(t *testing.T, server *IMAP, commands ...string) []string {
	t.Helper()
	conn, err := net.Dial("tcp", server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	lines := bufio.NewScanner(conn)
	var heard []string
	for i, command := range append([]string{"LOGIN " + team + " secret"}, commands...) {
		tag := fmt.Sprintf("t%d ", i)
		fmt.Fprint(conn, tag, command, "\r\n")
		for lines.Scan() && !strings.HasPrefix(lines.Text(), tag) {
			heard = append(heard, lines.Text())
		}
		heard = append(heard, lines.Text())
	}
	return heard
}

func deliverSome(t *testing.T, server *IMAP, count int) {
	t.Helper()
	for i := range count {
		if _, err := server.Deliver(team, fmt.Appendf(nil, "Subject: %d\r\n\r\nbody\r\n", i+1), at()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestIMAP_tells_each_move_once_and_with_the_right_numbers(t *testing.T) {
	server := startIMAP(t, IMAPOptions{})
	deliverSome(t, server, 5)
	var gone []string
	for _, line := range talk(t, server, "SELECT INBOX", "UID MOVE 2,4 Archive", "NOOP") {
		if strings.HasSuffix(line, "EXPUNGE") {
			gone = append(gone, line)
		}
	}
	if !slices.Equal(gone, []string{"* 4 EXPUNGE", "* 2 EXPUNGE"}) {
		t.Errorf("expunged %q", gone)
	}
	if n := len(server.Mails(team, "Archive")); n != 2 {
		t.Errorf("%d mails in Archive, want 2", n)
	}
}

func TestIMAP_answers_OK_where_nothing_matches(t *testing.T) {
	server := startIMAP(t, IMAPOptions{})
	for _, command := range []string{"UID MOVE 7 Archive", "UID COPY 7 Archive", "UID FETCH 7 (FLAGS)", "UID SEARCH UID 7", "UID STORE 7 +FLAGS (\\Seen)", "UID EXPUNGE 7"} {
		heard := talk(t, server, "SELECT INBOX", command)
		if last := heard[len(heard)-1]; !strings.HasPrefix(last, "t2 OK") {
			t.Errorf("%s: %q", command, last)
		}
	}
}

func TestIMAP_serves_what_mail_programs_ask_for(t *testing.T) {
	server := startIMAP(t, IMAPOptions{})
	deliverSome(t, server, 1)
	for command, want := range map[string]string{
		`LIST "" * RETURN (SPECIAL-USE)`:                `* LIST (\Archive) "/" "Archive"`,
		`STATUS INBOX (MESSAGES UNSEEN)`:                `* STATUS INBOX (MESSAGES 1 UNSEEN 1)`,
		`FETCH 1 (ENVELOPE)`:                            `ENVELOPE`,
		`FETCH 1 (BODYSTRUCTURE)`:                       `"text" "plain"`,
		`FETCH 1 (BODY.PEEK[HEADER.FIELDS (SUBJECT)])`:  `Subject: 1`,
		`FETCH 1 (BODY.PEEK[TEXT]<0.2>)`:                `bo`,
		`SEARCH SUBJECT 1 SINCE 29-Jan-2017 UNSEEN`:     `* SEARCH 1`,
		`SEARCH OR BODY nothing NOT HEADER Subject "2"`: `* SEARCH 1`,
		`STORE 1 +FLAGS (\Flagged)`:                     `* 1 FETCH (UID 1 FLAGS (\Flagged))`,
		`CREATE Projects`:                               `OK`,
		`LIST "" ""`:                                    `* LIST (\Noselect) "/" ""`,
		`UID FETCH 9:* (UID)`:                           `* 1 FETCH (UID 1)`,
	} {
		heard := strings.Join(talk(t, server, "SELECT INBOX", command), "\n")
		if !strings.Contains(heard, want) {
			t.Errorf("%s: %s\nwant %s", command, heard, want)
		}
	}
}

func TestSMTP_delivers_to_mailboxes_and_sub_addresses_with_its_trace(t *testing.T) {
	mailboxes := startIMAP(t, IMAPOptions{})
	server := startSMTP(t, SMTPOptions{Mailboxes: mailboxes, Local: []string{"example.org"}})
	send(t, server, "team+abc@example.org", "From: Eve <eve@example.org>\nAuthentication-Results: mx.example.org;\n\tdmarc=pass header.from=forged.example\nAuthentication-Results: other.example; spf=pass\nSubject: x\n\n.\n")
	send(t, server, "else@example.net", "From: eve@example.org\n\nnot for us\n")
	mails := mailboxes.Mails(team, "INBOX")
	if len(mails) != 1 || len(server.Sent()) != 2 {
		t.Fatalf("%d delivered, %d sent", len(mails), len(server.Sent()))
	}
	raw := string(mails[0].Raw)
	for _, want := range []string{"Delivered-To: team+abc@example.org\r\n", "Return-Path: <eve@example.org>\r\n", "Received: from ",
		"Authentication-Results: mx.example.org;\r\n\tdmarc=pass header.from=example.org\r\n", "other.example; spf=pass", "\r\n\r\n.\r\n"} {
		if !strings.Contains(raw, want) {
			t.Errorf("%q is missing in\n%s", want, raw)
		}
	}
	if strings.Contains(raw, "forged.example") {
		t.Errorf("a forged result came through:\n%s", raw)
	}
}

func TestSMTP_vouches_for_local_senders_only(t *testing.T) {
	mailboxes := startIMAP(t, IMAPOptions{})
	server := startSMTP(t, SMTPOptions{Mailboxes: mailboxes, Local: []string{"example.org"}})
	send(t, server, team, "From: mallory@example.com\n\nhello\n")
	if raw := string(mailboxes.Mails(team, "INBOX")[0].Raw); !strings.Contains(raw, "dmarc=none header.from=example.com") {
		t.Error(raw)
	}
}

func TestSMTP_can_give_mail_another_message_id(t *testing.T) {
	mailboxes := startIMAP(t, IMAPOptions{})
	server := startSMTP(t, SMTPOptions{Mailboxes: mailboxes, RewriteIDs: true})
	send(t, server, team, "Message-ID:\n <ours@example.org>\nSubject: x\n\nbody\n")
	raw := string(mailboxes.Mails(team, "INBOX")[0].Raw)
	if strings.Contains(raw, "ours@example.org") || !strings.Contains(raw, "Message-ID: <0000000000000001-000000@relay.example>\r\nSubject: x") {
		t.Error(raw)
	}
}

func TestRedis_follows_the_clock_of_the_caller(t *testing.T) {
	now := at()
	store, err := StartRedis(func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	store.Set("key", "value")
	store.SetTTL("key", time.Hour)
	now = now.Add(59 * time.Minute)
	store.Tick()
	if !store.Exists("key") {
		t.Error("expired early")
	}
	now = now.Add(time.Minute)
	store.Tick()
	if _, err := store.Get("key"); err != miniredis.ErrKeyNotFound {
		t.Errorf("still there: %v", err)
	}
}
