package parser

import (
	"net/url"
	"sort"
	"strconv"
	"strings"
)

// mediaType reads a Content-Type or Content-Disposition value: the first
// word in lower case, and the parameters with names in lower case. It takes
// what people's programs write: unquoted blanks, missing semicolons, stray
// quotes, RFC 2231 pieces and, against it, encoded words.
func mediaType(value string) (string, map[string]string) {
	kind, rest := cutToken(value, ";")
	kind = strings.ToLower(strings.TrimSpace(strings.Trim(strings.TrimSpace(kind), `"`)))
	if blank := strings.IndexAny(kind, " \t("); blank >= 0 {
		// "text/html charset=utf-8" lacks the semicolon.
		rest = kind[blank:] + ";" + rest
		kind = kind[:blank]
	}
	if strings.Trim(rest, " \t;") == "" {
		return kind, nil
	}
	params := make(map[string]string, 2)
	for rest != "" {
		var name, v string
		name, v, rest = nextParam(rest)
		if _, twice := params[name]; name != "" && !twice {
			params[name] = v
		}
	}
	joinPieces(params)
	return kind, params
}

// nextParam reads one name=value from s.
func nextParam(s string) (name, value, rest string) {
	s = strings.TrimLeft(s, "; \t,")
	name, rest = cutToken(s, "=;")
	name = strings.ToLower(strings.TrimSpace(name))
	if !strings.HasPrefix(rest, "=") {
		return "", "", rest
	}
	rest = strings.TrimLeft(rest[1:], " \t")
	if strings.HasPrefix(rest, `"`) {
		value, rest = cutQuoted(rest)
		return name, value, rest
	}
	value, rest = cutToken(rest, ";")
	return name, unblank(name, strings.TrimSpace(value)), rest
}

// unblank ends an unquoted value at a blank, except in file names, which
// many programs write with blanks and without quotes.
func unblank(name, value string) string {
	if strings.HasPrefix(name, "name") || strings.HasPrefix(name, "filename") {
		return strings.Trim(value, `"`)
	}
	if blank := strings.IndexAny(value, " \t"); blank >= 0 {
		value = value[:blank]
	}
	return strings.Trim(value, `"'`)
}

// cutToken cuts s before the first of the stop bytes; rest begins with it.
func cutToken(s, stops string) (token, rest string) {
	if i := strings.IndexAny(s, stops); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// cutQuoted reads a quoted string. A missing end quote ends at the next
// semicolon or at the end.
func cutQuoted(s string) (value, rest string) {
	end := 1
	escaped := false
	for end < len(s) && s[end] != '"' {
		// A backslash before another letter is part of a Windows path.
		if s[end] == '\\' && end+1 < len(s) && (s[end+1] == '"' || s[end+1] == '\\') {
			escaped = true
			end++
		}
		end++
	}
	if end >= len(s) {
		value, rest = cutToken(s[1:], ";")
		return value, rest
	}
	value, rest = s[1:end], s[end+1:]
	if escaped {
		value = unescapeQuoted.Replace(value)
	}
	return value, rest
}

var unescapeQuoted = strings.NewReplacer(`\"`, `"`, `\\`, `\`)

// joinPieces replaces name*, name*0, name*1*… (RFC 2231 sections 3 and 4) by name.
func joinPieces(params map[string]string) {
	pieces := map[string][]string(nil)
	for key := range params {
		if name, _, found := strings.Cut(key, "*"); found && name != "" {
			if pieces == nil {
				pieces = map[string][]string{}
			}
			pieces[name] = append(pieces[name], key)
		}
	}
	for name, keys := range pieces {
		sort.Slice(keys, func(i, j int) bool { return pieceNumber(keys[i]) < pieceNumber(keys[j]) })
		params[name] = joinValues(params, keys)
	}
}

func pieceNumber(key string) int {
	_, number, _ := strings.Cut(key, "*")
	n, _ := strconv.Atoi(strings.TrimSuffix(number, "*"))
	return n
}

// joinValues joins the pieces in order. Only the first says the charset, and
// only pieces whose name ends in * are percent-encoded.
func joinValues(params map[string]string, keys []string) string {
	charset := ""
	var joined []byte
	for i, key := range keys {
		value := params[key]
		delete(params, key)
		if !strings.HasSuffix(key, "*") {
			joined = append(joined, value...)
			continue
		}
		if i == 0 {
			charset, value = cutCharset(value)
		}
		joined = append(joined, unpercent(value)...)
	}
	text, _ := toUTF8(joined, charset)
	return text
}

// cutCharset reads charset'language'value.
func cutCharset(value string) (charset, rest string) {
	fields := strings.SplitN(value, "'", 3)
	if len(fields) < 3 {
		return "", value
	}
	return fields[0], fields[2]
}

func unpercent(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}
