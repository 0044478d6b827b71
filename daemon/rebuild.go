package daemon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"minuted/agenda"
	"minuted/daemon/mailbox"
	"minuted/daemon/store"
)

// errEmptyRedis is met at a start, when records are missing that the mailbox knows of.
var errEmptyRedis = errors.New("the Redis that is configured holds nothing of this team, but its mailbox was worked on before: " +
	"point redis.url at the right Redis, or have it read again (nothing is sent twice): by the command minuted rebuild, " +
	"or at every such start with redis.on_empty: rebuild in the configuration")

// Rebuild forgets the records of the teams and works them out anew from their
// mailboxes. Letters that went out before are not sent again.
func (d *Daemon) Rebuild(ctx context.Context) error {
	var errs []error
	for _, t := range d.teams {
		if err := t.rebuild(ctx); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", t.agenda.Slug, err))
		}
	}
	return errors.Join(errs...)
}

func (t *team) rebuild(ctx context.Context) error {
	held, err := t.acquire(ctx)
	if err != nil {
		return err
	}
	if !held {
		return errors.New("another daemon works for this team: stop it first")
	}
	return t.anew(ctx)
}

// anew wipes the records and works them out. When it is cut short, the next start
// begins it again.
func (t *team) anew(ctx context.Context) error {
	if err := t.records.Wipe(ctx, t.lease); err != nil {
		return err
	}
	return t.load(ctx)
}

// start begins with a Redis that holds nothing of the team: anew, or from what
// the mailbox tells of earlier work.
func (t *team) start(ctx context.Context) error {
	if t.read.Wiped && !t.read.Fresh {
		return t.anew(ctx) // a rebuild was cut short
	}
	counts, err := t.mailbox.Filed(ctx)
	if err != nil {
		return err
	}
	handled := counts[string(agenda.Handled)]
	switch {
	case handled == 0:
		err = t.beginHere(ctx)
	case t.read.Wiped:
		err = t.replay(ctx)
	case handled == 1 || t.onEmpty == "rebuild": // a first start that was cut short has filed its beginning only
		return t.anew(ctx)
	default:
		return errEmptyRedis
	}
	if err != nil {
		return err
	}
	return t.records.Rebuilt(ctx)
}

// beginHere notes the beginning in the mailbox itself, so that a rebuild begins at the same instant.
func (t *team) beginHere(ctx context.Context) error {
	now := t.now().UTC().Truncate(time.Second) // as IMAP keeps it
	if err := t.mailbox.Append(ctx, string(agenda.Handled), t.operatorMail(now, "Beginning", agenda.Beginning), now); err != nil {
		return err
	}
	t.book.Begin(now)
	return t.commit(ctx, []store.Commit{{Records: t.book.Changes()}})
}

// replay reads what was filed away, in the order in which it was, and lets time
// pass between the mails as it did then. Letters are written, which keeps
// their cards, and count as sent.
func (t *team) replay(ctx context.Context) error {
	t.silent = true
	defer func() { t.silent = false }()
	aside, err := t.asideMails(ctx)
	if err != nil {
		return err
	}
	var batch []fetched
	flush := func() error {
		if err := t.renew(ctx); err != nil {
			return err
		}
		err := t.takeAgain(ctx, batch)
		if err != nil {
			return err
		}
		t.progress("replayed", len(batch))
		batch = batch[:0]
		return err
	}
	mark, err := t.mailbox.ReplayFrom(ctx, string(agenda.Handled), mailbox.Mark{}, func(m fetched) error {
		for len(aside) > 0 && aside[0].Arrived.Before(m.Arrived) {
			batch, aside = append(batch, aside[0]), aside[1:]
		}
		if batch = append(batch, m); len(batch) < batchSize {
			return nil
		}
		return flush()
	})
	batch = append(batch, aside...)
	if err == nil {
		err = flush()
	}
	if err == nil {
		err = t.mark(ctx, mark)
	}
	if err != nil {
		return t.doubt(err)
	}
	now := t.now()
	return t.publish(ctx, now, now)
}

