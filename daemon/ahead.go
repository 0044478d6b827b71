package daemon

import (
	"context"

	"minuted/daemon/mailbox"
)

// batch is some mails as they were fetched and read, or why they were not.
type batch struct {
	mailbox.Batch
	read []readMail
	err  error
}

// ahead is a batch that is fetched and read while the one before it is committed:
// else this program would wait for Redis, and Redis for it. Nil: none.
type ahead chan *batch

// wait returns the batch when it is read; nil where none was begun.
func (a *ahead) wait() *batch {
	if *a == nil {
		return nil
	}
	b := <-*a
	*a = nil
	return b
}

func (t *team) fetch(ctx context.Context, after uint32, late []uint32) *batch {
	got, err := t.mailbox.Fetch(ctx, after, late, t.batchSize())
	b := &batch{Batch: got, err: err}
	if err == nil && got.Validity == t.read.Validity {
		b.read = t.parse(got.Mails)
	}
	return b
}

// fetchAhead begins with the batch after this one. While a mail is suspected of
// ending the program, or some are late, each batch waits for the one before.
func (t *team) fetchAhead(ctx context.Context, b *batch) ahead {
	if !b.More || len(b.Mails) == 0 || len(t.read.Trying) > 0 || len(t.read.Late) > 0 {
		return nil
	}
	a, after := make(ahead, 1), b.Mails[len(b.Mails)-1].UID
	go func() { a <- t.fetch(ctx, after, nil) }()
	return a
}
