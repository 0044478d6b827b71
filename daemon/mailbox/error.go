package mailbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	"github.com/emersion/go-imap/v2"
)

// Error is what went wrong with a mailbox.
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

// ErrRenumbered says that the folder has another UIDVALIDITY than the caller's
// UIDs: what they stand for is unknown, and nothing was done.
var ErrRenumbered = errors.New("the server numbered the folder anew (UIDVALIDITY changed)")

var (
	errClosed = errors.New("the mailbox was closed")
	errSilent = errors.New("the server says nothing")
	errPlain  = errors.New("a password would be sent without TLS")

	errNoStartTLS = errors.New("the server refused STARTTLS")
	errWithheld   = errors.New("the server left a mail out of its answer that it has")
)

// spoiled marks an answer of the server after which the connection must go.
type spoiled struct{ error }

func (e spoiled) Unwrap() error { return e.error }

// loginError is a refused login.
type loginError struct {
	user string
	error
}

func (e loginError) Unwrap() error { return e.error }

func refused(c Config, err error) error {
	if err == nil {
		return nil
	}
	return loginError{c.User, err}
}

// folderError is a folder that cannot be opened.
type folderError struct {
	folder string
	error
}

func (e folderError) Unwrap() error { return e.error }

func noFolder(folder string, err error) error { return folderError{folder, err} }

// isAnswer tells whether the server answered, so that the connection is sound.
func isAnswer(err error) bool {
	var answer *imap.Error
	var broken spoiled
	return errors.As(err, &answer) && !errors.As(err, &broken) || errors.Is(err, ErrRenumbered)
}

func hasCode(err error, code imap.ResponseCode) bool {
	var answer *imap.Error
	return errors.As(err, &answer) && answer.Code == code
}

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

// passing are codes by which a server says that the trouble is its own, and will end (RFC 5530).
var passing = []imap.ResponseCode{imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeServerBug}

const tooMany = "the server allows no more connections: minuted needs two for a mailbox; raise the limit, or end other programs"

// WantsOperator tells whether a login was refused: to try it again soon can lock the
// account, and helps nobody until somebody has looked.
func WantsOperator(err error) bool {
	var login loginError
	var e *Error
	return errors.As(err, &login) && errors.As(err, &e) && !e.Again
}

// remedy knows one kind of error: whether another try may help, and what would.
type remedy func(error) (again bool, hint string, fits bool)

// remedies are asked in this order; what none knows is worth another try.
var remedies = []remedy{ended, renumbered, unprotected, badLogin, badFolder, full, badCertificate, wrongTLS, unreachable, silentServer}

func ended(err error) (bool, string, bool) {
	return false, "", errors.Is(err, context.Canceled) || errors.Is(err, errClosed)
}

func renumbered(err error) (bool, string, bool) {
	return false, "read the folder from the start", errors.Is(err, ErrRenumbered)
}

func unprotected(err error) (bool, string, bool) {
	return false, "use tls: implicit or starttls; none is for loopback only", errors.Is(err, errPlain)
}

func badLogin(err error) (bool, string, bool) {
	var login loginError
	if !errors.As(err, &login) {
		return false, "", false
	}
	var answer *imap.Error
	switch {
	case !errors.As(err, &answer), slices.Contains(passing, answer.Code):
		return true, "", true // the connection broke, or the server's own user database did
	case answer.Code == imap.ResponseCodeLimit:
		return true, tooMany, true
	}
	return false, fmt.Sprintf("the server refused user %q: check user and password, and that IMAP is allowed for the account", login.user), true
}

func badFolder(err error) (bool, string, bool) {
	var folder folderError
	var answer *imap.Error
	if !errors.As(err, &folder) || !isAnswer(err) || !errors.As(err, &answer) {
		return false, "", false
	}
	if slices.Contains(passing, answer.Code) {
		return true, "", true
	}
	return false, fmt.Sprintf("there is no folder %q for this user: check its name, in upper and lower case and with the server's prefix", folder.folder), true
}

func full(err error) (bool, string, bool) {
	return true, "the mailbox is full: free some space or raise the quota", hasCode(err, imap.ResponseCodeOverQuota)
}

func badCertificate(err error) (bool, string, bool) {
	var verify *tls.CertificateVerificationError
	if !errors.As(err, &verify) {
		return false, "", false
	}
	var name x509.HostnameError
	if errors.As(err, &name) {
		return false, "the certificate is for another host: use the name it was issued for", true
	}
	return false, "nobody we trust signed the certificate, or it has expired: renew it, or name the authority that signed it", true
}

func wrongTLS(err error) (bool, string, bool) {
	var record tls.RecordHeaderError
	if errors.As(err, &record) {
		return false, "the port does not speak TLS at once: use tls: starttls, or port 993", true
	}
	return false, "the server has no STARTTLS here: use tls: implicit, usually on port 993", errors.Is(err, errNoStartTLS)
}

func unreachable(err error) (bool, string, bool) {
	var name *net.DNSError
	if errors.As(err, &name) && name.IsNotFound {
		return true, "there is no host of this name: check host", true
	}
	var op *net.OpError
	return true, "nobody answers there: check host and port, and that the server runs", errors.As(err, &op) && op.Op == "dial"
}

func silentServer(err error) (bool, string, bool) {
	return true, "the connection is half dead, or the port speaks another protocol or TLS", errors.Is(err, errSilent) || errors.Is(err, io.ErrUnexpectedEOF)
}
