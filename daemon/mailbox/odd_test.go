//go:build unix

package mailbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"

	"minuted/cli/demo/servers"
)

// Real servers are set up in many ways; names of folders are written in any language.
func TestDovecot_of_any_setup_reads_and_files_away(t *testing.T) {
	const all = "IMAP4rev1 LITERAL+ ID ENABLE IDLE NAMESPACE UIDPLUS MOVE ESEARCH LIST-EXTENDED"
	without := func(caps ...string) string {
		left := all
		for _, c := range caps {
			left = strings.ReplaceAll(left, " "+c, "")
		}
		return "imap_capability = " + left
	}
	for name, c := range map[string]struct {
		settings []string
		base     string
		left     uint32 // mails in the folder after two of three were filed away
	}{
		"as it comes":                        {nil, "minuted", 1},
		"everything lies below INBOX":        {[]string{"namespace inbox {", "prefix = INBOX.", "separator = .", "}"}, "minuted", 1},
		"base is written with the prefix":    {[]string{"namespace inbox {", "prefix = INBOX/", "separator = /", "}"}, "INBOX/minuted", 1},
		"levels are divided by a backslash":  {[]string{"namespace inbox {", `separator = "\\"`, "}"}, "minuted", 1},
		"names beyond ASCII":                 {[]string{"namespace inbox {", "separator = /", "}"}, "Gremium & Ärzte/Протоколы", 1},
		"no MOVE":                            {[]string{without("MOVE")}, "minuted", 1},
		"no MOVE and no UIDPLUS":             {[]string{without("MOVE", "UIDPLUS")}, "minuted", 3},
		"no ESEARCH, NAMESPACE, LITERAL":     {[]string{without("ESEARCH", "NAMESPACE", "LITERAL+")}, "minuted", 1},
		"mail lies in few files, not in one": {[]string{"mail_location = mdbox:~/mdbox"}, "minuted", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := dovecot(t, c.settings...)
			config := configFor(server.Port)
			config.Base = c.base
			m := open(t, config)
			for i := 1; i <= 3; i++ {
				if err := m.Post(t.Context(), numbered(i), start); err != nil {
					t.Fatal(err)
				}
			}
			batch := fetch(t, m, 0, nil, 64)
			if err := m.FileAway(t.Context(), batch.Validity, uidsOf(batch.Mails)[:2], "Handled"); err != nil {
				t.Fatal(err)
			}
			report, err := m.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			want(t, "left", report.Mails, c.left)
			counts, err := m.Filed(t.Context())
			want(t, "filed", fmt.Sprint(counts, err), "map[Handled:2] <nil>")
			var replayed []string
			if err := m.Replay(t.Context(), "Handled", func(mail Mail) error { replayed = append(replayed, string(mail.Raw)); return nil }); err != nil {
				t.Fatal(err)
			}
			want(t, "replayed", strings.Join(replayed, ""), string(numbered(1))+string(numbered(2)))
			if found, err := m.Holds(t.Context(), "Message-ID", "<m2@example.org>"); !found || err != nil {
				t.Errorf("found %v, %v", found, err)
			}
		})
	}
}

func TestDovecot_over_quota_keeps_the_mail_and_says_so(t *testing.T) {
	server := dovecot(t, "mail_plugins = $mail_plugins quota", "imap_capability = IMAP4rev1 UIDPLUS NAMESPACE",
		"plugin {", "quota = maildir:User", "quota_rule = *:messages=2", "}")
	deliverReal(t, server, 1, 2, "")
	m := open(t, configFor(server.Port))
	batch := fetch(t, m, 0, nil, 64)
	err := m.FileAway(t.Context(), batch.Validity, uidsOf(batch.Mails), "done")
	wantError(t, err, true)
	if err == nil || !strings.Contains(err.Error(), "the mailbox is full") {
		t.Errorf("%v, want a hint that the mailbox is full", err)
	}
	want(t, "left", len(fetch(t, m, 0, nil, 64).Mails), 2)
}

