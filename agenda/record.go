package agenda

import (
	"time"

	"minuted/parser/when"
)

// Record is one record as it is stored: a readable JSON text under a key such
// as "item:12". Open records are loaded at the start; the others are looked up
// by key when a mail needs them. Expires is zero for records that stay for ever.
type Record struct {
	Key     string
	JSON    []byte // nil: forget it
	Open    bool
	Expires time.Time
}

// State of an item.
type State string

// The life of an item (DESIGN chapter 1).
const (
	Waiting   State = "waiting" // untagged or from somebody unknown: until a member accepts it
	OpenItem  State = "open"
	Postponed State = "postponed"
	Discussed State = "discussed"
	Dropped   State = "dropped" // of an item or an action

	OpenAction State = "open-action"
	DoneAction State = "done"
)

// Item is something to talk about.
type Item struct {
	ID        int       `json:"id"`
	Title     string    `json:"title"`
	Summary   string    `json:"summary,omitempty"`
	State     State     `json:"state"`
	Pinned    bool      `json:"pinned,omitempty"`
	Submitter string    `json:"submitter"`        // handle, or the address of somebody unknown
	Author    string    `json:"author,omitempty"` // who wrote the original: "Name <address>"
	Why       string    `json:"why,omitempty"`    // why it waits: "untagged", "not on the team"
	Area      string    `json:"area,omitempty"`
	Taught    bool      `json:"taught,omitempty"` // somebody gave it its area
	Tags      []string  `json:"tags,omitempty"`
	Links     []string  `json:"links,omitempty"`
	Filed     time.Time `json:"filed"`
	Last      time.Time `json:"last"`                // last mail of its thread
	Mails     int       `json:"mails"`               // how many mails of its thread came
	Minutes   int       `json:"minutes,omitempty"`   // planned; 0: the default
	Votes     []string  `json:"votes,omitempty"`     // handles
	Until     when.Date `json:"until,omitempty"`     // postponed to this day's call or the first after it
	Postponer string    `json:"postponer,omitempty"` // handle of who postponed it last
	Calls     int       `json:"calls,omitempty"`     // how many calls it was on the agenda of, and returned
	Reason    string    `json:"reason,omitempty"`    // why it returns: "Needs more research", "not reached"
	From      string    `json:"from,omitempty"`      // id of the call it returned from
	Closed    time.Time `json:"closed,omitzero"`
	ClosedBy  string    `json:"closed_by,omitempty"`
	Drop      string    `json:"drop,omitempty"` // why it was dropped
	Mail      string    `json:"mail,omitempty"` // Message-ID of the first mail
}

// Action is a promise made in minutes.
type Action struct {
	ID       int       `json:"id"`
	Text     string    `json:"text"`
	Owners   []string  `json:"owners,omitempty"`  // handles
	Unknown  []string  `json:"unknown,omitempty"` // owners that match nobody, as written
	State    State     `json:"state"`             // open-action, done, dropped
	Due      when.Date `json:"due,omitempty"`
	DueText  string    `json:"due_text,omitempty"`
	Links    []string  `json:"links,omitempty"`
	Evidence []string  `json:"evidence,omitempty"` // links that resolve it
	Note     string    `json:"note,omitempty"`     // words given with done or drop
	Notes    []string  `json:"notes,omitempty"`    // by the command note
	Call     string    `json:"call"`               // id of the call whose minutes made it
	Place    int       `json:"place,omitempty"`    // order in the minutes
	Topic    string    `json:"topic,omitempty"`    // title
	Item     int       `json:"item,omitempty"`     // id of the item discussed
	Said     string    `json:"said,omitempty"`     // the note next to it in the minutes
	Carry    bool      `json:"carry,omitempty"`    // needs more discussion
	Opened   time.Time `json:"opened"`
	Closed   time.Time `json:"closed,omitzero"`
	ClosedBy string    `json:"closed_by,omitempty"`
	Snooze   when.Date `json:"snooze,omitempty"` // no reminder before
	Reminded int       `json:"reminded,omitempty"`
	Remind   when.Date `json:"remind,omitempty"` // next reminder; empty: none
	Told     []string  `json:"told,omitempty"`   // owners who had this round's reminder
	Stuck    bool      `json:"stuck,omitempty"`  // reminded in vain: on the agenda instead
}

// Call is one meeting. Its ID is its date, "2017-02-02", and "2017-02-02.2" for a second on that day.
type Call struct {
	ID        string            `json:"id"`
	Start     time.Time         `json:"start"`
	Length    time.Duration     `json:"length"`
	Where     string            `json:"where,omitempty"`
	AdHoc     bool              `json:"ad_hoc,omitempty"`
	Words     string            `json:"words,omitempty"` // what an ad-hoc call is about
	Cancelled bool              `json:"cancelled,omitempty"`
	Kept      string            `json:"kept,omitempty"` // handle of who answered keep
	Preview   bool              `json:"preview,omitempty"`
	Empty     bool              `json:"empty,omitempty"` // the preview said: nothing on the list
	Final     bool              `json:"final,omitempty"`
	Sequence  int               `json:"sequence"`           // of the calendar entry
	Invited   bool              `json:"invited,omitempty"`  // a calendar part went out
	Shown     []string          `json:"shown,omitempty"`    // ids on the preview
	Told      string            `json:"told,omitempty"`     // key of the preview's letters, without their person
	ToldAt    time.Time         `json:"told_at,omitzero"`   // when they went out
	Listed    []int             `json:"listed,omitempty"`   // items on the final agenda
	Announced time.Time         `json:"announced,omitzero"` // when somebody asked for it: no agenda before
	Nudged    bool              `json:"nudged,omitempty"`   // the scribe was asked for minutes
	Coming    map[string]string `json:"coming,omitempty"`   // handle -> ACCEPTED, DECLINED, TENTATIVE
	Minutes   *Minutes          `json:"minutes,omitempty"`
}

