package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"sync"
	"time"

	"minuted/agenda"
	"minuted/daemon/mailbox"
	"minuted/daemon/outbox"
	"minuted/daemon/store"
	"minuted/digest"
	"minuted/parser"
	"minuted/templates"
)

// fetched is a mail as the mailbox gave it.
type fetched = mailbox.Mail

// outgoing is a letter on its way, and why it was refused for good; empty: it was not.
type outgoing struct {
	store.Queued
	refused string
}

// readMail is a fetched mail that was read.
type readMail struct{ in agenda.Incoming }

// team is one team at work: its organs, its lease and, while that is held, its book.
type team struct {
	agenda  agenda.Team
	letters *digest.Writer
	plain   *digest.Writer // with the templates of the program
	set     templates.Set
	from    string   // envelope sender
	own     []string // names of the operator's own templates
	mailbox *mailbox.Mailbox
	outbox  *outbox.Outbox
	records *store.Team
	log     *slog.Logger
	now     func() time.Time

	holder  string
	lease   store.Lease
	pace    Pace
	store   *store.Store
	dialled int64 // connections to Redis up to which it is known to be the same

	renewing sync.Mutex // letters leave side by side, and each looks at the lease
	renewed  time.Time

	book     *agenda.Book   // nil: to be loaded
	read     store.Snapshot // where the reading of the mailbox stands
	known    bool           // the ledger was compared with what is filed away
	flight   *flight
	silent   bool   // a rebuild: letters count as sent
	doubtful bool   // a rescan: what is done happened before, and letters may have been sent
	onEmpty  string // what to do where Redis is empty and the mailbox is not: refuse, rebuild
	tell     func(Progress)
	done     int                   // mails of the work that tell was told of
	filing   *filing               // under way; nil: none
	unseen   map[seat]agenda.Order // previews that came too late to be sent
	longest  time.Duration         // the longest pass since the last notice
}

// hold takes or renews the lease, and loads the book where there is none. It
// says false while another daemon has the team.
func (t *team) hold(ctx context.Context) (bool, error) {
	if t.lease.Epoch > 0 {
		t.renewed = time.Time{} // asked in any case, which also shows whether Redis is still the same
		err := t.renew(ctx)
		if err != nil && !errors.Is(err, store.ErrFenced) {
			return false, err
		}
		if err != nil {
			t.lease, t.book = store.Lease{}, nil
		}
	}
	if t.lease.Epoch == 0 {
		if held, err := t.acquire(ctx); err != nil || !held {
			return false, err
		}
	}
	if err := t.sameRedis(ctx); err != nil && !errors.Is(err, errAnew) {
		return false, err
	}
	if t.book != nil {
		return true, nil
	}
	return true, t.load(ctx)
}

// errAnew ends a pass: Redis may hold less now than what was loaded from it.
var errAnew = errors.New("a new start of Redis was seen: load the records again")

// met notes that what another Redis may have lost was done again: nothing that follows has been sent.
func (t *team) met(ctx context.Context) error {
	if t.read.Known {
		return nil
	}
	err := t.records.Met(ctx, t.read)
	if err == nil {
		t.read.Known, t.read.Anew = true, false
	}
	return err
}

// copied is when copies have arrived of letters that may have been sent before Redis
// lost that; zero where nothing was lost.
func (t *team) copied() time.Time {
	if t.doubtful || t.read.Anew {
		return t.now().Add(t.pace.Copy)
	}
	return time.Time{}
}

// sameRedis forgets the book when Redis was restarted. It asks when connections were made.
func (t *team) sameRedis(ctx context.Context) error {
	dialled := t.store.Dialled()
	if t.book == nil || t.dialled == dialled {
		return nil
	}
	same, err := t.records.Same(ctx, t.read)
	if err != nil {
		return err
	}
	if !same {
		t.book = nil
		return errAnew
	}
	t.dialled = dialled
	return nil
}

func (t *team) acquire(ctx context.Context) (bool, error) {
	asked := time.Now()
	lease, held, err := t.records.Acquire(ctx, t.holder, t.flight.open(t.holder), t.pace.Lease)
	if err != nil || !held {
		return false, err
	}
	t.lease, t.renewed, t.book = lease, asked, nil
	for _, uid := range t.flight.died() {
		times, err := t.records.Died(ctx, uid)
		if err != nil {
			return false, err
		}
		t.log.Warn("the last run ended while it read a mail", "uid", uid, "times", times)
	}
	return true, nil
}

