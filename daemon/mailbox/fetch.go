package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

const (
	// heldBytes bounds what is held of the mailbox: one batch with the caller
	// and one read ahead. batchBytes bounds one of them; a larger mail comes alone.
	heldBytes  = 32 << 20
	batchBytes = heldBytes / 2
	// headerBytes is how much of the header of a mail is fetched that is too large.
	headerBytes = 128 << 10
	// sizedAtOnce is how many mails' sizes are asked for with one command.
	sizedAtOnce = 512
	// After deathsAlone connections that a mail has cost it is fetched alone,
	// after deathsFinal it is given up if another mail comes through; where there
	// is no other to compare with, after deathsLonely.
	deathsAlone  = 2
	deathsFinal  = 3
	deathsLonely = 6
)

// query is what Fetch is asked for.
type query struct {
	after  uint32
	except []uint32
	max    int
	bytes  int64
}

// nextBatch is what the next Fetch will most likely ask for.
type nextBatch struct {
	query query
	batch Batch
}

// listing is what is known of a folder: which UIDs lie above one.
type listing struct {
	folder   string
	validity uint32
	from     uint32           // all UIDs above this one are in rest, or were handed out
	rest     []uint32         // ascending
	sizes    map[uint32]int64 // of those that come next; 0: the server did not say
	nextUID  uint32
}

// suspect is a mail whose fetching ended a connection.
type suspect struct {
	folder   string
	validity uint32
	uid      uint32
}

// Fetch returns up to max mails in the order of their UIDs: those of except
// first, which are lower, then those above after. It sets no flag. UIDs that
// are gone are left out. While the caller works on a batch the next one is
// being read, so Fetch called with the last UID of a batch costs little.
//
// A mail that ends the connection each time it is fetched is fetched alone,
// then, where others come through, given as Failed, so that it cannot stand in
// their way.
func (m *Mailbox) Fetch(ctx context.Context, after uint32, except []uint32, limit int) (Batch, error) {
	if err := m.worker.take(ctx); err != nil {
		return Batch{}, explain("fetch mail", err)
	}
	limit = max(limit, 1)
	batch, err := m.fetchOrTake(ctx, query{after: after, except: except, max: limit, bytes: batchBytes})
	if err != nil || !batch.More {
		m.worker.give()
		return batch, explain("fetch mail", err)
	}
	m.readAhead(batch, limit)
	return batch, nil
}

// fetchOrTake returns what was read ahead where it is what is asked for.
func (m *Mailbox) fetchOrTake(ctx context.Context, q query) (Batch, error) {
	next := m.next
	m.next = nil
	if next != nil && next.query.after == q.after && next.query.max == q.max && len(q.except) == 0 {
		return next.batch, nil
	}
	return m.fetch(ctx, &m.inbox, q)
}

// readAhead reads the batch after this one. The caller's turn passes to it, so
// that no other command comes between.
func (m *Mailbox) readAhead(batch Batch, limit int) {
	q := query{after: batch.last(), max: limit, bytes: heldBytes - batch.bytes()}
	if q.bytes < batchBytes {
		m.worker.give()
		return
	}
	m.ahead.Go(func() {
		defer m.worker.give()
		// Where it fails, the Fetch that asks for it meets the error itself.
		if next, err := m.fetch(m.ctx, &m.inbox, q); err == nil {
			m.next = &nextBatch{q, next}
		}
	})
}

func (b Batch) last() uint32 { return b.Mails[len(b.Mails)-1].UID }

func (b Batch) bytes() (n int64) {
	for _, mail := range b.Mails {
		n += int64(len(mail.Raw))
	}
	return n
}

// fetch reads a batch, and again when a mail ended the connection. What came
// whole before that is handed out; so each mail is met as the first of a batch
// before it is suspected for good.
func (m *Mailbox) fetch(ctx context.Context, l *listing, q query) (Batch, error) {
	for {
		var batch Batch
		var missing uint32
		err := m.run(ctx, func(s *session) (err error) {
			batch, missing, err = m.read(s, l, q)
			return err
		})
		if err == nil || len(batch.Mails) > 0 {
			return batch, nil
		}
		known := l.rest
		l.rest = nil // the missing one may be gone meanwhile
		if missing == 0 || ctx.Err() != nil || m.ctx.Err() != nil {
			return Batch{}, err
		}
		m.log.Warn("fetching a mail failed", "folder", l.folder, "uid", missing, "error", err)
		m.deaths[l.suspect(missing)]++
		if m.deaths[l.suspect(missing)] >= deathsFinal {
			m.judge(ctx, l, missing, known)
		} else if !isAnswer(err) {
			continue
		}
		if !m.condemned[l.suspect(missing)] {
			return Batch{}, err // it may be over soon; the next call tries again
		}
	}
}

