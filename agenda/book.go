package agenda

import "time"

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
//
// and those that package digest asks: Plan, Week, Owed, Item, Action, Call,
// Person, Remember (a Card for each letter written).
type Book struct {
	team    Team
	items   map[int]*Item
	actions map[int]*Action
	calls   map[string]*Call
	members map[string]*Member
	clock   time.Time // everything due before it has been fired
	dirty   map[string]bool
}
