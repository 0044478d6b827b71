// Package agenda keeps what a team tracks: items, actions, calls and people, and
// says how a mail, a command, minutes or the passing of time changes it.
//
// It is pure: no network, disk, clock, chance or environment. What a team
// tracks is a fold over its mails, each at the instant it arrived, and over the
// things that fell due between them; so the same mails in the same order give
// the same records, ids and letters again (promise 6 of the design).
//
// A newcomer reads book.go (what the daemon calls), apply.go (a mail) and
// event.go (the passing of time) first; each verb, kind of mail and kind of
// event has a small file of its own.
//
// It leaves out on purpose: who may read (all members read all), and the
// moving of a call whose agenda went out when the configuration changes its
// time; skip it and call it anew by mail, so that a rebuild does the same.
package agenda

import (
	"time"

	"minuted/parser/when"
)

// Team is one shared mailbox, its people and its calls, as the configuration says.
type Team struct {
	Name       string // as it signs its letters: "Architecture calls"
	Slug       string // short, for keys and List-Id: "architecture"
	Address    string // of the shared mailbox
	SubAddress bool   // the server delivers address+anything to it
	Archive    string // second recipient of each letter; empty: none
	Zone       *time.Location
	People     []Person
	Series     []Series
	DaysOff    []when.Date
	Tags       []string // without #
	Areas      []Area

	Preview  time.Duration // agenda this long before the call
	Final    time.Duration // and again this long before
	Hold     time.Duration // minutes wait this long for the scribe's second thoughts
	Weekly   Weekly
	Calendar string   // invite, attach or none
	Operator []string // addresses that get notices
	Host     string   // name of the machine, for notices to operators; empty: they do not say

	Trust Trust
	Keys  [][]byte // secrets for tokens; the first signs, all verify
}

// Person is a member of a team.
type Person struct {
	Handle    string   // "shaun": short, unique in the team; @shaun in commands
	Name      string   // "Shaun"
	Address   string   // letters go here
	Addresses []string // others that the person writes from
	Aliases   []string // other names in minutes
	Zone      *time.Location
	Days      []time.Weekday // working days
	From, To  time.Duration  // working hours, since midnight
}

// Series is a recurring call: at Time on Days, every Every weeks, in Zone.
type Series struct {
	Days   []time.Weekday
	Time   time.Duration // since midnight, wall clock
	Every  int           // weeks; 1 for each week
	Since  when.Date     // the week to count Every from
	Zone   *time.Location
	Length time.Duration
	Where  string // link or room
}

// Area is a part of the work that items are sorted by.
type Area struct {
	Name    string
	Tags    []string
	Words   []string // in title or summary, whole words
	Senders []string // addresses, or @domain
	Lists   []string // List-Id
}

// Weekly says when the weekly digest goes.
type Weekly struct {
	Off  bool
	Day  time.Weekday
	Time time.Duration // since midnight in the team's zone
}

// Trust says which Authentication-Results may be believed.
type Trust struct {
	Profile    string // a name of package authres; empty: tokens only
	AuthservID string // of an own server
}
