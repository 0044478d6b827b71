package agenda

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"minuted/parser/when"
)

// shelf holds the records of one kind by key.
type shelf[T any] map[string]*T

func (s shelf[T]) put(key string, text []byte) error {
	v := new(T)
	if err := json.Unmarshal(text, v); err != nil {
		return err
	}
	s[key] = v
	return nil
}

func (s shelf[T]) get(key string) any {
	if v := s[key]; v != nil {
		return v
	}
	return nil
}

func (s shelf[T]) forget(key string) { delete(s, key) }

// anyShelf is a shelf whose kind of record does not matter.
type anyShelf interface {
	put(key string, text []byte) error
	get(key string) any
	forget(key string)
}

// Keys of the kinds of record.
const registerKey = "register"

func itemKey(id int) string          { return fmt.Sprintf("item:%d", id) }
func actionKey(id int) string        { return fmt.Sprintf("action:%d", id) }
func callKey(id string) string       { return "call:" + id }
func memberKey(handle string) string { return "member:" + handle }
func cardKey(token string) string    { return "card:" + token }
func undoKey(token string) string    { return "undo:" + token }
func heldKey(token string) string    { return "held:" + token }
func keyOf(id string) string { // of "A-17" or "T-4"
	if strings.HasPrefix(id, "A-") {
		return "action:" + id[2:]
	}
	return "item:" + strings.TrimPrefix(id, "T-")
}

// shelfOf is the shelf of a key's kind, nil for a kind that is not known.
func (b *Book) shelfOf(key string) anyShelf {
	kind, _, _ := strings.Cut(key, ":")
	return b.shelves[kind]
}

func (b *Book) has(key string) bool {
	s := b.shelfOf(key)
	return s != nil && s.get(key) != nil
}

// touch says that a record is about to change. While a mail is applied it
// keeps what the record was before, for undo.
func (b *Book) touch(key string) {
	b.dirty[key], b.lately[key] = true, true
	if b.before == nil || !undoable(key) {
		return
	}
	if _, known := b.before[key]; !known {
		b.before[key] = b.text(key)
	}
}

// text is a record's JSON, nil where there is none.
func (b *Book) text(key string) []byte {
	v := b.shelfOf(key).get(key)
	if v == nil {
		return nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("write record %q: %v", key, err)) // plain structs of plain fields
	}
	return text
}

// forget drops a record that has served.
func (b *Book) forget(key string) {
	b.touch(key)
	b.shelfOf(key).forget(key)
}

func (b *Book) record(key string) Record {
	r := Record{Key: key, JSON: b.text(key)}
	if r.JSON != nil {
		r.Open, r.Expires = b.life(b.shelfOf(key).get(key))
	}
	return r
}

// fresh is how long a closed item, action or call stays among the open
// records: the weekly digest tells of it, minutes may be corrected, changes
// undone, even when the daemon slept for two weeks.
const fresh = 35 * 24 * time.Hour

// life says whether a record is loaded at the start, and when it may be forgotten.
func (b *Book) life(v any) (open bool, expires time.Time) {
	switch v := v.(type) {
	case *Item:
		return v.live() || b.isFresh(v.Closed), time.Time{}
	case *Action:
		return v.State == OpenAction || b.isFresh(v.Closed), time.Time{}
	case *Call:
		return b.isFresh(v.ends()), time.Time{}
	case *Thread:
		return false, v.Expires
	case *Card:
		return false, v.Expires
	case *Undo:
		return false, v.Expires
	}
	return true, time.Time{} // the register, the members, and what is held: status tells of it
}

func (b *Book) isFresh(closed time.Time) bool { return closed.Add(fresh).After(b.clock()) }

// age writes closed records once more when they are no longer fresh, so that
// the store moves them away from the open ones.
func (b *Book) age(last time.Time) {
	aged := func(closed time.Time) bool {
		return closed.Add(fresh).After(last) && !b.isFresh(closed)
	}
	for key, it := range b.items {
		if !it.live() && aged(it.Closed) {
			b.touch(key)
		}
	}
	for key, a := range b.actions {
		if a.State != OpenAction && aged(a.Closed) {
			b.touch(key)
		}
	}
	for key, c := range b.calls {
		if aged(c.ends()) {
			b.touch(key)
		}
	}
	for key, h := range b.held {
		if b.clock().After(h.Expires) {
			b.forget(key)
		}
	}
}

// Item returns a copy of an item, and whether the book has it.
func (b *Book) Item(id int) (Item, bool) { return copyOf(b.items[itemKey(id)]) }

// Action returns a copy of an action, and whether the book has it.
func (b *Book) Action(id int) (Action, bool) { return copyOf(b.actions[actionKey(id)]) }