// renew keeps the lease; it asks Redis only when a third of it has passed. The
// lease lives by the clock of the machine, not by the one that is handed in.
func (t *team) renew(ctx context.Context) error {
	t.renewing.Lock()
	defer t.renewing.Unlock()
	if time.Since(t.renewed) < t.pace.Lease/3 {
		return nil
	}
	asked := time.Now()
	err := t.records.Renew(ctx, t.lease, t.pace.Lease)
	if err == nil {
		t.renewed = asked
	}
	return err
}

// leasedUntil is until when the team is surely ours.
func (t *team) leasedUntil() time.Time {
	t.renewing.Lock()
	defer t.renewing.Unlock()
	return t.renewed.Add(t.pace.Lease)
}

func (t *team) load(ctx context.Context) error {
	t.book, t.known, t.dialled = nil, false, t.store.Dialled()
	snapshot, err := t.records.Load(ctx)
	if err != nil {
		return err
	}
	book, err := agenda.Open(t.agenda, snapshot.Records)
	if err != nil {
		return fmt.Errorf("open the records of %s: %w", t.agenda.Slug, err)
	}
	t.read, t.book = snapshot, book
	t.read.Records = nil
	if snapshot.Fresh || snapshot.Wiped {
		return t.unlessFailed(t.start(ctx))
	}
	now := t.now()
	return t.unlessFailed(t.records.Recover(ctx, now, now.Add(t.pace.Copy), snapshot.Anew))
}

// unlessFailed forgets a book that did not come to be whole.
func (t *team) unlessFailed(err error) error {
	if err != nil {
		t.book = nil
	}
	return err
}

// batchSize is small while it is not known which mail ended the last run.
func (t *team) batchSize() int {
	if len(t.read.Trying) > 0 {
		return 1
	}
	return batchSize
}

// dieAt is how many deaths of a daemon with the same mail in flight set it
// aside: the third start does not read it again.
const dieAt = 2

// suspect counts against a mail that its outcome could not be told, as against
// one that ended the program: the third time it is set aside, and the next goes on.
func (t *team) suspect(ctx context.Context, uid uint32) error {
	_, err := t.records.Died(ctx, uid)
	return err
}

// readers is how many mails are read at a time. Reading is most of the work of a
// catch-up (measured: three quarters); a second processor makes it shorter, a
// third would wait for the mail server. The applier works beside them.
const (
	readers = 2
	applier = readers
)

// parse reads a batch of mails. A UID of 0 is that of a mail that was read before.
func (t *team) parse(mails []fetched) []readMail {
	read := make([]readMail, len(mails))
	var reading sync.WaitGroup
	for reader := range readers {
		reading.Go(func() {
			for i := reader; i < len(mails); i += readers {
				t.flight.enter(reader, mails[i].UID)
				read[i] = t.parseOne(mails[i])
				t.flight.leave(reader)
			}
		})
	}
	reading.Wait()
	return read
}

func (t *team) parseOne(m fetched) readMail {
	in := agenda.Incoming{Arrived: m.Arrived, Mailbox: "INBOX", Validity: t.read.Validity, UID: m.UID, Size: m.Size, Failed: m.Failed}
	if t.read.Trying[m.UID] >= dieAt {
		in.Failed = "the program ended twice while it read this mail"
		return readMail{in}
	}
	in.Mail = parser.Parse(m.Raw, t.options(m.Arrived))
	if len(m.Raw) > 0 { // of what the server did not hand out nobody knows whether it came before
		in.Hash = parser.ContentHash(m.Raw)
	}
	return readMail{in}
}

func (t *team) options(arrived time.Time) parser.Options {
	o := parser.Options{Tags: t.agenda.Tags, Own: []string{t.agenda.Address}, Base: arrived}
	for _, p := range t.agenda.People {
		o.People = append(append(o.People, p.Name, p.Handle), p.Aliases...)
	}
	return o
}

