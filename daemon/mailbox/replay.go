package mailbox

import (
	"context"

	"github.com/emersion/go-imap/v2"
)

// replayBatch is how many mails Replay reads with one command.
const replayBatch = 64

// Replay gives every mail of a filed folder, or of the mailbox's own where
// folder is empty, in the order of their UIDs. A folder that does not exist
// holds nothing. It ends with the first error of each, which it returns as it is.
func (m *Mailbox) Replay(ctx context.Context, folder string, each func(Mail) error) error {
	name, there, err := m.find(ctx, folder)
	if err != nil || !there {
		return err
	}
	l := &listing{folder: name}
	q := query{max: replayBatch, bytes: batchBytes}
	for {
		batch, err := m.replayBatch(ctx, l, q)
		if err != nil {
			return err
		}
		for _, mail := range batch.Mails {
			if err := each(mail); err != nil {
				return err
			}
		}
		if !batch.More {
			return nil
		}
		q.after = batch.last()
	}
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
		return err
	})
	return name, there, err
}
