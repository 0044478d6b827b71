package parser

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The checks say which labelled fields of a case are wrong. They compare as
// the README of the corpus asks for.

var (
	tagPattern   = regexp.MustCompile(`<[^>]+>`)
	wordPattern  = regexp.MustCompile(`[\p{L}\p{N}_]+`)
	blankPattern = regexp.MustCompile(`[\s\p{Z}]+`)
	manyLines    = regexp.MustCompile(`\n{3,}`)
)

func normalText(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\ufeff", "", "\u200b", "").Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t\u00a0\v\f")
	}
	return strings.TrimSpace(manyLines.ReplaceAllString(strings.Join(lines, "\n"), "\n\n"))
}

func textWords(s string) []string {
	return wordPattern.FindAllString(html.UnescapeString(tagPattern.ReplaceAllString(s, " ")), -1)
}

func squeezed(s string) string { return strings.TrimSpace(blankPattern.ReplaceAllString(s, " ")) }

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func digestWords(s string) string { return digest(strings.Join(textWords(s), " ")) }

func sameAddress(want expected, got *Address) bool {
	address := ""
	if got != nil {
		address = got.Address
	}
	return strings.EqualFold(strings.TrimSpace(want.text("address")), strings.TrimSpace(address))
}

func sameName(want expected, got *Address) bool {
	tidy := func(s string) string { return strings.Trim(squeezed(s), `'" `) }
	return want.text("name") == "" || got != nil && tidy(want.text("name")) == tidy(got.Name)
}

// sameTime compares instants, or wall clocks where the expected has no offset.
func sameTime(want, got string) bool {
	const minute = len("2006-01-02T15:04") // some labels have an offset and no seconds
	if len(want) > minute && want[minute] != ':' {
		want = want[:minute] + ":00" + want[minute:]
	}
	if w, err := time.Parse(time.RFC3339, want); err == nil {
		g, err := time.Parse(time.RFC3339, got)
		return err == nil && w.Equal(g)
	}
	const wall = "2006-01-02T15:04:05"
	full := func(s string) string {
		if len(s) == len("2006-01-02T15:04") {
			s += ":00"
		}
		return s[:min(len(s), len(wall))]
	}
	return full(want) == full(got)
}

func samePeople(want []expected, got []Address) bool {
	if len(got) < len(want) {
		return false
	}
	for i, w := range want {
		if !sameAddress(w, &got[i]) || !sameName(w, &got[i]) {
			return false
		}
	}
	return true
}

func wrongMIME(l expected, m Mail) (wrong []string) {
	if l.has("subject") && squeezed(l.text("subject")) != squeezed(m.Subject) {
		wrong = append(wrong, "subject")
	}
	if from := l.labels("from"); len(from) > 0 && (!sameAddress(from[0], m.From) || !sameName(from[0], m.From)) {
		wrong = append(wrong, "from")
	}
	if date := l.text("date_utc"); date != "" && !sameTime(date, m.Date.Format(time.RFC3339)) {
		wrong = append(wrong, "date")
	}
	if id := l.text("message_id"); id != "" && strings.Trim(id, "<> ") != m.WrittenMessageID() {
		wrong = append(wrong, "message_id")
	}
	if tokens := l.texts("text_tokens"); len(tokens) > 0 {
		words := textWords(m.Text)
		if !slices.Equal(words[:min(len(words), len(tokens))], tokens) {
			wrong = append(wrong, "text")
		}
	}
	for _, name := range l.texts("attachment_names") {
		if name != "" && !slices.ContainsFunc(m.Attachments, func(a Attachment) bool { return a.Name == name }) {
			wrong = append(wrong, "attachment "+name)
		}
	}
	return wrong
}

func wrongClass(l expected, m Mail) (wrong []string) {
	if class := string(m.Class); class != l.text("class") && !slices.Contains(l.texts("acceptable"), class) {
		wrong = append(wrong, "class "+class)
	}
	if l["automatic"] != nil && l.truth("automatic") != m.Automatic {
		wrong = append(wrong, "automatic")
	}
	if l.truth("no_autoresponse") && m.MayAnswer {
		wrong = append(wrong, "may_answer")
	}
	return wrong
}

func wrongBounce(l expected, m Mail) []string {
	wrong := wrongClass(l, m)
	if l["recipients"] == nil || l.text("class") != "bounce" {
		return wrong
	}
	var got []string
	if m.Bounce != nil {
		got = m.Bounce.Recipients
	}
	if !slices.Equal(lowerSet(l.texts("recipients")), lowerSet(got)) {
		wrong = append(wrong, "recipients")
	}
	return wrong
}

