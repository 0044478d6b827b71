// Package outbox hands finished letters to an SMTP server.
//
// It promises to send the bytes that it is given and no others, to say of each
// letter what became of it, and above all to say so when that is not known: a
// connection that ends after the final dot leaves open whether the server has
// taken the letter. It never tries a letter twice by itself, but for what had
// not begun on a connection that the server had closed meanwhile.
//
// It leaves out on purpose: composing, queues and pauses between attempts, which
// belong to those who know what the letter is about.
package outbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The defaults of Config.
const (
	// DefaultTimeout is less than the minutes that RFC 5321 section 4.5.3.2
	// grants a server, so that a half-dead connection is noticed within 90 s.
	// What it makes unclear is cleared up by the copy in the mailbox.
	DefaultTimeout     = 60 * time.Second
	DefaultConnections = 1
	// keptIdle is how long a connection is kept for the next letter. Servers and
	// the boxes on the way forget connections after some minutes.
	keptIdle = 30 * time.Second
)

// Config says where the server is and how to talk to it.
type Config struct {
	Host     string
	Port     int
	TLS      string // implicit, starttls, or none, which is for loopback only
	User     string // empty: no login
	Password func() (string, error)
	OAuth    func() (string, error) // gives the token for XOAUTH2; nil: Password is used
	HELO     string                 // our own name; empty: localhost

	TLSConfig   *tls.Config   // nil: the system's authorities
	Timeout     time.Duration // for each answer of the server
	Connections int           // how many letters may be under way at once
}

// State is what became of a letter.
type State string

// The states. Only after Again and, when its Message-ID is not found, after
// Unclear may the same letter be sent again.
const (
	Sent    State = "sent"    // the server has taken it
	Again   State = "again"   // the server has not taken it now
	Failed  State = "failed"  // the server will not take it
	Unclear State = "unclear" // it may have taken it: no answer after the final dot
)

// Result is what became of a letter.
type Result struct {
	State    State
	Code     int      // the server's reply; 0: there was none
	Text     string   // the server's words
	Err      error    // an *Error; nil when sent
	Address  bool     // failed: it was the address of whom it is for that the server refused, not the letter
	Away     bool     // the server did not let us in: no letter can go now, and this one was not tried
	Rejected []string // recipients of copies that were refused; the others got it
}

// Outbox sends letters. It connects when first used and keeps its connections
// for the next letters. It may be used from several goroutines.
type Outbox struct {
	config Config
	log    *slog.Logger
	slots  chan struct{} // one for each letter under way

	mu     sync.Mutex
	idle   []*conn
	closed bool
}

// New returns an outbox that is not connected yet.
func New(c Config, log *slog.Logger) *Outbox {
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Connections == 0 {
		c.Connections = DefaultConnections
	}
	if c.HELO == "" {
		c.HELO = "localhost"
	}
	return &Outbox{config: c, log: log, slots: make(chan struct{}, c.Connections)}
}

// Send hands over a letter, byte for byte. The first recipient is whom it is
// for: when that one is refused nothing is sent to anybody. Further ones get
// copies, and their refusal does not keep the letter.
func (o *Outbox) Send(ctx context.Context, from string, to []string, raw []byte) Result {
	if err := checkLetter(from, to, raw); err != nil {
		return Result{State: Failed, Err: &Error{Op: "send", Err: err}}
	}
	select {
	case o.slots <- struct{}{}:
	case <-ctx.Done():
		return failedWith("send", context.Cause(ctx))
	}
	defer func() { <-o.slots }()
	c, result := o.begin(ctx, from, to)
	if c == nil {
		return result
	}
	result = c.finish(ctx, to, raw)
	o.keep(c)
	return result
}

