package digest

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"minuted/agenda"
)

// hostileWords are what somebody may write who wants more than to be read.
var hostileWords = []string{
	`{{.Team}} {{template "receipt opening" .}} {{range $x := .}} ${HOME} %s %d %n`,
	`<script>alert(1)</script><img src=http://evil.example/x onerror=alert(1)><a href="javascript:alert(1)">x</a>`,
	`"><style>*{display:none}</style><!-- </td></table></body> --> <![if mso]> ]]>`,
	"\u202egnp.exe\u202c \u2066x\u2069 a\u200bb\u200d \u00ad \ufeff\U000e0041\U000e0042 \u2028 \u2029",
	"one\x1b[31mred\x1b]0;title\x07 \x00 \x08 \x7f \u009b31m",
	`https://evil.example/"onmouseover="x http://аpple.example/ javascript:alert(1) data:text/html,x https://a.example:99999/`,
	"-> A-2 drop    A-1 drop",
	"[x] A-2 tick me [ ] A-1 and me",
	strings.Repeat("word ", 11) + "[x] A-2 and [✓] A-1 and ☑ T-1",
	"=> undo | ## Yours | # Title | --- | $ rm -rf / | > quoted | * bold *",
	"=?utf-8?q?x=0D=0ABcc:_eve=40evil.example?= =?utf-8?b?DQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=",
	strings.Repeat("A", 1200) + " " + strings.Repeat("é", 700),
	"e" + strings.Repeat("\u0301", 300),
}

// hostileMails bring the words in by every door that mail has.
func hostileMails(words string) map[string]string {
	subject := strings.NewReplacer("\x00", "", "\r", "", "\n", "").Replace(words)
	return map[string]string{
		"title and summary": "Subject: " + subject + "\n\n#architecture " + words,
		"title":             "Subject: x\n\nT-1 title " + words,
		"note":              "Subject: x\n\nA-1 note " + words,
		"done with words":   "Subject: x\n\nA-1 done " + words,
		"why dropped":       "Subject: x\n\nT-2 drop " + words,
		"owner":             "Subject: x\n\nA-1 owner " + words,
		"due":               "Subject: x\n\nA-1 due " + words,
		"what a call is":    "Subject: x\n\ncall 2017-02-03 10:00 " + words,
		"find":              "Subject: x\n\nfind " + words,
		"not understood":    "Subject: " + subject + "\n\nA-1 " + words,
		"minutes": "Subject: Minutes of 30 Jan 2017\n\n# 30 January 2017\n\nAttendees: Shaun, " + words + "\n\n## Kernel " + words +
			"\n\n- " + words + "\n- Decided: " + words + "\n- **[Action]:** Write " + words + " (Shaun)\n- **[Action]:** Look (" + words + ")\n",
		"who forwarded": "Subject: Fwd: x\n\n#architecture look\n\n---------- Forwarded message ---------\nFrom: " + words + " <x@evil.example>\nDate: Mon, 30 Jan 2017 at 09:00\nSubject: " + words + "\nTo: <y@evil.example>\n\n" + words,
	}
}

// TestWhateverPeopleWriteGoesOutAsWords follows hostile words through every
// letter of a week, to one reader of each kind.
func TestWhateverPeopleWriteGoesOutAsWords(t *testing.T) {
	sc := playScene(t)
	for n, words := range hostileWords {
		for door, mail := range hostileMails(words) {
			t.Run(fmt.Sprint(door, " ", n), func(t *testing.T) {
				s := sc.goOn(t)
				before := len(s.letters)
				head := "From: Shaun <shaun@example.com>\nTo: " + sceneAddress + "\nMessage-ID: <h@example.com>\nContent-Type: text/plain; charset=utf-8\n"
				s.deliver(vouchedFor("shaun@example.com", []byte(strings.ReplaceAll(head+mail, "\n", "\r\n"))))
				s.until(s.now.Add(4*24*time.Hour + 2*time.Hour)) // the next agenda, minutes, reminders, weekly
				if len(s.letters) == before {
					t.Fatal("nothing left: nothing was tested")
				}
				seen := map[agenda.Kind]bool{}
				for _, l := range s.letters[before:] {
					if !seen[l.Kind] || l.Kind == agenda.ReceiptLetter {
						harmless(t, l)
					}
					seen[l.Kind] = true
				}
			})
		}
	}
}

// unseen are signs that hide, turn or overwrite others.
var unseen = regexp.MustCompile("[\u202a-\u202e\u2066-\u2069\u200b\u2028\u2029\u00ad\ufeff\U000e0000-\U000e007f\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\u009f]")

