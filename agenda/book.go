package agenda

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"minuted/parser"
)

// Book holds the records of one team in memory while its lease is held. It is
// not safe for concurrent use: one pass works on it at a time.
//
// The functions that package daemon calls:
//
//	Open(team, records)      a book of the open records
//	b.Needs(mail) []string   keys of closed records, threads and cards that applying the mail needs
//	b.Add(records)           gives what the store had of them
//	b.Apply(in) Outcome      one mail, at the instant it arrived
//	b.Next() time.Time       when something is due next; zero: nothing
//	b.Fire(now) (Outcome, bool)  the earliest thing due by now, at its own instant
//	b.Changes() []Record     what changed since the last call of Changes
//	b.Trim()                 between batches: forgets what is not open
//
// and those that package digest asks: Plan, Week, Owed, Item, Action, Call,
// Person, Member, Remember (a Card for each letter written).
type Book struct {
	team Team

	registers shelf[Register]
	items     shelf[Item]
	actions   shelf[Action]
	calls     shelf[Call]
	members   shelf[Member]
	threads   shelf[Thread]
	cards     shelf[Card]
	undos     shelf[Undo]
	held      shelf[Held]
	shelves   map[string]anyShelf // all of them, by the first word of their keys

	dirty  map[string]bool
	before map[string][]byte // while a mail is applied: what it touched, as it was; nil: was not there
	asked  map[string]bool   // keys that Needs named since the last Trim
	lately map[string]bool   // keys that were added or changed since the last Trim
	rota   rota              // occurrences of the series, worked out once
}

// Register is what the team counts: ids, the time that has passed, and answers
// given. It is one record, written with every change.
type Register struct {
	Items     int                  `json:"items"`             // the last id given
	Actions   int                  `json:"actions"`           // the last id given
	Clock     time.Time            `json:"clock,omitzero"`    // everything due before it has been fired
	Weekly    time.Time            `json:"weekly,omitzero"`   // end of the last week that was told
	Answers   []time.Time          `json:"answers,omitempty"` // of the last hour
	Filed     map[string]tally     `json:"filed,omitempty"`   // items by handle
	Ignored   map[string]int       `json:"ignored,omitempty"` // mails of the week that changed nothing, by reason
	Noted     noted                `json:"noted,omitzero"`
	Unreached []Unreached          `json:"unreached,omitempty"` // of whom the team is told by its next letter
	Wrote     map[string]time.Time `json:"wrote,omitempty"`     // when the last letter to a handle was written
	Repeats   map[string]repeat    `json:"repeats,omitempty"`   // who asked for the same in a row: handle and a hash of it
	Undo      map[string]string    `json:"undo,omitempty"`      // handle -> key of the last change that can be undone
	Told      map[string]time.Time `json:"told,omitempty"`      // "shaun/unknown id" -> last told so; operators' notices by kind
}

// noted counts the mail since the operators' last notice.
type noted struct {
	From    time.Time `json:"from,omitzero"` // zero: there was no notice yet
	Read    int       `json:"read"`
	Ignored int       `json:"ignored"`
}

// tally counts what happened in the hour from an instant on.
type tally struct {
	From time.Time `json:"from"`
	N    int       `json:"n"`
}

// Open returns a book of a team's open records.
func Open(team Team, records []Record) (*Book, error) {
	b := &Book{
		team:      team,
		registers: shelf[Register]{}, items: shelf[Item]{}, actions: shelf[Action]{}, calls: shelf[Call]{},
		members: shelf[Member]{}, threads: shelf[Thread]{}, cards: shelf[Card]{}, undos: shelf[Undo]{}, held: shelf[Held]{},
		dirty: map[string]bool{}, asked: map[string]bool{}, lately: map[string]bool{},
	}
	b.shelves = map[string]anyShelf{
		"register": b.registers, "item": b.items, "action": b.actions, "call": b.calls, "member": b.members,
		"thread": b.threads, "card": b.cards, "undo": b.undos, "held": b.held,
	}
	if err := b.Add(records); err != nil {
		return nil, err
	}
	if b.registers[registerKey] == nil {
		b.registers[registerKey] = &Register{}
	}
	return b, nil
}

// Add puts records into the book that the store had. What the book already
// holds is newer and stays.
func (b *Book) Add(records []Record) error {
	for _, r := range records {
		if r.JSON == nil || b.has(r.Key) {
			continue
		}
		s := b.shelfOf(r.Key)
		if s == nil {
			return fmt.Errorf("read record %q: no such kind", r.Key)
		}
		if err := s.put(r.Key, r.JSON); err != nil {
			return fmt.Errorf("read record %q: %w", r.Key, err)
		}
		b.lately[r.Key] = true
	}
	return nil
}

// Needs names the records that applying the mail needs and that are not in the
// book. Records can name others (a thread its letter, a call its actions), so
// a second question after Add may bring a few more; each key is named once.
func (b *Book) Needs(m parser.Mail) []string {
	keys := map[string]bool{}
	for _, key := range b.neededBy(m) {
		if !b.has(key) && !b.asked[key] {
			keys[key] = true
			b.asked[key] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// Changes returns what changed since it was last called, in order of key.
func (b *Book) Changes() []Record {
	var out []Record
	for _, key := range slices.Sorted(maps.Keys(b.dirty)) {
		out = append(out, b.record(key))
	}
	b.dirty = map[string]bool{}
	return out
}

// Trim forgets records that are not open, so that a book that is kept for
// months costs what is open. Call it between batches, with no change pending.
func (b *Book) Trim() {
	for key := range b.lately {
		if v := b.shelfOf(key).get(key); v != nil && !b.dirty[key] {
			if open, _ := b.life(v); !open {
				b.shelfOf(key).forget(key)
			}
		}
	}
	b.asked, b.lately = map[string]bool{}, map[string]bool{}
}

// Begin lets time begin in an empty book, where no mail has come yet. Without
// it time begins with the first mail; nothing before is ever due.
func (b *Book) Begin(now time.Time) {
	if b.clock().IsZero() {
		b.advance(now)
	}
}

func (b *Book) clock() time.Time { return b.register().Clock }

func (b *Book) register() *Register { return b.registers[registerKey] }

// advance moves the clock to an instant, never backwards: mail may be handed in
// late, and its arrival then counts as the last thing that happened.
func (b *Book) advance(at time.Time) time.Time {
	b.touch(registerKey)
	r := b.register()
	if r.Clock.IsZero() {
		r.Weekly = at.UTC()
	}
	if at.After(r.Clock) {
		r.Clock = at.UTC()
	}
	return r.Clock
}

// Team returns the team of the book.
func (b *Book) Team() Team { return b.team }