func TestDovecot_with_one_connection_is_enough_to_read(t *testing.T) {
	server := dovecot(t, "mail_max_userip_connections = 1")
	deliverReal(t, server, 1, 1, "")
	m := open(t, configFor(server.Port))
	wantUIDs(t, fetch(t, m, 0, nil, 64).Mails, 1)
	err := m.Wait(t.Context())
	wantError(t, err, true)
	if err == nil || !strings.Contains(err.Error(), "needs two") {
		t.Errorf("%v, want a hint that the server allows no more connections", err)
	}
	wantUIDs(t, fetch(t, m, 0, nil, 64).Mails, 1)
}

// The folder that is open is deleted by another, made anew and filled.
func TestDovecot_folder_made_anew_is_told(t *testing.T) {
	server := dovecot(t)
	deliverReal(t, server, 1, 3, "")
	c := configFor(server.Port)
	m, other := open(t, c), open(t, c)
	first := fetch(t, m, 0, nil, 64)
	if err := m.FileAway(t.Context(), first.Validity, uidsOf(first.Mails), "done"); err != nil {
		t.Fatal(err)
	}
	mark, err := m.ReplayFrom(t.Context(), "done", Mark{}, func(Mail) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := other.do(t.Context(), "make anew", func(s *session) error {
		return errors.Join(s.client.Delete("minuted.done").Wait(), s.client.Create("minuted.done", nil).Wait())
	}); err != nil {
		t.Fatal(err)
	}
	if err := other.Append(t.Context(), "done", numbered(7), start); err != nil {
		t.Fatal(err)
	}
	seen := 0
	after, err := m.ReplayFrom(t.Context(), "done", mark, func(Mail) error { seen++; return nil })
	if err != nil || after.Validity == mark.Validity || seen != 1 {
		t.Errorf("%d mails, marks %v and %v, %v; want the mail of the new folder", seen, mark, after, err)
	}
}

// heckle stands between a client and a server and changes the server's lines.
func heckle(t *testing.T, port int, change func(line string) string) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { listener.Close(); <-done })
	go func() {
		defer close(done)
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
			if err != nil {
				client.Close()
				continue
			}
			go func() { io.Copy(server, client); server.Close() }()
			go func() { passLines(client, server, change); client.Close(); server.Close() }()
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}

// passLines passes on lines, each changed; an empty one ends the connection.
func passLines(to io.Writer, from io.Reader, change func(string) string) {
	var held []byte
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		held = append(held, buffer[:n]...)
		for end := bytes.IndexByte(held, '\n'); end >= 0; end = bytes.IndexByte(held, '\n') {
			line := change(string(held[:end+1]))
			if _, err := io.WriteString(to, line); err != nil || line == "" {
				return
			}
			held = held[end+1:]
		}
		if err != nil {
			return
		}
	}
}

