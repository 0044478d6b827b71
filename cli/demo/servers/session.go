package servers

import (
	"bufio"
	"bytes"
	"crypto/subtle"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-message/textproto"
)

// session is one client's connection. The protocol layer calls it for one
// command at a time.
type session struct {
	server  *IMAP
	conn    *imapserver.Conn
	account *account
	folder  *folder
	tracker *imapserver.SessionTracker
	closed  bool
	idling  sync.Mutex // held in IDLE: of a client that goes away amid it, the end does not wait for Idle to return
}

// The compiler checks that the session can do all that caps announces.
var _ interface {
	imapserver.SessionNamespace
	imapserver.SessionMove
} = (*session)(nil)

// shot is what one client sees of a mail: taken under the lock, written without it.
type shot struct {
	seq   uint32
	mail  *mail
	flags []imap.Flag
}

func (s *session) hangUp() { s.conn.NetConn().Close() }

// strike lets a fault take the place of a command.
func (s *session) strike(command string) error { return s.server.faults.strike(command, s.hangUp) }

// Close ends the session.
func (s *session) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	s.idling.Lock()
	s.Unselect()
	s.idling.Unlock()
	s.server.mu.Lock()
	delete(s.server.open, s)
	s.server.mu.Unlock()
	s.server.sessions.Done()
	return nil
}

// Login answers LOGIN and AUTHENTICATE PLAIN.
func (s *session) Login(user, password string) error {
	if err := s.strike("LOGIN"); err != nil {
		return err
	}
	a, err := s.server.account(user)
	if err != nil || subtle.ConstantTimeCompare([]byte(a.password), []byte(password)) != 1 {
		return imapserver.ErrAuthFailed
	}
	s.account = a
	return nil
}

// Select answers SELECT and EXAMINE.
func (s *session) Select(name string, options *imap.SelectOptions) (*imap.SelectData, error) {
	if err := s.strike("SELECT"); err != nil {
		return nil, err
	}
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	f := s.account.folders[inboxCase(name)]
	if f == nil {
		return nil, noSuchFolder(imap.ResponseCodeNonExistent, name)
	}
	s.folder, s.tracker = f, f.tracker.NewSession()
	return &imap.SelectData{
		Flags:          []imap.Flag{imap.FlagSeen, imap.FlagAnswered, imap.FlagFlagged, imap.FlagDeleted, imap.FlagDraft},
		PermanentFlags: []imap.Flag{imap.FlagSeen, imap.FlagAnswered, imap.FlagFlagged, imap.FlagDeleted, imap.FlagDraft, imap.FlagWildcard},
		NumMessages:    uint32(len(f.mails)),
		UIDNext:        f.nextUID,
		UIDValidity:    f.validity,
	}, nil
}

// Unselect leaves the folder.
func (s *session) Unselect() error {
	if s.tracker != nil {
		s.tracker.Close()
	}
	s.folder, s.tracker = nil, nil
	return nil
}

// Create answers CREATE. Folders outside of the personal namespace are refused.
func (s *session) Create(name string, options *imap.CreateOptions) error {
	if err := s.strike("CREATE"); err != nil {
		return err
	}
	name = strings.TrimSuffix(name, string(s.server.options.Delimiter))
	if !strings.HasPrefix(name, s.server.options.Prefix) {
		return &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeNoPerm, Text: "Permission denied"}
	}
	s.server.mu.Lock()
	created := s.server.newFolder(name)
	s.server.mu.Unlock()
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	if s.account.folders[inboxCase(name)] != nil {
		return &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeAlreadyExists, Text: "Mailbox already exists"}
	}
	s.account.folders[name] = created
	return nil
}

// Delete answers DELETE.
func (s *session) Delete(name string) error {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	if s.account.folders[name] == nil || inboxCase(name) == "INBOX" {
		return noSuchFolder(imap.ResponseCodeNonExistent, name)
	}
	delete(s.account.folders, name)
	return nil
}

// Rename answers RENAME; what lies below the folder keeps its name.
func (s *session) Rename(from, to string, options *imap.RenameOptions) error {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	f := s.account.folders[from]
	if f == nil || inboxCase(from) == "INBOX" {
		return noSuchFolder(imap.ResponseCodeNonExistent, from)
	}
	if s.account.folders[inboxCase(to)] != nil {
		return &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeAlreadyExists, Text: "Mailbox already exists"}
	}
	delete(s.account.folders, from)
	f.name = to
	s.account.folders[to] = f
	return nil
}

// Subscribe answers SUBSCRIBE; every folder counts as subscribed.
func (s *session) Subscribe(name string) error { return nil }

