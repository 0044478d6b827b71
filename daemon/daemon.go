package daemon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"minuted/agenda"
	"minuted/daemon/mailbox"
	"minuted/daemon/outbox"
	"minuted/daemon/store"
)

const (
	batchSize = 64 // mails a commit pipeline; the two round trips are shared by so many
	sendSize  = 16 // letters taken at once; few, so that a lost lease leaves few in flight
	senders   = 4  // letters on their way at a time; over a network each waits for four round trips
	giveUp    = 3 * 24 * time.Hour
	// unanswered is how often a letter may end without an answer where no archive
	// tells whether it arrived: each time may have been one letter more.
	unanswered = 3
	deaf       = 10 * time.Minute // how long what is due waits for a mailbox that cannot be read: mail in it may change what is said
)

// pass does everything that can be done for a team by now, and returns. It
// holds the lease of the team; while another daemon has it, it does nothing.
func (t *team) pass(ctx context.Context) error {
	now := t.now()
	if held, err := t.hold(ctx); err != nil || !held {
		return err
	}
	defer func() { t.longest = max(t.longest, t.now().Sub(now)) }()
	received := t.receive(ctx, now)
	until := now
	if received != nil {
		if t.doubt(received); t.book == nil {
			return received
		}
		until = now.Add(-deaf) // the mailbox is out of reach; what is due goes out all the same
	}
	if err := t.publish(ctx, until, now); err != nil {
		t.doubt(err)
		return errors.Join(received, err)
	}
	if received == nil {
		if err := t.met(ctx); err != nil {
			return err
		}
	}
	if err := t.deliver(ctx); err != nil {
		t.doubt(err)
		return errors.Join(received, err)
	}
	return received
}

// receive reads what is new in the mailbox, works out what it changes, commits
// that, and only then files the mail away.
func (t *team) receive(ctx context.Context, now time.Time) (err error) {
	if err := t.rescan(ctx); err != nil {
		return err
	}
	var next ahead
	defer func() { next.wait(); err = errors.Join(err, t.endFiling()) }()
	for {
		batch := next.wait()
		if batch == nil {
			batch = t.fetch(ctx, t.read.Watermark, t.read.Late)
		}
		if batch.err != nil {
			return batch.err
		}
		if batch.Validity != t.read.Validity {
			t.renumbered(batch.Validity)
			continue
		}
		next = t.fetchAhead(ctx, batch)
		if len(batch.read) > 0 {
			if err := t.take(ctx, now, batch.read); err != nil {
				return err
			}
			t.progress("read", len(batch.read))
		}
		if err := t.fileAway(ctx, batch.More); err != nil || !batch.More {
			return err
		}
	}
}

// take works out and commits what a batch of mails changes, in two round trips to Redis.
func (t *team) take(ctx context.Context, now time.Time, read []readMail) error {
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
		overdue, err := t.fire(ctx, mail.in.Arrived, now)
		if err != nil {
			return err
		}
		applied, err := t.apply(ctx, mail.in, now)
		if err != nil {
			return errors.Join(err, t.suspect(ctx, mail.in.UID))
		}
		commits = append(append(commits, overdue...), applied)
	}
	return t.commit(ctx, commits)
}

