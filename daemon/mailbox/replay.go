package mailbox

import (
	"context"

	"github.com/emersion/go-imap/v2"
)

// replayBatch is how many mails Replay reads with one command.
const replayBatch = 64

// Mark is a place in a folder: behind the mail of this UID, as long as the folder is not numbered anew.
type Mark struct{ Validity, UID uint32 }

// Replay gives every mail of a filed folder, or of the mailbox's own where
// folder is empty, in the order of their UIDs. A folder that does not exist
// holds nothing. It ends with the first error of each, which it returns as it is.
func (m *Mailbox) Replay(ctx context.Context, folder string, each func(Mail) error) error {
	_, err := m.ReplayFrom(ctx, folder, Mark{}, each)
	return err
}

// ReplayFrom is Replay for what lies behind a mark, or for all where the folder
// was numbered anew since. It returns the mark behind what it has given.
func (m *Mailbox) ReplayFrom(ctx context.Context, folder string, from Mark, each func(Mail) error) (Mark, error) {
	name, there, err := m.find(ctx, folder)
	if err != nil || !there {
		return Mark{}, err
	}
	l := &listing{folder: name}
	q := query{after: from.UID, max: replayBatch, bytes: batchBytes}
	for {
		batch, err := m.replayBatch(ctx, l, q)
		if err != nil {
			return from, err
		}
		if batch.Validity != from.Validity {
			known := from.UID
			from = Mark{Validity: batch.Validity}
			if known > 0 {
				q.after = 0
				continue
			}
		}
		for _, mail := range batch.Mails {
			if err := each(mail); err != nil {
				return from, err
			}
		}
		if !batch.More {
			from.UID = max(from.UID, batch.NextUID-1)
			return from, nil
		}
		from.UID = batch.last()
		q.after = from.UID
	}
}

// MarkOf returns the mark behind all that lies in a filed folder now; none where it does not exist.
func (m *Mailbox) MarkOf(ctx context.Context, folder string) (Mark, error) {
	var mark Mark
	err := m.do(ctx, "mark what lies in "+folder, func(s *session) error {
		status, err := s.client.Status(s.path(m.config.Base, folder), &imap.StatusOptions{UIDNext: true, UIDValidity: true}).Wait()
		if err == nil && status.UIDNext > 0 {
			mark = Mark{status.UIDValidity, uint32(status.UIDNext) - 1}
		}
		if isAnswer(err) {
			return nil
		}
		return err
	})
	return mark, err
}

func (m *Mailbox) replayBatch(ctx context.Context, l *listing, q query) (Batch, error) {
	if err := m.worker.take(ctx); err != nil {
		return Batch{}, explain("replay "+l.folder, err)
	}
	defer m.worker.give()
	before := l.validity
	batch, err := m.fetch(ctx, l, q)
	if err == nil && before != 0 && batch.Validity != before {
		err = ErrRenumbered // the UIDs read so far and those to come are of two kinds
	}
	return batch, explain("replay "+l.folder, err)
}

// find gives a folder the server's name for it, and tells whether it exists.
func (m *Mailbox) find(ctx context.Context, folder string) (name string, there bool, err error) {
	if folder == "" {
		return m.config.Folder, true, nil
	}
	err = m.do(ctx, "look for "+folder, func(s *session) error {
		name = s.path(m.config.Base, folder)
		var list []*imap.ListData
		list, err := s.client.List("", name, nil).Collect()
		there = len(list) > 0
		s.folder = "" // so that it is opened as it is now
		return err
	})
	return name, there, err
}
