package daemon

import (
	"context"
	"encoding/json"
	"fmt"
	"mime/quotedprintable"
	"sort"
	"strings"
	"time"

	"minuted/agenda"
	"minuted/daemon/store"
)

// quoted encodes text so that no server on the way changes its lines.
func quoted(text string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	w.Write([]byte(text)) // a Builder takes everything
	w.Close()
	return b.String()
}

// named finds a team by its slug; with one team, no name is needed.
func (d *Daemon) named(slug string) (*team, error) {
	if slug == "" && len(d.teams) == 1 {
		return d.teams[0], nil
	}
	var known []string
	for _, t := range d.teams {
		if t.agenda.Slug == slug {
			return t, nil
		}
		known = append(known, t.agenda.Slug)
	}
	return nil, fmt.Errorf("name the team: one of %s", strings.Join(known, ", "))
}

// Tell gives commands to a team as its operator. They enter as a mail in the
// mailbox, so that a rebuild carries them out again; the daemon reads it with the next pass.
func (d *Daemon) Tell(ctx context.Context, slug, text string) error {
	return d.enter(ctx, slug, "Told by the operator", text)
}

// Import gives a team a page of minutes of past calls. It enters as a mail, too.
func (d *Daemon) Import(ctx context.Context, slug string, page []byte) error {
	return d.enter(ctx, slug, "Minutes: import of a page", string(page))
}

func (d *Daemon) enter(ctx context.Context, slug, subject, text string) error {
	t, err := d.named(slug)
	if err != nil {
		return err
	}
	now := t.now().UTC()
	return t.mailbox.Post(ctx, t.operatorMail(now, subject, text), now)
}

// Book returns all records of a team, to be looked at only.
func (d *Daemon) Book(ctx context.Context, slug string) (*agenda.Book, error) {
	t, err := d.named(slug)
	if err != nil {
		return nil, err
	}
	records, err := t.records.All(ctx)
	if err != nil {
		return nil, err
	}
	return agenda.Open(t.agenda, records)
}

// Status is what an operator may want to know of a team.
type Status struct {
	Team        string
	Fault       string // why the rest is not known
	Holder      string // which daemon works for it; empty: none
	Read        uint32 // UID up to which the mailbox was read
	Counts      map[string]string
	Quarantined []Quarantined
	Waiting     []store.LetterState
	Failed      []store.LetterState
	Held        []agenda.Call      // minutes that wait
	Asked       []agenda.Held      // mails that wait for the yes of the member whose address they bear
	Unaccepted  []agenda.Item      // items that wait for a member
	Paused      []agenda.Person    // people whose address fails
	Unreached   []agenda.Unreached // whom letters did not reach, of which the team's next letter tells
	Stale       []agenda.Stale     // announced calls that the configuration has otherwise now
	Lessons     []agenda.Lesson    // rules for areas that people taught
	Next        time.Time          // when something is due next
}

// Status reads it for each team. A team that cannot be asked says so in Fault.
func (d *Daemon) Status(ctx context.Context) []Status {
	var all []Status
	for _, t := range d.teams {
		s, err := t.status(ctx)
		if err != nil {
			s.Fault = err.Error()
		}
		all = append(all, s)
	}
	return all
}

func (t *team) status(ctx context.Context) (Status, error) {
	s := Status{Team: t.agenda.Slug}
	kept, err := t.records.Status(ctx)
	if err != nil {
		return s, err
	}
	s.Holder, s.Read, s.Counts, s.Waiting, s.Failed = kept.Holder, kept.Watermark, kept.Counts, kept.Waiting, kept.Failed
	for uid, text := range t.stillAside(ctx, kept.Quarantined) {
		s.Quarantined = append(s.Quarantined, readQuarantined(uid, text))
	}
	sort.Slice(s.Quarantined, func(i, j int) bool { return s.Quarantined[i].Arrived.Before(s.Quarantined[j].Arrived) })
	snapshot, err := t.records.Load(ctx)
	if err != nil {
		return s, err
	}
	book, err := agenda.Open(t.agenda, snapshot.Records)
	if err != nil {
		return s, err
	}
	s.Next = book.Next()
	for _, item := range book.Items() {
		if item.State == agenda.Waiting {
			s.Unaccepted = append(s.Unaccepted, item)
		}
	}
	for _, call := range book.Calls() {
		if call.Minutes != nil && (call.Minutes.Held || !call.Minutes.Release.IsZero()) {
			s.Held = append(s.Held, call)
		}
	}
	s.Asked, s.Unreached, s.Stale = book.Asked(), book.Unreached(), book.Stale(t.now())
	for _, p := range t.agenda.People {
		if book.Member(p.Handle).Paused {
			s.Paused = append(s.Paused, p)
		}
	}
	s.Lessons, err = t.lessons(ctx)
	return s, err
}

// askFor is how long status waits for a mailbox: where it is away, what Redis knows is told.
const askFor = 5 * time.Second

// stillAside leaves out the mails that were set aside once somebody has emptied the
// folder that they lie in: that is how people say that they are settled.
func (t *team) stillAside(ctx context.Context, aside map[string]string) map[string]string {
	if len(aside) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	if counts, err := t.mailbox.Filed(ctx); err == nil && counts[string(agenda.Quarantine)] == 0 {
		return nil
	}
	return aside
}

// lessons reads all records, since topics that were discussed teach as well.
func (t *team) lessons(ctx context.Context) ([]agenda.Lesson, error) {
	if len(t.agenda.Areas) == 0 {
		return nil, nil
	}
	records, err := t.records.All(ctx)
	if err != nil {
		return nil, err
	}
	book, err := agenda.Open(t.agenda, records)
	if err != nil {
		return nil, err
	}
	return book.Lessons(), nil
}

// readQuarantined reads what reasonOf wrote.
func readQuarantined(uid, text string) Quarantined {
	q := Quarantined{UID: uid}
	if err := json.Unmarshal([]byte(text), &q); err != nil {
		q.Why = text
	}
	return q
}
