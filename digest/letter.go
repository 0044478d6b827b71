// Package digest writes letters: what is said about what a team tracks, to
// whom, as finished bytes.
//
// It is pure. The same order on the same book gives the same bytes: Message-ID
// and boundaries derive from the letter's key, the date from the order.
package digest

import (
	"time"

	"minuted/agenda"
)

// Letter is an outgoing mail, complete before anything is dialled.
type Letter struct {
	Key       string // never changes
	Kind      agenda.Kind
	Person    string // handle; empty for operators
	From      string // envelope sender
	To        []string
	At        time.Time // not before
	Until     time.Time // of no use after; zero: always of use
	MessageID string    // without angle brackets
	Subject   string    // for logs and status
	Bytes     []byte
}