// asideMails are the mails that were set aside, in the order in which they
// arrived. They are not read again, since reading them may end the program, but they
// were handled: time passed, and operators were told.
func (t *team) asideMails(ctx context.Context) ([]fetched, error) {
	var mails []fetched
	err := t.mailbox.Replay(ctx, string(agenda.Quarantine), func(m fetched) error {
		m.Raw, m.Failed = nil, setAside
		mails = append(mails, m)
		return nil
	})
	slices.SortStableFunc(mails, func(a, b fetched) int { return a.Arrived.Compare(b.Arrived) })
	return mails, err
}

// setAside is why a mail of the folder Quarantine is not read.
const setAside = "it was set aside before the records were worked out anew"

// takeAgain works out what mails changed that were handled before.
func (t *team) takeAgain(ctx context.Context, mails []fetched) error {
	uids := make([]uint32, len(mails))
	for i := range mails {
		uids[i], mails[i].UID = mails[i].UID, 0 // of another folder
	}
	read := t.parse(mails)
	for i := range read {
		read[i].in.Validity = 0
		if mails[i].Failed == setAside {
			read[i].in.UID = uids[i] // status tells them apart by it
		}
	}
	seen, err := t.lookUp(ctx, read)
	if err != nil {
		return err
	}
	var commits []store.Commit
	for _, m := range read {
		if seen[m.in.Hash] {
			continue
		}
		if m.in.Hash != "" {
			seen[m.in.Hash] = true
		}
		if t.agenda.Begins(m.in.Mail) {
			if t.doubtful {
				continue
			}
			t.book.Begin(m.in.Arrived)
			commits = append(commits, store.Commit{Records: t.book.Changes()})
			continue
		}
		overdue, err := t.fire(ctx, m.in.Arrived, m.in.Arrived)
		if err != nil {
			return err
		}
		applied, err := t.apply(ctx, m.in, m.in.Arrived)
		if err != nil {
			return err
		}
		commits = append(append(commits, overdue...), applied)
	}
	return t.commit(ctx, commits)
}

// rescan repairs a Redis that has lost its last second: what was filed away and
// is not in the ledger happens again, before anything else does. The mark goes
// back with the ledger, so that only what lies behind it is read. Letters that
// this causes are looked for before they are sent.
func (t *team) rescan(ctx context.Context) error {
	if t.known {
		return nil
	}
	t.doubtful = true
	defer func() { t.doubtful = false }()
	oldest := t.now().Add(-rescanned)
	var lost []fetched
	mark, err := t.mailbox.ReplayFrom(ctx, string(agenda.Handled), mailbox.Mark(t.read.Mark), func(m fetched) error {
		if m.Arrived.After(oldest) {
			lost = append(lost, m)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(lost, batchSize) {
		if err := t.takeAgain(ctx, batch); err != nil {
			return err
		}
	}
	t.known = true
	return t.mark(ctx, mark)
}

// rescanned is how old a mail may be that a rescan compares with the ledger,
// which forgets contents after 90 days.
const rescanned = 80 * 24 * time.Hour

// mark notes up to where the ledger knows what was filed away.
func (t *team) mark(ctx context.Context, m mailbox.Mark) error {
	if mark := store.Mark(m); mark != t.read.Mark {
		if err := t.records.Marked(ctx, mark); err != nil {
			return err
		}
		t.read.Mark = mark
	}
	return nil
}

// operatorMail writes a mail of the command line: what operators do enters by the
// mailbox, so that a rebuild does it again.
func (t *team) operatorMail(now time.Time, subject, text string) []byte {
	_, domain, _ := strings.Cut(t.agenda.Address, "@")
	var b strings.Builder
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\n", t.agenda.Address, t.agenda.Address, subject, now.Format(time.RFC1123Z))
	fmt.Fprintf(&b, "Message-ID: <operator.%d@%s>\r\nMinuted-Operator: %s\r\n", now.UnixNano(), domain, t.agenda.SignOperator([]byte(text)))
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
	b.WriteString(quoted(text))
	return []byte(b.String())
}
