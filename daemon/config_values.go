package daemon

import (
	"errors"
	"fmt"
	"net/mail"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"

	"minuted/agenda"
	"minuted/parser/when"
)

// Clock is a time of day by the clock on the wall, since midnight.
type Clock time.Duration

// Hours are the working hours of a person, since midnight.
type Hours struct{ From, To time.Duration }

// Port is a port of TCP.
type Port int

// TLS says how a connection is kept private.
type TLS string

// The ways to connect. NoTLS is for servers on this machine only.
const (
	ImplicitTLS TLS = "implicit" // from the first byte: RFC 8314 section 3 wants it where possible
	StartTLS    TLS = "starttls"
	NoTLS       TLS = "none"
)

// The ports of RFC 8314 and, without TLS, of RFC 9051 and RFC 5321.
var (
	imapPorts = map[TLS]Port{ImplicitTLS: 993, StartTLS: 143, NoTLS: 143}
	smtpPorts = map[TLS]Port{ImplicitTLS: 465, StartTLS: 587, NoTLS: 25}
)

// leaf reads one type of single value.
type leaf struct {
	want     string // what would be right, for the sentence "right is …"
	bare     bool   // numbers and true or false: never in quotes
	unquoted bool   // text that YAML takes for a number unless it is quoted
	read     func(text string) (any, error)
}

var leaves = map[reflect.Type]leaf{
	reflect.TypeFor[string]():         {want: "a text of one line (a number needs quotes)", read: as(readLine)},
	reflect.TypeFor[bool]():           {want: "true or false", bare: true, read: as(strconv.ParseBool)},
	reflect.TypeFor[int]():            {want: "a whole number", bare: true, read: as(readInt)},
	reflect.TypeFor[Port]():           {want: "a number from 1 to 65535", bare: true, read: as(readPort)},
	reflect.TypeFor[time.Duration]():  {want: "a number with its unit: 15m, 1h, 2d or 1w", unquoted: true, read: as(ReadDuration)},
	reflect.TypeFor[*Clock]():         {want: `a time of day such as "16:00"`, unquoted: true, read: as(readClockKey)},
	reflect.TypeFor[Hours]():          {want: `hours such as "9:00-17:30"`, unquoted: true, read: as(readHours)},
	reflect.TypeFor[*time.Location](): {want: "a zone of the IANA list such as Europe/London or UTC", read: as(readZone)},
	reflect.TypeFor[when.Date]():      {want: "a date such as 2016-12-26", unquoted: true, read: as(readDate)},
	reflect.TypeFor[time.Weekday]():   {want: "a day of the week: mon, tue, wed, thu, fri, sat or sun", read: as(readWeekday)},
	reflect.TypeFor[agenda.Weekly]():  {want: `a day and a time such as "fri 16:00", or "off"`, read: as(readWeekly)},
	reflect.TypeFor[TLS]():            {want: "implicit, starttls or none", read: as(readTLS)},
}

// as makes a reader of any type one that leaves can hold.
func as[T any](read func(string) (T, error)) func(string) (any, error) {
	return func(text string) (any, error) { return read(text) }
}

// readLine refuses line breaks and control characters: the texts end up in
// headers of mail and in logs.
func readLine(text string) (string, error) {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return "", errors.New("a line break or control character stands in it")
	}
	return text, nil
}

func readInt(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number", text)
	}
	return n, nil
}

func readPort(text string) (Port, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%s is no port", text)
	}
	return Port(n), nil
}

// units are those of time.ParseDuration that people use, and days and weeks.
var units = map[byte]time.Duration{
	's': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour,
}

// ReadDuration reads a duration as people write it: 15m, 1h30m, 2d, 1w.
func ReadDuration(text string) (time.Duration, error) {
	if text == "0" {
		return 0, nil
	}
	var sum time.Duration
	rest := text
	for rest != "" {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		n, err := strconv.Atoi(rest[:digits])
		if err != nil || digits == len(rest) || units[rest[digits]] == 0 || n > 100_000 {
			return 0, fmt.Errorf("%q is no duration", text)
		}
		sum += time.Duration(n) * units[rest[digits]]
		rest = rest[digits+1:]
	}
	if sum == 0 {
		return 0, fmt.Errorf("%q is no duration", text)
	}
	return sum, nil
}

func readClockKey(text string) (*Clock, error) {
	since, err := readClock(text)
	clock := Clock(since)
	return &clock, err
}

func readClock(text string) (time.Duration, error) {
	for _, layout := range []string{"15:04", "3:04pm", "3pm", "3:04 pm", "3 pm"} {
		if t, err := time.Parse(layout, strings.ToLower(text)); err == nil {
			return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
		}
	}
	return 0, fmt.Errorf("%q is no time of day", text)
}

func readHours(text string) (Hours, error) {
	from, to, _ := strings.Cut(text, "-")
	hours := Hours{}
	var wrongFrom, wrongTo error
	hours.From, wrongFrom = readClock(strings.TrimSpace(from))
	hours.To, wrongTo = readClock(strings.TrimSpace(to))
	if err := errors.Join(wrongFrom, wrongTo); err != nil || hours.From >= hours.To {
		return Hours{}, fmt.Errorf("%q are no hours of a day", text)
	}
	return hours, nil
}

// readZone refuses "Local" and the empty name, which Go reads as the zone of
// the machine and as UTC: a letter must not change its times with the machine.
func readZone(text string) (*time.Location, error) {
	zone, err := time.LoadLocation(text)
	if err != nil || text == "" || text == "Local" {
		return nil, fmt.Errorf("%q is no known zone", text)
	}
	return zone, nil
}

func readDate(text string) (when.Date, error) {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return "", fmt.Errorf("%q is no day of the calendar", text)
	}
	return when.Date(text), nil
}

func readWeekday(text string) (time.Weekday, error) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if name := strings.ToLower(day.String()); len(text) >= 3 && strings.HasPrefix(name, strings.ToLower(text)) {
			return day, nil
		}
	}
	return 0, fmt.Errorf("%q is no day of the week", text)
}

func readWeekly(text string) (agenda.Weekly, error) {
	if text == "off" {
		return agenda.Weekly{Off: true}, nil
	}
	word, clock, _ := strings.Cut(text, " ")
	day, wrongDay := readWeekday(word)
	at, wrongTime := readClock(clock)
	if errors.Join(wrongDay, wrongTime) != nil {
		return agenda.Weekly{}, fmt.Errorf("%q is no day and time", text)
	}
	return agenda.Weekly{Day: day, Time: at}, nil
}

func readTLS(text string) (TLS, error) {
	tls := TLS(text)
	if imapPorts[tls] == 0 {
		return "", fmt.Errorf("%q is no way to connect", text)
	}
	return tls, nil
}

// fromText reads the short form of a person: "Shaun <shaun@example.org>" or the bare address.
func (p *PersonConfig) fromText(text string) error {
	parsed, err := mail.ParseAddress(text)
	if err != nil {
		return fmt.Errorf(`%q is no name and address; right is Shaun <shaun@example.org>, or name and address as keys`, text)
	}
	p.Name, p.Address = parsed.Name, parsed.Address
	return nil
}
