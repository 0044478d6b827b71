package servers

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// SMTPOptions say what an SMTP server in the process offers.
type SMTPOptions struct {
	Domain     string            // its name, and the authserv-id it writes
	Local      []string          // domains whose senders pass DMARC here
	Accounts   map[string]string // name to password; none: no AUTH, anybody may send
	Mailboxes  *IMAP             // what is addressed to one of its accounts, or a sub-address, is delivered there
	Taken      func(Sent) error  // told of each mail before its sender is; an error refuses it. nil: nobody
	Now        func() time.Time
	Security   Security    // empty: Plain
	TLS        *tls.Config // for Implicit and StartTLS
	UTF8       bool        // offers SMTPUTF8
	RewriteIDs bool        // gives each mail a Message-ID of its own, as Amazon SES does
	Log        io.Writer   // what the protocol layer complains about; nil: nothing
}

// Sent is a mail that the server accepted, byte for byte.
type Sent struct {
	At   time.Time
	From string   // envelope
	To   []string // envelope
	UTF8 bool     // the client asked for SMTPUTF8
	Raw  []byte
}

// SMTP is an SMTP server in the process, listening on a free port of loopback.
type SMTP struct {
	options  SMTPOptions
	listener net.Listener
	server   *smtp.Server

	mu       sync.Mutex
	sent     []Sent
	faults   []SMTPFault
	mended   chan struct{}
	dialled  int
	sessions sync.WaitGroup
}

// SMTPFault is one misbehaviour: at CONNECT, MAIL, RCPT or DATA.
type SMTPFault struct {
	At    string
	To    string // with RCPT: only for this address
	Do    SMTPHarm
	Code  int    // with Reply
	Text  string // with Reply
	Times int    // how often; 0: until Mend
}

// SMTPHarm is a way in which an SMTP server misbehaves.
type SMTPHarm int

// The kinds of harm. At DATA, Reply, Swallow and Mute come after the final dot.
const (
	Reply   SMTPHarm = iota // answers with a code instead of 250
	HangUp                  // closes the connection; at DATA amid the mail, which is not kept
	Swallow                 // keeps the mail and closes the connection without a reply
	Mute                    // keeps the mail and says nothing more until Mend or Close
)

// StartSMTP starts a server.
func StartSMTP(o SMTPOptions) (*SMTP, error) {
	listener, err := listen(o.Security, o.TLS)
	if err != nil {
		return nil, err
	}
	s := &SMTP{options: o, listener: listener, mended: make(chan struct{})}
	s.server = smtp.NewServer(smtp.BackendFunc(s.connect))
	s.server.Domain = o.Domain
	s.server.EnableSMTPUTF8 = o.UTF8
	s.server.AllowInsecureAuth = o.Security != StartTLS
	s.server.TLSConfig = startTLSConfig(o.Security, o.TLS)
	s.server.ErrorLog = log.New(logTo(o.Log), "smtp: ", 0)
	go s.server.Serve(listener) // returns when Close closes the listener; its error says only that
	return s, nil
}

// Addr returns host and port to connect to.
func (s *SMTP) Addr() string { return s.listener.Addr().String() }

// Port returns the port to connect to, on 127.0.0.1.
func (s *SMTP) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Close ends all connections and returns when the last has ended.
func (s *SMTP) Close() {
	s.Mend()
	s.listener.Close() // the server may not have got hold of it yet
	s.server.Close()   // its error is that of a listener that is gone all the same
	s.sessions.Wait()
}

// Sent returns what was accepted, in order.
func (s *SMTP) Sent() []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

// Connections returns how often somebody connected.
func (s *SMTP) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dialled
}

// Break makes the server misbehave from now on.
func (s *SMTP) Break(f SMTPFault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
}

// Mend ends all misbehaviour; what was stalled goes on.
func (s *SMTP) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
	close(s.mended)
	s.mended = make(chan struct{})
}

func (s *SMTP) connect(conn *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	s.dialled++
	s.mu.Unlock()
	s.sessions.Add(1)
	session := &smtpSession{server: s, conn: conn}
	if err := s.strike("CONNECT", "", conn); err != nil {
		s.sessions.Done()
		return nil, err
	}
	return session, nil
}

// strike lets the fault of a command happen, if there is one.
func (s *SMTP) strike(command, to string, conn *smtp.Conn) error {
	fault, mended, hit := s.take(command, to)
	if !hit {
		return nil
	}
	switch fault.Do {
	case HangUp:
		conn.Conn().Close()
		return errDropped
	case Mute:
		<-mended
		return nil
	}
	return fault.reply()
}

func (f SMTPFault) reply() error {
	return &smtp.SMTPError{Code: f.Code, EnhancedCode: smtp.EnhancedCode{f.Code / 100, 0, 0}, Message: f.Text}
}

// take returns the fault that hits now, and counts it.
func (s *SMTP) take(command, to string) (SMTPFault, chan struct{}, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.faults {
		fault := &s.faults[i]
		if fault.At != command || fault.To != "" && fault.To != to {
			continue
		}
		hit := *fault
		if fault.Times == 1 {
			s.faults = slices.Delete(s.faults, i, i+1)
		} else if fault.Times > 1 {
			fault.Times--
		}
		return hit, s.mended, true
	}
	return SMTPFault{}, nil, false
}

// accept keeps a mail and delivers it to the mailboxes that it is addressed to.
func (s *SMTP) accept(mail Sent) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	mail.At = s.options.Now()
	if s.options.Taken != nil {
		if err := s.options.Taken(mail); err != nil {
			return err
		}
	}
	s.sent = append(s.sent, mail)
	if s.options.Mailboxes == nil {
		return nil
	}
	received := s.dropForged(mail.Raw)
	if s.options.RewriteIDs {
		received = rewriteID(received, len(s.sent))
	}
	for _, recipient := range mail.To {
		if err := s.deliver(mail, recipient, received); err != nil {
			return err
		}
	}
	return nil
}

