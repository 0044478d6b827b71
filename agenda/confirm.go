package agenda

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"minuted/parser"
)

// Held is a mail that waits until its writer says that it was meant: its
// commands or minutes, and what it answered. Key "held:" and the token of the
// question.
type Held struct {
	Person  string      `json:"person"`
	Mail    parser.Mail `json:"mail"` // of its header only what stands in fields
	Card    *Card       `json:"card,omitempty"`
	Expires time.Time   `json:"expires"`
}

// Asked returns what waits until the member who was asked answers yes, the oldest first.
func (b *Book) Asked() []Held {
	var out []Held
	for _, h := range b.held {
		if !b.clock().After(h.Expires) {
			out = append(out, *h)
		}
	}
	slices.SortFunc(out, func(x, y Held) int {
		return cmp.Or(x.Expires.Compare(y.Expires), strings.Compare(x.Mail.MessageID, y.Mail.MessageID))
	})
	return out
}

// Lines are what the member wrote.
func (h Held) Lines() []string { return heldLines(h.Mail) }

// confirms says whether the mail does nothing but answer a question of ours
// with yes. For that the question's token is proof enough: it went to the
// member's own address and nowhere else.
func (r *request) confirms() bool {
	return r.who.card != nil && r.who.card.Kind == Question &&
		len(r.mail.Commands) == 1 && r.mail.Commands[0].Verb == "yes"
}

// ask holds a mail back that nothing proves, and asks the member whose address
// it bears, at most once a day.
func (b *Book) ask(r *request) Outcome {
	if !r.mail.MayAnswer || !b.mayTell(r.who.handle, "question", r.at) || !b.mayAsk(r.who.handle, r.at) || !b.mayAnswer(r.at) {
		return Outcome{Did: "ignored", Detail: "nothing proves who sent it: " + r.who.handle + ", " + r.who.why}
	}
	o := r.reply(Question)
	o.Receipt = &Receipt{Held: heldLines(r.mail)}
	key := heldKey(b.TokenOf(o))
	b.touch(key)
	b.held[key] = &Held{Person: r.who.handle, Mail: withoutData(r.mail), Card: r.who.card, Expires: r.at.Add(Answerable)}
	return Outcome{Did: "asked", Detail: r.who.handle + ": " + r.who.why, Orders: []Order{o}}
}

// heldLines are the lines that wait for a yes, as written.
func heldLines(m parser.Mail) []string {
	var out []string
	for _, c := range append(append([]parser.Command{}, m.Ticked...), m.Commands...) {
		out = append(out, c.Line)
	}
	if m.Minutes != nil {
		for _, meeting := range m.Minutes.Meetings {
			out = append(out, meeting.Heading)
		}
	}
	return out
}

// withoutData leaves out what a held mail does not need to be carried out.
func withoutData(m parser.Mail) parser.Mail {
	m.Header, m.Quoted, m.Reply, m.Forwards, m.Problems, m.Reasons = nil, "", "", nil, nil, nil
	if m.Minutes == nil {
		m.Text = ""
	}
	return m
}

// yes carries out what was held, as the person who was asked.
func (r *request) yes() *Misread {
	if r.who.card == nil {
		return nothingHeld()
	}
	key := heldKey(r.who.card.Token)
	h := r.b.held[key]
	if h == nil || h.Person != r.who.handle || r.at.After(h.Expires) {
		return nothingHeld()
	}
	r.b.forget(key)
	r.b.answeredQuestion(r.who.handle)
	held := *r
	held.mail, held.who.card, held.who.proven = h.Mail, h.Card, true
	held.mail.Commands = withoutYes(held.mail.Commands)
	if h.Mail.Kind == parser.MinutesKind && h.Mail.Minutes != nil {
		held.fileMinutes()
	} else {
		held.run()
	}
	r.receipt, r.orders = held.receipt, held.orders
	return nil
}

func nothingHeld() *Misread {
	return &Misread{Reason: "nothing asked", Sentence: "Nothing waits for a yes: it is done already, or older than 14 days."}
}

// withoutYes keeps a held mail from confirming anything itself.
func withoutYes(commands []parser.Command) []parser.Command {
	var out []parser.Command
	for _, c := range commands {
		if c.Verb != "yes" {
			out = append(out, c)
		}
	}
	return out
}
