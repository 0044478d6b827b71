package parser

import "strings"

var (
	subjectTable    = readTable("subjects")
	replyPrefixes   = byWords(subjectTable, "reply")
	forwardPrefixes = byWords(subjectTable, "forward")
	gatewayPrefixes = byWords(subjectTable, "gateway")
	keptBrackets    = byWords(subjectTable, "keep")
)

// maxPrefix is the longest prefix of a subject in bytes.
const maxPrefix = 30

// subjectKind says whether a subject is a reply's or a forward's, by the
// prefix that was put on last. The Danish VS forwards, the Finnish answers:
// such a prefix says only that it is one of them.
func subjectKind(subject string) subjectOf {
	for {
		rest, trimmed := trimBrackets(unwrapSubject(subject))
		prefix, behind := cutPrefix(rest)
		reply, forward := replyPrefixes[prefix] != nil, forwardPrefixes[prefix] != nil
		switch {
		case reply && forward:
			return eitherSubject
		case reply:
			return replySubject
		case forward:
			return forwardSubject
		case isGateway(rest, prefix) && behind != "":
			rest, trimmed = behind, true
		}
		if !trimmed || len(rest) >= len(subject) {
			return plainSubject
		}
		subject = rest
	}
}

// answersIn says whether the prefix that some languages answer with and others
// forward with means an answer in a language.
func answersIn(lang string) bool {
	for _, e := range subjectTable {
		for _, word := range e.words {
			if e.kind == "reply" && e.lang == lang && forwardPrefixes[lower(word)] != nil {
				return true
			}
		}
	}
	return false
}

// trimSubject takes the prefixes of replies and forwards and the names of
// lists off a subject, and says whether it found any.
func trimSubject(subject string) (title string, trimmed bool) {
	title = trimInvisible(subject)
	for {
		rest, found := trimBrackets(unwrapSubject(title))
		prefix, behind := cutPrefix(rest)
		if replyPrefixes[prefix] != nil || forwardPrefixes[prefix] != nil || isGateway(rest, prefix) {
			rest, found = behind, true
		}
		if len(rest) < len(title) && rest != "" {
			found = true
		}
		if !found || rest == "" {
			return title, trimmed
		}
		title, trimmed = rest, true
	}
}

// isGateway says whether a gateway put a prefix there: people do not shout it.
func isGateway(subject, prefix string) bool {
	return gatewayPrefixes[prefix] != nil && strings.HasPrefix(subject, strings.ToUpper(prefix))
}

// unwrapSubject takes off the two marks that forwards have at the end of
// their subjects: "[Fwd: x]" of Netscape and SquirrelMail, "x (fwd)" of Pine.
func unwrapSubject(subject string) string {
	subject = trimInvisible(subject)
	if inner, found := strings.CutSuffix(subject, "]"); found && strings.HasPrefix(inner, "[") && !strings.Contains(inner, "]") {
		if prefix, rest := cutPrefix(inner[1:]); forwardPrefixes[prefix] != nil && rest != "" {
			return inner[1:]
		}
	}
	if plain, found := strings.CutSuffix(subject, " (fwd)"); found && plain != "" {
		return plain
	}
	return subject
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
	prefix = strings.TrimRight(prefix, "0123456789 .\u00a0")
	return lower(prefix), trimInvisible(subject[at+size:])
}

// trimBrackets takes names of lists in brackets off the front: "[team] ".
// A number of a ticket and a word that says something are no such names.
func trimBrackets(subject string) (rest string, trimmed bool) {
	rest, trimmed = trimStamp(trimInvisible(subject))
	for strings.HasPrefix(rest, "[") {
		end := strings.IndexByte(rest, ']')
		if end < 2 || !isListName(rest[1:end]) || trimInvisible(rest[end+1:]) == "" {
			break
		}
		rest, trimmed = trimInvisible(rest[end+1:]), true
	}
	return rest, trimmed
}

// trimStamp takes off what a gateway stamped on a subject in other brackets
// than those of lists: (EXTERNAL), *EXT*, ***SPAM***, {Disarmed}.
func trimStamp(subject string) (rest string, trimmed bool) {
	inner := strings.TrimLeft(subject, "({*")
	if len(inner) == len(subject) {
		return subject, false
	}
	end := strings.IndexAny(clip(inner, maxPrefix), ")}*")
	if end <= 0 || gatewayPrefixes[lower(strings.TrimSpace(inner[:end]))] == nil {
		return subject, false
	}
	if rest = trimInvisible(strings.TrimLeft(inner[end:], ")}* :")); rest == "" {
		return subject, false
	}
	return rest, true
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