// Member returns what changed about a person since the configuration was written.
// An address that failed is forgotten once the configuration has another.
func (b *Book) Member(handle string) Member {
	if m := b.members[memberKey(handle)]; m != nil {
		now := *m
		if p, ok := b.person(handle); ok && m.At != "" && m.At != p.Address {
			now.Failing, now.Paused, now.At = 0, false, ""
		}
		return now
	}
	return Member{Handle: handle}
}

func copyOf[T any](v *T) (T, bool) {
	if v == nil {
		var none T
		return none, false
	}
	return *v, true
}

func (b *Book) editItem(id int) *Item {
	b.touch(itemKey(id))
	return b.items[itemKey(id)]
}

func (b *Book) editAction(id int) *Action {
	b.touch(actionKey(id))
	return b.actions[actionKey(id)]
}

func (b *Book) editCall(id string) *Call {
	b.touch(callKey(id))
	return b.calls[callKey(id)]
}

func (b *Book) editMember(handle string) *Member {
	key := memberKey(handle)
	b.touch(key)
	if b.members[key] == nil {
		b.members[key] = &Member{Handle: handle}
	}
	return b.members[key]
}

func (b *Book) newItem() *Item {
	b.touch(registerKey)
	b.register().Items++
	id := b.register().Items
	b.touch(itemKey(id))
	b.items[itemKey(id)] = &Item{ID: id}
	return b.items[itemKey(id)]
}

func (b *Book) newAction() *Action {
	b.touch(registerKey)
	b.register().Actions++
	id := b.register().Actions
	b.touch(actionKey(id))
	b.actions[actionKey(id)] = &Action{ID: id, State: OpenAction}
	return b.actions[actionKey(id)]
}

// Items returns the items that are loaded and live, by id.
func (b *Book) Items() []Item {
	return b.itemsWhere(func(it *Item) bool { return it.live() })
}

// Actions returns the open actions, by id.
func (b *Book) Actions() []Action {
	return b.actionsWhere(func(a *Action) bool { return a.State == OpenAction })
}

// AllItems returns all items of the book, also those that are over, by id.
func (b *Book) AllItems() []Item { return b.itemsWhere(func(*Item) bool { return true }) }

// AllActions returns all actions of the book, also those that are closed, by id.
func (b *Book) AllActions() []Action { return b.actionsWhere(func(*Action) bool { return true }) }

// AllCalls returns all recorded calls of the book, in order of time.
func (b *Book) AllCalls() []Call {
	var out []Call
	for _, c := range b.calls {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(x, y Call) int {
		return cmp.Or(x.Start.Compare(y.Start), strings.Compare(x.ID, y.ID))
	})
	return out
}

func (b *Book) itemsWhere(ok func(*Item) bool) []Item {
	var out []Item
	for _, it := range b.items {
		if ok(it) {
			out = append(out, *it)
		}
	}
	slices.SortFunc(out, func(x, y Item) int { return cmp.Compare(x.ID, y.ID) })
	return out
}

func (b *Book) actionsWhere(ok func(*Action) bool) []Action {
	var out []Action
	for _, a := range b.actions {
		if ok(a) {
			out = append(out, *a)
		}
	}
	slices.SortFunc(out, func(x, y Action) int { return cmp.Compare(x.ID, y.ID) })
	return out
}

// Calls returns all calls of the book, in order of time.
func (b *Book) Calls() []Call {
	var out []Call
	for _, c := range b.calls {
		out = append(out, *c)
	}
	return byTime(out)
}

// callsWhere returns fresh calls of the records in order of time. Older ones may
// or may not be loaded, and nothing may depend on that.
func (b *Book) callsWhere(ok func(*Call) bool) []Call {
	var out []Call
	for _, c := range b.calls {
		if b.isFresh(c.ends()) && ok(c) {
			out = append(out, *c)
		}
	}
	return byTime(out)
}

func byTime(calls []Call) []Call {
	slices.SortFunc(calls, func(x, y Call) int {
		return cmp.Or(x.Start.Compare(y.Start), strings.Compare(x.ID, y.ID))
	})
	return calls
}

// live says that the item can still come on an agenda.
func (it Item) live() bool {
	return it.State == Waiting || it.State == OpenItem || it.State == Postponed
}

// Ref is the item's id as people write it.
func (it Item) Ref() string { return fmt.Sprintf("T-%d", it.ID) }

// Ref is the action's id as people write it.
func (a Action) Ref() string { return fmt.Sprintf("A-%d", a.ID) }

// Day is the day of the call, as its id names it.
func (c Call) Day() when.Date {
	if len(c.ID) < len("2006-01-02") {
		return ""
	}
	return when.Date(c.ID[:len("2006-01-02")])
}

func (c Call) ends() time.Time { return c.Start.Add(c.Length) }

// number reads "A-17" or "T-4".
func number(id string) int {
	_, digits, _ := strings.Cut(id, "-")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0 // no record has it
	}
	return n
}