// judge gives up a mail that has cost connections if another one comes through:
// otherwise the line or the server is to blame.
func (m *Mailbox) judge(ctx context.Context, l *listing, uid uint32, known []uint32) {
	other := slices.IndexFunc(known, func(other uint32) bool { return m.deaths[l.suspect(other)] == 0 })
	if other < 0 {
		m.condemned[l.suspect(uid)] = m.deaths[l.suspect(uid)] >= deathsLonely
		return
	}
	err := m.run(ctx, func(s *session) error {
		if err := s.open(l.folder); err != nil {
			return err
		}
		got, err := s.readParts(known[other:other+1], sample, m.config.MaxBytes)
		if err == nil && len(got) == 0 {
			return errors.New("the mail to compare with is gone")
		}
		return err
	})
	m.condemned[l.suspect(uid)] = err == nil
}

// read reads one batch with one connection. When it fails after the choice of
// mails, missing is the first that did not come.
func (m *Mailbox) read(s *session, l *listing, q query) (batch Batch, missing uint32, err error) {
	if err := s.open(l.folder); err != nil {
		return Batch{}, 0, err
	}
	if err := l.refresh(s, q.after); err != nil {
		return Batch{}, 0, err
	}
	chosen, last, err := m.choose(s, l, q)
	if err != nil {
		return Batch{}, 0, err
	}
	batch = Batch{Validity: l.validity, NextUID: l.nextUID, More: l.holdsAbove(last)}
	got, err := m.readMails(s, l, chosen)
	if err == nil && len(got) < len(chosen) {
		err = s.withheld(slices.DeleteFunc(slices.Clone(chosen), func(uid uint32) bool { return got[uid] != nil }))
	}
	for _, uid := range chosen {
		if mail := got[uid]; mail != nil {
			batch.Mails = append(batch.Mails, *mail)
		} else if err != nil {
			batch.More = true
			return batch, uid, err
		} // else it is gone
	}
	if len(batch.Mails) == 0 && batch.More {
		return m.read(s, l, query{after: max(last, q.after), max: q.max, bytes: q.bytes})
	}
	if !batch.More {
		l.rest = nil // the end: the next call looks what came since, even where it asks from the same place
	}
	return batch, 0, nil
}

// withheld tells mails that are gone, which is no error, from such as the server
// left out of its answer: they would be passed for good.
func (s *session) withheld(missing []uint32) error {
	there, err := s.stillThere(missing)
	if err == nil && len(there) > 0 {
		err = fmt.Errorf("%w: uid %d", errWithheld, there[0])
	}
	return err
}

// stillThere are those of some UIDs that the open folder holds.
func (s *session) stillThere(uids []uint32) ([]uint32, error) {
	if len(uids) == 0 {
		return nil, nil
	}
	if err := s.client.Noop().Wait(); err != nil {
		return nil, err
	}
	return s.search(&imap.SearchCriteria{UID: []imap.UIDSet{uidSet(uids)}})
}

// refresh lists the folder where what is known of it does not reach.
func (l *listing) refresh(s *session, after uint32) error {
	same := l.validity == s.selected.UIDValidity
	if same && l.from <= after {
		i, _ := slices.BinarySearch(l.rest, after+1)
		l.rest, l.from = l.rest[i:], after // what was passed is forgotten: who asks for it again is answered anew
		if len(l.rest) > 0 {
			return nil
		}
	}
	// SEARCH answers from what the client was told so far, which ends with the
	// last command; NOOP makes the server look what came since.
	if err := s.client.Noop().Wait(); err != nil {
		return err
	}
	uids, err := s.search(&imap.SearchCriteria{UID: []imap.UIDSet{{{Start: imap.UID(after + 1), Stop: 0}}}})
	if err != nil {
		return err
	}
	// Beyond the end, n:* is the last mail (RFC 3501 section 6.4.8).
	uids = slices.DeleteFunc(uids, func(uid uint32) bool { return uid <= after })
	next := uint32(s.selected.UIDNext)
	if same {
		next = max(next, l.nextUID)
	}
	if len(uids) > 0 {
		next = max(next, uids[len(uids)-1]+1)
	}
	*l = listing{folder: l.folder, validity: s.selected.UIDValidity, from: after, rest: uids, nextUID: next}
	return nil
}

