//go:build unix

package daemon_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"minuted/cli/demo/servers"
	"minuted/daemon"
)

// plant is a team's servers, real ones where they are installed, for daemons in
// processes of their own. What happens is counted in the servers, not by a daemon.
type plant struct {
	t        *testing.T
	origin   time.Time // of the clock, which is fast
	now      func() time.Time
	dovecot  *servers.Dovecot
	imap     *servers.IMAP // where there is no Dovecot
	redis    *servers.RedisServer
	smtp     *servers.SMTP
	imapPort int
	redisAt  string
	copies   atomic.Int64
	direct   string // configuration without anything between the daemon and its servers
	watcher  *daemon.Daemon
	mails    int
}

const mailUser = "architecture"

func newPlant(t *testing.T) *plant {
	t.Helper()
	p := &plant{t: t, origin: time.Now()}
	p.now = fast(p.origin)
	p.startIMAP()
	p.startRedis()
	var err error
	p.smtp, err = servers.StartSMTP(servers.SMTPOptions{Domain: "mx.example.com", Now: p.now, Taken: p.archive})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.smtp.Close)
	p.direct = p.configure(p.imapPort, p.redisAt, p.smtp.Port())
	if p.watcher, err = openDaemon(p.direct, "", p.now, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.watcher.Close() })
	return p
}

// installed says whether a real server runs. With MINUTED_REQUIRE=servers a missing one fails the test.
func (p *plant) installed(err error) bool {
	p.t.Helper()
	if errors.Is(err, servers.ErrMissing) && !strings.Contains(os.Getenv("MINUTED_REQUIRE"), "servers") {
		p.t.Logf("%v: with a server in the process instead", err)
		return false
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return true
}

func (p *plant) startIMAP() {
	dovecot, err := servers.StartDovecot(p.t.TempDir(), map[string]string{mailUser: "secret"})
	if p.installed(err) {
		p.dovecot, p.imapPort = dovecot, dovecot.Port
		p.t.Cleanup(dovecot.Stop)
		return
	}
	if p.imap, err = servers.StartIMAP(servers.IMAPOptions{Accounts: map[string]string{mailUser: "secret"}, Now: p.now}); err != nil {
		p.t.Fatal(err)
	}
	p.imapPort = p.imap.Port()
	p.t.Cleanup(p.imap.Close)
}

func (p *plant) startRedis() {
	redis, err := servers.StartRedisServer(p.t.TempDir(), "--appendonly", "yes", "--appendfsync", "everysec", "--save", "")
	if p.installed(err) {
		p.redis, p.redisAt = redis, net.JoinHostPort("127.0.0.1", strconv.Itoa(redis.Port))
		p.t.Cleanup(redis.Stop)
		return
	}
	store, err := servers.StartRedis(p.now)
	if err != nil {
		p.t.Fatal(err)
	}
	p.redisAt = store.Addr()
	p.t.Cleanup(store.Close)
}

// configure writes a configuration for these servers, or for what stands before them, into a folder of its own.
func (p *plant) configure(imap int, redis string, smtp int) string {
	p.t.Helper()
	dir := p.t.TempDir()
	src := fmt.Sprintf(`
redis: {url: "redis://%s/0", accept_data_loss: true}
teams:
  - name: Architecture calls
    address: %s
    archive: architecture+archive@example.com
    zone: Europe/London
    mailbox: {host: 127.0.0.1, port: %d, tls: none, user: %s, password_file: password}
    smtp: {host: 127.0.0.1, port: %d, tls: none}
    people: ["Shaun <shaun@example.com>", "Kostas <kostas@example.com>"]
    calls:
      - {days: [mon, thu], time: "16:00"}
    operators: [postmaster@example.com]
    trust: {profile: own, authserv_id: mx.example.com}
`, redis, teamAddress, imap, mailUser, smtp)
	path := filepath.Join(dir, "config.yaml")
	if err := errors.Join(os.WriteFile(path, []byte(src), 0o600), os.WriteFile(filepath.Join(dir, "password"), []byte("secret"), 0o600)); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// deliver lets a member file a topic; each has its own title.
func (p *plant) deliver() (title string) {
	p.t.Helper()
	p.mails++
	title = fmt.Sprintf("Topic number %d", p.mails)
	p.put([]byte(fmt.Sprintf("Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\nFrom: Shaun <shaun@example.com>\r\nTo: %s\r\n"+
		"Subject: %s\r\nDate: %s\r\nMessage-ID: <mail%d@example.com>\r\n\r\n#architecture please look at this\r\n",
		teamAddress, title, p.now().Format(time.RFC1123Z), p.mails)))
	return title
}

// put puts a mail into the team's mailbox.
func (p *plant) put(raw []byte) {
	p.t.Helper()
	if err := p.store(raw); err != nil {
		p.t.Fatal(err)
	}
}

func (p *plant) store(raw []byte) error {
	if p.imap != nil {
		_, err := p.imap.Deliver(mailUser, raw, p.now())
		return err
	}
	return p.dovecot.Deliver(mailUser, fmt.Sprintf("%d.%d.test", p.now().UnixNano(), p.copies.Add(1)), raw, p.now())
}

// archive brings the copy of a letter into the mailbox, as the archive address does.
func (p *plant) archive(s servers.Sent) error {
	for _, to := range s.To {
		if strings.HasPrefix(to, mailUser+"+archive@") {
			return p.store(s.Raw)
		}
	}
	return nil
}

// inbox counts what lies in the mailbox and was not filed away.
func (p *plant) inbox() int {
	if p.imap != nil {
		return len(p.imap.Mails(mailUser, "INBOX"))
	}
	n := 0
	for _, part := range []string{"new", "cur"} {
		files, err := os.ReadDir(filepath.Join(p.dovecot.Maildir(mailUser), part))
		if err != nil {
			p.t.Fatal(err)
		}
		n += len(files)
	}
	return n
}

// topics counts the items by title.
func (p *plant) topics() map[string]int {
	book, err := p.watcher.Book(context.Background(), "")
	if err != nil {
		return nil // Redis may be away just now
	}
	count := map[string]int{}
	for _, it := range book.AllItems() {
		count[it.Title]++
	}
	return count
}

// waiting counts the letters that have not left.
func (p *plant) waiting() int {
	s := p.watcher.Status(context.Background())[0]
	if s.Fault != "" {
		return 1
	}
	return len(s.Waiting)
}

// settled says whether every mail was filed as a topic, the mailbox is empty and no letter waits.
func (p *plant) settled() bool {
	return len(p.topics()) >= p.mails && p.inbox() == 0 && p.waiting() == 0
}

// wantEach wants each mail to have become one topic, and each letter to have left once.
func (p *plant) wantEach() {
	p.t.Helper()
	topics := p.topics()
	for n := 1; n <= p.mails; n++ {
		if title := fmt.Sprintf("Topic number %d", n); topics[title] != 1 {
			p.t.Errorf("%s was filed %d times", title, topics[title])
		}
	}
	for id, letters := range p.letters() {
		if len(letters) != 1 {
			p.t.Errorf("the letter %s left %d times: %s", id, len(letters), letters[0])
		}
	}
}

// letters are the letters that left, by Message-ID.
func (p *plant) letters() map[string][][]byte {
	p.t.Helper()
	all := map[string][][]byte{}
	for _, s := range p.smtp.Sent() {
		m, err := mail.ReadMessage(bytes.NewReader(s.Raw))
		if err != nil {
			p.t.Fatal(err)
		}
		id := m.Header.Get("Message-Id")
		all[id] = append(all[id], s.Raw)
	}
	return all
}
