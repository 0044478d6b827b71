package mailbox

import (
	"context"
	"slices"

	"github.com/emersion/go-imap/v2"
)

// setBytes bounds the text of one set of UIDs: servers need not take more than
// 8,000 bytes in one command line (RFC 2683 section 3.2.1.5).
const setBytes = 7000

// FileAway moves mails to a folder below Base, which is created where it is
// missing. UIDs that are gone are no error. When the folder was numbered anew
// since, nothing is done and the error is ErrRenumbered. Where the server can
// neither move nor expunge by UID the mails are copied and stay, which is told once.
func (m *Mailbox) FileAway(ctx context.Context, validity uint32, uids []uint32, folder string) error {
	if len(uids) == 0 {
		return nil
	}
	return m.do(ctx, "file away to "+folder, func(s *session) error {
		if err := s.open(m.config.Folder); err != nil {
			return err
		}
		if s.selected.UIDValidity != validity {
			return ErrRenumbered
		}
		if !s.canMove() {
			m.warnOnce()
		}
		name := s.path(m.config.Base, folder)
		for _, set := range shortSets(uids) {
			if err := s.moveAll(set, name); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *session) canMove() bool { return s.caps.Has(imap.CapMove) || s.caps.Has(imap.CapUIDPlus) }

func (m *Mailbox) warnOnce() {
	if !m.warned {
		m.log.Warn("the server has neither MOVE nor UIDPLUS: handled mail is copied, and stays where it is", "folder", m.config.Folder)
	}
	m.warned = true
}

// moveAll moves mails. After a refusal it looks what became of the folder and
// of the mails, and tries once more with what is left.
func (s *session) moveAll(set imap.UIDSet, name string) error {
	if err := s.ensure(name); err != nil {
		return err
	}
	err := s.move(set, name)
	if !isAnswer(err) {
		return err
	}
	left, searchErr := s.search(&imap.SearchCriteria{UID: []imap.UIDSet{set}})
	if searchErr != nil || len(left) == 0 {
		return searchErr
	}
	delete(s.known, name)
	if err := s.ensure(name); err != nil {
		return err
	}
	return s.move(uidSet(left), name)
}

// move does it in one step, or in three where MOVE is missing. Only what COPYUID
// says was copied is marked and expunged then.
func (s *session) move(set imap.UIDSet, name string) error {
	if s.caps.Has(imap.CapMove) {
		_, err := s.client.Move(set, name).Wait()
		return err
	}
	copied, err := s.client.Copy(set, name).Wait()
	if err != nil || !s.canMove() || len(copied.SourceUIDs) == 0 {
		return err
	}
	deleted := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}
	if err := s.client.Store(copied.SourceUIDs, deleted, nil).Close(); err != nil {
		return err
	}
	return s.client.UIDExpunge(copied.SourceUIDs).Close()
}

// uidSet writes UIDs as ranges.
func uidSet(uids []uint32) imap.UIDSet {
	var set imap.UIDSet
	for _, uid := range slices.Sorted(slices.Values(uids)) {
		if last := len(set) - 1; last >= 0 && uint32(set[last].Stop)+1 >= uid {
			set[last].Stop = imap.UID(uid)
		} else {
			set = append(set, imap.UIDRange{Start: imap.UID(uid), Stop: imap.UID(uid)})
		}
	}
	return set
}

// shortSets splits UIDs into sets that fit into a command line.
func shortSets(uids []uint32) []imap.UIDSet {
	const longest = len("4294967295:4294967295,")
	return slices.Collect(slices.Chunk(uidSet(uids), setBytes/longest))
}
