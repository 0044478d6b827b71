package mailbox

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
)

// idleLimit bounds how long a connection with no command running is kept while
// the server says nothing. RFC 3501 section 5.4 lets servers end it after 30 minutes.
const idleLimit = 29 * time.Minute

// restBefore is how long the worker may have rested before it asks whether the
// server is still there, so that a command that must not run twice does not
// meet a dead connection.
const restBefore = 30 * time.Second

// session is one logged-in connection. The IMAP library knows neither contexts
// nor deadlines while it waits; guard and do give it both. It is used by one
// goroutine at a time, one command after the other: the library deadlocks on
// nested and, with some servers, on overlapping commands.
type session struct {
	config    Config
	guard     *guard
	client    *imapclient.Client
	rings     chan struct{}        // something changed in the open folder
	secure    *tls.ConnectionState // nil: no TLS
	caps      imap.CapSet
	prefix    string // of the personal namespace
	delimiter string // between the levels of a folder's name; empty: there are none
	folder    string // the one that is open; the library's own idea of it can lag behind
	selected  imap.SelectData
	opened    time.Time       // when the folder was
	known     map[string]bool // folders that are sure to exist

	idling *imapclient.IdleCommand // of the bell; nil: not in IDLE
	renew  time.Time               // when IDLE is to be begun anew
	last   time.Time               // when the last command ended
}

// connect dials, logs in and learns what the server can do.
func connect(ctx context.Context, c Config) (*session, error) {
	if c.TLS == "none" && !isLoopback(c.Host) {
		return nil, errPlain
	}
	raw, err := dial(ctx, c)
	if err != nil {
		return nil, err
	}
	s := &session{config: c, guard: &guard{Conn: raw, busy: c.CmdTimeout, idle: idleLimit},
		rings: make(chan struct{}, 1), known: map[string]bool{}}
	err = s.do(ctx, s.begin)
	if err != nil {
		s.drop()
		return nil, err
	}
	return s, nil
}

func dial(ctx context.Context, c Config) (net.Conn, error) {
	// A peer that is gone is noticed by the system within a minute.
	dialer := net.Dialer{Timeout: c.CmdTimeout, KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 30 * time.Second, Interval: 10 * time.Second, Count: 3}}
	return dialer.DialContext(ctx, "tcp", net.JoinHostPort(c.Host, strconv.Itoa(c.Port)))
}

// begin does all that comes before the first command of the caller.
func (s *session) begin() error {
	if err := s.greet(); err != nil {
		return err
	}
	if err := s.logIn(); err != nil {
		return err
	}
	s.caps = s.client.Caps()
	if s.caps == nil {
		return errors.New("the server did not tell its capabilities")
	}
	return s.learnNames()
}

// greet makes the library's client, with TLS as configured.
func (s *session) greet() (err error) {
	options := &imapclient.Options{TLSConfig: s.tlsConfig(), UnilateralDataHandler: s.bellHandler()}
	switch s.config.TLS {
	case "implicit":
		conn := tls.Client(s.guard, options.TLSConfig)
		if err := conn.Handshake(); err != nil {
			return err
		}
		s.client = imapclient.New(conn, options)
	case "starttls":
		s.client, err = imapclient.NewStartTLS(s.guard, options)
		if isAnswer(err) {
			return fmt.Errorf("%w: %w", errNoStartTLS, err)
		} else if err != nil {
			return err
		}
	case "none":
		s.client = imapclient.New(s.guard, options)
	default:
		return fmt.Errorf("unknown kind of TLS %q", s.config.TLS)
	}
	return s.client.WaitGreeting()
}

// bellHandler notes that mail came or went. It must do nothing else: a command
// from here would deadlock the library.
func (s *session) bellHandler() *imapclient.UnilateralDataHandler {
	return &imapclient.UnilateralDataHandler{Mailbox: func(*imapclient.UnilateralDataMailbox) {
		select {
		case s.rings <- struct{}{}:
		default:
		}
	}}
}

