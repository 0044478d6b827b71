package daemon

import (
	"context"
	"errors"
	"fmt"
	"time"

	"minuted/agenda"
	"minuted/daemon/outbox"
	"minuted/daemon/store"
)

const (
	batchSize = 64               // mails a commit pipeline; the two round trips are shared by so many
	sendSize  = 16               // letters taken at once; few, so that a lost lease leaves few in flight
	leaseTime = 45 * time.Second // how long a silent daemon keeps a team; a pass renews it
	giveUp    = 3 * 24 * time.Hour
)

// pass does everything that can be done for a team by now, and returns. It
// holds the lease of the team; while another daemon has it, it does nothing.
func (t *team) pass(ctx context.Context) error {
	now := t.now()
	if held, err := t.hold(ctx); err != nil || !held {
		return err
	}
	if err := t.receive(ctx, now); err != nil {
		return t.doubt(err)
	}
	if err := t.publish(ctx, now); err != nil {
		return t.doubt(err)
	}
	return t.deliver(ctx)
}

// receive reads what is new in the mailbox, works out what it changes, commits
// that, and only then files the mail away.
func (t *team) receive(ctx context.Context, now time.Time) error {
	for {
		batch, err := t.mailbox.Fetch(ctx, t.read.Watermark, t.read.Late, t.batchSize())
		if err != nil {
			return err
		}
		if batch.Validity != t.read.Validity {
			t.read.Validity, t.read.Watermark, t.read.Late = batch.Validity, 0, nil
			continue // the mailbox was made anew: read it from its start
		}
		if len(batch.Mails) > 0 {
			if err := t.take(ctx, now, batch.Mails); err != nil {
				return err
			}
		}
		if err := t.fileAway(ctx, batch.More); err != nil || !batch.More {
			return err
		}
	}
}

// take works out and commits what a batch of mails changes, in two round trips to Redis.
func (t *team) take(ctx context.Context, now time.Time, mails []fetched) error {
	read := t.parse(mails)
	seen, err := t.lookUp(ctx, read)
	if err != nil {
		return err
	}
	var commits []store.Commit
	for i := range read {
		mail := &read[i]
		if seen[mail.in.Hash] {
			commits = append(commits, duplicate(mail.in))
			continue
		}
		if mail.in.Hash != "" {
			seen[mail.in.Hash] = true // a second copy in this batch
		}
		mail.in.Arrived = earlier(mail.in.Arrived, now)
		overdue, err := t.fire(mail.in.Arrived, now)
		if err != nil {
			return err
		}
		applied, err := t.apply(mail.in, now)
		if err != nil {
			return err
		}
		commits = append(append(commits, overdue...), applied)
	}
	return t.commit(ctx, commits)
}

// apply works out what one mail changes, and writes the letters it causes.
func (t *team) apply(in agenda.Incoming, now time.Time) (store.Commit, error) {
	t.flight.enter(in.UID)
	defer t.flight.leave()
	outcome := t.book.Apply(in)
	commit, err := t.commitOf(outcome, now)
	if err != nil {
		return commit, fmt.Errorf("answer uid %d: %w", in.UID, err)
	}
	commit.Count = outcome.Did
	commit.Source = &store.Source{Validity: in.Validity, UID: in.UID, Hash: in.Hash, Folder: outcome.Folder}
	if outcome.Folder == agenda.Quarantine {
		commit.Source.Quarantine = reasonOf(in, outcome)
	}
	t.log.Info("mail", "uid", in.UID, "id", in.Mail.MessageID, "did", outcome.Did, "detail", outcome.Detail)
	return commit, nil
}

// publish lets everything happen that is due by now.
func (t *team) publish(ctx context.Context, now time.Time) error {
	commits, err := t.fire(now, now)
	if err != nil {
		return err
	}
	return t.commit(ctx, commits)
}

// fire lets everything happen that is due by an instant, each at its own time,
// and writes the letters that are still of use now.
func (t *team) fire(until, now time.Time) ([]store.Commit, error) {
	var commits []store.Commit
	for {
		outcome, ok := t.book.Fire(until)
		if !ok {
			return commits, nil
		}
		commit, err := t.commitOf(outcome, now)
		if err != nil {
			return commits, fmt.Errorf("publish %s: %w", outcome.Did, err)
		}
		commits = append(commits, commit)
		t.log.Info("due", "did", outcome.Did, "detail", outcome.Detail, "at", outcome.At, "letters", len(commit.Letters))
	}
}

