package digest

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"minuted/agenda"
)

// calendar returns the calendar part (RFC 5545, RFC 5546), or nothing where
// none is due. Times are in UTC and there is one event a call without
// recurrence: zones and rules are what breaks invitations between programs.
// It is written by hand because neither of the libraries at hand folds lines;
// the tests read it with both.
func (d *draft) calendar() string {
	call, ok := d.book.Call(d.order.Call)
	if !ok || d.order.Invite == "" || d.team.Calendar == "none" {
		return ""
	}
	status, local := "CONFIRMED", ""
	if d.order.Invite == "CANCEL" {
		status = "CANCELLED"
	}
	local, domain, _ := strings.Cut(d.team.Address, "@")
	c := calendarPart{}
	c.line("BEGIN", "VCALENDAR")
	c.line("PRODID", "-//minuted//EN")
	c.line("VERSION", "2.0")
	c.line("METHOD", d.order.Invite)
	c.line("BEGIN", "VEVENT")
	c.line("UID", "call."+idSafe(call.ID)+"."+idSafe(local)+"@"+domain)
	c.line("SEQUENCE", fmt.Sprint(call.Sequence))
	c.line("DTSTAMP", utc(d.order.At))
	c.line("DTSTART", utc(call.Start))
	c.line("DTEND", utc(call.Start.Add(call.Length)))
	c.line("SUMMARY", escaped(clean(d.team.Name)))
	c.line("DESCRIPTION", escaped(d.description(call)))
	if call.Where != "" {
		c.line("LOCATION", escaped(clean(call.Where)))
	}
	c.line("STATUS", status)
	c.line(`ORGANIZER;CN="`+quoted(d.team.Name)+`"`, "mailto:"+d.team.Address)
	c.line(`ATTENDEE;CN="`+quoted(d.reader.full)+`";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE`, "mailto:"+d.reader.to)
	c.line("END", "VEVENT")
	c.line("END", "VCALENDAR")
	return c.String()
}

// description is what a calendar shows when the event is opened: its first
// topics are out of date tomorrow, so it says where the agenda is.
func (d *draft) description(c agenda.Call) string {
	if c.Words != "" {
		return string(cut(c.Words))
	}
	return "The agenda comes by mail from " + d.team.Address
}

func utc(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// escaped is text as values hold it (RFC 5545 section 3.3.11).
func escaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}

// quoted is text as a quoted parameter holds it: it cannot hold quotes.
func quoted(s string) string { return strings.ReplaceAll(clean(s), `"`, "'") }

type calendarPart struct{ strings.Builder }

// longestCalendarLine is in octets, without the line end (RFC 5545 section 3.1).
const longestCalendarLine = 75

// line writes a property, folded between characters.
func (c *calendarPart) line(name, value string) {
	rest, room := name+":"+value, longestCalendarLine
	for len(rest) > room {
		end := room
		for !utf8.RuneStart(rest[end]) {
			end--
		}
		c.WriteString(rest[:end] + "\r\n ")
		rest, room = rest[end:], longestCalendarLine-1
	}
	c.WriteString(rest + "\r\n")
}