// lookUp asks Redis once for the whole batch which contents were handled before and for the
// closed records that the mails need. Records name others (a thread its letter), so there
// may be a second and third question, about few.
func (t *team) lookUp(ctx context.Context, read []readMail) (map[string]bool, error) {
	var hashes, keys []string
	for _, m := range read {
		if m.in.Hash != "" {
			hashes = append(hashes, m.in.Hash)
		}
		keys = append(keys, t.book.Needs(m.in.Mail)...)
	}
	seen, records, err := t.records.Look(ctx, hashes, keys)
	for err == nil && len(records) > 0 {
		if err = t.book.Add(records); err != nil {
			break
		}
		keys = nil
		for _, m := range read {
			keys = append(keys, t.book.Needs(m.in.Mail)...)
		}
		_, records, err = t.records.Look(ctx, nil, keys)
	}
	return seen, err
}

// duplicate is the commit for a mail whose content was handled before: it is filed away.
func duplicate(in agenda.Incoming) store.Commit {
	return store.Commit{Count: "duplicate", Source: &store.Source{Validity: in.Validity, UID: in.UID, Folder: agenda.Handled}}
}

// committed notes what Redis has taken.
func (t *team) committed(commits []store.Commit) {
	t.read.Seq += int64(len(commits))
	for _, c := range commits {
		if c.Source == nil || c.Source.Validity == 0 {
			continue
		}
		uid := c.Source.UID
		t.read.Watermark = max(t.read.Watermark, uid)
		t.read.Filing[uid] = c.Source.Folder
		if len(t.read.Trying) > 0 { // else a batch may be read ahead, which looks there
			delete(t.read.Trying, uid)
		}
	}
}

// renumbered begins to read the mailbox from its start: the UIDs of the one that
// was known mean nothing any more. Mails that were handled are known by their content.
func (t *team) renumbered(validity uint32) {
	if t.read.Validity != 0 { // else it is the first mailbox, and a mail of it may have ended the last run
		clear(t.read.Trying)
	}
	t.read.Validity, t.read.Watermark, t.read.Late = validity, 0, nil
	clear(t.read.Filing)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// reasonOf is what status says of a mail that was set aside.
func reasonOf(in agenda.Incoming, outcome agenda.Outcome) string {
	from := ""
	if in.Mail.From != nil {
		from = in.Mail.From.Address
	}
	text, _ := json.Marshal(Quarantined{From: from, Subject: in.Mail.Subject, Why: outcome.Detail, Arrived: in.Arrived, Bytes: in.Size}) // plain fields: it cannot fail
	return string(text)
}

// Quarantined is a mail that was set aside, as status tells it.
type Quarantined struct {
	UID     string    `json:"-"`
	From    string    `json:"from"`
	Subject string    `json:"subject"`
	Why     string    `json:"why"`
	Arrived time.Time `json:"arrived"`
	Bytes   int64     `json:"bytes"`
}

const (
	firstPause = 30 * time.Second
	lastPause  = 4 * time.Hour
)

// pause is how long to wait before the next try of a letter: from half a minute, doubled each
// time, up to four hours, and up to a quarter more by the letter's key, so that
// letters that failed together do not come back together.
func pause(letter store.Queued) time.Duration {
	wait := min(firstPause<<min(letter.Tries, 12), lastPause)
	sum := fnv.New32a()
	sum.Write([]byte(letter.Key))
	return wait + wait/4*time.Duration(sum.Sum32()%1000)/1000
}

// due takes letters that are due.
func (t *team) due(ctx context.Context) ([]outgoing, error) {
	taken, err := t.records.NextLetters(ctx, t.lease, t.now(), sendSize)
	letters := make([]outgoing, len(taken))
	for i, q := range taken {
		letters[i].Queued = q
	}
	return letters, err
}

// failureNotice asks for a letter to the operators about one that was refused.
func (t *team) failureNotice(letter outgoing, now time.Time) []agenda.Order {
	trouble := &agenda.Trouble{
		Code:     "letter-failed",
		Sentence: "A letter was refused for good.",
		Facts: [][2]string{
			{"Letter", letter.Subject}, {"To", letter.To[0]}, {"Answer", letter.refused},
		},
		Remedies: []string{"minuted status"},
	}
	var orders []agenda.Order
	for i, to := range t.agenda.Operator {
		orders = append(orders, agenda.Order{Kind: agenda.Notice, Key: fmt.Sprintf("notice.failed.%s.%d", now.UTC().Format("20060102"), i), To: to, At: now, Trouble: trouble})
	}
	return orders
}

// progress tells how far long work has come: so many more were done.
func (t *team) progress(what string, more int) {
	t.done += more
	t.tell(Progress{Team: t.agenda.Slug, What: what, Done: t.done})
}