func (l *listing) holdsAbove(uid uint32) bool {
	return len(l.rest) > 0 && l.rest[len(l.rest)-1] > uid
}

// choose takes as many mails as fit, and a suspected one only alone. Last is
// the last one that was looked at, be it there or gone.
func (m *Mailbox) choose(s *session, l *listing, q query) (chosen []uint32, last uint32, err error) {
	wanted := slices.Concat(slices.Sorted(slices.Values(q.except)), l.rest)
	front := wanted[:min(q.max, len(wanted))]
	if err := l.learnSizes(s, front, wanted); err != nil {
		return nil, 0, err
	}
	room := q.bytes
	for _, uid := range front {
		size, alone := l.sizes[uid], m.deaths[l.suspect(uid)] >= deathsAlone
		if len(chosen) > 0 && (alone || m.held(size) > room) {
			break
		}
		last = uid
		if size == gone {
			continue
		}
		chosen = append(chosen, uid)
		if room -= m.held(size); alone {
			break
		}
	}
	return chosen, last, nil
}

// held is how much of a mail of that size is kept.
func (m *Mailbox) held(size int64) int64 {
	if size > m.config.MaxBytes {
		return headerBytes
	}
	return size
}

func (l *listing) suspect(uid uint32) suspect { return suspect{l.folder, l.validity, uid} }

// learnSizes asks for the sizes of the mails in front, and of some that follow,
// where one of them is not known.
func (l *listing) learnSizes(s *session, front, wanted []uint32) (err error) {
	if !slices.ContainsFunc(front, func(uid uint32) bool { _, known := l.sizes[uid]; return !known }) {
		return nil
	}
	l.sizes, err = s.sizes(wanted[:min(max(len(front), sizedAtOnce), len(wanted))])
	return err
}

// gone is the size of a mail that is no longer there.
const gone = -1

// sizes asks for the sizes of mails in the open folder; 0 where the server says none.
func (s *session) sizes(uids []uint32) (map[uint32]int64, error) {
	sizes := map[uint32]int64{}
	for _, uid := range uids {
		sizes[uid] = gone
	}
	cmd := s.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, RFC822Size: true})
	for data := cmd.Next(); data != nil; data = cmd.Next() {
		var uid uint32
		var size int64
		for item := data.Next(); item != nil; item = data.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				uid = uint32(item.UID)
			case imapclient.FetchItemDataRFC822Size:
				size = item.Size
			}
		}
		sizes[uid] = size
	}
	if err := cmd.Close(); err != nil {
		return sizes, err
	}
	return sizes, s.findWithheld(sizes)
}

// findWithheld looks for mails that are still there, though the server has not said their sizes.
func (s *session) findWithheld(sizes map[uint32]int64) error {
	var missing []uint32
	for uid, size := range sizes {
		if size == gone {
			missing = append(missing, uid)
		}
	}
	there, err := s.stillThere(missing)
	for _, uid := range there {
		sizes[uid] = 0
	}
	return err
}

// readMails fetches the chosen mails: whole ones, of too large ones the header,
// and a suspected one without the date that may be what ends the connection.
func (m *Mailbox) readMails(s *session, l *listing, chosen []uint32) (map[uint32]*Mail, error) {
	if len(chosen) == 0 {
		return nil, nil
	}
	switch first := l.suspect(chosen[0]); {
	case m.condemned[first]:
		return map[uint32]*Mail{first.uid: unreadable(first.uid, l.sizes[first.uid], m.deaths[first])}, nil
	case m.deaths[first] >= deathsAlone:
		return s.readWhole(chosen, wholeUndated, m.config.MaxBytes)
	}
	tooLarge := func(uid uint32) bool { return l.sizes[uid] > m.config.MaxBytes }
	large := slices.DeleteFunc(slices.Clone(chosen), func(uid uint32) bool { return !tooLarge(uid) })
	got, err := s.readWhole(slices.DeleteFunc(slices.Clone(chosen), tooLarge), whole, m.config.MaxBytes)
	if err != nil || len(large) == 0 {
		return got, err
	}
	headers, err := s.readParts(large, headerOnly, m.config.MaxBytes)
	for uid, mail := range headers {
		mail.Size = l.sizes[uid]
		mail.Failed = tooLargeText(mail.Size, m.config.MaxBytes)
		got[uid] = mail
	}
	return got, err
}

