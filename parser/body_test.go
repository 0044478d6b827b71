package parser

import (
	"strings"
	"testing"
)

func TestTextOfAMailIsWhatAReaderSees(t *testing.T) {
	for name, c := range map[string]struct{ raw, text, files string }{
		"plain before HTML":                        {multipartOf("alternative", "b", plainPart, htmlPart), "plain words", ""},
		"HTML where plain is empty":                {multipartOf("alternative", "b", "Content-Type: text/plain\n\n \n", htmlPart), "HTML words", ""},
		"only HTML":                                {htmlPart, "HTML words", ""},
		"two plain texts misnamed as alternatives": {multipartOf("alternative", "b", plainPart, "\nmore words"), "plain words\nmore words", ""},
		"texts one below the other":                {multipartOf("mixed", "b", plainPart, imagePart, "\nafter the picture"), "plain words\nafter the picture", "plan.png"},
		"pictures of HTML":                         {multipartOf("related", "b", htmlPart, imagePart), "HTML words", "plan.png"},
		"the root that related names":              {strings.Replace(multipartOf("related", "b", imagePart, "Content-ID: <r>\n"+htmlPart), "boundary", "start=\"<r>\"; boundary", 1), "HTML words", "plan.png"},
		"a file first in related":                  {multipartOf("related", "b", "Content-Type: text/plain\nContent-Disposition: attachment; filename=notes.txt\n\nfile words", htmlPart), "HTML words", "notes.txt"},
		"a text in related that nobody shows":      {multipartOf("related", "b", htmlPart, imagePart, "Content-Type: text/plain\n\nmore words", "Content-Type: text/html\nContent-Location: frame.html\n\nframe"), "HTML words\nmore words", "plan.png "},
		"a text that is a file":                    {multipartOf("mixed", "b", plainPart, "Content-Disposition: attachment; filename=notes.txt\n\nfile words"), "plain words", "notes.txt"},
		"a text with a name":                       {multipartOf("mixed", "b", plainPart, "Content-Type: text/plain; name=notes.txt\n\nfile words"), "plain words", "notes.txt"},
		"a named text that is shown":               {multipartOf("mixed", "b", plainPart, "Content-Disposition: inline; filename=notes.txt\n\nfile words"), "plain words\nfile words", "notes.txt"},
		"nothing but a named text":                 {"Content-Type: text/plain; name=notes.txt\n\nfile words", "file words", "notes.txt"},
		"an invitation beside the text":            {multipartOf("alternative", "b", plainPart, "Content-Type: text/calendar; name=invite.ics\n\nBEGIN:VCALENDAR"), "plain words", "invite.ics"},
		"a mail inside":                            {multipartOf("mixed", "b", plainPart, mailPart), "plain words", "Inner"},
		"a file of Outlook":                        {multipartOf("mixed", "b", plainPart, "Content-Type: application/ms-tnef; name=winmail.dat\n\nx"), "plain words", "winmail.dat"},
		"a type that is none, with a name":         {multipartOf("mixed", "b", plainPart, "Content-Type: application-x-gzip; name=a.gz\n\nx"), "plain words", "a.gz"},
	} {
		bothLineEnds(t, name, c.raw, func(t *testing.T, raw []byte) {
			m := Parse(raw, Options{})
			var files []string
			for _, a := range m.Attachments {
				files = append(files, a.Name)
			}
			if strings.TrimSpace(m.Text) != c.text || strings.Join(files, " ") != c.files {
				t.Errorf("text %q files %q, want %q %q", m.Text, files, c.text, c.files)
			}
		})
	}
}

func TestOnlyFilesThatAreReadKeepTheirText(t *testing.T) {
	m := Parse([]byte(multipartOf("mixed", "b", plainPart, imagePart,
		"Content-Type: application/octet-stream; name=minutes.md\nContent-Transfer-Encoding: base64\n\nIyBIaQ==")), Options{})
	if len(m.Attachments) != 2 || m.Attachments[0].Data != nil || m.Attachments[0].Size != 3 || string(m.Attachments[1].Data) != "# Hi" {
		t.Errorf("%+v", m.Attachments)
	}
}

func TestAnswerToAnInvitationIsRead(t *testing.T) {
	const answer = `From: eve@x.example
Content-Type: text/calendar; method=REPLY; charset=utf-8

BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
METHOD:REPLY
BEGIN:VEVENT
UID:call-2026-11-16@x.example
DTSTAMP:20261116T100000Z
ATTENDEE;CN=Eve;PARTSTAT=declined:MAILTO:Eve@x.example
END:VEVENT
END:VCALENDAR
`
	bothLineEnds(t, "reply", answer, func(t *testing.T, raw []byte) {
		want := Calendar{Method: "REPLY", UID: "call-2026-11-16@x.example", Attendee: "eve@x.example", Status: "DECLINED"}
		if m := Parse(raw, Options{}); m.Calendar == nil || *m.Calendar != want {
			t.Errorf("%+v %v", m.Calendar, m.Problems)
		}
	})
	for name, raw := range map[string]string{
		"an invitation":  strings.Replace(answer, "METHOD:REPLY", "METHOD:REQUEST", 1),
		"nobody answers": strings.Replace(answer, "ATTENDEE;", "X-NOBODY;", 1),
		"no calendar":    "Content-Type: text/calendar\n\nBEGIN:NOTHING",
	} {
		t.Run(name, func(t *testing.T) {
			if m := Parse([]byte(raw), Options{}); m.Calendar != nil {
				t.Errorf("%+v", m.Calendar)
			}
		})
	}
}