// Minutes are what a call's minutes said, beyond the items and actions they made.
type Minutes struct {
	Scribe    string         `json:"scribe"`            // handle
	Mail      string         `json:"mail"`              // Message-ID
	Subject   string         `json:"subject,omitempty"` // of that mail
	Arrived   time.Time      `json:"arrived"`
	Release   time.Time      `json:"release,omitzero"` // held until; zero: no clock is running
	Held      bool           `json:"held,omitempty"`   // until somebody says send
	Sent      int            `json:"sent"`             // how many times the digest went out
	Heading   string         `json:"heading,omitempty"`
	EndDate   when.Date      `json:"end_date,omitempty"`
	Label     string         `json:"label,omitempty"`
	Venue     string         `json:"venue,omitempty"`
	Attendees []string       `json:"attendees,omitempty"`
	Absent    []string       `json:"absent,omitempty"`
	Links     []Link         `json:"links,omitempty"`
	Topics    []Topic        `json:"topics,omitempty"`
	Decisions []Decision     `json:"decisions,omitempty"`
	Actions   []int          `json:"actions,omitempty"` // ids, in the order of the minutes
	Closed    []int          `json:"closed,omitempty"`  // ids of older actions that these minutes closed
	Text      string         `json:"text,omitempty"`    // as mailed, for the attachment and for export
	Pending   *MinutesChange `json:"pending,omitempty"` // what the next letter to everybody tells
}

// Link is a link of a call's minutes.
type Link struct {
	Kind string `json:"kind"`
	URL  string `json:"url"`
	Text string `json:"text,omitempty"`
}

// Topic is what was talked about, matched to an item where there is one.
type Topic struct {
	Item      int      `json:"item,omitempty"`
	Title     string   `json:"title"`
	Depth     int      `json:"depth,omitempty"` // 1 for a topic of a topic
	Links     []string `json:"links,omitempty"`
	Notes     []string `json:"notes,omitempty"`
	CarryOver bool     `json:"carry_over,omitempty"`
	Reason    string   `json:"reason,omitempty"`
	Actions   []int    `json:"actions,omitempty"`
	Known     bool     `json:"known,omitempty"` // the item stood on the agenda before
}

// Decision is a decision of a call.
type Decision struct {
	Item int    `json:"item,omitempty"`
	Text string `json:"text"`
	Link string `json:"link,omitempty"`
}

// Member is what changes about a person.
type Member struct {
	Handle   string    `json:"handle"`
	Stopped  []string  `json:"stopped,omitempty"` // kinds: reminders, weekly, agenda, minutes
	Until    when.Date `json:"until,omitempty"`   // stopped reminders resume
	Away     when.Date `json:"away,omitempty"`    // out of office: reminders wait until
	Reminded when.Date `json:"reminded,omitempty"`
	Failing  int       `json:"failing,omitempty"` // hard bounces in a row
	Paused   bool      `json:"paused,omitempty"`  // the address fails: nothing goes there
	At       string    `json:"at,omitempty"`      // the address that fails
}

// Card is what the team remembers of a letter that it sent: what the answer
// to it may be about. Key "card:TOKEN".
type Card struct {
	Token     string    `json:"token"`
	Letter    string    `json:"letter"` // key
	Kind      Kind      `json:"kind"`
	Person    string    `json:"person"`
	MessageID string    `json:"message_id"`
	Call      string    `json:"call,omitempty"`
	Shown     []string  `json:"shown,omitempty"`  // ids, in the order of the letter
	Expires   time.Time `json:"expires"`          // answers count until then
	Failed    bool      `json:"failed,omitempty"` // it came back
}

// Thread says what a mail of the past belongs to. Key "thread:" and the first
// 32 hex digits of the SHA-256 of its Message-ID.
type Thread struct {
	Item    int       `json:"item,omitempty"`
	Letter  string    `json:"letter,omitempty"` // token of our own letter whose id a relay rewrote
	Expires time.Time `json:"expires"`
}

// Undo is what a mail changed, for 14 days. Key "undo:" and the token of its receipt.
type Undo struct {
	Changes []Change          `json:"changes"`
	Before  map[string]string `json:"before"` // key -> JSON; empty: was not there
	After   map[string]string `json:"after"`  // what was changed since is not undone
	Expires time.Time         `json:"expires"`
}