// readWhole fetches mails. One for which the server gave no text, as happens
// when it announces a change of flags in that moment, is asked for again; it
// is never taken for an empty mail.
func (s *session) readWhole(uids []uint32, parts *imap.FetchOptions, maxBytes int64) (map[uint32]*Mail, error) {
	got, err := s.readParts(uids, parts, maxBytes)
	bare := slices.DeleteFunc(slices.Clone(uids), func(uid uint32) bool { return got[uid] == nil || got[uid].Raw != nil })
	if err != nil || len(bare) == 0 {
		maps.DeleteFunc(got, func(_ uint32, mail *Mail) bool { return mail.Raw == nil })
		return got, err
	}
	again, err := s.readParts(bare, parts, maxBytes)
	for _, uid := range bare {
		mail := again[uid]
		if mail != nil && mail.Raw == nil {
			mail.Raw, mail.Failed = []byte{}, "the server gave no text for it"
		}
		if got[uid] = mail; mail == nil {
			delete(got, uid)
		}
	}
	return got, err
}

// What is asked for of a mail. Flags are not: nobody here may decide by them.
var (
	whole        = &imap.FetchOptions{UID: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}}
	sample       = &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true, Partial: &imap.SectionPartial{Size: 64 << 10}}}}
	wholeUndated = &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}}
	headerOnly   = &imap.FetchOptions{UID: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{
		{Peek: true, Specifier: imap.PartSpecifierHeader, Partial: &imap.SectionPartial{Size: headerBytes}}}}
)

// readParts fetches mails of the open folder with one command and returns those
// that came whole, also after an error.
func (s *session) readParts(uids []uint32, parts *imap.FetchOptions, maxBytes int64) (map[uint32]*Mail, error) {
	got := map[uint32]*Mail{}
	if len(uids) == 0 {
		return got, nil
	}
	cmd := s.client.Fetch(uidSet(uids), parts)
	for data := cmd.Next(); data != nil; data = cmd.Next() {
		mail, err := readMail(data, maxBytes)
		if err != nil {
			return got, err
		}
		got[mail.UID] = mail
	}
	return got, cmd.Close()
}

// readMail reads one answer to its end, or the library waits for ever. Only after
// a text that breaks off nothing more may be asked of the command: the library's own
// reading goes on then, meets the end of the connection and ends.
func readMail(data *imapclient.FetchMessageData, maxBytes int64) (*Mail, error) {
	mail := &Mail{}
	for item := data.Next(); item != nil; item = data.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			mail.UID = uint32(item.UID)
		case imapclient.FetchItemDataInternalDate:
			mail.Arrived = item.Time.UTC()
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil {
				continue
			}
			if err := mail.readText(item.Literal, maxBytes); err != nil {
				return nil, err
			}
		}
	}
	if mail.Arrived.IsZero() {
		mail.Arrived = received(mail.Raw)
	}
	return mail, nil
}

// readText reads what the server gives. Servers have been wrong about sizes, so
// a text is too large here that was not when its size was asked for.
func (mail *Mail) readText(literal imap.LiteralReader, maxBytes int64) error {
	mail.Size = literal.Size()
	length := mail.Size
	if mail.Size > maxBytes {
		length = headerBytes
		mail.Failed = tooLargeText(mail.Size, maxBytes)
	}
	raw := make([]byte, length)
	if _, err := io.ReadFull(literal, raw); err != nil {
		return err
	}
	mail.Raw = raw
	return nil
}

func tooLargeText(size, most int64) string {
	return fmt.Sprintf("it has %.1f MB and the limit is %.1f MB: only its header was fetched", float64(size)/(1<<20), float64(most)/(1<<20))
}

func unreadable(uid uint32, size int64, deaths int) *Mail {
	return &Mail{UID: uid, Size: max(size, 0), Raw: []byte{}, Failed: fmt.Sprintf("the server failed %d times to hand it out", deaths)}
}

// received tells when a mail arrived by the line that our own server wrote last
// (RFC 5321 section 4.4), for a mail whose date the server cannot tell.
func received(raw []byte) time.Time {
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return time.Time{}
	}
	line := message.Header.Get("Received")
	at, err := mail.ParseDate(strings.TrimSpace(line[strings.LastIndex(line, ";")+1:]))
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}