func lowerSet(list []string) []string {
	var set []string
	for _, s := range list {
		set = append(set, strings.ToLower(s))
	}
	slices.Sort(set)
	return slices.Compact(set)
}

func wrongForward(l expected, m Mail) (wrong []string) {
	if forwarded, stated := l["forwarded"].(bool); stated && !forwarded {
		if len(m.Forwards) > 0 {
			return []string{"taken for a forward"}
		}
		return nil
	}
	if len(m.Forwards) == 0 {
		if l["forwarded"] != nil || l.has("subject") {
			return []string{"not seen"}
		}
		return nil
	}
	if attached := l.labels("attached"); len(attached) > 0 {
		for i, want := range attached {
			if i >= len(m.Forwards) {
				return append(wrong, "attached original missing")
			}
			wrong = append(wrong, wrongOriginal(want, m.Forwards[i])...)
		}
		return wrong
	}
	return append(wrongOriginal(l, m.Forwards[0]), wrongComment(l, m.Forwards[0].Comment)...)
}

func wrongOriginal(l expected, f Forward) (wrong []string) {
	if l.has("subject") && squeezed(l.text("subject")) != squeezed(f.Subject) {
		wrong = append(wrong, "subject")
	}
	if from, stated := l["from"].(map[string]any); stated && (!sameAddress(from, f.From) || !sameName(from, f.From)) {
		wrong = append(wrong, "from")
	}
	if !samePeople(l.labels("to"), f.To) {
		wrong = append(wrong, "to")
	}
	if !samePeople(l.labels("cc"), f.Cc) {
		wrong = append(wrong, "cc")
	}
	if date := l.text("date_iso"); date != "" && !sameTime(date, f.Date) {
		wrong = append(wrong, "date")
	}
	if !sameBody(l, f.Body) {
		wrong = append(wrong, "body")
	}
	return wrong
}

func sameBody(l expected, body string) bool {
	switch {
	case l.text("body_sha256") != "":
		return digest(normalText(body)) == l.text("body_sha256")
	case l.text("body_words_sha256") != "":
		return digestWords(body) == l.text("body_words_sha256")
	case l["body"] != nil:
		return normalText(l.text("body")) == normalText(body)
	case l["body_text"] != nil:
		return slices.Equal(textWords(l.text("body_text")), textWords(body))
	}
	return strings.Contains(squeezed(body), squeezed(l.text("body_contains")))
}

func wrongComment(l expected, comment string) []string {
	right := true
	switch {
	case l.text("message_sha256") != "":
		right = digest(normalText(comment)) == l.text("message_sha256")
	case l.text("message_contains") != "":
		right = strings.Contains(squeezed(comment), squeezed(l.text("message_contains")))
	case l.has("message"):
		right = slices.Equal(textWords(l.text("message")), textWords(comment))
	}
	if right {
		return nil
	}
	return []string{"comment"}
}

func wrongReply(l expected, m Mail) (wrong []string) {
	switch {
	case l.truth("ambiguous"):
		return nil
	case l.has("reply_sha256"):
		if !slices.Contains(append(l.texts("also_ok_sha256"), l.text("reply_sha256")), digest(normalText(m.Reply))) {
			return []string{"reply"}
		}
		return nil
	case l.has("reply_words_sha256"):
		if digestWords(m.Reply) != l.text("reply_words_sha256") {
			return []string{"reply"}
		}
		return nil
	case l.has("reply"):
		return wrongWords(l, m.Reply)
	}
	for _, s := range l.texts("must_contain") {
		if !strings.Contains(squeezed(m.Reply), squeezed(s)) {
			wrong = append(wrong, "lacks "+s)
		}
	}
	for _, s := range l.texts("must_not_contain") {
		if strings.Contains(squeezed(m.Reply), squeezed(s)) {
			wrong = append(wrong, "keeps "+s)
		}
	}
	return wrong
}

func wrongWords(l expected, reply string) []string {
	for _, want := range append(l.texts("also_ok"), l.text("reply")) {
		if normalText(want) == normalText(reply) {
			return nil
		}
		if l.text("format") == "html" && slices.Equal(textWords(want), textWords(reply)) {
			return nil
		}
	}
	return []string{"reply"}
}
