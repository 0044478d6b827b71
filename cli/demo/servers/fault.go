package servers

import (
	"bytes"
	"errors"
	"net"
	"slices"
	"sync"

	"github.com/emersion/go-imap/v2"
)

// Harm is a way in which an IMAP server misbehaves.
type Harm int

// The kinds of harm. The last four happen to one mail while it is fetched.
const (
	Refuse      Harm = iota // answers NO, with the fault's Text
	Drop                    // closes the connection instead of answering
	Stall                   // says nothing until Mend or Close
	HalfLiteral             // closes the connection in the middle of the mail
	BadDate                 // writes an INTERNALDATE that cannot be read
	FlagsFirst              // announces a change of flags before the mail
)

// Fault is one misbehaviour: at a command (GREETING, LOGIN, SELECT, LIST,
// CREATE, SEARCH, FETCH, STORE, COPY, MOVE, EXPUNGE, APPEND, IDLE), or, with a
// UID, when that mail's body is fetched.
type Fault struct {
	At    string
	UID   uint32
	Do    Harm
	Code  string // with Refuse: the response code, as UNAVAILABLE
	Text  string // with Refuse
	After int    // so many times it goes well first
	Times int    // how often; 0: until Mend
}

// errDropped ends a command whose connection was closed on purpose.
var errDropped = errors.New("connection dropped on purpose")

// faults is the list of what is broken. The zero value is a sound server.
type faults struct {
	mu     sync.Mutex
	list   []Fault
	mended chan struct{}
}

func (f *faults) add(fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.mended == nil {
		f.mended = make(chan struct{})
	}
	f.list = append(f.list, fault)
}

func (f *faults) mend() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = nil
	if f.mended != nil {
		close(f.mended)
		f.mended = nil
	}
}

// take returns the fault that hits now, and counts it.
func (f *faults) take(match func(*Fault) bool) (Fault, chan struct{}, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.list {
		fault := &f.list[i]
		if !match(fault) {
			continue
		}
		if fault.After > 0 {
			fault.After--
			continue
		}
		hit := *fault
		if fault.Times == 1 {
			f.list = slices.Delete(f.list, i, i+1)
		} else if fault.Times > 1 {
			fault.Times--
		}
		return hit, f.mended, true
	}
	return Fault{}, nil, false
}

// strike lets the fault of a command happen, if there is one.
func (f *faults) strike(command string, hangUp func()) error {
	fault, mended, hit := f.take(func(f *Fault) bool { return f.At == command })
	if !hit {
		return nil
	}
	switch fault.Do {
	case Drop:
		hangUp()
		return errDropped
	case Stall:
		<-mended
		return nil
	}
	return &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCode(fault.Code), Text: fault.Text}
}

// forMail returns the fault of a mail whose body is being fetched.
func (f *faults) forMail(uid uint32, options *imap.FetchOptions) (Fault, bool) {
	if len(options.BodySection) == 0 {
		return Fault{}, false
	}
	fault, _, hit := f.take(func(f *Fault) bool { return f.UID == uid && uid != 0 })
	return fault, hit
}

// withoutIdle hides IDLE from the capabilities, which the protocol library
// announces always.
type withoutIdle struct{ net.Listener }

func hidesIdle(without []imap.Cap) bool { return slices.Contains(without, imap.CapIdle) }

// Accept returns the next connection.
func (l withoutIdle) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return withoutIdleConn{conn}, nil
}

type withoutIdleConn struct{ net.Conn }

// Write passes on what the server says, without the word IDLE among capabilities.
func (c withoutIdleConn) Write(b []byte) (int, error) {
	if !bytes.Contains(b, []byte("CAPABILITY ")) {
		return c.Conn.Write(b)
	}
	if _, err := c.Conn.Write(bytes.ReplaceAll(b, []byte(" IDLE"), nil)); err != nil {
		return 0, err
	}
	return len(b), nil
}
