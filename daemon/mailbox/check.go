package mailbox

import (
	"context"
	"crypto/tls"
	"maps"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Report is what an operator wants to know of a mailbox before trusting it.
type Report struct {
	Capabilities []string
	Folder       string
	Validity     uint32
	Mails        uint32
	NextUID      uint32
	Prefix       string            // of the personal namespace
	Delimiter    string            // between the levels of a folder's name
	Filed        map[string]uint32 // mails in each folder below Base
	Filing       string            // MOVE, COPY and EXPUNGE, or COPY
	Idle         bool              // the server says by itself when mail comes
	TLS          string            // version of the protocol; empty: none
	Certificate  Certificate
}

// Certificate is the server's.
type Certificate struct {
	Subject string
	Issuer  string
	Until   time.Time
}

// Check connects anew and tells what is there.
func (m *Mailbox) Check(ctx context.Context) (Report, error) {
	ctx, done := m.untilClose(ctx)
	defer done()
	s, err := connect(ctx, m.config)
	if err != nil {
		return Report{}, explain("check the mailbox", err)
	}
	defer s.drop()
	var report Report
	err = s.do(ctx, func() (err error) {
		report, err = s.report()
		return err
	})
	return report, explain("check the mailbox", err)
}

func (s *session) report() (Report, error) {
	if err := s.open(s.config.Folder); err != nil {
		return Report{}, err
	}
	r := Report{Folder: s.folder, Validity: s.selected.UIDValidity, Mails: s.selected.NumMessages, NextUID: uint32(s.selected.UIDNext),
		Prefix: s.prefix, Delimiter: s.delimiter, Filing: s.filing(), Idle: s.caps.Has(imap.CapIdle), Filed: map[string]uint32{}}
	for _, c := range slices.Sorted(maps.Keys(s.caps)) {
		r.Capabilities = append(r.Capabilities, string(c))
	}
	if s.secure != nil {
		r.TLS = tls.VersionName(s.secure.Version)
		leaf := s.secure.PeerCertificates[0]
		r.Certificate = Certificate{Subject: leaf.Subject.String(), Issuer: leaf.Issuer.String(), Until: leaf.NotAfter}
	}
	return r, s.countFiled(r.Filed)
}

func (s *session) filing() string {
	switch {
	case s.caps.Has(imap.CapMove):
		return "MOVE"
	case s.caps.Has(imap.CapUIDPlus):
		return "COPY and EXPUNGE"
	}
	return "COPY"
}

// Filed counts the mails of the filed folders, by the names that FileAway was given.
func (m *Mailbox) Filed(ctx context.Context) (map[string]uint32, error) {
	counts := map[string]uint32{}
	err := m.do(ctx, "count what is filed away", func(s *session) error {
		paths := map[string]uint32{}
		err := s.countFiled(paths)
		for path, n := range paths {
			counts[s.name(m.config.Base, path)] = n
		}
		return err
	})
	return counts, err
}

// Recent returns the headers of the mails that came last, up to most of each
// folder: of the mailbox's own and of those that are filed.
func (m *Mailbox) Recent(ctx context.Context, most int) (headers [][]byte, err error) {
	err = m.do(ctx, "read the last headers", func(s *session) error {
		headers = nil
		folders, err := s.below(s.config.Base)
		if err != nil {
			return err
		}
		for _, folder := range append(folders, s.config.Folder) {
			some, err := s.recent(folder, most)
			if err != nil {
				return err
			}
			headers = append(headers, some...)
		}
		return nil
	})
	return headers, err
}

func (s *session) recent(folder string, most int) ([][]byte, error) {
	if err := s.open(folder); err != nil {
		return nil, err
	}
	uids, err := s.search(&imap.SearchCriteria{})
	if err != nil {
		return nil, err
	}
	uids = uids[max(0, len(uids)-most):]
	mails, err := s.readParts(uids, headerOnly, headerBytes)
	var headers [][]byte
	for _, uid := range uids {
		if mail := mails[uid]; mail != nil {
			headers = append(headers, mail.Raw)
		}
	}
	return headers, err
}

func (s *session) countFiled(counts map[string]uint32) error {
	folders, err := s.below(s.config.Base)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		status, err := s.client.Status(folder, &imap.StatusOptions{NumMessages: true}).Wait()
		if err != nil {
			return err
		}
		if status.NumMessages != nil {
			counts[folder] = *status.NumMessages
		}
	}
	return nil
}
