package parser

import "strings"

// messageIDs returns the ids of an In-Reply-To or References field, without
// their brackets. Ids that RFC 5322 section 3.6.4 forbids are written by
// Exchange and others, and threads hang on them: anything between brackets
// counts, blanks from folding inside one left out.
func messageIDs(value string) []string {
	var ids []string
	rest := value
	for {
		_, after, opened := strings.Cut(rest, "<")
		id, next, closed := strings.Cut(after, ">")
		if !opened || !closed {
			break
		}
		// "<a <b@x>": an id that was cut off before the next one.
		if i := strings.LastIndexByte(id, '<'); i >= 0 {
			id = id[i+1:]
		}
		if id = unspace(id); id != "" {
			ids = append(ids, id)
		}
		rest = next
	}
	if ids == nil {
		ids = bareIDs(value)
	}
	return ids
}

// bareIDs takes ids that were written without brackets.
func bareIDs(value string) []string {
	var ids []string
	if strings.Contains(value, "&lt;") {
		value = escapedBrackets.Replace(value)
	}
	for _, id := range strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == ';' }) {
		if id = strings.Trim(id, "<>"); strings.Contains(id, "@") {
			ids = append(ids, id)
		}
	}
	return ids
}

// escapedBrackets are written by programs that paste HTML into a field.
var escapedBrackets = strings.NewReplacer("&lt;", "<", "&gt;", ">")

// messageID returns the id of a Message-ID field, bracketed or not.
func messageID(value string, n *notes) string {
	if value == "" {
		return ""
	}
	if !strings.HasPrefix(value, "<") || !strings.HasSuffix(value, ">") {
		n.add("message-id", quoteLine([]byte(value)))
	}
	if ids := messageIDs(value); len(ids) > 0 {
		return ids[0]
	}
	return unspace(strings.Trim(value, "<> \t"))
}

func unspace(s string) string {
	if strings.ContainsAny(s, " \t") {
		return strings.Join(strings.Fields(s), "")
	}
	return s
}

// WrittenMessageID returns the Message-ID as it is written, without its angle
// brackets: blanks and comments inside it stay (RFC 5322 section 4.5.4 allows
// them in old mails), since whoever searches a mailbox has to ask for them.
func (m *Mail) WrittenMessageID() string {
	written := m.Header.Get("Message-ID")
	if inner, ok := strings.CutPrefix(written, "<"); ok && strings.Count(inner, ">") == 1 && strings.HasSuffix(inner, ">") {
		return strings.ToValidUTF8(strings.TrimSpace(inner[:len(inner)-1]), "\ufffd")
	}
	return m.MessageID
}
