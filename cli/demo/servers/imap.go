// Package servers runs the servers that a team's mail needs: for the demo and
// for tests, inside the process and on loopback, and for tests against the real
// ones, as child processes in a directory of their own.
//
// The servers in the process keep everything in memory, take their clock from
// the caller, and can be told to break in the ways that real ones do. They leave
// out what no part of the program and no mail program joining the demo needs:
// quotas, access lists, CONDSTORE, persistence.
package servers

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// Security says how a server in the process protects its connections.
type Security string

// The kinds of protection, named as in the configuration of the daemon.
const (
	Plain    Security = "none"
	Implicit Security = "implicit"
	StartTLS Security = "starttls"
)

// IMAPOptions say what an IMAP server in the process offers.
type IMAPOptions struct {
	Accounts  map[string]string // address, which is also the name to log in with, to password
	Now       func() time.Time
	Security  Security    // empty: Plain
	TLS       *tls.Config // for Implicit and StartTLS
	Without   []imap.Cap  // not offered: MOVE, UIDPLUS, IDLE, ESEARCH…
	Prefix    string      // of the personal namespace, as "INBOX." where all folders lie below INBOX
	Delimiter rune        // between the levels of a folder's name; 0: /
	Log       io.Writer   // what the protocol layer complains about; nil: nothing
}

// IMAP is an IMAP server in the process, listening on a free port of loopback.
type IMAP struct {
	options  IMAPOptions
	listener net.Listener
	server   *imapserver.Server
	faults   faults
	sessions sync.WaitGroup

	mu       sync.Mutex
	accounts map[string]*account
	open     map[*session]bool
	validity uint32
}

// StartIMAP starts a server; its accounts have an INBOX and the usual folders.
func StartIMAP(o IMAPOptions) (*IMAP, error) {
	if o.Delimiter == 0 {
		o.Delimiter = '/'
	}
	listener, err := listen(o.Security, o.TLS)
	if err != nil {
		return nil, err
	}
	if hidesIdle(o.Without) {
		listener = withoutIdle{listener}
	}
	s := &IMAP{options: o, listener: listener, accounts: map[string]*account{}, open: map[*session]bool{}}
	for user, password := range o.Accounts {
		s.accounts[strings.ToLower(user)] = s.newAccount(password)
	}
	s.server = imapserver.New(&imapserver.Options{
		NewSession:   s.greet,
		Caps:         s.caps(),
		TLSConfig:    startTLSConfig(o.Security, o.TLS),
		InsecureAuth: o.Security != StartTLS,
		Logger:       log.New(logTo(o.Log), "imap: ", 0),
	})
	go s.server.Serve(listener) // returns when Close closes the listener; its error says only that
	return s, nil
}

// Addr returns host and port to connect to.
func (s *IMAP) Addr() string { return s.listener.Addr().String() }

// Port returns the port to connect to, on 127.0.0.1.
func (s *IMAP) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Close ends all connections and returns when the last has ended.
func (s *IMAP) Close() {
	s.faults.mend()
	s.listener.Close() // the server may not have got hold of it yet
	s.server.Close()   // its error is that of a listener that is gone all the same
	s.sessions.Wait()
}

// Connections returns how many clients are connected.
func (s *IMAP) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Break makes the server misbehave from now on.
func (s *IMAP) Break(f Fault) { s.faults.add(f) }

// Mend ends all misbehaviour; what was stalled goes on.
func (s *IMAP) Mend() { s.faults.mend() }

// DropAll ends all connections, as a restart of the server does.
func (s *IMAP) DropAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for session := range s.open {
		session.hangUp()
	}
}

// caps are what the server offers beyond IMAP4rev1, less what it shall not.
func (s *IMAP) caps() imap.CapSet {
	caps := imap.CapSet{}
	for _, c := range []imap.Cap{imap.CapIMAP4rev1, imap.CapNamespace, imap.CapUIDPlus, imap.CapMove,
		imap.CapESearch, imap.CapListExtended, imap.CapListStatus, imap.CapSpecialUse, imap.CapChildren} {
		caps[c] = struct{}{}
	}
	for _, c := range s.options.Without {
		delete(caps, c)
	}
	return caps
}

func (s *IMAP) greet(conn *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
	session := &session{server: s, conn: conn}
	s.mu.Lock()
	s.open[session] = true
	s.mu.Unlock()
	s.sessions.Add(1)
	if err := s.faults.strike("GREETING", session.hangUp); err != nil {
		session.Close()
		return nil, nil, err
	}
	return session, nil, nil
}

// newValidity returns a UIDVALIDITY that no folder had before: the clock's
// second, or the next free number. A later run with a later clock thus never
// repeats one, and a cursor kept from an earlier run is seen to be void.
func (s *IMAP) newValidity() uint32 {
	s.validity = max(s.validity+1, uint32(s.options.Now().Unix()))
	return s.validity
}

func (s *IMAP) account(user string) (*account, error) {
	a := s.accounts[strings.ToLower(user)]
	if a == nil {
		return nil, fmt.Errorf("no account %s", user)
	}
	return a, nil
}

// listen opens a free port of loopback.
func listen(security Security, config *tls.Config) (net.Listener, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen on loopback: %w", err)
	}
	if security == Implicit {
		return tls.NewListener(listener, config), nil
	}
	return listener, nil
}

func startTLSConfig(security Security, config *tls.Config) *tls.Config {
	if security == StartTLS {
		return config
	}
	return nil
}

func logTo(w io.Writer) io.Writer {
	if w == nil {
		return io.Discard
	}
	return w
}