// tlsConfig is the configured one, for this host, and notes what was agreed upon.
func (s *session) tlsConfig() *tls.Config {
	config := &tls.Config{}
	if s.config.TLSConfig != nil {
		config = s.config.TLSConfig.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = s.config.Host
	}
	config.VerifyConnection = func(state tls.ConnectionState) error {
		s.secure = &state
		return nil
	}
	return config
}

// logIn proves who we are. After a refusal the connection is of no further use:
// the library leaves some exchanges unfinished.
func (s *session) logIn() error {
	if s.config.OAuth != nil {
		token, err := s.config.OAuth()
		if err != nil {
			return fmt.Errorf("get the token: %w", err)
		}
		return refused(s.config, s.client.Authenticate(&xoauth2{s.config.User, token}))
	}
	password, err := s.config.Password()
	if err != nil {
		return fmt.Errorf("get the password: %w", err)
	}
	if s.client.Caps().Has(imap.AuthCap(sasl.Plain)) {
		return refused(s.config, s.client.Authenticate(sasl.NewPlainClient("", s.config.User, password)))
	}
	return refused(s.config, s.client.Login(s.config.User, password).Wait())
}

// xoauth2 is the login by token of Gmail and Microsoft 365.
type xoauth2 struct{ user, token string }

// Start gives the first and only answer.
func (x *xoauth2) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next answers the server's reasons for a refusal with an empty line, as it asks for.
func (x *xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }

