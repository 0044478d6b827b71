package parser

import (
	"testing"
	"time"
)

func TestDatesAreReadHoweverWritten(t *testing.T) {
	for value, want := range map[string]string{
		"Mon, 16 Nov 2026 11:00:00 +0100":       "2026-11-16T11:00:00+01:00",
		"16 Nov 2026 11:00:00 +0100":            "2026-11-16T11:00:00+01:00",
		"Mon, 16 Nov 2026 11:00:00 +0100 (CET)": "2026-11-16T11:00:00+01:00",
		"Mon, 6 Nov 2026 11:00 +0100":           "2026-11-06T11:00:00+01:00",
		"Mon, 16 Nov 2026 10:00:00 GMT":         "2026-11-16T10:00:00Z",
		"Mon, 16 Nov 2026 05:00:00 EST":         "2026-11-16T05:00:00-05:00",
		"Mon, 16 Nov 98 11:00:00 +0100":         "1998-11-16T11:00:00+01:00",
		"Mon, 16 Nov 26 11:00:00 +0100":         "2026-11-16T11:00:00+01:00",
		"Mon Nov 16 11:00:00 2026":              "2026-11-16T11:00:00Z",
		"Mon Nov 16 11:00:00 CET 2026":          "2026-11-16T11:00:00+01:00",
		"2026-11-16T11:00:00+01:00":             "2026-11-16T11:00:00+01:00",
		"2026-11-16T10:00:00Z":                  "2026-11-16T10:00:00Z",
		"2026-11-16 11:00:00 +0100":             "2026-11-16T11:00:00+01:00",
		"Montag, 16. Dezember 2026 11:00:00 +1": "2026-12-16T11:00:00+01:00",
		"Mon, 16-Nov-2026 11:00:00 +0100":       "2026-11-16T11:00:00+01:00",
		"Mon, 16 Nov 2026 11:00:00 -0330":       "2026-11-16T11:00:00-03:30",
		"Mon, 31 Feb 2026 11:00:00 +0100":       "",
		"yesterday":                             "",
		"":                                      "",
	} {
		got := readDate(value, nil)
		text := ""
		if !got.IsZero() {
			text = got.Format(time.RFC3339)
		}
		if text != want {
			t.Errorf("%q: got %q, want %q", value, text, want)
		}
	}
}

func TestDateDoesNotDependOnTheZoneOfTheMachine(t *testing.T) {
	berlin := time.FixedZone("CET", 3600)
	local := time.Local
	time.Local = berlin
	defer func() { time.Local = local }()
	if zone := readDate("Mon, 16 Nov 2026 11:00:00 +0100", nil).Location(); zone == time.Local {
		t.Error("the local zone was taken")
	}
}
