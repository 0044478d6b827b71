// Package mailbox reads a team's mail by IMAP and files it away.
//
// It promises that reading changes nothing on the server: no flag is set, and
// nothing moves before FileAway is called for it. Folders alone carry meaning;
// keywords do not, since Exchange has none. Flags and deletions of colleagues
// are left alone: nothing is ever expunged but the copies of what was just filed
// away, and that only where the server can expunge by UID. A silent server, a
// lost connection and a mail that the server cannot hand out are told as errors
// or findings within the times of Config, never by hanging.
//
// It leaves out on purpose: ENVELOPE and BODYSTRUCTURE, of which one odd mail is
// enough to end a connection of the IMAP library; CONDSTORE and QRESYNC, which
// the library has in part or not at all.
//
// Two connections are used, since one that is in IDLE can do nothing else: the
// worker does one command at a time, the bell only waits for mail.
package mailbox

import (
	"context"
	"crypto/tls"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
)

// The defaults of Config.
const (
	// DefaultMaxBytes is what common providers take at most (Gmail, Exchange Online).
	DefaultMaxBytes = 25 << 20
	// DefaultCmdTimeout and DefaultIdleTimeout add up to less than the 90 s in
	// which a half-dead connection is to be noticed.
	DefaultCmdTimeout  = 25 * time.Second
	DefaultIdleTimeout = 60 * time.Second
)

// Config says where the mailbox is and how to read it.
type Config struct {
	Host     string
	Port     int
	TLS      string // implicit, starttls, or none, which is for loopback only
	User     string
	Password func() (string, error)
	OAuth    func() (string, error) // gives the token for XOAUTH2; nil: Password is used
	Folder   string                 // where mail arrives; empty: INBOX
	Base     string                 // what is filed away lies below it
	MaxBytes int64                  // of larger mails only the header is fetched; 0: DefaultMaxBytes

	TLSConfig *tls.Config // nil: the system's authorities
	// CmdTimeout is how long the server may say nothing while a command runs.
	CmdTimeout time.Duration
	// IdleTimeout is how long Wait waits at most. IDLE is begun anew after it,
	// which shows whether the server is still there; where the server has no
	// IDLE it is the time between two looks.
	IdleTimeout time.Duration
}

// Mail is one mail as the server gave it.
type Mail struct {
	UID     uint32
	Arrived time.Time // INTERNALDATE in UTC
	Size    int64
	Raw     []byte
	Failed  string // why Raw is not the whole mail; empty: it is
}

// Batch is some mails in the order of their UIDs. UIDs mean something only
// together with Validity: where it is not what it was, what was asked for by
// UID has lost its meaning and the folder is to be read from the start.
type Batch struct {
	Validity uint32
	Mails    []Mail
	More     bool   // there are more mails above the last
	NextUID  uint32 // UIDs from here on were not given out yet when the folder was listed
}

// Mailbox is the connection to one mailbox. It connects when first used and
// again after each error. Its methods may be called from several goroutines;
// all but Wait take turns.
type Mailbox struct {
	config Config
	log    *slog.Logger

	ctx   context.Context // ends with Close
	close context.CancelFunc
	ahead sync.WaitGroup // the batch that is being read ahead

	worker    turn
	session   *session // of the worker; nil: not connected
	inbox     listing
	next      *nextBatch       // read ahead; nil: none
	deaths    map[suspect]int  // connections that a mail has cost
	condemned map[suspect]bool // mails that were given up
	warned    bool             // that nothing can be filed away here

	bellTurn turn
	bell     *session
	noIdle   bool
}

// New returns a mailbox that is not connected yet.
func New(c Config, log *slog.Logger) *Mailbox {
	ctx, cancel := context.WithCancel(context.Background())
	c = c.withDefaults()
	return &Mailbox{config: c, log: log, ctx: ctx, close: cancel, worker: newTurn(), bellTurn: newTurn(),
		inbox: listing{folder: c.Folder}, deaths: map[suspect]int{}, condemned: map[suspect]bool{}}
}

func (c Config) withDefaults() Config {
	if c.Folder == "" {
		c.Folder = "INBOX"
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = DefaultMaxBytes
	}
	if c.CmdTimeout == 0 {
		c.CmdTimeout = DefaultCmdTimeout
	}
	if c.IdleTimeout == 0 {
		c.IdleTimeout = DefaultIdleTimeout
	}
	return c
}

// Close ends both connections and returns when all that ran for them has ended.
func (m *Mailbox) Close() error {
	m.close()
	m.ahead.Wait()
	m.worker.take(context.Background())
	defer m.worker.give()
	m.bellTurn.take(context.Background())
	defer m.bellTurn.give()
	m.session.drop()
	m.bell.drop()
	m.session, m.bell = nil, nil
	return nil
}

