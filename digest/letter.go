// Package digest writes letters: what is said about what a team tracks, to
// whom, as finished bytes.
//
// It is pure. The same order on the same book gives the same bytes: Message-ID
// and boundaries derive from the letter's key, the date from the order.
//
// A letter is written in four steps, each in its file: a view of the book is
// filled (one file for each kind), a template says it (package templates), what
// the template says is read as blocks (block.go), and the blocks are printed
// twice (text.go, html.go) and packed (message.go).
package digest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"minuted/agenda"
	"minuted/templates"
)

// Letter is an outgoing mail, complete before anything is dialled.
type Letter struct {
	Key       string // never changes
	Kind      agenda.Kind
	Person    string // handle; empty for operators
	From      string // envelope sender
	To        []string
	At        time.Time // not before
	Until     time.Time // of no use after; zero: always of use
	MessageID string    // without angle brackets
	Subject   string    // for logs and status
	Bytes     []byte
}

// Book is what letters ask of the records of a team.
type Book interface {
	Plan(call string) agenda.Plan
	Week(span agenda.Span) agenda.Week
	Owed() []agenda.Owed
	Call(id string) (agenda.Call, bool)
	NextCall(after time.Time) (agenda.Call, bool)
	Item(id int) (agenda.Item, bool)
	Action(id int) (agenda.Action, bool)
	Token(person, letter string, expires time.Time) string
	Remember(card agenda.Card)
}

// Writer writes the letters of one team.
type Writer struct {
	team agenda.Team
	from string // envelope sender; empty: the mailbox
	set  templates.Set
}

// NewWriter returns a writer for a team. Bounces go to from, or to the team's
// mailbox where it is empty.
func NewWriter(team agenda.Team, from string, set templates.Set) *Writer {
	return &Writer{team: team, from: from, set: set}
}

// Letters writes the letters that an outcome orders, but those that would say
// nothing, while the book stands as the outcome left it. The book remembers
// each, so that answers find their object.
func (w *Writer) Letters(b Book, o agenda.Outcome) ([]Letter, error) {
	letters := make([]Letter, 0, len(o.Orders))
	same := unchanging(b)
	for _, order := range o.Orders {
		l, err := w.write(same, order)
		if errors.Is(err, errNothing) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("write letter %s: %w", order.Key, err)
		}
		letters = append(letters, l)
	}
	return letters, nil
}

// sameBook is a book that does not change while the letters of an outcome are
// written: what all of them ask is worked out once.
type sameBook struct {
	Book
	plans map[string]agenda.Plan
	weeks map[agenda.Span]agenda.Week
	owed  []agenda.Owed
	asked bool              // for owed
	deeds map[string]string // what actions ask for, by what their minutes say
}

func unchanging(b Book) *sameBook {
	return &sameBook{Book: b, plans: map[string]agenda.Plan{}, weeks: map[agenda.Span]agenda.Week{}, deeds: map[string]string{}}
}

func (b *sameBook) Plan(call string) agenda.Plan {
	plan, ok := b.plans[call]
	if !ok {
		plan = b.Book.Plan(call)
		b.plans[call] = plan
	}
	return plan
}

func (b *sameBook) Week(span agenda.Span) agenda.Week {
	week, ok := b.weeks[span]
	if !ok {
		week = b.Book.Week(span)
		b.weeks[span] = week
	}
	return week
}

func (b *sameBook) Owed() []agenda.Owed {
	if !b.asked {
		b.owed, b.asked = b.Book.Owed(), true
	}
	return b.owed
}

// largestHTML is the most that a letter's HTML may take: Gmail hides what
// stands behind 102 kB, and the foot with it.
const largestHTML = 80_000

// errNothing says that a letter would say nothing: such are not sent.
var errNothing = errors.New("nothing to say")

// draft is a letter being written.
type draft struct {
	Writer
	book    *sameBook
	order   agenda.Order
	reader  reader
	token   string // empty: nobody may answer
	harder  int    // how often the lists were cut to half
	subject string
	blocks  []block
	text    string
	html    string
	attach  *attachment
}

func (w *Writer) write(b *sameBook, order agenda.Order) (Letter, error) {
	d := draft{Writer: *w, book: b, order: order, reader: readerOf(w.team, order)}
	expires := order.At.Add(agenda.Answerable)
	if order.Person != "" {
		d.token = b.Token(order.Person, order.Key, expires)
	}
	if err := d.compose(); err != nil {
		return Letter{}, err
	}
	l, err := d.pack()
	if err != nil {
		return Letter{}, err
	}
	if d.token != "" {
		b.Remember(agenda.Card{
			Token: d.token, Letter: order.Key, Kind: order.Kind, Person: order.Person,
			MessageID: l.MessageID, Call: order.Call, Shown: shown(d.blocks), Expires: expires,
		})
	}
	return l, nil
}

// compose writes both parts, with lists cut harder until the letter is small enough.
func (d *draft) compose() error {
	for ; ; d.harder++ {
		if err := d.say(); err != nil {
			return err
		}
		if len(d.html) <= largestHTML || d.harder == 5 {
			return nil
		}
	}
}

// say fills the view, lets the template say it and prints it.
func (d *draft) say() error {
	fill, ok := views[d.order.Kind]
	if !ok {
		return fmt.Errorf("there is no letter of kind %q", d.order.Kind)
	}
	words, err := d.set.Letter(string(d.order.Kind))
	if err != nil {
		return err
	}
	view := fill(d)
	if view == nil {
		return errNothing
	}
	var said strings.Builder
	if err := words.Execute(&said, view); err != nil {
		return err
	}
	subject, blocks, err := read(said.String())
	if err != nil {
		return err
	}
	d.subject, d.blocks = shorten(clean(subject), longestSubject), blocks
	d.address(d.blocks)
	d.text = printText(d.blocks)
	d.html, err = d.printHTML()
	return err
}

// longestSubject is in graphemes.
const longestSubject = 200

// views says which function fills the view of which kind of letter.
var views = map[agenda.Kind]func(*draft) any{
	agenda.AgendaPreview:    func(d *draft) any { return d.agendaView() },
	agenda.AgendaFinal:      func(d *draft) any { return d.agendaView() },
	agenda.EmptyAgenda:      func(d *draft) any { return d.emptyView() },
	agenda.CancelledCall:    func(d *draft) any { return d.emptyView() },
	agenda.MinutesDigest:    func(d *draft) any { return d.minutesView() },
	agenda.MinutesCorrected: (*draft).correctedView,
	agenda.WeeklyDigest:     func(d *draft) any { return d.weeklyView() },
	agenda.Reminder:         (*draft).reminderView,
	agenda.ReceiptLetter:    func(d *draft) any { return d.receiptView() },
	agenda.EchoLetter:       func(d *draft) any { return d.echoView() },
	agenda.Question:         func(d *draft) any { return d.questionView() },
	agenda.Nudge:            func(d *draft) any { return d.nudgeView() },
	agenda.Notice:           func(d *draft) any { return d.noticeView() },
}

// list is what is shown of a list, and how many more there are.
type list[T any] struct {
	Shown []T
	More  int
	All   int
}

// most shows n of all; one more than n is simply shown. It is nil for nothing,
// so that templates leave the section out.
func most[T any](d *draft, all []T, n int) *list[T] {
	if len(all) == 0 {
		return nil
	}
	n = max(1, n>>d.harder)
	if len(all) <= n+1 {
		n = len(all)
	}
	return &list[T]{Shown: all[:n], More: len(all) - n, All: len(all)}
}
