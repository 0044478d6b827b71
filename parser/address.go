package parser

import (
	"strings"

	gomail "github.com/emersion/go-message/mail"
)

// addressFields hold addresses that count for the limit.
var addressFields = []string{
	"From", "To", "Cc", "Bcc", "Reply-To", "Sender", "Resent-From", "Resent-To", "Resent-Cc", "Resent-Bcc",
}

func holdsAddresses(name string) bool {
	for _, field := range addressFields {
		if strings.EqualFold(name, field) {
			return true
		}
	}
	return false
}

// addresses reads the mailboxes of all fields of that name. go-message reads
// lists that keep the rules; one that does not is read entry by entry, for
// one bad entry must not lose the others.
func (h Header) addresses(name string, n *notes) []Address {
	var list []Address
	for i := range h {
		if strings.EqualFold(h[i].Name, name) && h[i].Value != "" {
			list = append(list, h.readAddresses(h[i], n)...)
		}
	}
	return list
}

func (h Header) readAddresses(field Field, n *notes) []Address {
	if isASCII(field.Value) && countAddresses(field.Value) <= maxAddresses {
		if list, err := strictAddresses(field.Value); err == nil {
			return list
		}
	}
	var list []Address
	value := field.Value
	for value != "" && len(list) < maxAddresses {
		var entry string
		entry, value = cutAddress(value)
		list = append(list, h.readEntry(entry, n)...)
	}
	return list
}

// strictAddresses reads a list by the rules. Only such an address may count
// for trust, and only one that is no member of a group.
func strictAddresses(value string) ([]Address, error) {
	var header gomail.Header
	header.Set("To", value)
	parsed, err := header.AddressList("To")
	if err != nil {
		return nil, err
	}
	list := make([]Address, len(parsed))
	for i, a := range parsed {
		list[i] = Address{Name: tidyName(a.Name), Address: a.Address, Exact: isASCII(a.Address) && !isGroup(value) && plainly(value, a.Address)}
	}
	return list, nil
}

// plainly says whether an address stands in the field as it is read: not with
// quotes in it ("shaun"@example.com), which servers compare in different ways.
func plainly(value, address string) bool {
	unquoted := strings.Split(strings.ReplaceAll(value, `\"`, ""), `"`)
	for i := 0; i < len(unquoted); i += 2 { // the odd ones stand between quotes
		if strings.Contains(unquoted[i], address) {
			return true
		}
	}
	return false
}

// isGroup knows "team: a@x, b@x;" (RFC 5322 section 3.4) by the colon
// outside quotes and brackets.
func isGroup(value string) bool {
	return strings.HasSuffix(value, ";") && strings.Contains(value, ":")
}

// readEntry reads one entry of a list: strictly, then without its comments,
// then by what looks like an address in it. An entry without any is dropped.
func (h Header) readEntry(entry string, n *notes) []Address {
	entry = strings.TrimSpace(entry)
	if entry == "" {
		return nil
	}
	if isASCII(entry) {
		if list, err := strictAddresses(entry); err == nil {
			return inexact(list)
		}
	}
	n.add("address", quoteLine([]byte(entry)))
	plain := withoutComments(entry)
	if plain == "" {
		return nil
	}
	name, address := splitEntry(plain)
	if address == "" {
		name, address = splitEntry(entry)
	}
	if name, address = tidyName(h.decode(name)), strings.ToValidUTF8(address, "�"); name+address == "" {
		return nil
	}
	return []Address{{Name: name, Address: address}}
}

// inexact takes trust from addresses that are right themselves, but stand in
// a field that is not: what one reader takes for the sender another may not.
func inexact(list []Address) []Address {
	for i := range list {
		list[i].Exact = false
	}
	return list
}

// withoutComments takes out what stands in parentheses outside quotes (RFC
// 5322 section 3.2.2), also inside an address.
func withoutComments(s string) string {
	if !strings.Contains(s, "(") {
		return s
	}
	var out []byte
	quoted, depth := false, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			if depth == 0 {
				out = append(out, c, s[i+1])
			}
			i++
			continue
		case c == '"' && depth == 0:
			quoted = !quoted
		case c == '(' && !quoted:
			depth++
		case c == ')' && depth > 0:
			depth--
			continue
		}
		if depth == 0 {
			out = append(out, s[i])
		}
	}
	return strings.TrimSpace(string(out))
}

// splitEntry takes the last <…> for the address, or else the first word with
// an @, and the rest for the name.
func splitEntry(entry string) (name, address string) {
	open := strings.LastIndexByte(entry, '<')
	if open < 0 {
		return bareAddress(entry)
	}
	address, after, _ := strings.Cut(entry[open+1:], ">")
	name = entry[:open]
	if strings.TrimSpace(name) == "" {
		name = strings.Trim(after, " \t()")
	}
	address = strings.TrimPrefix(unspace(address), "mailto:")
	if inner, outer := bareAddress(name); address == "" && outer != "" {
		return inner, outer // "a@x <>"
	}
	return name, address
}

// bareAddress finds an address that stands without brackets.
func bareAddress(entry string) (name, address string) {
	for _, word := range strings.Fields(entry) {
		bare := strings.Trim(word, `"'()[]<>;,`)
		if at := strings.IndexByte(bare, '@'); at > 0 && at < len(bare)-1 {
			return strings.Trim(strings.Replace(entry, word, "", 1), " \t()"), bare
		}
	}
	return entry, ""
}

// tidyName takes off quotes, which some programs write around a quoted name
// again, and decodes words that were quoted against RFC 2047 section 5.
func tidyName(name string) string {
	name = strings.TrimSpace(name)
	for len(name) > 1 && (name[0] == '"' || name[0] == '\'') && name[len(name)-1] == name[0] {
		name = strings.TrimSpace(name[1 : len(name)-1])
	}
	name = strings.ReplaceAll(name, `\"`, `"`)
	return strings.Join(strings.Fields(decodeWords(name)), " ")
}

// countAddresses counts the entries of a list without reading them.
func countAddresses(value string) int {
	count := 0
	for value != "" {
		_, value = cutAddress(value)
		count++
	}
	return count
}

// cutAddress cuts the first entry of a list, at a comma, or at a semicolon as
// Outlook writes it, outside quotes, brackets and comments. A name with a
// comma and without quotes ("Doe, J <j@x>") is one entry: a piece without an
// address waits for the next.
func cutAddress(list string) (entry, rest string) {
	var quoted, angle, closed, address bool
	comment := 0
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(':
			comment++
		case c == ')' && comment > 0:
			comment--
		case comment > 0:
		case c == '@':
			address = true
		case c == '<':
			angle = true
		case c == '>':
			angle, closed = false, true
			if end := i + 1 + afterAngle(list[i+1:]); address && end < len(list) && list[end] != ',' && list[end] != ';' {
				return list[:end], list[end:] // a comma is missing
			}
		case angle:
		case (c == ',' || c == ';') && (address || closed || strings.TrimSpace(list[:i]) == ""):
			return list[:i], list[i+1:]
		case c == ';':
			return "", list[i+1:] // the end of a group without members
		case c == ':' && !address:
			return "", list[i+1:] // the name of a group
		}
	}
	return list, ""
}

// afterAngle returns how many bytes of blanks and comments follow a bracket.
func afterAngle(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth == 0 && c != ' ' && c != '\t':
			return i
		}
	}
	return len(s)
}