// Append stores a mail in a filed folder, as arrived at an instant. The folder
// is created where it is missing.
func (m *Mailbox) Append(ctx context.Context, folder string, raw []byte, at time.Time) error {
	return m.do(ctx, "append to "+folder, func(s *session) error {
		name := s.path(m.config.Base, folder)
		if err := s.ensure(name); err != nil {
			return err
		}
		return s.append(name, raw, at)
	})
}

// Post stores a mail where mail arrives, as arrived at an instant.
func (m *Mailbox) Post(ctx context.Context, raw []byte, at time.Time) error {
	return m.do(ctx, "post to "+m.config.Folder, func(s *session) error {
		return s.append(m.config.Folder, raw, at)
	})
}

// Holds tells whether a mail lies in the mailbox's own folder, in one of the
// filed ones, or where servers put what the mailbox itself sent, of which a header
// field contains a text. For a Message-ID that is the id in its angle brackets,
// since HEADER finds parts of a field.
func (m *Mailbox) Holds(ctx context.Context, field, text string) (bool, error) {
	found := false
	err := m.do(ctx, "look for a "+field, func(s *session) error {
		filed, err := s.below(m.config.Base)
		if err != nil {
			return err
		}
		sent, err := s.sentFolders()
		if err != nil {
			return err
		}
		for i, folder := range slices.Concat([]string{m.config.Folder}, filed, sent) {
			if found, err = s.holds(folder, field, text); isAnswer(err) && i > len(filed) {
				continue // a folder of the server's that may not be opened
			}
			if found || err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}

// sentFolders are the folders beside the mailbox's own in which the copy of a
// letter of ours can lie: Gmail joins what an account sends to itself with the copy
// that it keeps of everything sent, Exchange keeps one beside it, and filters take
// mail from oneself for a forgery.
func (s *session) sentFolders() ([]string, error) {
	var options *imap.ListOptions
	if s.caps.Has(imap.CapSpecialUse) && s.caps.Has(imap.CapListExtended) { // both, or the server would not know the question
		options = &imap.ListOptions{ReturnSpecialUse: true}
	}
	list, err := s.client.List("", "*", options).Collect()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, data := range list {
		if slices.Contains(data.Attrs, imap.MailboxAttrNoSelect) || slices.Contains(data.Attrs, imap.MailboxAttrNonExistent) {
			continue
		}
		if slices.ContainsFunc(data.Attrs, func(a imap.MailboxAttr) bool { return slices.Contains(sentUses, a) }) || slices.Contains(sentNames, lastPart(data)) {
			names = append(names, data.Mailbox)
		}
	}
	return names, nil
}

// lastPart is the last part of a folder's name: some servers keep all folders below INBOX.
func lastPart(data *imap.ListData) string {
	if data.Delim == 0 {
		return data.Mailbox
	}
	return data.Mailbox[strings.LastIndex(data.Mailbox, string(data.Delim))+1:]
}

// sentUses are the uses of RFC 6154 that such folders have, sentNames their names
// on servers that do not tell uses (Exchange).
var (
	sentUses  = []imap.MailboxAttr{imap.MailboxAttrSent, imap.MailboxAttrAll, imap.MailboxAttrJunk}
	sentNames = []string{"Sent", "Sent Items", "Sent Messages", "Junk", "Junk Email", "Junk E-mail", "Spam"}
)

func (s *session) holds(folder, field, text string) (bool, error) {
	if err := s.open(folder); err != nil {
		return false, err
	}
	if err := s.client.Noop().Wait(); err != nil { // a folder that was open already: see what came since
		return false, err
	}
	uids, err := s.search(&imap.SearchCriteria{
		Header: []imap.SearchCriteriaHeaderField{{Key: field, Value: text}},
	})
	return len(uids) > 0, err
}

// do runs f with the worker's connection, which it makes where there is none.
// After an error that says nothing about the connection it is kept.
func (m *Mailbox) do(ctx context.Context, op string, f func(*session) error) error {
	if err := m.worker.take(ctx); err != nil {
		return explain(op, err)
	}
	defer m.worker.give()
	return explain(op, m.run(ctx, f))
}

// run does the work of do for a caller who has the worker's turn.
func (m *Mailbox) run(ctx context.Context, f func(*session) error) error {
	ctx, done := m.untilClose(ctx)
	defer done()
	if !m.session.alive(ctx) {
		m.session.drop()
		m.session = nil
		fresh, err := connect(ctx, m.config)
		if err != nil {
			return err
		}
		m.session = fresh
	}
	err := m.session.do(ctx, func() error { return f(m.session) })
	if err != nil && !isAnswer(err) {
		m.session.drop()
		m.session = nil
	}
	return err
}

// untilClose ends a context when the mailbox is closed, too.
func (m *Mailbox) untilClose(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(m.ctx, func() { cancel(errClosed) })
	return ctx, func() { stop(); cancel(nil) }
}

// turn is a lock that one can stop waiting for.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (t turn) give() { <-t }
