package agenda

import (
	"time"

	"minuted/parser"
)

// standing is who wrote a mail, and what they may do by it (DESIGN chapter 6).
type standing struct {
	handle   string // of a member; empty: nobody of the team
	operator bool
	card     *Card  // of the letter that is answered, where its token is that person's
	proven   bool   // may give commands and mail minutes
	why      string // by what, or why not: for the log
}

// operatorHandle stands for operators in ClosedBy and the like.
const operatorHandle = "operator"

// standingOf reads who wrote the mail and what proves it.
func (b *Book) standingOf(m parser.Mail, at time.Time) standing {
	if b.team.byOperator(m) {
		return standing{handle: operatorHandle, operator: true, proven: true, why: "signed by an operator"}
	}
	p, ok := b.team.author(m)
	if !ok {
		return standing{why: "not on the team"}
	}
	s := standing{handle: p.Handle, card: b.cardAnswered(m, p.Handle, at)}
	vouched, why := prove(m, b.team.Trust)
	s.proven = vouched || s.card != nil && !b.team.Trust.alwaysWrites()
	s.why = why
	if s.proven && !vouched {
		s.why = "token of " + s.card.Letter
	}
	return s
}

// author is the member whose address stands alone, and plainly, in a single From.
func (t Team) author(m parser.Mail) (Person, bool) {
	if m.From == nil || m.Froms != 1 || !m.From.Exact {
		return Person{}, false
	}
	return t.writer(m.From.Address)
}

// cardAnswered is the card of the letter that the person answers by the mail.
func (b *Book) cardAnswered(m parser.Mail, handle string, at time.Time) *Card {
	for _, token := range b.lettersAnswered(m) {
		if c := b.cards[cardKey(token)]; c != nil && c.Person == handle && b.team.verify(token, *c, at) {
			return c
		}
	}
	return nil
}

// lettersAnswered are the tokens that the mail carries, and those of letters
// whose Message-ID a relay rewrote and that it refers to by the new one.
func (b *Book) lettersAnswered(m parser.Mail) []string {
	out := tokens(m)
	for _, id := range referred(m) {
		if th := b.threads[threadKey(id)]; th != nil && th.Letter != "" {
			out = append(out, th.Letter)
		}
	}
	return out
}

// Remember keeps the card of a letter that was written: what its answer may be about.
func (b *Book) Remember(c Card) {
	key := cardKey(c.Token)
	b.touch(key)
	b.cards[key] = &c
}
