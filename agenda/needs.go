package agenda

import (
	"maps"
	"slices"

	"minuted/parser"
)

// neededBy are the keys of all records that applying the mail may look at,
// beside those that are always loaded.
func (b *Book) neededBy(m parser.Mail) []string {
	var keys []string
	for _, token := range append(b.lettersAnswered(m), b.ownTokens(m)...) {
		keys = append(keys, cardKey(token), undoKey(token), heldKey(token))
	}
	for _, id := range append(append(referred(m), original(m)...), m.MessageID) {
		if id != "" {
			keys = append(keys, threadKey(id))
		}
	}
	for _, id := range idInText.FindAllString(m.Subject, -1) {
		keys = append(keys, keyOf(id))
	}
	for _, c := range append(append([]parser.Command{}, m.Commands...), m.Ticked...) {
		for _, id := range c.IDs {
			keys = append(keys, keyOf(id))
		}
	}
	if m.Bounce != nil && m.Bounce.MessageID != "" {
		keys = append(keys, b.neededBy(parser.Mail{InReplyTo: []string{m.Bounce.MessageID}})...)
	}
	if p, not := b.team.author(m); not == "" && b.register().Undo[p.Handle] != "" {
		keys = append(keys, b.register().Undo[p.Handle])
	}
	keys = append(keys, b.neededByMinutes(m)...)
	return append(keys, b.neededByLoaded(keys)...)
}

// neededByMinutes are the calls that the minutes are of, and the ids they name.
func (b *Book) neededByMinutes(m parser.Mail) []string {
	if m.Minutes == nil {
		return nil
	}
	var keys []string
	for _, meeting := range m.Minutes.Meetings {
		if meeting.Date != "" {
			keys = append(keys, callKey(meeting.Date), callKey(meeting.Date+".2"))
		}
	}
	for _, id := range idInText.FindAllString(m.Text, -1) {
		keys = append(keys, keyOf(id))
	}
	return keys
}

// neededByLoaded follows the records that are loaded by now to those they name.
func (b *Book) neededByLoaded(keys []string) []string {
	var more []string
	for _, key := range keys {
		switch v := b.shelfOf(key).get(key).(type) {
		case *Call:
			more = append(more, v.names()...)
		case *Card:
			more = append(more, v.names()...)
		case *Thread:
			more = append(more, v.names()...)
		case *Undo:
			more = slices.AppendSeq(more, maps.Keys(v.Before))
		case *Held:
			if v.Card != nil {
				more = append(more, v.Card.names()...)
			}
			more = append(more, b.neededBy(v.Mail)...)
		}
	}
	return more
}

func (c *Call) names() []string {
	var keys []string
	if c.Minutes == nil {
		return nil
	}
	for _, id := range slices.Concat(c.Minutes.Actions, c.Minutes.Closed) {
		keys = append(keys, actionKey(id))
	}
	for _, t := range c.Minutes.Topics {
		if t.Item != 0 {
			keys = append(keys, itemKey(t.Item))
		}
	}
	return keys
}

func (c *Card) names() []string {
	var keys []string
	for _, id := range c.Shown {
		keys = append(keys, keyOf(id))
	}
	if c.Call != "" {
		keys = append(keys, callKey(c.Call))
	}
	return keys
}

func (t *Thread) names() []string {
	if t.Letter != "" {
		return []string{cardKey(t.Letter), undoKey(t.Letter), heldKey(t.Letter)}
	}
	return []string{itemKey(t.Item)}
}
