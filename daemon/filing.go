package daemon

import (
	"context"
	"maps"
	"slices"

	"minuted/agenda"
)

// fileEvery is after how many mails a catch-up files away what it has handled:
// one command for many, but not so many that a restart repeats long work.
const fileEvery = 1024

// filing is mail being filed away while the next is read. The server is busy with
// it for as long as with handing the mail out (measured on Dovecot).
type filing struct {
	uids []uint32
	done chan error
}

// fileAway moves what is committed out of the inbox. Mails that are gone are no
// error. While there is more to read it goes on beside that.
func (t *team) fileAway(ctx context.Context, more bool) error {
	if more && (len(t.read.Filing) < fileEvery || t.filing != nil && len(t.filing.done) == 0) {
		return nil
	}
	if err := t.endFiling(); err != nil || len(t.read.Filing) == 0 {
		return err
	}
	t.beginFiling(ctx)
	if more {
		return nil
	}
	if err := t.endFiling(); err != nil {
		return err
	}
	mark, err := t.mailbox.MarkOf(ctx, string(agenda.Handled))
	if err != nil {
		return err
	}
	return t.mark(ctx, mark)
}

func (t *team) beginFiling(ctx context.Context) {
	folders := map[agenda.Folder][]uint32{}
	for uid, folder := range t.read.Filing {
		folders[folder] = append(folders[folder], uid)
	}
	validity := t.read.Validity
	f := &filing{uids: slices.Collect(maps.Keys(t.read.Filing)), done: make(chan error, 1)}
	t.filing = f
	go func() { f.done <- t.file(ctx, validity, folders) }()
}

func (t *team) file(ctx context.Context, validity uint32, folders map[agenda.Folder][]uint32) error {
	for _, folder := range []agenda.Folder{agenda.Handled, agenda.Quarantine} {
		uids := folders[folder]
		if len(uids) == 0 {
			continue
		}
		slices.Sort(uids)
		if err := t.mailbox.FileAway(ctx, validity, uids, string(folder)); err != nil {
			return err
		}
		if err := t.records.Filed(ctx, uids); err != nil {
			return err
		}
	}
	return nil
}

// endFiling waits for what is being filed away, and forgets what was.
func (t *team) endFiling() error {
	if t.filing == nil {
		return nil
	}
	err := <-t.filing.done
	if err == nil {
		for _, uid := range t.filing.uids {
			delete(t.read.Filing, uid)
		}
	}
	t.filing = nil
	return err
}
