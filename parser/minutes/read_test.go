package minutes

import (
	"strings"
	"testing"
)

func first(t *testing.T, text string, o Options) Action {
	t.Helper()
	page := Read([]byte(text), o)
	if len(page.Meetings) != 1 || len(page.Meetings[0].Actions) == 0 {
		t.Fatalf("no action in %q", text)
	}
	return page.Meetings[0].Actions[0]
}

// With the people of the team known, a name that is a verb stays a verb, and a
// nick in small letters is an owner.
func TestRead_knows_the_people_of_the_team(t *testing.T) {
	people := []string{"Mark Ray", "Kim Lee", "jdoe"}
	for text, want := range map[string]string{
		"* ACTION: Mark platform agnostic as tech preview": "",
		"* ACTION: Mark to write it":                       "Mark",
		"* ACTION: jdoe write it":                          "jdoe",
		"* ACTION: write it (jdoe)":                        "jdoe",
		"* ACTION: write it (scheduled)":                   "",
		"* ACTION: kim, jdoe: write it":                    "kim jdoe",
		"* ACTION: KL to write it":                         "KL",
		"* ACTION: Write it - Kim Lee":                     "Kim Lee",
	} {
		if got := strings.Join(first(t, text, Options{People: people}).Owners, " "); got != want {
			t.Errorf("%s: owner %q, want %q", text, got, want)
		}
	}
}

func TestRead_takes_the_date_of_the_text_then_of_the_name_then_the_given_one(t *testing.T) {
	o := Options{Name: "calls-2017-01-30.md", Date: "2018-01-01"}
	for text, want := range map[string]string{"# Call, 3 Feb 2019\n\n* a": "2019-02-03", "* a": "2017-01-30"} {
		if got := Read([]byte(text), o).Meetings[0].Date; got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if got := Read([]byte("* a"), Options{Date: "2018-01-01"}).Meetings[0].Date; got != "2018-01-01" {
		t.Error(got)
	}
}

// Deadlines count from the day of the meeting, and words that are no date are kept.
func TestRead_finds_deadlines(t *testing.T) {
	for text, want := range map[string]string{
		"Kim to write it by 10 Feb":               "by 10 Feb = 2017-02-10",
		"Kim to write it by Friday":               "by Friday = 2017-02-03",
		"write it by 2017-02-10, then rest":       "by 2017-02-10 = 2017-02-10",
		"write it in two weeks":                   "in two weeks = 2017-02-13",
		"write it before the next call":           "before the next call",
		"write it (due: 2017-02-10)":              "2017-02-10 = 2017-02-10",
		"write it asap":                           "asap",
		"write it by hand":                        "",
		"change the text in May or June":          "",
		"stand by Kim":                            "",
		"Jürgen soll es bis 10.02.2017 schreiben": "bis 10.02.2017 = 2017-02-10",
	} {
		a, got := first(t, "# Call 30 Jan 2017\n\n- Action: "+text, Options{}), ""
		if a.DueText != nil {
			got = *a.DueText
		}
		if a.Due != nil {
			got += " = " + *a.Due
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestRead_names_what_is_odd(t *testing.T) {
	for text, want := range map[string]string{
		"# 30 Jan 2017\n\n* [a](https://example.org]": bracketLink,
		"# 30 Jan 2017\n\n* a\xff":                    badUTF8,
		"# 30 Jan 2017\n\n* ~~Action: write it":       openStrike,
		"# Call 3/4/2017\n\n* a":                      unsureDate,
		"# Call\n\n* a":                               noDate,
		"# 30 Jan 2017\n\n```\n* Action: write it":    openFence,
	} {
		found := ""
		for _, p := range Read([]byte(text), Options{}).Problems {
			found += p.Code + " "
		}
		if strings.TrimSpace(found) != want {
			t.Errorf("%q: %q, want %q", text, found, want)
		}
	}
}

// A separator is none of markdown's headings, though a line stands right above it.
func TestRead_leaves_separators_alone(t *testing.T) {
	page := Read([]byte("### 30 Jan 2017\n\n* a\n\n===\n\n### 26 Jan 2017\n\nThe end of it\n===\n\n### 16 Jan 2017\n"), Options{})
	if len(page.Meetings) != 3 || len(page.Meetings[1].Topics) != 0 {
		t.Errorf("%+v", page.Meetings)
	}
}
