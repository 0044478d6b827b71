package agenda

import (
	"strings"

	"minuted/parser"
)

// prove says whether the mailbox's own provider found that the mail comes from
// the domain of its From, and by which finding, or why not.
func prove(m parser.Mail, t Trust) (bool, string) {
	if t.AuthservID == "" {
		return false, "no server whose findings count is configured"
	}
	results := m.Header.Values("Authentication-Results")
	if len(results) == 0 {
		return false, "no Authentication-Results"
	}
	// Only the topmost can be our own server's: those below came with the mail.
	id, findings, _ := strings.Cut(results[0], ";")
	if !strings.EqualFold(strings.TrimSpace(id), t.AuthservID) {
		return false, "the topmost Authentication-Results is not of " + t.AuthservID
	}
	for finding := range strings.SplitSeq(findings, ";") {
		if word, _, _ := strings.Cut(strings.TrimSpace(finding), " "); strings.EqualFold(word, "dmarc=pass") {
			return true, "dmarc=pass by " + t.AuthservID
		}
	}
	return false, "no dmarc=pass by " + t.AuthservID
}

// alwaysWrites says whether the provider writes its findings on every mail, so
// that their absence tells something.
func (t Trust) alwaysWrites() bool { return t.AuthservID != "" }