// Unsubscribe answers UNSUBSCRIBE, without effect.
func (s *session) Unsubscribe(name string) error { return nil }

// Namespace answers NAMESPACE.
func (s *session) Namespace() (*imap.NamespaceData, error) {
	o := s.server.options
	return &imap.NamespaceData{Personal: []imap.NamespaceDescriptor{{Prefix: o.Prefix, Delim: o.Delimiter}}}, nil
}

// List answers LIST and LSUB.
func (s *session) List(w *imapserver.ListWriter, ref string, patterns []string, options *imap.ListOptions) error {
	if err := s.strike("LIST"); err != nil {
		return err
	}
	delimiter := s.server.options.Delimiter
	if len(patterns) == 0 { // asks for the delimiter (RFC 3501 section 6.3.8)
		return w.WriteList(&imap.ListData{Attrs: []imap.MailboxAttr{imap.MailboxAttrNoSelect}, Delim: delimiter})
	}
	for _, name := range s.server.Folders(s.user()) {
		if !matchesAny(name, delimiter, ref, patterns) {
			continue
		}
		if err := w.WriteList(s.listed(name, options)); err != nil {
			return err
		}
	}
	return nil
}

// user finds the name that the session logged in with.
func (s *session) user() string {
	for user, a := range s.server.accounts {
		if a == s.account {
			return user
		}
	}
	return ""
}

func matchesAny(name string, delimiter rune, ref string, patterns []string) bool {
	for _, pattern := range patterns {
		if imapserver.MatchList(name, delimiter, ref, pattern) {
			return true
		}
	}
	return false
}

func (s *session) listed(name string, options *imap.ListOptions) *imap.ListData {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	data := &imap.ListData{Mailbox: name, Delim: s.server.options.Delimiter}
	f := s.account.folders[name]
	if f == nil { // removed since the names were read
		data.Attrs = append(data.Attrs, imap.MailboxAttrNonExistent)
		return data
	}
	if f.use != "" {
		data.Attrs = append(data.Attrs, f.use)
	}
	if options.ReturnStatus != nil {
		data.Status = f.status(options.ReturnStatus)
	}
	return data
}

// Status answers STATUS.
func (s *session) Status(name string, options *imap.StatusOptions) (*imap.StatusData, error) {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	f := s.account.folders[inboxCase(name)]
	if f == nil {
		return nil, noSuchFolder(imap.ResponseCodeNonExistent, name)
	}
	return f.status(options), nil
}

// Append answers APPEND.
func (s *session) Append(name string, r imap.LiteralReader, options *imap.AppendOptions) (*imap.AppendData, error) {
	if err := s.strike("APPEND"); err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	at := options.Time
	if at.IsZero() {
		at = s.server.options.Now()
	}
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	f := s.account.folders[inboxCase(name)]
	if f == nil {
		return nil, noSuchFolder(imap.ResponseCodeTryCreate, name)
	}
	return &imap.AppendData{UID: f.add(raw, at, options.Flags), UIDValidity: f.validity}, nil
}

// Poll tells the client what happened meanwhile.
func (s *session) Poll(w *imapserver.UpdateWriter, allowExpunge bool) error {
	if s.tracker == nil {
		return nil
	}
	return s.tracker.Poll(w, allowExpunge)
}

// Idle answers IDLE. What happened since the last command is told first, or
// mail that came in between would wait for the next.
func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	if err := s.strike("IDLE"); err != nil {
		return err
	}
	s.idling.Lock()
	defer s.idling.Unlock()
	if s.tracker == nil {
		<-stop
		return nil
	}
	if err := s.tracker.Poll(w, true); err != nil {
		return err
	}
	return s.tracker.Idle(w, stop)
}

// Expunge removes what is marked deleted: all of it, or only the given UIDs.
func (s *session) Expunge(w *imapserver.ExpungeWriter, uids *imap.UIDSet) error {
	if err := s.strike("EXPUNGE"); err != nil {
		return err
	}
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	s.folder.take(func(m *mail) bool {
		return m.flags[imap.FlagDeleted] && (uids == nil || uids.Contains(m.uid))
	})
	return nil // the poll that follows each command writes the EXPUNGE responses, once and in order
}

