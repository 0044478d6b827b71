package parser

import (
	"slices"
	"testing"
)

func TestMessageIDsAreReadHoweverWritten(t *testing.T) {
	for value, want := range map[string][]string{
		"<a@x>":                        {"a@x"},
		"<a@x> <b@x>":                  {"a@x", "b@x"},
		"<a@x>,<b@x>":                  {"a@x", "b@x"},
		"<a@x><b@x>":                   {"a@x", "b@x"},
		"<a:b@c>":                      {"a:b@c"},
		"<no-at-sign>":                 {"no-at-sign"},
		"<cut in\ttwo@x>":              {"cutintwo@x"},
		"<lost <b@x>":                  {"b@x"},
		"Your message of Monday <a@x>": {"a@x"},
		"a@x, b@x":                     {"a@x", "b@x"},
		"&lt;a@x&gt;":                  {"a@x"},
		"words only":                   nil,
		"<>":                           nil,
		"":                             nil,
	} {
		if got := messageIDs(value); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", value, got, want)
		}
	}
}

func TestMessageIDWithoutBracketsIsTakenAndNoted(t *testing.T) {
	m := Parse([]byte("Message-ID: 4711.local\n\n"), Options{})
	if m.MessageID != "4711.local" || !slices.Contains(codes(m), "message-id") {
		t.Errorf("%q %v", m.MessageID, m.Problems)
	}
}

func TestMessageIDIsToldAsWritten(t *testing.T) {
	for value, want := range map[string]string{
		"<a@x>":           "a@x",
		"<1 @ b(c) .x>":   "1 @ b(c) .x",
		"4711.local":      "4711.local",
		"Your mail <a@x>": "a@x",
		"<a@x> <b@x>":     "a@x",
		"":                "",
	} {
		m := Parse([]byte("Message-ID: "+value+"\n\n"), Options{})
		if got := m.WrittenMessageID(); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}