// Servers say what nobody asked for, before any answer. The mails come, all of
// them and once, and are filed away.
func TestAnything_a_server_says_between_is_survived(t *testing.T) {
	tagged := func(line string) bool { return strings.HasPrefix(line, "T") && strings.Contains(line, " OK") }
	before := func(insert string) func(string) string {
		return func(line string) string {
			if tagged(line) && !strings.Contains(line, "SELECT") && !strings.Contains(line, "LOGIN") && !strings.Contains(line, "AUTH") {
				return insert + line
			}
			return line
		}
	}
	once := func(at, instead string) func(string) string {
		said := false
		return func(line string) string {
			if !said && strings.Contains(line, at) {
				said = true
				return instead
			}
			return line
		}
	}
	for name, change := range map[string]func(string) string{
		"an alert":                        before("* OK [ALERT] The disk will be changed tonight\r\n"),
		"an alert in an answer":           func(line string) string { return strings.Replace(line, " OK ", " OK [ALERT] ", btoi(tagged(line))) },
		"mail has come":                   before("* 9 EXISTS\r\n* 1 RECENT\r\n"),
		"flags have changed":              before("* 1 FETCH (FLAGS (\\Seen))\r\n"),
		"flags with UID":                  before("* 1 FETCH (UID 1 FLAGS (\\Seen $Forwarded))\r\n"),
		"flags that may be set":           before("* FLAGS (\\Seen \\Deleted)\r\n* OK [PERMANENTFLAGS (\\*)] x\r\n"),
		"a capability":                    before("* CAPABILITY IMAP4rev1 UIDPLUS MOVE NAMESPACE ESEARCH\r\n"),
		"nothing of note":                 before("* OK still here\r\n"),
		"a warning":                       before("* NO low on space\r\n"),
		"farewell in a search":            once("SEARCH", "* BYE shutting down\r\n"),
		"farewell in a fetch":             once("FETCH (", "* BYE shutting down\r\n"),
		"farewell and the end":            once("FETCH (", ""),
		"a line that is no answer at all": once("SEARCH", "<html><body>Please log in to this network</body></html>\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, servers.IMAPOptions{})
			deliver(t, server, 5)
			c := configFor(heckle(t, server.Port(), change))
			c.CmdTimeout = 5 * soon
			m := open(t, c)
			var batch Batch
			err := errors.New("not tried")
			for range 3 {
				if batch, err = m.Fetch(t.Context(), 0, nil, 64); err == nil && len(batch.Mails) == 5 {
					break
				}
			}
			if err != nil || len(batch.Mails) != 5 {
				t.Fatalf("%d mails, %v", len(batch.Mails), err)
			}
			for i, mail := range batch.Mails {
				want(t, "text", string(mail.Raw), string(numbered(i+1)))
			}
			for range 3 {
				if err = m.FileAway(t.Context(), batch.Validity, uidsOf(batch.Mails), "done"); err == nil {
					break
				}
			}
			want(t, "filed", len(server.Mails(user, "minuted/done")), 5)
			want(t, "left", len(server.Mails(user, "INBOX")), 0)
		})
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A mail that the server has and leaves out of its answer is not passed.
func TestFetch_never_passes_a_mail_that_the_server_left_out(t *testing.T) {
	for name, at := range map[string]string{"of the sizes": "RFC822.SIZE", "of the texts": "BODY[]"} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, servers.IMAPOptions{})
			for i := 1; i <= 4; i++ {
				raw := strings.ReplaceAll(string(numbered(i)), "\r\n", " ") // one line, so that an answer is one
				if _, err := server.Deliver(user, []byte(raw), start); err != nil {
					t.Fatal(err)
				}
			}
			left := 2 // times
			dropping := false
			port := heckle(t, server.Port(), func(line string) string {
				if strings.HasPrefix(line, "* 2 FETCH") && strings.Contains(line, at) && left > 0 {
					left--
					dropping = strings.HasSuffix(line, "}\r\n")
					return skipped
				}
				if dropping {
					dropping = false
					return skipped
				}
				return line
			})
			m := open(t, configFor(port))
			seen := map[uint32]int{}
			after := uint32(0)
			for range 6 {
				batch, err := m.Fetch(t.Context(), after, nil, 64)
				if err != nil {
					continue
				}
				for _, mail := range batch.Mails {
					seen[mail.UID]++
					after = mail.UID
					want(t, "failed", mail.Failed, "")
				}
			}
			want(t, "seen", fmt.Sprint(seen), "map[1:1 2:1 3:1 4:1]")
		})
	}
}

// skipped is said instead of an answer that is left out.
const skipped = "* OK\r\n"

func TestErrors_that_pass_do_not_blame_the_configuration(t *testing.T) {
	for _, code := range []imap.ResponseCode{imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeServerBug} {
		for _, command := range []string{"LOGIN", "SELECT"} {
			server := serve(t, servers.IMAPOptions{})
			deliver(t, server, 1)
			m := open(t, configFor(server.Port()))
			server.Break(servers.Fault{At: command, Do: servers.Refuse, Code: string(code), Text: "not just now"})
			_, err := m.Fetch(t.Context(), 0, nil, 64)
			wantError(t, err, true)
			if err == nil || strings.Contains(err.Error(), "there is no folder") || strings.Contains(err.Error(), "check user") || WantsOperator(err) {
				t.Errorf("%s at %s: %v", code, command, err)
			}
			server.Mend()
			wantUIDs(t, fetch(t, m, 0, nil, 64).Mails, 1)
		}
	}
	server := serve(t, servers.IMAPOptions{})
	c := configFor(server.Port())
	c.Password = func() (string, error) { return "wrong", nil }
	_, err := open(t, c).Fetch(t.Context(), 0, nil, 64)
	want(t, "a refused login wants the operator", WantsOperator(err), true)
}
