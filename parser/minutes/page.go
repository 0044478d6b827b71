// Package minutes reads the minutes of calls as people write them: markdown or
// plain text, a chat log, a table, one meeting or a whole page of them.
//
// It is pure and line-true: every finding knows its line, counted from 1 in
// the text as given. It never fails: what is odd becomes a Problem, what is not
// understood stays a note. A text is taken through four steps, each in its file:
//
//	rows.go     lines get a shape: heading, bullet, rule, row of a table …
//	outline.go  wrapped lines are joined, and all hangs under what it stands under
//	meeting.go  the page is cut at its dated headings; date, links, who was there
//	walk.go     topics, notes, decisions, actions; group.go reads lists of actions
//
// An action is a line with a marker (marker.go), an item in a list of actions,
// a task box that names somebody, or a row of a table of actions. The forms
// that always work for a scribe are
//
//	### 30 Jan 2017                            a meeting
//	#### Attendees: Kim, Sam                   who was there
//	#### [Topic](https://…)  or  * Topic       a topic, its notes as bullets below
//	**[Action]:** Write the spec (Kim)         an action and its owner
//	Action: Kim to write the spec by 10 Feb    the same in plain text
//	~~**[Action]:** Write it~~ https://…       it is done, by that
//	**[Action]:** Needs more discussion        the topic comes back
//	Decision: we keep it                       a decision
//
// It is known to misread: promises in prose ("Kim will merge it"), which stay
// notes on purpose; a first name that is a verb as well, without "to" or "will"
// behind it; attendance that is only kept by ticking boxes, all of them open;
// a date like 3/4/2017, which is taken for March and reported.
package minutes

// Page is everything that was read from one text. JSON names are those of CONTRACT.
type Page struct {
	Pinned   []Pinned  `json:"pinned"`
	Meetings []Meeting `json:"meetings"`
	Problems []Problem `json:"problems"`
	// Preamble is the text above the pinned items of a running page, as written.
	Preamble string `json:"preamble,omitempty"`
	// Lines says of each recognised line what it was taken for, and of each
	// line that looks like an action but is none, why not. In line order.
	Lines []Line `json:"-"`
}

// Pinned is an item that stays on every agenda.
type Pinned struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}

// Meeting is the record of one call.
type Meeting struct {
	Line      int        `json:"line"`
	Heading   string     `json:"heading"`
	Date      string     `json:"date"` // ISO; empty where neither text nor Options say
	EndDate   *string    `json:"end_date"`
	Label     string     `json:"label,omitempty"` // "ad-hoc"
	Venue     string     `json:"venue,omitempty"`
	Attendees []string   `json:"attendees"` // nil where the minutes do not say
	Absent    []string   `json:"absent"`
	Scribe    string     `json:"scribe,omitempty"`
	Links     []Link     `json:"links"`
	Topics    []Topic    `json:"topics"`
	Decisions []Decision `json:"decisions"`
	Actions   []Action   `json:"actions"` // flat, in file order
	// PriorActions are actions of an earlier meeting, restated or reviewed here.
	// They stand apart so that nobody takes them for new promises.
	PriorActions []Action `json:"prior_actions,omitempty"`
	// Points are what was noted before the first topic.
	Points []Point `json:"points,omitempty"`
}

// Link is a link of a meeting: its agenda, recording, document or another.
type Link struct {
	Kind string `json:"kind"`
	URL  string `json:"url"`
	Text string `json:"text"`
}

// Topic is something that was talked about. Notes are its points in file order.
type Topic struct {
	Line      int      `json:"line"`
	Title     string   `json:"title"`
	URLs      []string `json:"urls"`
	CarryOver bool     `json:"carry_over"`
	Reason    string   `json:"reason,omitempty"` // why it returns, as written: "Needs more discussion"
	Notes     []string `json:"notes"`
	Topics    []Topic  `json:"topics"`
	// Tail is the reference behind the title, as written: "- [Front link](url)".
	Tail string `json:"tail,omitempty"`
	// Heading says that the topic is a heading of its own, not a bullet.
	Heading bool `json:"heading,omitempty"`
	// Points are the notes once more, with line, depth and group labels, so that
	// Write can put them back as they stood.
	Points []Point `json:"points,omitempty"`
}

// Point is a note in its place, or the label of a group of notes.
type Point struct {
	Line  int    `json:"line"`
	Text  string `json:"text"`            // as written, with its markdown
	Depth int    `json:"depth"`           // 0 for a bullet right under the topic
	Label bool   `json:"label,omitempty"` // "Notes", "Context": a group, not a note
	Loose bool   `json:"loose,omitempty"` // a paragraph, not a bullet
}

// Decision is a line marked as a decision.
type Decision struct {
	Line      int    `json:"line"`
	Text      string `json:"text"`
	TopicLine int    `json:"topic_line,omitempty"`
	// Links are the addresses in the line; Text has only their words.
	Links []string `json:"links,omitempty"`
}

// Action is a promise. TopicLine is the line of the topic it stands under, 0 for none.
type Action struct {
	Line           int      `json:"line"`
	EndLine        int      `json:"end_line"`
	TopicLine      int      `json:"topic_line"`
	Text           string   `json:"text"`
	Owners         []string `json:"owners"` // as written
	Done           bool     `json:"done"`
	CarryOver      bool     `json:"carry_over"`
	Due            *string  `json:"due"` // ISO
	DueText        *string  `json:"due_text"`
	Links          []string `json:"links"`
	ResolvingLinks []string `json:"resolving_links"`
	ResolutionNote *string  `json:"resolution_note"`
	Prior          bool     `json:"prior,omitempty"` // one of Meeting.PriorActions: not a new one
	Details        []string `json:"details,omitempty"`
	// Marker is how the line called itself ("Action item 1"); empty for a child of an action group.
	Marker string `json:"marker,omitempty"`
	// Tail is what followed the sentence, as written: links, a note on the outcome.
	Tail string `json:"tail,omitempty"`
}

// Problem is something odd about a line, and how it was read all the same.
type Problem struct {
	Line   int    `json:"line"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Line says what a line was taken for: "meeting", "topic", "action", "note"…,
// or why it was not taken ("not an action: …").
type Line struct {
	Number int
	As     string
	Detail string
}

// Options is what a reading depends on beside the text.
type Options struct {
	// Name of the file, for dates that stand only there. Empty: none.
	Name string
	// Date is the ISO date to take where neither text nor Name has one, and the
	// day that relative due dates count from then.
	Date string
	// People are names, aliases and handles of the team; with them "Mark platform
	// agnostic" can be told from an owner called Mark.
	People []string
}
