package servers

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// Mail is one mail in a folder of an account.
type Mail struct {
	UID     uint32
	Arrived time.Time // INTERNALDATE
	Flags   []string
	Raw     []byte
}

// account is the folders of one user. One lock guards all of them, so that
// mails can move between two folders from both sides without a deadlock. It is
// never held while a client is being written to.
type account struct {
	password string

	mu      sync.Mutex
	folders map[string]*folder
}

// folder is one mailbox in the sense of IMAP.
type folder struct {
	name     string
	use      imap.MailboxAttr
	validity uint32
	nextUID  imap.UID
	mails    []*mail
	tracker  *imapserver.MailboxTracker
}

// mail is one mail; all but its flags never change.
type mail struct {
	uid     imap.UID
	arrived time.Time
	raw     []byte
	flags   map[imap.Flag]bool
}

func (s *IMAP) newAccount(password string) *account {
	a := &account{password: password, folders: map[string]*folder{}}
	a.folders["INBOX"] = s.newFolder("INBOX")
	for name, use := range map[string]imap.MailboxAttr{"Archive": imap.MailboxAttrArchive, "Drafts": imap.MailboxAttrDrafts,
		"Sent": imap.MailboxAttrSent, "Trash": imap.MailboxAttrTrash} {
		f := s.newFolder(s.options.Prefix + name)
		f.use = use
		a.folders[f.name] = f
	}
	return a
}

func (s *IMAP) newFolder(name string) *folder {
	return &folder{name: name, validity: s.newValidity(), nextUID: 1, tracker: imapserver.NewMailboxTracker(0)}
}

// Deliver puts a mail into the INBOX of an account, as arrived at an instant,
// and returns its UID.
func (s *IMAP) Deliver(user string, raw []byte, at time.Time) (uint32, error) {
	a, err := s.account(user)
	if err != nil {
		return 0, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return uint32(a.folders["INBOX"].add(raw, at, nil)), nil
}

// Mails returns what lies in a folder of an account, in order; nothing where
// there is no such folder.
func (s *IMAP) Mails(user, name string) []Mail {
	a, err := s.account(user)
	if err != nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	f := a.folders[inboxCase(name)]
	if f == nil {
		return nil
	}
	var out []Mail
	for _, m := range f.mails {
		out = append(out, Mail{UID: uint32(m.uid), Arrived: m.arrived, Flags: m.flagNames(), Raw: m.raw})
	}
	return out
}

// Folders returns the names of an account's folders, sorted.
func (s *IMAP) Folders(user string) []string {
	a, err := s.account(user)
	if err != nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Sorted(maps.Keys(a.folders))
}

// Remove takes a mail away, as a colleague does who deletes or moves it.
func (s *IMAP) Remove(user, name string, uid uint32) {
	s.change(user, name, func(f *folder) {
		f.take(func(m *mail) bool { return m.uid == imap.UID(uid) })
	})
}

// RemoveFolder removes a folder with all that lies in it, as a colleague does.
func (s *IMAP) RemoveFolder(user, name string) {
	if a, err := s.account(user); err == nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.folders, name)
	}
}

// Flag sets a flag on a mail, as a colleague does.
func (s *IMAP) Flag(user, name string, uid uint32, flag string) {
	s.change(user, name, func(f *folder) {
		for i, m := range f.mails {
			if m.uid == imap.UID(uid) {
				m.flags[imap.Flag(flag)] = true
				f.tracker.QueueMessageFlags(uint32(i+1), m.uid, m.flagList(), nil)
			}
		}
	})
}

// Renumber gives a folder a new UIDVALIDITY and its mails new UIDs from 1, as
// happens when a server is restored from a backup, and ends all connections.
func (s *IMAP) Renumber(user, name string) {
	s.mu.Lock()
	validity := s.newValidity()
	s.mu.Unlock()
	s.change(user, name, func(f *folder) {
		f.validity, f.nextUID = validity, 1
		for i, m := range f.mails {
			renumbered := *m // clients may still be reading the old one
			renumbered.uid = f.nextUID
			f.mails[i] = &renumbered
			f.nextUID++
		}
	})
	s.DropAll()
}

func (s *IMAP) change(user, name string, do func(*folder)) {
	a, err := s.account(user)
	if err != nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if f := a.folders[inboxCase(name)]; f != nil {
		do(f)
	}
}

// add puts a mail at the end and tells all who look.
func (f *folder) add(raw []byte, at time.Time, flags []imap.Flag) imap.UID {
	m := &mail{uid: f.nextUID, arrived: at, raw: raw, flags: map[imap.Flag]bool{}}
	for _, flag := range flags {
		m.flags[flag] = true
	}
	f.nextUID++
	f.mails = append(f.mails, m)
	f.tracker.QueueNumMessages(uint32(len(f.mails)))
	return m.uid
}

// take removes the mails that match and tells all who look, from the last on so
// that the numbers of those before stay true.
func (f *folder) take(match func(*mail) bool) {
	for i := len(f.mails) - 1; i >= 0; i-- {
		if match(f.mails[i]) {
			f.mails = slices.Delete(f.mails, i, i+1)
			f.tracker.QueueExpunge(uint32(i + 1))
		}
	}
}

func (f *folder) status(options *imap.StatusOptions) *imap.StatusData {
	data := &imap.StatusData{Mailbox: f.name, UIDNext: f.nextUID, UIDValidity: f.validity}
	count := func(match func(*mail) bool) *uint32 {
		n := uint32(0)
		for _, m := range f.mails {
			if match(m) {
				n++
			}
		}
		return &n
	}
	if options.NumMessages {
		data.NumMessages = count(func(*mail) bool { return true })
	}
	if options.NumUnseen {
		data.NumUnseen = count(func(m *mail) bool { return !m.flags[imap.FlagSeen] })
	}
	if options.NumRecent {
		data.NumRecent = new(uint32)
	}
	return data
}

func (m *mail) flagList() []imap.Flag { return slices.Sorted(maps.Keys(m.flags)) }

func (m *mail) flagNames() []string {
	var names []string
	for _, flag := range m.flagList() {
		names = append(names, string(flag))
	}
	return names
}

// inboxCase knows INBOX in any case (RFC 3501 section 5.1).
func inboxCase(name string) string {
	if strings.EqualFold(name, "INBOX") {
		return "INBOX"
	}
	return name
}

func noSuchFolder(code imap.ResponseCode, name string) error {
	return &imap.Error{Type: imap.StatusResponseTypeNo, Code: code, Text: fmt.Sprintf("Mailbox doesn't exist: %s", name)}
}