// deliver puts a mail into the mailbox of a recipient, if that is one of ours.
func (s *SMTP) deliver(mail Sent, recipient string, received []byte) error {
	account := s.mailboxOf(recipient)
	if account == "" {
		return nil
	}
	raw := append(s.trace(mail.From, recipient, received, mail.At), received...)
	_, err := s.options.Mailboxes.Deliver(account, raw, mail.At)
	return err
}

// mailboxOf finds the account that an address or sub-address belongs to.
func (s *SMTP) mailboxOf(recipient string) string {
	local, domain, _ := strings.Cut(strings.ToLower(recipient), "@")
	local, _, _ = strings.Cut(local, "+")
	address := local + "@" + domain
	if _, err := s.options.Mailboxes.account(address); err != nil {
		return ""
	}
	return address
}

// trace is what the server writes above a mail that it delivers.
func (s *SMTP) trace(from, recipient string, raw []byte, at time.Time) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Return-Path: <%s>\r\nDelivered-To: %s\r\n", from, recipient)
	fmt.Fprintf(&b, "Received: from client.%s by %s with ESMTP\r\n\tfor <%s>; %s\r\n",
		s.options.Domain, s.options.Domain, recipient, at.Format(time.RFC1123Z))
	fmt.Fprintf(&b, "Authentication-Results: %s;\r\n\tdmarc=%s header.from=%s\r\n", s.options.Domain, s.verdict(raw), fromDomain(raw))
	return b.Bytes()
}

func (s *SMTP) verdict(raw []byte) string {
	if slices.Contains(s.options.Local, fromDomain(raw)) {
		return "pass"
	}
	return "none"
}

// fromDomain reads the domain of the From header, as far as the demo's mail needs it.
func fromDomain(raw []byte) string {
	for line := range strings.Lines(string(header(raw))) {
		if len(line) > 5 && strings.EqualFold(line[:5], "From:") {
			_, domain, _ := strings.Cut(line[strings.LastIndex(line, "<")+1:], "@")
			return strings.ToLower(strings.Trim(domain, "> \r\n"))
		}
	}
	return ""
}

// dropForged removes results that claim to be the server's own, as a border
// server must (RFC 8601 section 5).
func (s *SMTP) dropForged(raw []byte) []byte {
	return editHeader(raw, func(name, value string) (string, bool) {
		id, _, _ := strings.Cut(value, ";")
		return "", strings.EqualFold(name, "Authentication-Results") && strings.TrimSpace(id) == s.options.Domain
	})
}

// rewriteID gives a mail the n-th Message-ID of a relay that has its own.
func rewriteID(raw []byte, n int) []byte {
	return editHeader(raw, func(name, value string) (string, bool) {
		return fmt.Sprintf("Message-ID: <%016x-000000@relay.example>\r\n", n), strings.EqualFold(name, "Message-ID")
	})
}

// editHeader replaces the fields for which edit says true, continuation lines included.
func editHeader(raw []byte, edit func(name, value string) (string, bool)) []byte {
	head := header(raw)
	var out bytes.Buffer
	replaced := false
	for line := range strings.Lines(string(head)) {
		if line[0] == ' ' || line[0] == '\t' {
			if !replaced {
				out.WriteString(line)
			}
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		var text string
		if text, replaced = edit(name, value); replaced {
			out.WriteString(text)
		} else {
			out.WriteString(line)
		}
	}
	return append(out.Bytes(), raw[len(head):]...)
}

// smtpSession is one client's connection.
type smtpSession struct {
	server *SMTP
	conn   *smtp.Conn
	proven bool
	mail   Sent // as far as it has come
}

// AuthMechanisms returns how one can log in.
func (c *smtpSession) AuthMechanisms() []string {
	if len(c.server.options.Accounts) == 0 {
		return nil
	}
	return []string{sasl.Plain}
}

// Auth checks a password.
func (c *smtpSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		want, known := c.server.options.Accounts[user]
		if !known || want != password {
			return smtp.ErrAuthFailed
		}
		c.proven = true
		return nil
	}), nil
}

// Mail begins a mail.
func (c *smtpSession) Mail(from string, o *smtp.MailOptions) error {
	if len(c.server.options.Accounts) > 0 && !c.proven {
		return smtp.ErrAuthRequired
	}
	c.mail = Sent{From: from, UTF8: o.UTF8}
	return c.server.strike("MAIL", "", c.conn)
}

// Rcpt adds a recipient.
func (c *smtpSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := c.server.strike("RCPT", to, c.conn); err != nil {
		return err
	}
	c.mail.To = append(c.mail.To, to)
	return nil
}

// Data takes the mail.
func (c *smtpSession) Data(r io.Reader) error {
	fault, mended, hit := c.server.take("DATA", "")
	if hit && fault.Do == HangUp {
		c.conn.Conn().Close()
		return errDropped
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if hit && fault.Do == Reply {
		return fault.reply()
	}
	c.mail.Raw = raw
	if err := c.server.accept(c.mail); err != nil {
		return err
	}
	if hit && fault.Do == Swallow {
		c.conn.Conn().Close()
		return errors.New("connection closed without a reply on purpose")
	}
	if hit {
		<-mended
	}
	return nil
}

// Reset forgets the mail that was begun.
func (c *smtpSession) Reset() { c.mail = Sent{} }

// Logout ends the session.
func (c *smtpSession) Logout() error {
	c.server.sessions.Done()
	return nil
}
