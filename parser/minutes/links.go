package minutes

import "strings"

// linkLine reads "Recording: https://…", "Links" with a list, and front matter
// like "Repository: …".
func (r *reader) linkLine(n *node, c ctx) bool {
	if len(n.kids) == 0 && (n.label.rest == "" || c.topic != nil) {
		return false
	}
	found := r.linksOf(n.label.rest, n)
	for _, k := range n.kids {
		found = r.linksOf(k.text, k) || found
	}
	if !found && n.label.rest != "" {
		return false
	}
	return found || n.label.rest == "" && n.shape == heading
}

func (r *reader) linksOf(text string, n *node) bool {
	found := false
	for _, a := range addresses(text) {
		name := ""
		if text[a.start] == '[' {
			name, _, _ = linkAt(text, a.start)
		}
		if head, ok := runIn(n.text); ok && !strings.Contains(head, "://") && (name == "" || strings.Contains(name, "://")) {
			name = plain(head)
		}
		r.link(n.n, a.url, plain(name))
		found = true
	}
	return found
}

// linksOnly files a line that holds nothing but links with the meeting.
func (r *reader) linksOnly(n *node, many bool) bool {
	if !strings.Contains(n.text, "://") || n.shape == heading {
		return false
	}
	spans := addresses(n.text)
	if len(spans) == 0 || len(spans) > 1 && !many || n.shape != prose && !many {
		return false
	}
	if strings.Trim(unlinked(n.text), " ·|,-•*_\t") != "" {
		return false
	}
	return r.linksOf(n.text, n)
}

func (r *reader) link(line int, url, text string) {
	if r.linked[url] {
		return
	}
	r.linked[url] = true
	k := linkKind(url, text)
	r.meeting.Links = append(r.meeting.Links, Link{Kind: k, URL: url, Text: text})
	r.say(line, "link", k+" "+url)
}

// linkKind says what a link of a meeting leads to, by its text, then by its host.
func linkKind(url, text string) string {
	for _, s := range [...]string{strings.ToLower(text), strings.ToLower(url)} {
		for _, k := range linkWords {
			if strings.Contains(s, k.word) {
				return k.kind
			}
		}
	}
	return "other"
}

var linkWords = [...]struct{ word, kind string }{
	{"agenda", "agenda"}, {"record", "recording"}, {"youtube.com/", "recording"}, {"youtu.be/", "recording"}, {"video", "recording"},
	{"aufzeichnung", "recording"}, {"enregistrement", "recording"}, {"grabación", "recording"},
	{"docs.google.com", "doc"}, {"hackmd.io", "doc"}, {"etherpad", "doc"}, {"notes", "doc"}, {"minutes", "doc"}, {"document", "doc"}, {"slides", "doc"},
}
