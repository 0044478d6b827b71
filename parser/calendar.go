package parser

import (
	"bytes"
	"strings"

	"github.com/emersion/go-ical"
)

// readCalendar sets Calendar where a part answers an invitation.
func readCalendar(m *Mail) {
	for _, a := range m.Attachments {
		if a.Data == nil || a.Type != "text/calendar" && a.Type != "application/ics" {
			continue
		}
		if c := readReplyPart(a.Data, m); c != nil {
			m.Calendar = c
			return
		}
	}
}

// readReplyPart reads METHOD:REPLY (RFC 5546 section 3.2.3). Other methods
// are none of our business.
func readReplyPart(data []byte, m *Mail) *Calendar {
	cal, err := ical.NewDecoder(bytes.NewReader(data)).Decode()
	if err != nil {
		m.problem("calendar", err.Error())
		return nil
	}
	method, err := cal.Props.Text(ical.PropMethod)
	if err != nil || !strings.EqualFold(method, "REPLY") {
		return nil
	}
	for _, event := range cal.Events() {
		uid, _ := event.Props.Text(ical.PropUID)
		attendee := event.Props.Get(ical.PropAttendee)
		if attendee == nil {
			continue
		}
		return &Calendar{
			Method:   "REPLY",
			UID:      uid,
			Attendee: mailtoAddress(attendee.Value),
			Status:   strings.ToUpper(attendee.Params.Get(ical.ParamParticipationStatus)),
		}
	}
	m.problem("calendar", "an answer without an attendee")
	return nil
}

// mailtoAddress takes the address out of a MAILTO: URI, as Exchange writes it.
func mailtoAddress(uri string) string {
	if len(uri) >= 7 && strings.EqualFold(uri[:7], "mailto:") {
		uri = uri[7:]
	}
	return strings.ToLower(uri)
}
