package agenda

import (
	"maps"
	"slices"
)

// Calls returns all calls of the book, in order of time.
func (b *Book) Calls() []Call {
	var out []Call
	for _, key := range slices.Sorted(maps.Keys(b.calls)) {
		out = append(out, *b.calls[key])
	}
	slices.SortStableFunc(out, func(x, y Call) int { return x.Start.Compare(y.Start) })
	return out
}

// AllItems returns all items of the book, also those that are over, by id.
func (b *Book) AllItems() []Item { return b.itemsWhere(func(*Item) bool { return true }) }

// AllActions returns all actions of the book, also those that are closed, by id.
func (b *Book) AllActions() []Action { return b.actionsWhere(func(*Action) bool { return true }) }
