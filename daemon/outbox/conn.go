package outbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// conn is one connection to the server, used by one letter at a time.
type conn struct {
	config Config
	raw    net.Conn
	client *smtp.Client
	broken bool // it is of no further use
	last   time.Time
}

// dial connects, with TLS as configured, and logs in.
func dial(ctx context.Context, config Config) (*conn, error) {
	if config.TLS == "none" && !isLoopback(config.Host) {
		return nil, errPlain
	}
	dialer := net.Dialer{Timeout: config.Timeout}
	raw, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(config.Host, strconv.Itoa(config.Port)))
	if err != nil {
		return nil, err
	}
	c := &conn{config: config, raw: raw}
	if err := c.do(ctx, c.greet); err != nil {
		c.drop()
		return nil, err
	}
	return c, nil
}

func (c *conn) greet() (err error) {
	stream := c.raw
	if c.config.TLS == "implicit" {
		secure := tls.Client(c.raw, c.tlsConfig())
		if err := secure.Handshake(); err != nil {
			return err
		}
		stream = secure
		c.extend()
	}
	if c.client, err = smtp.NewClient(stream, c.config.Host); err != nil {
		return err
	}
	c.extend()
	if err := c.client.Hello(c.config.HELO); err != nil {
		return err
	}
	if c.config.TLS == "starttls" {
		if err := c.startTLS(); err != nil {
			return err
		}
	}
	return c.logIn()
}

func (c *conn) startTLS() error {
	if offered, _ := c.client.Extension("STARTTLS"); !offered {
		return errNoStartTLS
	}
	c.extend()
	return c.client.StartTLS(c.tlsConfig())
}

func (c *conn) tlsConfig() *tls.Config {
	config := &tls.Config{}
	if c.config.TLSConfig != nil {
		config = c.config.TLSConfig.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = c.config.Host
	}
	return config
}

// logIn proves who we are, in the way that the server offers.
func (c *conn) logIn() error {
	if c.config.User == "" {
		return nil
	}
	_, offer := c.client.Extension("AUTH")
	auth, err := c.auth(strings.Fields(offer))
	if err != nil {
		return err
	}
	c.extend()
	if err := c.client.Auth(auth); err != nil {
		return loginError{c.config.User, err}
	}
	return nil
}

func (c *conn) auth(offered []string) (smtp.Auth, error) {
	const unencrypted = true // dial has made sure that this happens on loopback only
	if c.config.OAuth != nil {
		token, err := c.config.OAuth()
		if err != nil {
			return nil, fmt.Errorf("get the token: %w", err)
		}
		return smtp.XOAuth2Auth(c.config.User, token), nil
	}
	password, err := c.config.Password()
	if err != nil {
		return nil, fmt.Errorf("get the password: %w", err)
	}
	switch {
	case slices.Contains(offered, "PLAIN"):
		return smtp.PlainAuth("", c.config.User, password, c.config.Host, unencrypted), nil
	case slices.Contains(offered, "LOGIN"):
		return smtp.LoginAuth(c.config.User, password, c.config.Host, unencrypted), nil
	}
	return nil, fmt.Errorf("%w: it offers %q", errNoAuth, offered)
}

// mail begins a letter. SMTPUTF8 is asked for only where an address needs it,
// since a letter sent with it is refused by servers on the way that have it not.
func (c *conn) mail(from string, to []string) error {
	plain := isASCII(from + strings.Join(to, ""))
	if offered, _ := c.client.Extension("SMTPUTF8"); !plain && !offered {
		return errNoUTF8
	}
	c.client.SkipSMTPUTF8(plain)
	return c.client.Mail("<" + from + ">")
}

