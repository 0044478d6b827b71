package demo

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/mail"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/jordan-wright/email"
)

// team is where people write to.
const team = "architecture@example.org"

// cast is who plays: handle and name.
var cast = map[string]string{
	"shaun": "Shaun", "petros": "Petros", "giovanni": "Giovanni",
	"theodor": "Theodor", "kostas": "Kostas", "alexis": "Alexis",
}

// program is how a mail program writes a forward and an answer. The forms are
// templates of a page; an empty forward form attaches the original instead.
type program struct {
	name          string
	header, value string // by which it names itself
	prefix        string // of the subject of a forward
	forward, html string
	answer        string
}

// programs are the mail programs of the cast, as they write in English.
var programs = map[string]program{
	"gmail": {
		name: "Gmail", prefix: "Fwd: ",
		forward: "{{.Words}}\n---------- Forwarded message ---------\nFrom: {{.Name}} <{{.Address}}>\n" +
			"Date: {{.Date.Format \"Mon, Jan 2, 2006 at 3:04 PM\"}}\nSubject: {{.Subject}}\nTo: {{.To}}\n\n\n{{.Body}}",
		html: `<div dir="ltr">{{.Words | lines}}<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>` +
			`From: <strong class="gmail_sendername" dir="auto">{{.Name}}</strong> <span dir="auto">&lt;<a href="mailto:{{.Address}}">{{.Address}}</a>&gt;</span><br>` +
			`Date: {{.Date.Format "Mon, Jan 2, 2006 at 3:04 PM"}}<br>Subject: {{.Subject}}<br>To: {{.To | html}}<br></div><br><br>{{.Body | lines}}</div></div>`,
		answer: "{{.Words}}\nOn {{.Date.Format \"Mon, Jan 2, 2006 at 3:04 PM\"}} {{.Name}} <{{.Address}}> wrote:\n\n{{.Body | quote}}",
	},
	"outlook": {
		name: "Outlook", header: "X-Mailer", value: "Microsoft Outlook 16.0", prefix: "FW: ",
		forward: "{{.Words}}\nFrom: {{.Name}} <{{.Address}}>\nSent: {{.Date.Format \"02 January 2006 15:04\"}}\nTo: {{.To}}\nSubject: {{.Subject}}\n\n{{.Body}}",
		html: `<div class="WordSection1"><p class="MsoNormal">{{.Words | lines}}</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">` +
			`<p class="MsoNormal"><b>From:</b> {{.Name}} &lt;{{.Address}}&gt; <br><b>Sent:</b> {{.Date.Format "02 January 2006 15:04"}}<br>` +
			`<b>To:</b> {{.To | html}}<br><b>Subject:</b> {{.Subject}}</p></div><p class="MsoNormal">{{.Body | lines}}</p></div>`,
		answer: "{{.Words}}\nFrom: {{.Name}} <{{.Address}}>\nSent: {{.Date.Format \"02 January 2006 15:04\"}}\nTo: {{.To}}\nSubject: {{.Subject}}\n\n{{.Body}}",
	},
	"apple": {
		name: "Apple Mail", header: "X-Mailer", value: "Apple Mail (2.3259)", prefix: "Fwd: ",
		forward: "{{.Words}}\n> Begin forwarded message:\n> \n> From: {{.Name}} <{{.Address}}>\n> Subject: {{.Subject}}\n" +
			"> Date: {{.Date.Format \"2 January 2006 at 15:04:05 MST\"}}\n> To: {{.To}}\n> \n{{.Body | quote}}",
		answer: "{{.Words}}\n> On {{.Date.Format \"2 Jan 2006, at 15:04\"}}, {{.Name}} <{{.Address}}> wrote:\n> \n{{.Body | quote}}",
	},
	"thunderbird": {
		name: "Thunderbird", header: "User-Agent", value: "Mozilla Thunderbird 45.7.0", prefix: "Fwd: ",
		answer: "On {{.Date.Format \"02/01/17 15:04\"}}, {{.Name}} wrote:\n{{.Body | quote}}\n\n{{.Words}}",
	},
}

// page is what the forms of a program are filled with: the words typed and the
// mail that is forwarded or answered.
type page struct {
	Words, Name, Address, To, Subject, Body string
	Date                                    time.Time
}

