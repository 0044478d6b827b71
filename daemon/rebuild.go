package daemon

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"minuted/agenda"
	"minuted/daemon/store"
)

// errEmptyRedis is met at a start, when records are missing that the mailbox knows of.
var errEmptyRedis = errors.New("the Redis that is configured holds nothing of this team, but its mailbox was worked on before: " +
	"run minuted rebuild to read it again (nothing is sent twice), or point redis.url at the right Redis")

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
	if err := t.records.Wipe(ctx, t.lease); err != nil {
		return err
	}
	t.begin = "rebuild"
	return t.load(ctx)
}

// start begins with a Redis that holds nothing of the team: anew, or from what
// the mailbox tells of earlier work.
func (t *team) start(ctx context.Context) error {
	counts, err := t.mailbox.Filed(ctx)
	if err != nil {
		return err
	}
	if counts[string(agenda.Handled)] == 0 {
		return t.mark(ctx)
	}
	if t.begin != "rebuild" {
		t.book = nil
		return errEmptyRedis
	}
	return t.replay(ctx)
}

// mark notes the beginning in the mailbox itself, so that a rebuild begins at the same instant.
func (t *team) mark(ctx context.Context) error {
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
	var batch []fetched
	flush := func() error {
		if err := t.renew(ctx); err != nil {
			return err
		}
		err := t.takeAgain(ctx, batch)
		t.progress("replayed", len(batch))
		batch = batch[:0]
		return err
	}
	err := t.mailbox.Replay(ctx, string(agenda.Handled), func(m fetched) error {
		if batch = append(batch, m); len(batch) < batchSize {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return t.doubt(err)
	}
	now := t.now()
	return t.publish(ctx, now, now)
}

// takeAgain works out what mails changed that were handled before.
func (t *team) takeAgain(ctx context.Context, mails []fetched) error {
	read := t.parse(mails)
	for i := range read {
		read[i].in.Validity, read[i].in.UID = 0, 0
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
		seen[m.in.Hash] = true
		if t.agenda.Begins(m.in.Mail) {
			t.book.Begin(m.in.Arrived)
			commits = append(commits, store.Commit{Records: t.book.Changes()})
			continue
		}
		overdue, err := t.fire(m.in.Arrived, m.in.Arrived)
		if err != nil {
			return err
		}
		applied, err := t.apply(m.in, m.in.Arrived)
		if err != nil {
			return err
		}
		commits = append(append(commits, overdue...), applied)
	}
	return t.commit(ctx, commits)
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