// begin finds a connection and begins a letter on it. One that was kept may
// have been closed by the server; nothing has begun then, so a new one is made.
func (o *Outbox) begin(ctx context.Context, from string, to []string) (*conn, Result) {
	for {
		c := o.takeIdle()
		kept := c != nil
		if !kept {
			fresh, err := dial(ctx, o.config)
			if err != nil {
				return nil, noServer("connect to "+o.config.Host, err)
			}
			c = fresh
		}
		err := c.do(ctx, func() error { return c.mail(from, to) })
		if err == nil {
			return c, Result{}
		}
		if kept && c.broken && ctx.Err() == nil {
			continue
		}
		c.reset(ctx)
		o.keep(c)
		return nil, failedWith("send from "+from, err)
	}
}

// takeIdle returns a connection that was used not long ago, or nil.
func (o *Outbox) takeIdle() *conn {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.idle) > 0 {
		c := o.idle[len(o.idle)-1]
		o.idle = o.idle[:len(o.idle)-1]
		if time.Since(c.last) < keptIdle {
			return c
		}
		c.drop()
	}
	return nil
}

// keep keeps a connection for the next letter where it is still good.
func (o *Outbox) keep(c *conn) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if c.broken || o.closed {
		c.drop()
		return
	}
	o.idle = append(o.idle, c)
}

// Check connects, logs in and takes leave: all but sending.
func (o *Outbox) Check(ctx context.Context) error {
	c, err := dial(ctx, o.config)
	if err != nil {
		return explain("connect to "+o.config.Host, err)
	}
	defer c.drop()
	return explain("take leave of "+o.config.Host, c.do(ctx, c.client.Quit))
}

// Accepts asks whether the server would take a letter from one address to
// another, and takes leave before there is one.
func (o *Outbox) Accepts(ctx context.Context, from, to string) error {
	c, err := dial(ctx, o.config)
	if err != nil {
		return explain("connect to "+o.config.Host, err)
	}
	defer c.drop()
	err = c.do(ctx, func() error { return c.mail(from, []string{to}) })
	if err == nil {
		err = c.do(ctx, func() error { return c.client.Rcpt("<" + to + ">") })
	}
	c.reset(ctx)
	return explain("ask for "+to, err)
}

// Close ends the connections that are kept.
func (o *Outbox) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	for _, c := range o.idle {
		c.drop()
	}
	o.idle = nil
	return nil
}

// checkLetter refuses what could not go out as it is. A bare CR or LF is read
// as the end of a line by some servers and not by others, by which a second
// letter can be smuggled into the first (RFC 5321 section 2.3.8).
func checkLetter(from string, to []string, raw []byte) error {
	if len(to) == 0 {
		return errors.New("the letter has no recipient")
	}
	for _, address := range append([]string{from}, to...) {
		if strings.ContainsAny(address, "\r\n<> \x00") {
			return fmt.Errorf("%q cannot stand in an envelope", address)
		}
	}
	ends := bytes.Count(raw, lineEnd)
	if ends != bytes.Count(raw, lineEnd[:1]) || ends != bytes.Count(raw, lineEnd[1:]) {
		return errors.New("the letter holds a bare CR or LF")
	}
	if !bytes.HasSuffix(raw, lineEnd) {
		return errors.New("the letter does not end with CR LF")
	}
	return nil
}

// failedWith classifies an error that came before the final dot: the letter was
// not taken, and the server's code alone may rule out another try.
func failedWith(op string, err error) Result {
	e := explain(op, err).(*Error)
	result := Result{State: Failed, Err: e}
	if e.Again {
		result.State = Again
	}
	var reply *textproto.Error
	if errors.As(err, &reply) {
		result.Code, result.Text = reply.Code, reply.Msg
	}
	return result
}

// noServer is the result where the letter has not come into play: whatever the
// server said, it said to us, and the letter can wait.
func noServer(op string, err error) Result {
	result := failedWith(op, err)
	result.State, result.Away = Again, true
	result.Err.(*Error).Again = true
	return result
}

// tooLarge compares with the size that the server announced (RFC 1870).
func tooLarge(announced string, size int) error {
	limit, err := strconv.Atoi(announced)
	if err != nil || limit == 0 || size <= limit {
		return nil
	}
	return fmt.Errorf("the letter has %d bytes and the server takes %d", size, limit)
}