func (p page) fill(form string) (string, error) {
	t, err := template.New("").Funcs(template.FuncMap{"lines": asHTML, "quote": quoted}).Parse(form)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = t.Execute(&out, p)
	return out.String(), err
}

func asHTML(text string) string {
	return strings.ReplaceAll(template.HTMLEscapeString(strings.TrimSpace(text)), "\n", "<br>")
}

func quoted(text string) string {
	text = "> " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n> ")
	return strings.ReplaceAll(text, "> \n", ">\n")
}

// compose begins a mail of somebody on the team.
func (s *stage) compose(a act) *email.Email {
	mail := email.NewEmail()
	mail.From = fmt.Sprintf("%s <%s@example.org>", cast[a.who], a.who)
	mail.To = []string{team}
	now := s.clock.Now()
	mail.Headers.Set("Date", now.Format(time.RFC1123Z))
	mail.Headers.Set("Message-Id", fmt.Sprintf("<%s.%s@mail.example.org>", now.Format("20060102.1504"), a.who))
	if p := programs[a.program]; p.header != "" {
		mail.Headers.Set(p.header, p.value)
	}
	return mail
}

// forward sends a mail on to the team, with the sender's own words above it.
func (s *stage) forward(a act) error {
	raw, err := fs.ReadFile(storyFiles, "story/"+a.object)
	if err != nil {
		return err
	}
	original, err := readOriginal(raw)
	if err != nil {
		return fmt.Errorf("read %s: %w", a.object, err)
	}
	original.Words = a.words
	mail, p := s.compose(a), programs[a.program]
	mail.Subject = p.prefix + original.Subject
	if p.forward == "" {
		mail.Text = []byte(a.words)
		if _, err := mail.Attach(bytes.NewReader(raw), original.Subject+".eml", "message/rfc822"); err != nil {
			return err
		}
		return s.post(mail)
	}
	text, err := original.fill(p.forward)
	if err != nil {
		return err
	}
	html, err := original.fill(p.html)
	mail.Text, mail.HTML = []byte(text), []byte(html)
	if err != nil {
		return err
	}
	return s.post(mail)
}

// readOriginal reads a mail of the story.
func readOriginal(raw []byte) (page, error) {
	original, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return page{}, err
	}
	from, wrongFrom := mail.ParseAddress(original.Header.Get("From"))
	date, wrongDate := original.Header.Date()
	if wrongFrom != nil || wrongDate != nil {
		return page{}, fmt.Errorf("its header needs From and Date: %v %v", wrongFrom, wrongDate)
	}
	var body bytes.Buffer
	_, err = body.ReadFrom(original.Body)
	return page{
		Name: from.Name, Address: from.Address, To: original.Header.Get("To"),
		Subject: original.Header.Get("Subject"), Date: date, Body: body.String(),
	}, err
}

// mailMinutes mails the minutes of a call in the body, as a scribe does.
func (s *stage) mailMinutes(a act, text []byte) error {
	mail := s.compose(a)
	mail.Subject = "Minutes of " + s.clock.Now().Format("Mon 2 Jan")
	mail.Text = text
	return s.post(mail)
}

// answer replies to the last letter of a kind that the person got.
func (s *stage) answer(a act, letters []letter) error {
	l, ok := lastOf(letters, a.object, a.who)
	if !ok {
		return errors.New("there is no such letter to answer")
	}
	quoted := page{
		Words: a.words, Name: "Architecture calls", Address: l.replyTo, To: a.who + "@example.org",
		Subject: l.subject, Date: l.at, Body: l.text,
	}
	text, err := quoted.fill(programs[a.program].answer)
	if err != nil {
		return err
	}
	mail := s.compose(a)
	mail.To = []string{l.replyTo}
	mail.Subject = "Re: " + l.subject
	mail.Headers.Set("In-Reply-To", l.id)
	mail.Headers.Set("References", strings.TrimSpace(l.refs+" "+l.id))
	mail.Text = []byte(text)
	return s.post(mail)
}

func lastOf(letters []letter, kind, to string) (letter, bool) {
	for _, l := range slices.Backward(letters) {
		if l.kind == kind && l.to == to {
			return l, true
		}
	}
	return letter{}, false
}

func (s *stage) post(mail *email.Email) error {
	if err := mail.Send(s.smtp.Addr(), nil); err != nil {
		return fmt.Errorf("send %q: %w", mail.Subject, err)
	}
	return nil
}
