package agenda

import (
	"fmt"
	"time"
)

// oneDay is the time in which a person gets one answer of a kind.
const oneDay = 24 * time.Hour

// maxAnswers is how many answers a team gives in an hour: a loop that nothing
// else stops ends here.
const maxAnswers = 20

// mayTell says, once in 24 hours, that something may be told to somebody.
func (b *Book) mayTell(who, what string, at time.Time) bool {
	b.touch(registerKey)
	r := b.register()
	for key, told := range r.Told {
		if at.Sub(told) >= oneDay {
			delete(r.Told, key)
		}
	}
	key := who + "/" + what
	if _, told := r.Told[key]; told {
		return false
	}
	if r.Told == nil {
		r.Told = map[string]time.Time{}
	}
	r.Told[key] = at
	return true
}

// mayAnswer counts one more answer of the hour.
func (b *Book) mayAnswer(at time.Time) bool {
	b.touch(registerKey)
	r := b.register()
	var lately []time.Time
	for _, t := range r.Answers {
		if at.Sub(t) < time.Hour {
			lately = append(lately, t)
		}
	}
	r.Answers = lately
	if len(lately) >= maxAnswers {
		return false
	}
	r.Answers = append(lately, at)
	return true
}

// notice tells the operators of trouble, at most once a day about each matter.
// The letters' keys are made of name.
func (b *Book) notice(at time.Time, matter, name string, trouble Trouble) []Order {
	if !b.mayTell(operatorHandle, matter, at) {
		return nil
	}
	trouble.Since = b.since(at)
	var out []Order
	for i, address := range b.team.Operator {
		out = append(out, Order{Kind: Notice, Key: letterKey("notice", name, fmt.Sprint(i+1)), To: address, At: at, Trouble: &trouble})
	}
	return out
}

// since says what came since the last notice, and begins to count anew.
func (b *Book) since(at time.Time) *Since {
	b.touch(registerKey)
	r := b.register()
	s := &Since{From: r.Noted.From, Read: r.Noted.Read, Ignored: r.Noted.Ignored}
	for _, it := range b.itemsWhere(func(it *Item) bool { return it.State == Waiting }) {
		s.Waiting = append(s.Waiting, it.Ref())
	}
	r.Noted = noted{From: at}
	return s
}