// apply works out what one mail changes, and writes the letters it causes.
func (t *team) apply(ctx context.Context, in agenda.Incoming, now time.Time) (store.Commit, error) {
	t.flight.enter(applier, in.UID)
	defer t.flight.leave(applier)
	outcome := t.book.Apply(in)
	commit, err := t.commitOf(ctx, outcome, now)
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

// publish lets everything happen that is due by an instant.
func (t *team) publish(ctx context.Context, until, now time.Time) error {
	commits, err := t.fire(ctx, until, now)
	if err != nil {
		return err
	}
	return t.commit(ctx, commits)
}

// fire lets everything happen that is due by an instant, each at its own time,
// and writes the letters that are still of use now.
func (t *team) fire(ctx context.Context, until, now time.Time) ([]store.Commit, error) {
	var commits []store.Commit
	for {
		outcome, ok := t.book.Fire(until)
		if !ok {
			return commits, nil
		}
		commit, err := t.commitOf(ctx, outcome, now)
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
func (t *team) commitOf(ctx context.Context, outcome agenda.Outcome, now time.Time) (store.Commit, error) {
	t.standIn(outcome.Orders, now)
	t.countLetters(ctx, outcome.Orders)
	letters, err := t.letters.Letters(t.book, outcome)
	if err != nil && len(t.own) > 0 {
		t.log.Error("own templates fail; the program's are used", "why", err)
		letters, err = t.plain.Letters(t.book, outcome)
	}
	if err != nil {
		return store.Commit{}, err
	}
	commit := store.Commit{Silent: t.silent, Doubt: t.copied()}
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
		if err := t.renew(ctx); err != nil {
			return err
		}
		letters, err := t.due(ctx)
		if err != nil || len(letters) == 0 {
			return err
		}
		if err := t.sameRedis(ctx); err != nil {
			return err
		}
		var sending errgroup.Group
		var away atomic.Pointer[outbox.Result] // what the server said that let us not in
		sending.SetLimit(senders)
		for i := range letters {
			sending.Go(func() error { return t.send(ctx, &letters[i], &away) })
		}
		if err := sending.Wait(); err != nil {
			return err
		}
		if err := t.tellFailed(ctx, letters); err != nil {
			return err
		}
	}
}

// send sends one letter, unless nobody needs it any more or it has arrived
// already, and settles it. What the server said for good stays in the letter.
//
// Once the server has let us not in, the letters that were taken with this one go
// back: a login that is refused again and again can lock the account.
func (t *team) send(ctx context.Context, letter *outgoing, away *atomic.Pointer[outbox.Result]) error {
	if refused := away.Load(); refused != nil {
		return t.settle(ctx, letter, *refused)
	}
	if err := t.renew(ctx); err != nil {
		return err
	}
	now := t.now()
	if !letter.Until.IsZero() && !now.Before(letter.Until) {
		return t.records.PastUse(ctx, letter.Queued, now)
	}
	if t.agenda.Archive == "" && letter.Unanswered >= unanswered {
		letter.refused = fmt.Sprintf("the server did not say, %d times, whether it took the letter, and no archive tells", letter.Unanswered)
		return t.records.Failed(ctx, letter.Queued, letter.refused, now)
	}
	if letter.Unclear && t.agenda.Archive != "" {
		switch arrived, err := t.arrived(ctx, letter); {
		case err != nil:
			return t.records.Unclear(ctx, letter.Queued, err.Error(), now, now.Add(pause(letter.Queued)))
		case arrived:
			return t.records.Sent(ctx, letter.Queued, now)
		}
	}
	leased, cancel := context.WithDeadline(ctx, t.leasedUntil())
	defer cancel()
	result := t.outbox.Send(leased, letter.From, letter.To, letter.Bytes)
	if result.Away {
		away.Store(&result)
	}
	t.log.Info("letter", "key", letter.Key, "kind", letter.Kind, "to", letter.Person, "state", result.State, "code", result.Code)
	if len(result.Rejected) > 0 {
		t.log.Warn("the server refused the letter's copy; minuted check says what that costs", "key", letter.Key, "archive", t.agenda.Archive)
	}
	return t.settle(ctx, letter, result)
}

// arrived looks for the archive's copy of a letter: by its Message-ID, or, where
// a relay gave it another one, by its mark.
func (t *team) arrived(ctx context.Context, letter *outgoing) (bool, error) {
	found, err := t.mailbox.Holds(ctx, "Message-ID", "<"+letter.MessageID+">")
	if err != nil || found {
		return found, err
	}
	_, mark, _ := strings.Cut(t.agenda.Mark(letter.Key), " ")
	return t.mailbox.Holds(ctx, "Minuted-Letter", mark)
}

func (t *team) settle(ctx context.Context, letter *outgoing, result outbox.Result) error {
	now := t.now()
	tooOld := !letter.First.IsZero() && now.Sub(letter.First) > giveUp
	switch {
	case result.State == outbox.Sent:
		return t.records.Sent(ctx, letter.Queued, now)
	case result.State == outbox.Failed || tooOld:
		if err := t.report(ctx, letter, result); err != nil {
			return t.records.Again(ctx, letter.Queued, "refused, and not noted in the mailbox yet: "+err.Error(), now, now.Add(pause(letter.Queued)))
		}
		letter.refused = cmp.Or(result.Text, errorText(result.Err))
		return t.records.Failed(ctx, letter.Queued, letter.refused, now)
	case result.State == outbox.Unclear:
		return t.records.Unclear(ctx, letter.Queued, result.Text, now, now.Add(pause(letter.Queued)))
	}
	err := t.records.Again(ctx, letter.Queued, result.Text, now, now.Add(pause(letter.Queued)))
	if err == nil && (result.Code == 0 || result.Away) {
		return result.Err // the server is away: the others need not find that out one by one
	}
	return err
}

// tellFailed writes the operator a notice of each letter that was refused for
// good. A notice that fails itself is told by status only.
func (t *team) tellFailed(ctx context.Context, letters []outgoing) error {
	now := t.now()
	var commits []store.Commit
	for _, letter := range letters {
		if letter.refused == "" {
			continue
		}
		t.log.Error("letter refused", "key", letter.Key, "to", letter.Person, "text", letter.refused)
		if letter.Kind == agenda.Notice {
			continue
		}
		commit, err := t.commitOf(ctx, agenda.Outcome{At: now, Did: "letter failed", Orders: t.failureNotice(letter, now)}, now)
		if err != nil {
			return err
		}
		commits = append(commits, commit)
	}
	return t.commit(ctx, commits)
}

// doubt decides what an error in a pass leaves valid. After anything but a mail
// server's fault the book may hold what was never committed: it is loaded again.
func (t *team) doubt(err error) error {
	var reading *mailbox.Error
	var sending *outbox.Error
	if errors.As(err, &reading) || errors.As(err, &sending) {
		return err
	}
	t.book = nil
	if errors.Is(err, store.ErrFenced) {
		t.lease = store.Lease{}
	}
	return err
}
