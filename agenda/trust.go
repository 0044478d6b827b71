package agenda

import (
	"fmt"
	"slices"
	"strings"
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
	p, not := b.team.author(m)
	if not != "" {
		return standing{why: not}
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

// author is the member whose address stands alone, and plainly, in a single
// From, or why it is nobody.
func (t Team) author(m parser.Mail) (p Person, not string) {
	switch {
	case m.From == nil:
		return Person{}, "it has no address in From"
	case m.Froms != 1:
		return Person{}, fmt.Sprintf("%d addresses stand in From", m.Froms)
	case !m.From.Exact:
		return Person{}, "the address in From is not written plainly"
	}
	p, ok := t.writer(m.From.Address)
	if !ok {
		return Person{}, "not on the team"
	}
	return p, ""
}

// Sender is what a mail alone shows of who wrote it, for inspect: whose letter a
// token belongs to is known to the records only.
type Sender struct {
	Member string `json:"member"` // handle; empty: nobody of the team
	Proven bool   `json:"proven"`
	Why    string `json:"why"`   // by which header, or why not
	Token  bool   `json:"token"` // it carries what can be the token of a letter
}

// Sender reads it.
func (t Team) Sender(m parser.Mail) Sender {
	if t.byOperator(m) {
		return Sender{Member: operatorHandle, Proven: true, Why: "signed by an operator"}
	}
	s := Sender{Token: len(tokens(m)) > 0}
	p, not := t.author(m)
	if s.Why = not; not == "" {
		s.Member = p.Handle
		s.Proven, s.Why = prove(m, t.Trust)
	}
	return s
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

// answersOurs says whether a mail answers a letter of ours, to whomever it went
// and however old it is: nothing is proven by that.
func (b *Book) answersOurs(m parser.Mail) bool {
	for _, token := range b.lettersAnswered(m) {
		if b.cards[cardKey(token)] != nil {
			return true
		}
	}
	_, domain, _ := strings.Cut(b.team.Address, "@")
	return slices.ContainsFunc(referred(m), func(id string) bool {
		return ours(id) && strings.HasSuffix(strings.ToLower(id), "@"+strings.ToLower(domain))
	})
}

// Remember keeps the card of a letter that was written: what its answer may be about.
func (b *Book) Remember(c Card) {
	if r := b.register(); r.Wrote == nil {
		r.Wrote = map[string]time.Time{}
	}
	b.touch(registerKey)
	b.register().Wrote[c.Person] = b.clock()
	key := cardKey(c.Token)
	b.touch(key)
	b.cards[key] = &c
}
