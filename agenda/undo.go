package agenda

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// keepUndo keeps what the mail's records were before, under the token of the
// receipt that offers to undo it.
func (r *request) keepUndo(receipt Order) {
	if len(r.receipt.Changes) == 0 || r.receipt.Undone || r.who.handle == "" {
		return
	}
	u := &Undo{Changes: r.receipt.Changes, Before: map[string]string{}, After: map[string]string{}, Expires: r.at.Add(Answerable)}
	for key, before := range r.b.before {
		after := r.b.text(key)
		if string(before) != string(after) {
			u.Before[key], u.After[key] = string(before), string(after)
		}
	}
	key := undoKey(r.b.TokenOf(receipt))
	r.b.touch(key)
	r.b.undos[key] = u
	if r.b.register().Undo == nil {
		r.b.register().Undo = map[string]string{}
	}
	r.b.register().Undo[r.who.handle] = key // advance has touched the register
}

// undoable says whether a record can be put back. Ids that were given stay
// given, threads that were learnt stay known.
func undoable(key string) bool {
	for _, kind := range []string{"item:", "action:", "call:", "member:"} {
		if strings.HasPrefix(key, kind) {
			return true
		}
	}
	return false
}

// undo puts back what a mail changed: the one whose receipt is answered, else
// the person's last. What was changed again since stays as it is.
func (r *request) undo() *Misread {
	key := r.undoKey()
	u := r.b.undos[key]
	if u == nil || r.at.After(u.Expires) {
		return &Misread{Reason: "nothing to undo", Sentence: "There is nothing to undo: it is undone already, or older than 14 days.", Ready: []string{"mine"}}
	}
	for _, change := range u.Changes {
		r.changed(Change{ID: change.ID, Title: change.Title, Verb: "undo " + change.Verb, Was: change.Now, Now: change.Was, Links: change.Links})
	}
	for _, key := range slices.Sorted(maps.Keys(u.Before)) {
		if string(r.b.text(key)) == u.After[key] || strings.HasPrefix(key, "member:") {
			r.b.restore(key, u.Before[key], r)
		} else {
			r.keptSince(key)
		}
	}
	r.receipt.Undone = true
	r.b.forget(key)
	return nil
}

func (r *request) undoKey() string {
	if r.who.card != nil {
		if key := undoKey(r.who.card.Token); r.b.undos[key] != nil {
			return key
		}
	}
	return r.b.register().Undo[r.who.handle]
}

// keptSince takes the change of one id out of the receipt of an undo and says
// that it was changed again since.
func (r *request) keptSince(key string) {
	id := refOf(key)
	r.receipt.Changes = slices.DeleteFunc(r.receipt.Changes, func(c Change) bool { return c.ID == id && strings.HasPrefix(c.Verb, "undo ") })
	r.refuse(Misread{Reason: "changed since", Line: "undo", Sentence: id + " was changed again since, and stays as it is.", Ready: []string{"show " + id}})
}

// refOf turns the key of an item, an action or a call into its id.
func refOf(key string) string {
	kind, id, _ := strings.Cut(key, ":")
	switch kind {
	case "action":
		return "A-" + id
	case "item":
		return "T-" + id
	}
	return id
}

// restore puts a record back. One that did not exist before cannot vanish,
// since its id was given: it is dropped, or cancelled.
func (b *Book) restore(key, before string, r *request) {
	b.touch(key)
	if m := b.members[key]; m != nil {
		m.restore(before)
		return
	}
	if c := b.calls[key]; c != nil {
		r.restoreCall(c, before)
		return
	}
	if before != "" {
		if err := b.shelfOf(key).put(key, []byte(before)); err != nil {
			panic("restore " + key + ": " + err.Error()) // it was written by text
		}
		return
	}
	switch v := b.shelfOf(key).get(key).(type) {
	case *Item:
		v.State, v.Drop, v.Closed, v.ClosedBy = Dropped, "undone", r.at, r.who.handle
	case *Action:
		b.closeAction(v, Dropped, r.who.handle, r.at)
	}
}

// restoreCall puts a call back. What people were told of it is told again: its
// calendar entry counts up, whatever the record said before.
func (r *request) restoreCall(c *Call, before string) {
	now, was := *c, Call{}
	if before == "" { // nobody had written it down: one of a series takes place, an ad-hoc one was not there
		was = now
		was.Cancelled, was.Kept = now.AdHoc, ""
	} else if err := json.Unmarshal([]byte(before), &was); err != nil {
		panic("restore call " + c.ID + ": " + err.Error()) // it was written by text
	}
	*c = was
	c.Sequence, c.Cancelled, c.Invited = now.Sequence, now.Cancelled, now.Invited
	switch {
	case now.Cancelled && !was.Cancelled:
		r.b.revive(c, r.at)
	case was.Cancelled && !now.Cancelled && now.Preview:
		r.orders = append(r.orders, r.b.cancel(c, r.at)...)
	case was.Cancelled:
		c.Cancelled = true
	}
}

// restore puts back what a person had stopped, and nothing else: reminders and
// bounces since then are no change of theirs.
func (m *Member) restore(before string) {
	var was Member
	if before != "" {
		if err := json.Unmarshal([]byte(before), &was); err != nil {
			panic("restore member " + m.Handle + ": " + err.Error()) // it was written by text
		}
	}
	m.Stopped, m.Until = was.Stopped, was.Until
}
