package parser

import (
	"strings"
	"testing"
	"time"
)

const minutesText = `## 30 Jan 2017

Attendees: Jo, Eve

* Broker retries
  * Dial with jitter.
  * ACTION: Eve to measure the storm
* Weekly release
  * ACTION: Jo to cut the branch
`

func minutesMail(subject, header, body string) []byte {
	return []byte("From: jo@x.example\nSubject: " + subject + "\nDate: Mon, 30 Jan 2017 18:00:00 +0000\n" + header + "\n" + body)
}

func TestMailThatShowsItselfToBeMinutes(t *testing.T) {
	attached := multipartOf("mixed", "b", "\nSee the file.", "Content-Type: text/markdown; name=minutes-2017-01-30.md\n\n"+minutesText)
	html := "Content-Type: text/html\n\n<h2>30 Jan 2017</h2><p>Attendees: Jo, Eve</p><ul><li>Broker retries<ul><li>ACTION: Eve to measure the storm</li></ul></li><li>ACTION: Jo to cut the branch</li></ul>"
	for name, raw := range map[string][]byte{
		"by its subject":             minutesMail("Minutes of 30 Jan", "", minutesText),
		"by its headings":            minutesMail("Yesterday", "", minutesText),
		"by its file":                minutesMail("Yesterday", attached[:strings.Index(attached, "\n")+1], attached[strings.Index(attached, "\n")+2:]),
		"in HTML":                    minutesMail("Minutes of 30 Jan", html[:strings.Index(html, "\n")+1], html[strings.Index(html, "\n")+2:]),
		"new ones in answer to ours": minutesMail("Re: Agenda for 30 Jan", "In-Reply-To: <a@x>\n", minutesText),
		"a corrected file as answer": minutesMail("Re: Minutes of 30 Jan", "In-Reply-To: <a@x>\n"+attached[:strings.Index(attached, "\n")+1], attached[strings.Index(attached, "\n")+2:]),
	} {
		t.Run(name, func(t *testing.T) {
			m := Parse(raw, Options{})
			if m.Kind != MinutesKind || m.Minutes == nil || len(m.Minutes.Meetings) != 1 {
				t.Fatalf("kind %s minutes %+v", m.Kind, m.Minutes)
			}
			if meeting := m.Minutes.Meetings[0]; meeting.Date != "2017-01-30" || len(meeting.Actions) != 2 {
				t.Errorf("%+v", meeting)
			}
		})
	}
}

func TestOrdinaryMailIsNeverMinutes(t *testing.T) {
	quoted := "> " + strings.ReplaceAll(strings.TrimSpace(minutesText), "\n", "\n> ")
	for name, raw := range map[string][]byte{
		"a question about minutes":   minutesMail("Minutes?", "", "Where are the minutes of Monday?\n"),
		"some minutes of time":       minutesMail("Five minutes", "", "Do you have five minutes today?\n\n- Broker\n- Release\n"),
		"a list":                     minutesMail("Broker", "", "Three things:\n\n- Broker\n- Release\n- Party\n"),
		"an answer that quotes them": minutesMail("Re: Minutes of 30 Jan", "In-Reply-To: <a@x>\n", "Thanks, looks right.\n\nOn 30 Jan 2017 Jo wrote:\n"+quoted),
		"a log beside the text":      minutesMail("Broker", "", multipartOf("mixed", "b", "\nThe log.", "Content-Type: text/plain; name=broker.txt\n\n2017-01-30 dial\n2017-01-30 dial\n")),
		"automatic mail":             minutesMail("Minutes of 30 Jan", "Auto-Submitted: auto-generated\n", minutesText),
	} {
		t.Run(name, func(t *testing.T) {
			if m := Parse(raw, Options{}); m.Minutes != nil || m.Kind == MinutesKind {
				t.Errorf("kind %s, %s", m.Kind, m.Reasons["minutes"])
			}
		})
	}
}

func TestMinutesWithoutADateTakeThatOfTheirMail(t *testing.T) {
	undated := strings.Replace(minutesText, "## 30 Jan 2017", "# Weekly call", 1)
	for want, o := range map[string]Options{
		"2017-01-30": {},
		"2017-02-01": {Base: time.Date(2017, 2, 1, 9, 0, 0, 0, time.UTC)},
	} {
		m := Parse(minutesMail("Minutes", "", undated), o)
		if m.Minutes == nil || len(m.Minutes.Meetings) == 0 || m.Minutes.Meetings[0].Date != want {
			t.Errorf("%+v, want %s", m.Minutes, want)
		}
	}
}

func TestTeamNamesItsOwnWordForMinutes(t *testing.T) {
	raw := minutesMail("Logbuch", "", "Attendees: Jo\n\nACTION: Eve to measure the storm\n")
	if m := Parse(raw, Options{Minutes: []string{"logbuch"}}); m.Kind != MinutesKind {
		t.Errorf("%s", m.Kind)
	}
	if m := Parse(raw, Options{}); m.Kind == MinutesKind {
		t.Errorf("%s", m.Kind)
	}
}
