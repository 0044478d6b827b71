package demo

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"text/template"
	"time"

	"minuted/cli/demo/servers"
	"minuted/daemon"
)

//go:embed story
var storyFiles embed.FS

// password is that of every mailbox of the demo; its servers hear loopback only.
const password = "demo"

// clock is the simulated time of the stage: it stands still until it is set or let go.
type clock struct {
	mu    sync.Mutex
	at    time.Time
	going time.Time // when it was let go, by the machine's clock; zero: it stands
}

// Now returns the simulated time.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.going.IsZero() {
		return c.at
	}
	return c.at.Add(time.Since(c.going))
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// letGo makes the clock run on from where it stands, as fast as the machine's.
func (c *clock) letGo() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.going = time.Now()
}

// stage is what a story is played on: the servers of a provider, the daemon,
// and the time.
type stage struct {
	clock  *clock
	folder string // for what daemons keep on disk
	imap   *servers.IMAP
	smtp   *servers.SMTP
	redis  *servers.Redis
	config daemon.Config
	daemon *daemon.Daemon
	shown  int // how many of the mails that the SMTP server took were looked at
}

// setStage starts everything, on loopback and free ports.
func setStage(now time.Time) (_ *stage, err error) {
	s := &stage{clock: &clock{at: now}}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.folder, err = os.MkdirTemp("", "minuted-demo-"); err != nil {
		return nil, err
	}
	if err := s.startServers(); err != nil {
		return nil, err
	}
	return s, s.startDaemon()
}

func (s *stage) startServers() (err error) {
	accounts := map[string]string{"architecture@example.org": password}
	for handle := range cast {
		accounts[handle+"@example.org"] = password
	}
	if s.imap, err = servers.StartIMAP(servers.IMAPOptions{Accounts: accounts, Now: s.clock.Now}); err != nil {
		return err
	}
	s.smtp, err = servers.StartSMTP(servers.SMTPOptions{
		Domain: "example.org", Local: []string{"example.org"}, Mailboxes: s.imap, Now: s.clock.Now,
	})
	if err != nil {
		return err
	}
	s.redis, err = servers.StartRedis(s.clock.Now)
	return err
}

// startDaemon starts the daemon with a configuration as an operator writes it.
func (s *stage) startDaemon() error {
	if err := os.WriteFile(filepath.Join(s.folder, "password"), []byte(password), 0o600); err != nil {
		return err
	}
	src, err := s.configText()
	if err != nil {
		return err
	}
	s.config, err = daemon.ReadConfig(src, daemon.Places{Config: s.folder, State: s.folder})
	if err != nil {
		return fmt.Errorf("read the demo's configuration: %w", err)
	}
	keys, err := s.config.MakeTokenKeys()
	if err != nil {
		return err
	}
	s.daemon, err = daemon.New(s.config, daemon.Options{Now: s.clock.Now, Keys: keys, State: s.folder})
	return err
}

func (s *stage) configText() ([]byte, error) {
	form, err := template.ParseFS(storyFiles, "story/config.yaml")
	if err != nil {
		return nil, err
	}
	var src bytes.Buffer
	err = form.Execute(&src, map[string]string{
		"Redis": s.redis.Port(), "IMAP": fmt.Sprint(s.imap.Port()), "SMTP": fmt.Sprint(s.smtp.Port()),
	})
	return src.Bytes(), err
}

// close ends the daemon and the servers, and removes what they left on disk.
func (s *stage) close() {
	if s.daemon != nil {
		s.daemon.Close() // nobody needs its leases after the end
	}
	if s.redis != nil {
		s.redis.Close()
	}
	if s.smtp != nil {
		s.smtp.Close()
	}
	if s.imap != nil {
		s.imap.Close()
	}
	os.RemoveAll(s.folder) // a temporary folder: the system removes what stays
}

// step is how far the clock goes between two passes of the daemon.
const step = 15 * time.Minute

// runTo lets the time pass up to an instant, with a pass of the daemon at every
// quarter of an hour, and calls after with the letters of each.
func (s *stage) runTo(ctx context.Context, until time.Time, after func([]letter) error) error {
	for now := s.clock.Now(); now.Before(until); {
		now = now.Add(step).Truncate(step)
		if now.After(until) {
			now = until
		}
		s.clock.set(now)
		if err := s.pass(ctx, after); err != nil {
			return err
		}
	}
	return nil
}

// pass does one pass of the daemon and calls after with the letters it sent.
func (s *stage) pass(ctx context.Context, after func([]letter) error) error {
	if err := s.daemon.Once(ctx); err != nil {
		return err
	}
	letters, err := s.newLetters()
	if err != nil || len(letters) == 0 {
		return err
	}
	return after(letters)
}