// Search answers SEARCH and UID SEARCH.
func (s *session) Search(kind imapserver.NumKind, criteria *imap.SearchCriteria, options *imap.SearchOptions) (*imap.SearchData, error) {
	if err := s.strike("SEARCH"); err != nil {
		return nil, err
	}
	var seqs imap.SeqSet
	var uids imap.UIDSet
	data := &imap.SearchData{}
	for _, shot := range s.shots(nil) {
		if !s.matches(shot, criteria) {
			continue
		}
		number := shot.seq
		if kind == imapserver.NumKindUID {
			number = uint32(shot.mail.uid)
		}
		if data.Count++; data.Min == 0 {
			data.Min = number
		}
		data.Max = number
		seqs.AddNum(shot.seq)
		uids.AddNum(shot.mail.uid)
	}
	data.All = seqs
	if kind == imapserver.NumKindUID {
		data.All = uids
	}
	return data, nil
}

// Fetch answers FETCH and UID FETCH.
func (s *session) Fetch(w *imapserver.FetchWriter, set imap.NumSet, options *imap.FetchOptions) error {
	if err := s.strike("FETCH"); err != nil {
		return err
	}
	s.markSeen(set, options)
	for _, shot := range s.shots(set) {
		if err := s.writeMail(w, shot, options); err != nil {
			return err
		}
	}
	return nil
}

// markSeen sets \Seen as FETCH without PEEK does.
func (s *session) markSeen(set imap.NumSet, options *imap.FetchOptions) {
	for _, section := range options.BodySection {
		if !section.Peek {
			s.store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagSeen}}, nil)
			return
		}
	}
}

