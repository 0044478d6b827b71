package parser

import (
	"slices"
	"strings"
	"testing"
)

func TestTags(t *testing.T) {
	for text, want := range map[string][]string{
		"#architecture should we?":                    {"architecture"},
		"Shall we? #Architecture.":                    {"architecture"},
		"(#architecture), #backend; „#daten-bank“":    {"architecture", "backend", "daten-bank"},
		"#архитектура und #größe, #é":                 {"архитектура", "größe", "é"},
		"＃設計 について":                                    {"設計"},
		"C# and F#, item#part, ##heading, # heading":  nil,
		"#12, #3182418, #ff8800, &#8217;":             nil,
		"https://x.example/page#part www.x.example#a": nil,
		"<https://x.example/#part>":                   nil,
		"`#include` and ```\n#define x\n```":          nil,
		"#v2 is a tag, #2 is none":                    {"v2"},
	} {
		t.Run(text, func(t *testing.T) {
			if got := chooseTags([]string{text}, nil); !slices.Equal(got, want) {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

func TestTagsThatAreAskedForComeFirst(t *testing.T) {
	texts := []string{"Plan", "#urgent see #Architecture"}
	if got := chooseTags(texts, []string{"#architecture"}); !slices.Equal(got, []string{"architecture", "urgent"}) {
		t.Errorf("%q", got)
	}
	if got := chooseTags(texts, []string{"devices"}); got != nil {
		t.Errorf("%q without any that is asked for", got)
	}
}

func TestSummaryIsTheCommentWithoutItsTag(t *testing.T) {
	for reply, want := range map[string]string{
		"#architecture should we cap it?":                             "should we cap it?",
		"#architecture: should we cap it?":                            "should we cap it?",
		"Should we cap it? #architecture":                             "Should we cap it?",
		"Let us discuss this #architecture on Thursday":               "Let us discuss this architecture on Thursday",
		"FYI #architecture look at this":                              "FYI look at this",
		"We need the #architecture of it":                             "We need the architecture of it",
		"Hi all,\n\nCap it?\n#architecture\n\nBest, Ann":              "Cap it?",
		"#architecture\n\nShould we\ncap it?\n\nBest, Ann":            "Should we cap it?",
		"Should we cap it?\n\n#architecture":                          "Should we cap it?",
		"Hi,\n\nfirst words.\n\nMore about it. #architecture\n\nBest": "More about it.",
		"#architecture #backend " + strings.Repeat("words and ", 100): strings.TrimSpace(strings.Repeat("words and ", 50)) + "…",
	} {
		t.Run(reply, func(t *testing.T) {
			m := Mail{Subject: "Retries", Reply: reply}
			if readItem(&m, Options{}); m.Summary != want {
				t.Errorf("%q, want %q", m.Summary, want)
			}
		})
	}
}

func TestTitleLosesWhatProgramsAndListsPutInFront(t *testing.T) {
	for _, row := range subjectTable {
		for _, prefix := range row.words {
			if row.kind == "keep" || row.kind == "article" {
				continue
			}
			for _, form := range []string{prefix + ": x", prefix + " : x", prefix + "： x", prefix + "[2]: x", "[team] " + prefix + ": [team] x", strings.ToUpper(prefix) + ": Re: x"} {
				if got, _ := trimSubject(strings.ReplaceAll(form, " x", " New broker: a plan")); got != "New broker: a plan" {
					t.Errorf("%s: %q becomes %q", row.lang, form, got)
				}
			}
		}
	}
}

func TestTitleKeepsWhatSaysSomething(t *testing.T) {
	for subject, want := range map[string]string{
		"[RFC] New broker":               "[RFC] New broker",
		"Re: [PATCH 1/2] New broker":     "[PATCH 1/2] New broker",
		"Re: [#123] New broker":          "[#123] New broker",
		"[EXTERNAL] Re: New broker":      "New broker",
		"EXTERNAL: Re: New broker":       "New broker",
		"External: new broker":           "External: new broker",
		"(EXT) Re: New broker":           "New broker",
		"***SPAM*** New broker":          "New broker",
		"{Disarmed} Re: New broker":      "New broker",
		"(SPAM)":                         "(SPAM)",
		"*New* broker":                   "*New* broker",
		"[Fwd: Re: New broker]":          "New broker",
		"New broker (fwd)":               "New broker",
		"Release: new broker":            "Release: new broker",
		"Fwd: [team]":                    "[team]",
		"Re: ":                           "",
		"#architecture Re: New broker":   "New broker",
		"New broker #architecture":       "New broker",
		"Re: the #architecture of it":    "the architecture of it",
		"RE: FW: Re[3]: AW: New broker ": "New broker",
	} {
		m := Mail{Subject: subject}
		if readItem(&m, Options{}); m.Title != want {
			t.Errorf("%q becomes %q, want %q", subject, m.Title, want)
		}
	}
}

func TestTitleOfAForwardWithoutSubjectIsTheOriginals(t *testing.T) {
	m := Mail{Subject: "Fwd: #architecture", Forwards: []Forward{{Subject: "Re: New broker"}}}
	if readItem(&m, Options{}); m.Title != "New broker" {
		t.Errorf("%q", m.Title)
	}
}

func TestLinksOfATextEndWhereTheirSentenceGoesOn(t *testing.T) {
	for text, want := range map[string]string{
		"See https://x.example/a.":                "https://x.example/a",
		"(https://x.example/a_(b))":               "https://x.example/a_(b)",
		"<https://x.example/a\n  b/c>":            "https://x.example/ab/c",
		"at www.x.example, or":                    "http://www.x.example",
		"*https://x.example/a?b=c&d*":             "https://x.example/a?b=c&d",
		"HTTPS://X.example/a and mailto:a@x":      "HTTPS://X.example/a",
		"https://x.example/a https://x.example/a": "https://x.example/a",
		"[notes](https://x.example/a) are there":  "https://x.example/a",
	} {
		m := Mail{Reply: text}
		if readItem(&m, Options{}); strings.Join(m.Links, " ") != want {
			t.Errorf("%q: %q, want %q", text, m.Links, want)
		}
	}
}
