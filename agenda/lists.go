package agenda

// AllItems returns all items of the book, also those that are over, by id.
func (b *Book) AllItems() []Item { return b.itemsWhere(func(*Item) bool { return true }) }

// AllActions returns all actions of the book, also those that are closed, by id.
func (b *Book) AllActions() []Action { return b.actionsWhere(func(*Action) bool { return true }) }