// Store answers STORE and UID STORE.
func (s *session) Store(w *imapserver.FetchWriter, set imap.NumSet, flags *imap.StoreFlags, options *imap.StoreOptions) error {
	if err := s.strike("STORE"); err != nil {
		return err
	}
	s.store(set, flags, s.tracker)
	if flags.Silent {
		return nil
	}
	for _, shot := range s.shots(set) {
		if err := s.writeMail(w, shot, &imap.FetchOptions{Flags: true}); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) store(set imap.NumSet, flags *imap.StoreFlags, quiet *imapserver.SessionTracker) {
	for _, shot := range s.shots(set) {
		s.account.mu.Lock()
		shot.mail.set(flags)
		if n := s.tracker.DecodeSeqNum(shot.seq); n != 0 {
			s.folder.tracker.QueueMessageFlags(n, shot.mail.uid, shot.mail.flagList(), quiet)
		}
		s.account.mu.Unlock()
	}
}

func (m *mail) set(flags *imap.StoreFlags) {
	if flags.Op == imap.StoreFlagsSet {
		clear(m.flags)
	}
	for _, flag := range flags.Flags {
		if flags.Op == imap.StoreFlagsDel {
			delete(m.flags, flag)
		} else {
			m.flags[flag] = true
		}
	}
}

// Copy answers COPY and UID COPY.
func (s *session) Copy(set imap.NumSet, name string) (*imap.CopyData, error) {
	if err := s.strike("COPY"); err != nil {
		return nil, err
	}
	data, _, err := s.copyTo(set, name)
	return data, err
}

// Move answers MOVE and UID MOVE. The poll that follows writes the EXPUNGE
// responses to this client as to all others.
func (s *session) Move(w *imapserver.MoveWriter, set imap.NumSet, name string) error {
	if err := s.strike("MOVE"); err != nil {
		return err
	}
	data, copied, err := s.copyTo(set, name)
	if err != nil || data == nil {
		return err
	}
	s.account.mu.Lock()
	s.folder.take(func(m *mail) bool { return copied[m] })
	s.account.mu.Unlock()
	return w.WriteCopyData(data)
}

// copyTo copies mails to another folder; data is nil where none matched, for
// which COPYUID has no form.
func (s *session) copyTo(set imap.NumSet, name string) (*imap.CopyData, map[*mail]bool, error) {
	shots := s.shots(set)
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	dest := s.account.folders[inboxCase(name)]
	if dest == nil {
		return nil, nil, noSuchFolder(imap.ResponseCodeTryCreate, name)
	}
	if len(shots) == 0 {
		return nil, nil, nil
	}
	data := &imap.CopyData{UIDValidity: dest.validity}
	copied := map[*mail]bool{}
	for _, shot := range shots {
		data.SourceUIDs.AddNum(shot.mail.uid)
		data.DestUIDs.AddNum(dest.add(shot.mail.raw, shot.mail.arrived, shot.mail.flagList()))
		copied[shot.mail] = true
	}
	return data, copied, nil
}

// shots returns the mails of a set as this client numbers them; nil: all.
func (s *session) shots(set imap.NumSet) []shot {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	var out []shot
	for i, m := range s.folder.mails {
		seq := s.tracker.EncodeSeqNum(uint32(i + 1))
		if seq != 0 && (set == nil || s.inSet(set, seq, m.uid)) {
			out = append(out, shot{seq, m, m.flagList()})
		}
	}
	return out
}

// inSet knows that * is the last mail, and that 7:* holds it even where it is
// number 5 (RFC 3501 section 6.4.8).
func (s *session) inSet(set imap.NumSet, seq uint32, uid imap.UID) bool {
	last := s.folder.mails[len(s.folder.mails)-1].uid
	switch set := set.(type) {
	case imap.SeqSet:
		return inRanges(len(set), seq, uint32(len(s.folder.mails)), func(i int) (uint32, uint32) { return set[i].Start, set[i].Stop })
	case imap.UIDSet:
		return inRanges(len(set), uint32(uid), uint32(last), func(i int) (uint32, uint32) { return uint32(set[i].Start), uint32(set[i].Stop) })
	}
	return false
}

func inRanges(n int, number, last uint32, bounds func(int) (uint32, uint32)) bool {
	for i := range n {
		start, stop := bounds(i)
		if start == 0 {
			start = last
		}
		if stop == 0 {
			stop = last
		}
		if min(start, stop) <= number && number <= max(start, stop) {
			return true
		}
	}
	return false
}

// writeMail writes one FETCH response, with the fault that is set for its UID.
func (s *session) writeMail(w *imapserver.FetchWriter, shot shot, options *imap.FetchOptions) error {
	fault, struck := s.server.faults.forMail(uint32(shot.mail.uid), options)
	if struck && fault.Do == FlagsFirst {
		update := w.CreateMessage(shot.seq)
		update.WriteUID(shot.mail.uid)
		update.WriteFlags(shot.flags)
		if err := update.Close(); err != nil {
			return err
		}
	}
	if struck && fault.Do == Drop {
		s.hangUp()
	}
	r := w.CreateMessage(shot.seq)
	r.WriteUID(shot.mail.uid)
	if options.Flags {
		r.WriteFlags(shot.flags)
	}
	if options.InternalDate {
		r.WriteInternalDate(internalDate(shot.mail.arrived, struck && fault.Do == BadDate))
	}
	if options.RFC822Size {
		r.WriteRFC822Size(int64(len(shot.mail.raw)))
	}
	if options.Envelope {
		r.WriteEnvelope(envelope(shot.mail.raw))
	}
	if options.BodyStructure != nil {
		r.WriteBodyStructure(imapserver.ExtractBodyStructure(bytes.NewReader(shot.mail.raw)))
	}
	for _, item := range options.BodySection {
		if err := s.writeSection(r, shot.mail.raw, item, struck && fault.Do == HalfLiteral); err != nil {
			return err
		}
	}
	return r.Close()
}

// internalDate spoils a date, as a server with a broken index does, by a year of five digits.
func internalDate(t time.Time, spoil bool) time.Time {
	if spoil {
		return t.AddDate(20000, 0, 0)
	}
	return t
}

func (s *session) writeSection(r *imapserver.FetchResponseWriter, raw []byte, item *imap.FetchItemBodySection, half bool) error {
	body := section(raw, item)
	w := r.WriteBodySection(item, int64(len(body)))
	if half {
		w.Write(body[:len(body)/2]) // all errors from here on are those of a connection that goes
		w.Close()
		s.hangUp()
		r.Close()
		return errDropped
	}
	if _, err := w.Write(body); err != nil {
		return err
	}
	return w.Close()
}

// section returns the bytes asked for. A whole mail is given as it was stored,
// however broken; parts come from the parser of the protocol library.
func section(raw []byte, item *imap.FetchItemBodySection) []byte {
	if item.Specifier == imap.PartSpecifierNone && len(item.Part) == 0 {
		return partial(raw, item.Partial)
	}
	if item.Specifier == imap.PartSpecifierHeader && len(item.Part) == 0 && len(item.HeaderFields) == 0 && len(item.HeaderFieldsNot) == 0 {
		return partial(header(raw), item.Partial)
	}
	return imapserver.ExtractBodySection(bytes.NewReader(raw), item)
}

func partial(b []byte, p *imap.SectionPartial) []byte {
	if p == nil {
		return b
	}
	from := min(p.Offset, int64(len(b)))
	return b[from:min(from+p.Size, int64(len(b)))]
}

// header returns the header with the empty line that ends it.
func header(raw []byte) []byte {
	if i := bytes.Index(raw, []byte("\r\n\r\n")); i >= 0 {
		return raw[:i+4]
	}
	return raw
}

func envelope(raw []byte) *imap.Envelope {
	h, err := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		return nil
	}
	return imapserver.ExtractEnvelope(h)
}
