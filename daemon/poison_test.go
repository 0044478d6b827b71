//go:build unix

package daemon_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestAMailThatEndsTheProgramIsSetAside kills a daemon while it reads a mail, as
// the kernel does when memory is short. The mail is large, so that the moment
// can be met; which mail is being read stands in the daemon's state.
func TestAMailThatEndsTheProgramIsSetAside(t *testing.T) {
	p := newPlant(t)
	poison := fmt.Sprintf("From: Shaun <shaun@example.com>\r\nTo: %s\r\nSubject: poison\r\nMessage-ID: <poison@example.com>\r\n\r\n%s",
		teamAddress, strings.Repeat("> a line of a thread that was quoted over and over\r\n", 200_000))
	p.put([]byte(poison))
	for death := range 2 {
		c := spawn(t, p.direct, p.origin)
		counted := func() bool { return death == 0 || strings.Contains(c.said(), "ended while it read a mail") }
		eventually(t, "the large mail is read", func() bool { return counted() && p.reading() == 1 }, c.said)
		c.kill()
		if p.reading() == 0 {
			t.Fatal("it was read before the daemon was killed: make it larger")
		}
	}
	p.deliver()
	p.deliver()
	begin := time.Now()
	c := spawn(t, p.direct, p.origin)
	eventually(t, "the mails beside it are topics", p.settled, c.said)
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("the next mails were handled after %s, want 5 s", took)
	}
	c.kill()
	p.wantEach()
	quarantined := p.watcher.Status(context.Background())[0].Quarantined
	if len(quarantined) != 1 || !strings.Contains(quarantined[0].Why, "ended twice") {
		t.Errorf("quarantined: %+v", quarantined)
	}
	if kept := p.filed("Quarantine"); len(kept) != 1 || !bytes.Equal(kept[0], []byte(poison)) {
		t.Errorf("%d mails in Quarantine, want the one as it came", len(kept))
	}
}

// reading is the UID of the mail that the daemon reads; 0: none.
func (p *plant) reading() int {
	b, err := os.ReadFile(filepath.Join(filepath.Dir(p.direct), "inflight.architecture"))
	if err != nil || len(b) < 4 {
		return 0
	}
	return int(b[3])
}

// filed are the mails in a filed folder.
func (p *plant) filed(folder string) [][]byte {
	p.t.Helper()
	var mails [][]byte
	if p.imap != nil {
		for _, name := range p.imap.Folders(mailUser) {
			if strings.HasSuffix(name, folder) {
				for _, m := range p.imap.Mails(mailUser, name) {
					mails = append(mails, m.Raw)
				}
			}
		}
		return mails
	}
	files, err := filepath.Glob(filepath.Join(p.dovecot.Maildir(mailUser), ".*"+folder, "[cn]*", "*.*"))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			p.t.Fatal(err)
		}
		mails = append(mails, raw)
	}
	return mails
}