// finish names the recipients of a letter that has begun, and hands it over.
func (c *conn) finish(ctx context.Context, to []string, raw []byte) Result {
	var rejected []string
	for i, address := range to {
		err := c.do(ctx, func() error { return c.client.Rcpt("<" + address + ">") })
		if err != nil && (i == 0 || c.broken) {
			c.reset(ctx)
			result := failedWith("send to "+address, err)
			result.Address = result.State == Failed
			return result
		}
		if err != nil {
			rejected = append(rejected, address)
		}
	}
	_, announced := c.client.Extension("SIZE")
	if err := tooLarge(announced, len(raw)); err != nil {
		c.reset(ctx)
		return Result{State: Failed, Err: &Error{Op: "send to " + to[0], Err: err, Hint: "let the server take larger mail, or shorten the letters"}}
	}
	result := c.hand(ctx, raw)
	result.Rejected = rejected
	return result
}

// hand sends the bytes and asks what became of them.
func (c *conn) hand(ctx context.Context, raw []byte) Result {
	var w io.WriteCloser
	err := c.do(ctx, func() (err error) {
		if w, err = c.client.Data(); err != nil {
			return err
		}
		return c.write(w, raw)
	})
	if err != nil {
		c.reset(ctx)
		return failedWith("send the letter", err)
	}
	return c.end(ctx, w)
}

var lineEnd = []byte("\r\n")

// write writes a letter, which holds whole lines only (checkLetter), with a
// second dot where a line begins with one. The writer of the library looks at each
// byte; it is given just the last line's end here, to know where it stands when
// it is told to end.
func (c *conn) write(w io.Writer, raw []byte) error {
	lines := raw[:len(raw)-len(lineEnd)]
	for len(lines) > 0 {
		if lines[0] == '.' { // a line begins here
			c.client.Text.W.WriteByte('.') // the error comes again with the next
		}
		part := lines
		if dot := bytes.Index(lines, []byte("\r\n.")); dot >= 0 {
			part = lines[:dot+len(lineEnd)]
		}
		lines = lines[len(part):]
		for piece := range slices.Chunk(part, 64<<10) { // a slow line has the time for each
			c.extend()
			if _, err := c.client.Text.W.Write(piece); err != nil {
				return err
			}
		}
	}
	c.extend()
	_, err := w.Write(lineEnd)
	return err
}

// end writes the final dot and reads the answer. Without one nobody knows. A
// process that was stopped for long looks once more at its clock before the
// dot: what it may send no more has not been sent then. Its timers would come too late.
func (c *conn) end(ctx context.Context, w io.Closer) Result {
	if until, bounded := ctx.Deadline(); bounded && !time.Now().Before(until) {
		c.broken = true
		return failedWith("send the letter", context.DeadlineExceeded)
	}
	err := c.do(ctx, w.Close)
	var reply *textproto.Error
	switch {
	case err == nil:
		return Result{State: Sent, Code: 250}
	case errors.As(err, &reply) && reply.Code/100 == 2:
		return Result{State: Sent, Code: reply.Code, Text: reply.Msg}
	case errors.As(err, &reply):
		return failedWith("send the letter", err)
	}
	return Result{State: Unclear, Err: &Error{Op: "send the letter", Err: err, Hint: "the server did not answer after the final dot; it is sent again unless its copy is found"}}
}

// reset ends a letter that was begun, so that the connection can be kept.
func (c *conn) reset(ctx context.Context) {
	if c.broken {
		return
	}
	if err := c.do(ctx, c.client.Reset); err != nil {
		c.broken = true
	}
}

// do runs f, which fails when the context ends or the server gives no answer in
// time; with more than one answer to wait for, f extends the time itself. A connection that did not
// answer, or said farewell (421), is of no further use.
func (c *conn) do(ctx context.Context, f func() error) error {
	stop := context.AfterFunc(ctx, func() { c.raw.Close() })
	defer stop()
	c.extend()
	err := f()
	c.last = time.Now()
	var reply *textproto.Error
	if err != nil && (!errors.As(err, &reply) || reply.Code == 421) || ctx.Err() != nil {
		c.broken = true
	}
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// extend gives the server time for its next answer.
func (c *conn) extend() {
	c.raw.SetDeadline(time.Now().Add(c.config.Timeout)) // fails on a closed connection only, where the next command fails too
}

// drop closes the connection without a word, which SMTP servers take well
// between two letters and which cannot block.
func (c *conn) drop() { c.raw.Close() }

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 126 })
}