// learnNames learns how folders are named here.
func (s *session) learnNames() error {
	if s.caps.Has(imap.CapNamespace) {
		data, err := s.client.Namespace().Wait()
		if err != nil {
			return err
		}
		if len(data.Personal) > 0 {
			s.prefix = data.Personal[0].Prefix
			s.delimiter = delimiter(data.Personal[0].Delim)
			return nil
		}
	}
	root, err := s.client.List("", "", nil).Collect()
	if err != nil {
		return err
	}
	if len(root) > 0 {
		s.delimiter = delimiter(root[0].Delim)
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func delimiter(r rune) string {
	if r == 0 {
		return ""
	}
	return string(r)
}

// do runs f, whose commands fail when the context ends or the server says
// nothing for too long. The connection is closed under the library then, for
// its own Close can wait for ever.
func (s *session) do(ctx context.Context, f func() error) error {
	s.guard.command(true)
	defer s.guard.command(false)
	stop := context.AfterFunc(ctx, func() { s.guard.Conn.Close() })
	defer stop()
	err := f()
	s.last = time.Now()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil && s.guard.silent() {
		return errSilent
	}
	return err
}

// alive tells whether the connection can be used, asking the server when it
// has rested for long.
func (s *session) alive(ctx context.Context) bool {
	if s == nil {
		return false
	}
	select {
	case <-s.client.Closed():
		return false
	default:
	}
	if time.Since(s.last) < restBefore {
		return true
	}
	return s.do(ctx, func() error { return s.client.Noop().Wait() }) == nil
}

// drop ends the connection without a word: LOGOUT would be one more answer to wait for.
func (s *session) drop() {
	if s == nil {
		return
	}
	s.guard.Conn.Close()
	if s.client != nil {
		s.client.Close() // what it reports is that the connection is gone
	}
}

// reopen is how long a folder may be open before it is selected anew. One that was
// deleted and made again, or restored, stays the old and empty one for whoever
// has it open (seen with Dovecot and Maildir), without a word.
const reopen = time.Minute

// open selects a folder. SELECT sets no flag and removes none but \Recent.
func (s *session) open(folder string) error {
	if s.folder == folder && time.Since(s.opened) < reopen {
		return nil
	}
	s.folder = ""
	data, err := s.client.Select(folder, nil).Wait()
	if err != nil {
		return noFolder(folder, err)
	}
	s.folder, s.selected, s.opened = folder, *data, time.Now()
	return nil
}

// search returns the UIDs in the open folder that match, ascending.
func (s *session) search(criteria *imap.SearchCriteria) ([]uint32, error) {
	var options *imap.SearchOptions
	if s.caps.Has(imap.CapESearch) {
		options = &imap.SearchOptions{ReturnAll: true} // ranges instead of each number
	}
	data, err := s.client.UIDSearch(criteria, options).Wait()
	if err != nil {
		return nil, err
	}
	var uids []uint32
	for _, uid := range data.AllUIDs() {
		uids = append(uids, uint32(uid))
	}
	slices.Sort(uids)
	return uids, nil
}

// path names a filed folder as the server wants it, and name names it back.
func (s *session) path(base, folder string) string {
	levels := strings.FieldsFunc(base+"/"+folder, func(r rune) bool { return r == '/' })
	return s.prefix + strings.TrimPrefix(strings.Join(levels, s.between()), s.prefix)
}

func (s *session) name(base, path string) string {
	return strings.ReplaceAll(strings.TrimPrefix(path, s.path(base, "")+s.between()), s.between(), "/")
}

// between stands between two levels, also on a server that has none.
func (s *session) between() string { return cmp.Or(s.delimiter, "-") }

// below returns the folders that lie below base.
func (s *session) below(base string) ([]string, error) {
	root := s.path(base, "")
	list, err := s.client.List("", root+s.between()+"*", nil).Collect()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, data := range list {
		if !slices.Contains(data.Attrs, imap.MailboxAttrNoSelect) && !slices.Contains(data.Attrs, imap.MailboxAttrNonExistent) {
			names = append(names, data.Mailbox)
		}
	}
	return names, nil
}

// ensure creates a folder that is missing. It asks first: some servers answer
// the CREATE of an existing folder by a plain NO.
func (s *session) ensure(name string) error {
	if s.known[name] {
		return nil
	}
	there, err := s.client.List("", name, nil).Collect()
	if err != nil {
		return err
	}
	if len(there) == 0 {
		if err := s.client.Create(name, nil).Wait(); err != nil && !hasCode(err, imap.ResponseCodeAlreadyExists) {
			return err
		}
		s.client.Subscribe(name).Wait() // people's programs show it then; filing away goes on without
	}
	s.known[name] = true
	return nil
}

// append stores a mail. Where the server refuses it the library may be left
// waiting, so the caller drops the connection after any error.
func (s *session) append(name string, raw []byte, at time.Time) error {
	cmd := s.client.Append(name, int64(len(raw)), &imap.AppendOptions{Time: at})
	if _, err := cmd.Write(raw); err != nil {
		return spoiled{err}
	}
	if err := cmd.Close(); err != nil {
		return spoiled{err}
	}
	if _, err := cmd.Wait(); err != nil {
		return spoiled{err}
	}
	return nil
}

// guard is the raw connection. It sets all deadlines for reading itself: the
// library clears them between two responses, and allows five minutes in a mail.
type guard struct {
	net.Conn
	busy, idle time.Duration

	mu       sync.Mutex
	running  int
	timedOut bool
}

// SetReadDeadline ignores what the library and TLS want.
func (g *guard) SetReadDeadline(time.Time) error { return nil }

// Read reads what comes before the deadline that fits, and closes the
// connection after it, since the library would swallow the error and wait on.
func (g *guard) Read(b []byte) (int, error) {
	g.arm()
	n, err := g.Conn.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		g.mu.Lock()
		g.timedOut = true
		g.mu.Unlock()
		g.Conn.Close()
	}
	return n, err
}

// command tells whether a command runs now, so that a read that is already
// waiting waits for the right time.
func (g *guard) command(begins bool) {
	g.mu.Lock()
	if begins {
		g.running++
	} else {
		g.running--
	}
	g.mu.Unlock()
	g.arm()
}

func (g *guard) arm() {
	g.mu.Lock()
	defer g.mu.Unlock()
	limit := g.idle
	if g.running > 0 {
		limit = g.busy
	}
	g.Conn.SetReadDeadline(time.Now().Add(limit)) // fails on a closed connection only, where the read fails too
}

func (g *guard) silent() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.timedOut
}
