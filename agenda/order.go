package agenda

import (
	"time"

	"minuted/parser"
	"minuted/parser/when"
)

// Kind of letter. It stands in the header Minuted-Kind of each letter, reduced
// to the six of the design by Family.
type Kind string

// The kinds of letter.
const (
	AgendaPreview    Kind = "agenda"
	AgendaFinal      Kind = "agenda-final"
	EmptyAgenda      Kind = "empty-agenda"
	CancelledCall    Kind = "cancelled"
	MinutesDigest    Kind = "minutes"
	MinutesCorrected Kind = "minutes-corrected"
	WeeklyDigest     Kind = "weekly"
	Reminder         Kind = "reminder"
	ReceiptLetter    Kind = "receipt"
	EchoLetter       Kind = "echo"     // to the scribe
	Question         Kind = "question" // was it you? answered yes
	Nudge            Kind = "nudge"    // minutes are missing
	Notice           Kind = "notice"   // to the operator
)

// Order asks for one letter to one person. It is given by Apply and Fire, and
// written by package digest while the book still stands as it did then.
type Order struct {
	Kind   Kind
	Key    string    // never changes: "agenda.20170202.1.shaun"
	Person string    // handle; empty for operators
	To     string    // address, where it is not the person's own configured one (operators)
	At     time.Time // the instant that it is about; its Date
	Until  time.Time // of no use after; zero: always of use
	Call   string    // id of the call it is about
	Answer *Answered // the mail it answers
	// What the letter says beyond the book, by kind:
	Receipt   *Receipt
	Minutes   *MinutesChange
	Ids       []string    // of a reminder: the actions in the order to show
	Trouble   *Trouble    // of a notice
	Week      Span        // of a weekly digest
	Unreached []Unreached // whom earlier letters did not reach
	Invite    string      // REQUEST or CANCEL where a calendar part is due
	Unseen    bool        // of a final agenda: the preview came too late to be sent
}

// Answered is what is needed of a mail to answer it in its thread.
type Answered struct {
	MessageID  string
	References []string
	Subject    string
	Arrived    time.Time
}

// Span is from From up to, not including, To.
type Span struct{ From, To time.Time }

// Receipt tells what a mail changed and what was not understood.
type Receipt struct {
	Changes []Change
	Errors  []Misread
	Pages   []Page   // answers to help, agenda, mine, show, find
	Undone  bool     // the changes are an undo
	Held    []string // of a question: the lines that wait for yes
}

// Change is one record before and after.
type Change struct {
	ID    string // "A-12"
	Title string
	Verb  string // the command: done, due, owner, pin…, or filed for a new item
	Was   string // short words: "open for 17 days", "due 3 February 2017", "Shaun"
	Now   string
	Links []string
}

// Misread is a line that was not understood, or may not be done.
type Misread struct {
	Reason   string   // what kind of mistake it is: "unknown id"; one answer a day each
	Line     string   // as written
	Sentence string   // what was not understood, then what would be right
	Ready    []string // ready answers
}

// Page is something that was asked for: Verb help, agenda, mine, show or find, with its argument.
type Page struct {
	Verb     string
	Argument string
	Items    []int
	Actions  []int
}

// MinutesChange is what newly mailed minutes changed: for the echo, the digest and the correction.
type MinutesChange struct {
	First   bool  // of this call; false: a correction
	Added   []int // ids of actions
	Removed []int // ids of actions that no longer stand in the minutes
	Edited  []ActionEdit
	Closed  []int // older actions that they closed
	Topics  []TextEdit
	Decided []TextEdit
	Doubts  []Misread // for the echo: please look at these
	Unread  []string  // sentences: what was not read
}

// ActionEdit is an action whose text, owners or due changed by a correction.
type ActionEdit struct {
	ID       int
	Field    string // text, owner, due, done
	Was, Now string
}

// TextEdit is a topic or a decision that a correction added, dropped or worded anew.
type TextEdit struct {
	Item     int    // of the topic, where it is known
	Was, Now string // empty: it was not there, it no longer is
}

// Trouble is what an operator must know.
type Trouble struct {
	Code     string // quarantine, letter-failed, address-failing, ignored
	Sentence string
	Facts    [][2]string // label, value
	Remedies []string    // commands
	Since    *Since      // nil: not counted
}

// Since is what came since the operators' last notice, and what waits now.
type Since struct {
	From          time.Time // zero: there was no notice yet
	Read, Ignored int       // mails
	Letters       *Letters  // nil: not known
	Waiting       []string  // ids of items that wait for a member
}

// Letters counts those since a notice, by the daemon that writes the next one.
type Letters struct {
	Sent, Waiting int
	Pass          time.Duration // the longest pass of this daemon
}

// Incoming is one mail with what the mailbox says about it.
type Incoming struct {
	Mail     parser.Mail
	Arrived  time.Time // INTERNALDATE: the instant it is applied at
	Mailbox  string    // "INBOX"
	Validity uint32
	UID      uint32
	Size     int64  // bytes
	Hash     string // of its content, hex
	Failed   string // why it could not be read at all: it is quarantined
}

// Folder names where a handled mail goes. Folders carry meaning, never keywords.
type Folder string

// The folders, below the one of the configuration.
const (
	Handled    Folder = "Handled"
	Quarantine Folder = "Quarantine"
)

// Outcome is what a mail or the passing of time did.
type Outcome struct {
	At     time.Time
	Did    string // one word for the log: item, follow-up, command, minutes, ignored, quarantined, duplicate…
	Detail string // which rule, which ids: for the log and for status
	Folder Folder // where the mail goes
	Orders []Order
}

// Plan is the agenda of one call, in the order in which it is shown.
type Plan struct {
	Call    Call
	Pinned  []Item
	Carried []Item
	New     []Item // grouped by area
	Stuck   []Action
	Waiting []Item
	Closed  []Action     // since the preview
	Minutes int          // planned in all
	Overrun map[int]bool // ids of items that may not fit
}

// Empty says whether there is nothing to discuss; stuck actions and waiting items alone are no reason to meet.
func (p Plan) Empty() bool { return len(p.Pinned)+len(p.Carried)+len(p.New) == 0 }

// Week is what the weekly digest tells.
type Week struct {
	Span      Span
	Calls     []Call
	Decisions []Decided
	Opened    []Action
	Closed    []Action
	Open      []Owed
	Next      *Call
	Topics    int // on the list for the next call so far
}

// Decided is a decision with the call that made it.
type Decided struct {
	Decision
	Call string
}

// Owed is what one owner owes, oldest first. Handle is empty for actions that nobody owns.
type Owed struct {
	Handle  string
	Name    string // as shown; an unknown owner as written
	Actions []Action
	Oldest  when.Date // the day the oldest was opened
}
