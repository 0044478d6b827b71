package parser

import "strings"

var (
	subjectTable    = readTable("subjects")
	replyPrefixes   = byWords(subjectTable, "reply")
	forwardPrefixes = byWords(subjectTable, "forward")
	keptBrackets    = byWords(subjectTable, "keep")
)

// maxPrefix is the longest prefix of a subject in bytes.
const maxPrefix = 30

// subjectKind says whether a subject is a reply's or a forward's, by the
// prefix that was put on last. The Danish VS forwards, the Finnish answers:
// such a prefix says nothing.
func subjectKind(subject string) subjectOf {
	subject, _ = trimBrackets(subject)
	prefix, _ := cutPrefix(subject)
	reply, forward := replyPrefixes[prefix] != nil, forwardPrefixes[prefix] != nil
	switch {
	case reply == forward:
		return plainSubject
	case reply:
		return replySubject
	}
	return forwardSubject
}

// trimSubject takes the prefixes of replies and forwards and the names of
// lists off a subject, and says whether it found any.
func trimSubject(subject string) (title string, trimmed bool) {
	title = trimInvisible(subject)
	for {
		rest, found := trimBrackets(title)
		prefix, behind := cutPrefix(rest)
		if replyPrefixes[prefix] != nil || forwardPrefixes[prefix] != nil {
			rest, found = behind, true
		}
		if !found || rest == "" {
			return title, trimmed
		}
		title, trimmed = rest, true
	}
}

// cutPrefix cuts what stands in front of the first colon, in lower case and
// without a count: Re[2], RE(3), Re^2, AW2.
func cutPrefix(subject string) (prefix, rest string) {
	head := subject
	if len(head) > maxPrefix {
		head = head[:maxPrefix]
	}
	at, size := strings.IndexByte(head, ':'), 1
	if wide := strings.Index(head, "："); wide >= 0 && (at < 0 || wide < at) {
		at, size = wide, len("：")
	}
	if at <= 0 {
		return "", subject
	}
	prefix = strings.TrimRight(subject[:at], " ")
	if count := strings.IndexAny(prefix, "[(^*"); count > 0 {
		prefix = prefix[:count]
	}
	prefix = strings.TrimRight(prefix, "0123456789 \u00a0")
	return lower(prefix), trimInvisible(subject[at+size:])
}

// trimBrackets takes names of lists in brackets off the front: "[team] ".
// A number of a ticket and a word that says something are no such names.
func trimBrackets(subject string) (rest string, trimmed bool) {
	rest = trimInvisible(subject)
	for strings.HasPrefix(rest, "[") {
		end := strings.IndexByte(rest, ']')
		if end < 2 || !isListName(rest[1:end]) || trimInvisible(rest[end+1:]) == "" {
			break
		}
		rest, trimmed = trimInvisible(rest[end+1:]), true
	}
	return rest, trimmed
}

func isListName(name string) bool {
	words := strings.Fields(name)
	if len(words) == 0 || len(words) > 4 || strings.Contains(name, "#") {
		return false
	}
	if keptBrackets[lower(words[0])] != nil {
		return false
	}
	return strings.Trim(name, "0123456789 -/.") != ""
}
