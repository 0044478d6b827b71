package agenda

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"minuted/parser"
	"minuted/parser/when"
)

// awayDays is how long reminders wait where an out-of-office names no day.
const awayDays = 3

// maxAway bounds what a vacation reply may claim: a wrong year must not silence
// somebody's reminders for good.
const maxAway = 60

// maxFailures is how many letters that fail for good in a row pause an address.
// One may be the server's mistake; a third would be sent to nobody.
const maxFailures = 2

// automatic takes mail that no person wrote. It changes nothing and is never
// answered, but an unsubscribe with a good token counts (mail programs send it
// by themselves), and an out-of-office lets reminders wait.
func (b *Book) automatic(r *request) Outcome {
	if r.who.card != nil && len(r.mail.Commands) == 1 && r.mail.Commands[0].Verb == "stop" {
		r.run()
		r.mail.MayAnswer = false
		return r.finish(Outcome{Did: "command", Detail: r.summary()})
	}
	if r.mail.Away != nil && r.who.handle != "" {
		return b.away(r)
	}
	return Outcome{Did: "ignored", Detail: string(r.mail.Class)}
}

// away pauses a person's reminders until the day the mail names, or three days.
// A mail that nothing proves may not name a day: anybody can write one.
func (b *Book) away(r *request) Outcome {
	m := b.editMember(r.who.handle)
	today := when.DateOf(r.at.In(r.zone))
	m.Away = today.AddDays(awayDays)
	if until := when.Date(r.mail.Away.Until); until != "" && (r.who.proven || r.who.card != nil) {
		m.Away = min(max(until, today), today.AddDays(maxAway))
	}
	return Outcome{Did: "away", Detail: fmt.Sprintf("%s until %s", r.who.handle, m.Away)}
}

// bounced takes a bounce. It counts only when it names a letter that was sent to
// the person whose address failed; anybody can write the rest.
func (b *Book) bounced(m parser.Mail, at time.Time) Outcome {
	out := Outcome{Did: "bounce", Detail: m.Bounce.Status + " " + strings.Join(m.Bounce.Recipients, " ")}
	card, ok := b.failed(m)
	if !ok {
		out.Did = "ignored"
		out.Detail = "bounce of no letter of ours: " + out.Detail
		return out
	}
	if !final(*m.Bounce) || card.Failed { // one letter fails once, however often that is reported
		return out
	}
	b.touch(cardKey(card.Token))
	card.Failed = true
	b.unreached(*card, at)
	if !aboutAddress(*m.Bounce) {
		return out
	}
	p, _ := b.person(card.Person)
	fresh := b.Member(p.Handle)
	member := b.editMember(p.Handle)
	*member = fresh // without what is known of another address
	member.Failing++
	member.At = p.Address
	if member.Failing < maxFailures || member.Paused {
		return out
	}
	member.Paused = true
	out.Orders = b.notice(at, "address of "+p.Handle, letterKey("address", string(when.DateOf(at)), p.Handle), Trouble{
		Code:     "address-failing",
		Sentence: fmt.Sprintf("Letters to %s fail, so none are sent there now.", p.Name),
		Facts:    [][2]string{{"Address", p.Address}, {"Status", m.Bounce.Status}},
		Remedies: []string{"put the right address in the configuration: letters go there from then on", "or, where this one works again, let the person answer: resume"},
	})
	return out
}

// failed is the letter that came back: by the token in the bounce's own address
// or references, or in the id of the mail that failed. A member's address may go
// on to another one, which is then the one that the bounce names first.
func (b *Book) failed(m parser.Mail) (*Card, bool) {
	named := m
	named.InReplyTo = append(slices.Clone(m.InReplyTo), m.Bounce.MessageID)
	addresses := slices.Concat(m.Bounce.Recipients, m.Bounce.Aliases)
	for _, token := range b.lettersAnswered(named) {
		c := b.cards[cardKey(token)]
		if c == nil || !b.team.verify(token, *c, c.Expires) {
			continue
		}
		if p, ok := b.person(c.Person); ok && (len(addresses) == 0 || containsFold(addresses, p.Address)) {
			return c, true
		}
	}
	return nil, false
}

// final says whether a letter failed for good (RFC 3463: class 5), or because a
// server gave up trying (RFC 3464 section 2.3.3). A warning that a letter is
// late quotes such codes as well, of an earlier try.
func final(bounce parser.Bounce) bool {
	return bounce.Action != "delayed" && (strings.HasPrefix(bounce.Status, "5") || bounce.Action == "failed")
}

// aboutAddress says whether a final failure speaks against the address. A server
// that was away for days does not, nor does one that dislikes the letter (RFC
// 3463: 5.6, media status).
func aboutAddress(bounce parser.Bounce) bool {
	return !strings.HasPrefix(bounce.Status, "4") && !strings.HasPrefix(bounce.Status, "5.6")
}

// attendance keeps who answered a calendar invitation. It needs the token of
// the agenda that carried it.
func (b *Book) attendance(r *request) Outcome {
	out := Outcome{Did: "ignored", Detail: "answer to an invitation that is not known"}
	if r.who.handle == "" {
		return out
	}
	for _, c := range slices.Backward(b.callsWhere(func(c *Call) bool { return c.Start.After(r.at) })) {
		if !strings.HasPrefix(r.mail.Calendar.UID, "call."+c.ID+".") {
			continue // a second call of a day is asked first: its id begins like that of the first
		}
		call := b.editCall(c.ID)
		if call.Coming == nil {
			call.Coming = map[string]string{}
		}
		call.Coming[r.who.handle] = strings.ToUpper(r.mail.Calendar.Status)
		return Outcome{Did: "attendance", Detail: c.ID + " " + r.who.handle + " " + call.Coming[r.who.handle]}
	}
	return out
}

// ownLetter takes a letter of ours that came back: an archive copy, or a loop.
// It changes nothing, but where a relay gave it a new Message-ID that is learnt,
// so that answers find their letter (Amazon SES, Microsoft 365).
func (b *Book) ownLetter(m parser.Mail, letter string, at time.Time) Outcome {
	out := Outcome{Did: "own", Detail: letter}
	if m.MessageID == "" || ours(m.MessageID) {
		return out
	}
	for _, token := range b.ownTokens(m) {
		c := b.cards[cardKey(token)]
		if key := threadKey(m.MessageID); c != nil && c.Letter == letter && b.threads[key] == nil {
			b.touch(key)
			b.threads[key] = &Thread{Letter: token, Expires: at.Add(threadKept)}
			out.Detail += ": known as " + m.MessageID + " too"
		}
	}
	return out
}

// ownTokens are the tokens that a letter of ours can bear: worked out anew, since
// a relay may have taken them out of its id. Its date is that of its order.
func (b *Book) ownTokens(m parser.Mail) []string {
	letter, ok := b.team.marked(m)
	if !ok {
		return nil
	}
	var out []string
	for _, p := range b.team.People {
		if strings.HasSuffix(letter, "."+p.Handle) {
			for key := range b.team.Keys {
				out = append(out, b.team.sign(key, p.Handle, letter, m.Date.Add(Answerable)))
			}
		}
	}
	return out
}