// harmless wants a letter to hold words only.
func harmless(t *testing.T, l written) {
	t.Helper()
	raw := string(l.Bytes)
	if strings.Contains(strings.ReplaceAll(raw, "\r\n", ""), "\r") || strings.Contains(strings.ReplaceAll(raw, "\r\n", ""), "\n") {
		t.Errorf("%s: a line does not end with CRLF", l.Key)
	}
	for line := range strings.SplitSeq(raw, "\r\n") {
		if len(line) > 998 {
			t.Errorf("%s: a line of %d octets", l.Key, len(line))
		}
	}
	head, _, _ := strings.Cut(raw, "\r\n\r\n")
	for line := range strings.SplitSeq(head, "\r\n") {
		if name, _, _ := strings.Cut(line, ":"); strings.EqualFold(name, "bcc") {
			t.Errorf("%s: a header came in:\n%s", l.Key, head)
		}
	}
	for part, text := range map[string]string{"subject": l.Subject, "text": l.text, "page": l.html} {
		if at := unseen.FindStringIndex(strings.NewReplacer("\r\n", "\n").Replace(text)); at != nil {
			t.Errorf("%s: the %s holds %q", l.Key, part, text[max(0, at[0]-20):min(len(text), at[1]+20)])
		}
	}
	elements(t, l)
	for _, how := range []string{"text behind signs", "text alone"} {
		if m := asked(quotings[how](l)); len(m.Commands)+len(m.Ticked) > 0 {
			t.Errorf("%s, quoted as %s, runs %v %v", l.Key, how, lines(m.Commands), lines(m.Ticked))
		}
	}
}

// elements wants the page to be made of our own elements and of links that write or read.
func elements(t *testing.T, l written) {
	t.Helper()
	ours := map[string]bool{"html": true, "head": true, "meta": true, "title": true, "style": true, "body": true, "table": true, "tbody": true, "tr": true, "td": true, "th": true,
		"h1": true, "h2": true, "p": true, "div": true, "span": true, "b": true, "a": true, "br": true}
	attributes := map[string]bool{"style": true, "class": true, "role": true, "width": true, "cellpadding": true, "cellspacing": true, "border": true, "align": true,
		"href": true, "lang": true, "dir": true, "name": true, "content": true, "charset": true, "scope": true, "aria-hidden": true, "valign": true, "height": true, "bgcolor": true, "colspan": true}
	z := html.NewTokenizer(strings.NewReader(l.html))
	styles := 0
	for z.Next() != html.ErrorToken {
		tok := z.Token()
		if tok.Type != html.StartTagToken && tok.Type != html.SelfClosingTagToken {
			continue
		}
		if !ours[tok.Data] {
			t.Errorf("%s: the page has <%s>", l.Key, tok.Data)
		}
		if tok.Data == "style" {
			styles++
		}
		for _, a := range tok.Attr {
			if !attributes[a.Key] {
				t.Errorf("%s: <%s> has %s", l.Key, tok.Data, a.Key)
			}
			if a.Key == "href" && !regexp.MustCompile(`^(?:https?://|mailto:architecture)`).MatchString(a.Val) {
				t.Errorf("%s: a link to %s", l.Key, a.Val)
			}
		}
	}
	if styles != 1 {
		t.Errorf("%s: %d style elements", l.Key, styles)
	}
}

// TestAFloodOfMails lets a member, and then a stranger, write two hundred mails of
// each kind in ten minutes.
func TestAFloodOfMails(t *testing.T) {
	const mails = 200
	sc := playScene(t)
	for from, most := range map[string]int{"shaun@example.com": 25, "eve@evil.example": 0} {
		for what, body := range map[string]string{"topics": "#architecture topic", "commands": "A-1 note again", "mistakes": "A-99 done", "questions": "help"} {
			s := sc.goOn(t)
			before := len(s.letters)
			for n := range mails {
				raw := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: mail %d\r\nMessage-ID: <%d@example.com>\r\n\r\n%s %d\r\n", from, sceneAddress, n, n, body, n)
				s.deliver(vouchedFor(from, []byte(raw)))
				s.now = s.now.Add(-time.Minute + 3*time.Second)
			}
			receipts := 0
			for _, l := range s.letters[before:] {
				if l.header.Get("Minuted-Kind") == "receipt" {
					receipts++
				}
				if !strings.HasSuffix(l.To[0], "@example.com") {
					t.Errorf("%s of %s: a letter went to %s", what, from, l.To)
				}
			}
			if receipts > most {
				t.Errorf("%s of %s: %d receipts, want %d at most", what, from, receipts, most)
			}
		}
	}
}