// commitOf writes the letters of an outcome while the book stands as it did
// then, and collects what changed. Letters that came too late to be of use are
// left out: missed runs collapse.
func (t *team) commitOf(outcome agenda.Outcome, now time.Time) (store.Commit, error) {
	letters, err := t.letters.Letters(t.book, outcome)
	if err != nil {
		return store.Commit{}, err
	}
	commit := store.Commit{Silent: t.silent}
	for _, l := range letters {
		if t.silent || l.Until.IsZero() || now.Before(l.Until) {
			commit.Letters = append(commit.Letters, l)
		}
	}
	commit.Records = t.book.Changes()
	return commit, nil
}

// commit writes what was worked out. If any of it is refused the book is worth
// nothing any more: the next pass loads it again.
func (t *team) commit(ctx context.Context, commits []store.Commit) error {
	for len(commits) > 0 {
		part := commits[:min(len(commits), 2*batchSize)]
		n, err := t.records.Commit(ctx, t.lease, t.read.Seq, part)
		t.committed(part[:n])
		if err != nil {
			return err
		}
		commits = commits[n:]
	}
	t.book.Trim()
	return nil
}

// deliver sends the letters that are due, and settles each by what the server said.
func (t *team) deliver(ctx context.Context) error {
	for {
		letters, err := t.records.NextLetters(ctx, t.now(), sendSize)
		if err != nil || len(letters) == 0 {
			return err
		}
		if err := t.renew(ctx); err != nil {
			return err
		}
		for _, letter := range letters {
			if err := t.send(ctx, letter); err != nil {
				return err
			}
		}
	}
}

// send sends one letter, unless nobody needs it any more or it has arrived already.
func (t *team) send(ctx context.Context, letter store.Queued) error {
	now := t.now()
	if !letter.Until.IsZero() && !now.Before(letter.Until) {
		return t.records.PastUse(ctx, letter, now)
	}
	if letter.Unclear && t.agenda.Archive != "" {
		if arrived, err := t.mailbox.Holds(ctx, letter.MessageID); err != nil || arrived {
			return t.settleUnclear(ctx, letter, arrived, err)
		}
	}
	result := t.outbox.Send(ctx, letter.From, letter.To, letter.Bytes)
	t.log.Info("letter", "key", letter.Key, "kind", letter.Kind, "to", letter.Person, "state", result.State, "code", result.Code)
	return t.settle(ctx, letter, result)
}

// settleUnclear ends a letter that was found in the mailbox's own copy, or waits where that cannot be asked.
func (t *team) settleUnclear(ctx context.Context, letter store.Queued, arrived bool, err error) error {
	now := t.now()
	if arrived {
		return t.records.Sent(ctx, letter, now)
	}
	return t.records.Unclear(ctx, letter, err.Error(), now, now.Add(pause(letter)))
}

func (t *team) settle(ctx context.Context, letter store.Queued, result outbox.Result) error {
	now := t.now()
	tooOld := !letter.First.IsZero() && now.Sub(letter.First) > giveUp
	switch {
	case result.State == outbox.Sent:
		return t.records.Sent(ctx, letter, now)
	case result.State == outbox.Failed || tooOld:
		if err := t.records.Failed(ctx, letter, result.Text, now); err != nil {
			return err
		}
		return t.tellFailed(ctx, letter, result, now)
	case result.State == outbox.Unclear:
		return t.records.Unclear(ctx, letter, result.Text, now, now.Add(pause(letter)))
	default:
		return t.records.Again(ctx, letter, result.Text, now, now.Add(pause(letter)))
	}
}

// tellFailed writes the operator a notice of a letter that was refused for good. A notice
// that fails itself is told by status only.
func (t *team) tellFailed(ctx context.Context, letter store.Queued, result outbox.Result, now time.Time) error {
	t.log.Error("letter refused", "key", letter.Key, "to", letter.Person, "code", result.Code, "text", result.Text)
	if letter.Kind == agenda.Notice {
		return nil
	}
	outcome := agenda.Outcome{At: now, Did: "letter failed", Orders: t.failureNotice(letter, result, now)}
	commit, err := t.commitOf(outcome, now)
	if err != nil {
		return err
	}
	return t.commit(ctx, []store.Commit{commit})
}

// doubt decides what an error in a pass leaves valid. After anything but a mail
// server's fault the book may hold what was never committed.
func (t *team) doubt(err error) error {
	t.book = nil
	if errors.Is(err, store.ErrFenced) {
		t.lease = store.Lease{}
	}
	return err
}
