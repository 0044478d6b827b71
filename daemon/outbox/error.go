package outbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
)

// Error is what went wrong with a letter or with the server.
type Error struct {
	Op    string // what was being done
	Again bool   // it is worth another try, without anybody doing anything
	Hint  string // the remedy, for an operator; may be empty
	Err   error
}

// Error tells what went wrong, with the remedy.
func (e *Error) Error() string {
	text := e.Op + ": " + e.Err.Error()
	if e.Hint != "" {
		text += " (" + e.Hint + ")"
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

var (
	errPlain      = errors.New("letters and a password would be sent without TLS")
	errNoStartTLS = errors.New("the server does not offer STARTTLS")
	errNoUTF8     = errors.New("the server does not offer SMTPUTF8")
	errNoAuth     = errors.New("the server offers no login that we know")
)

// loginError is a refused login.
type loginError struct {
	user string
	error
}

func (e loginError) Unwrap() error { return e.error }

// explain makes an Error of any error: what can be done about it, and by whom.
func explain(op string, err error) error {
	if err == nil {
		return nil
	}
	e := &Error{Op: op, Err: err, Again: true}
	for _, known := range remedies {
		if again, hint, fits := known(err); fits {
			e.Again, e.Hint = again, hint
			break
		}
	}
	return e
}

// remedy knows one kind of error: whether another try may help, and what would.
type remedy func(error) (again bool, hint string, fits bool)

// remedies are asked in this order; what none knows is worth another try.
var remedies = []remedy{ended, unprotected, noLogin, badLogin, wantsLogin, foreignAddress, replied, badCertificate, wrongTLS, unreachable, silent}

func ended(err error) (bool, string, bool) {
	return true, "", errors.Is(err, context.Canceled)
}

func unprotected(err error) (bool, string, bool) {
	return true, "use tls: implicit or starttls; none is for loopback only", errors.Is(err, errPlain)
}

func noLogin(err error) (bool, string, bool) {
	return true, "check host and port: the port for submission is 587 or 465; leave user empty where no login is wanted", errors.Is(err, errNoAuth)
}

// badLogin is worth another try for the letter, which is innocent of it.
func badLogin(err error) (bool, string, bool) {
	var login loginError
	if !errors.As(err, &login) {
		return false, "", false
	}
	return true, fmt.Sprintf("the server refused user %q: check user and password, and that SMTP is allowed for the account", login.user), true
}

// wantsLogin knows the replies of RFC 4954 section 6, which are about us and not
// about the letter.
func wantsLogin(err error) (bool, string, bool) {
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		return false, "", false
	}
	switch reply.Code {
	case 530, 534, 535, 538:
		return true, "the server wants a login before it takes letters: set user and password, and TLS where it asks for it", true
	}
	return false, "", false
}

func foreignAddress(err error) (bool, string, bool) {
	return false, "an address beyond ASCII needs a server with SMTPUTF8", errors.Is(err, errNoUTF8)
}

// replied goes by the first digit alone (RFC 5321 section 4.2.1).
func replied(err error) (bool, string, bool) {
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		return false, "", false
	}
	return reply.Code/100 != 5, "", true
}

func badCertificate(err error) (bool, string, bool) {
	var verify *tls.CertificateVerificationError
	if !errors.As(err, &verify) {
		return false, "", false
	}
	var name x509.HostnameError
	if errors.As(err, &name) {
		return true, "the certificate is for another host: use the name it was issued for", true
	}
	return true, "nobody we trust signed the certificate, or it has expired: renew it, or name the authority that signed it", true
}

func wrongTLS(err error) (bool, string, bool) {
	var record tls.RecordHeaderError
	if errors.As(err, &record) {
		return true, "the port does not speak TLS at once: use tls: starttls, or port 465", true
	}
	return true, "use tls: implicit, usually on port 465", errors.Is(err, errNoStartTLS)
}

func unreachable(err error) (bool, string, bool) {
	var name *net.DNSError
	if errors.As(err, &name) && name.IsNotFound {
		return true, "there is no host of this name: check host", true
	}
	var op *net.OpError
	return true, "nobody answers there: check host and port, and that the server runs", errors.As(err, &op) && op.Op == "dial"
}

func silent(err error) (bool, string, bool) {
	return true, "the server says nothing: the connection is half dead, or the port speaks another protocol or TLS", errors.Is(err, os.ErrDeadlineExceeded)
}
