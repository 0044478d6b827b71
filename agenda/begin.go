package agenda

import (
	"strings"

	"minuted/parser"
)

// Beginning is the text of the operator's mail that marks, in the mailbox
// itself, the instant at which the work for a team began.
const Beginning = "Here begins the work of minuted for this mailbox."

// Begins says whether a mail is that mark, under our own key.
func (t Team) Begins(m parser.Mail) bool {
	return strings.TrimSpace(m.Text) == Beginning && t.byOperator(m)
}
