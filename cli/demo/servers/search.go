package servers

import (
	"bytes"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// matches tells whether a mail fulfils all criteria of a SEARCH (RFC 3501 section 6.4.4).
func (s *session) matches(shot shot, c *imap.SearchCriteria) bool {
	return s.matchesNumbers(shot, c) && matchesFlags(shot.flags, c) && matchesText(shot.mail, c) && s.matchesNested(shot, c)
}

func (s *session) matchesNumbers(shot shot, c *imap.SearchCriteria) bool {
	s.account.mu.Lock()
	defer s.account.mu.Unlock()
	if len(s.folder.mails) == 0 {
		return false
	}
	for _, set := range c.SeqNum {
		if !s.inSet(set, shot.seq, shot.mail.uid) {
			return false
		}
	}
	for _, set := range c.UID {
		if !s.inSet(set, shot.seq, shot.mail.uid) {
			return false
		}
	}
	return true
}

func matchesFlags(flags []imap.Flag, c *imap.SearchCriteria) bool {
	has := func(want imap.Flag) bool {
		for _, flag := range flags {
			if strings.EqualFold(string(flag), string(want)) {
				return true
			}
		}
		return false
	}
	for _, flag := range c.Flag {
		if !has(flag) {
			return false
		}
	}
	for _, flag := range c.NotFlag {
		if has(flag) {
			return false
		}
	}
	return true
}

func matchesText(m *mail, c *imap.SearchCriteria) bool {
	day := m.arrived.UTC().Truncate(24 * time.Hour)
	if !c.Since.IsZero() && day.Before(c.Since) || !c.Before.IsZero() && !day.Before(c.Before) {
		return false
	}
	if size := int64(len(m.raw)); c.Larger != 0 && size <= c.Larger || c.Smaller != 0 && size >= c.Smaller {
		return false
	}
	for _, field := range c.Header {
		if !headerHolds(m.raw, field.Key, field.Value) {
			return false
		}
	}
	for _, text := range append(c.Text, c.Body...) {
		if !bytes.Contains(bytes.ToLower(m.raw), bytes.ToLower([]byte(text))) {
			return false
		}
	}
	return true
}

// headerHolds looks for words in a header field, whatever their case.
func headerHolds(raw []byte, key, value string) bool {
	unfolded := strings.NewReplacer("\r\n ", " ", "\r\n\t", " ").Replace(string(header(raw)))
	for line := range strings.Lines(unfolded) {
		name, text, _ := strings.Cut(line, ":")
		if strings.EqualFold(strings.TrimSpace(name), key) && strings.Contains(strings.ToLower(text), strings.ToLower(value)) {
			return true
		}
	}
	return false
}

func (s *session) matchesNested(shot shot, c *imap.SearchCriteria) bool {
	for i := range c.Not {
		if s.matches(shot, &c.Not[i]) {
			return false
		}
	}
	for i := range c.Or {
		if !s.matches(shot, &c.Or[i][0]) && !s.matches(shot, &c.Or[i][1]) {
			return false
		}
	}
	return true
}
