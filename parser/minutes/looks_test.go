package minutes

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLooks(t *testing.T) {
	const short = "Hi all,\n\nhere are our notes.\n\nPresent: Kim, Sam\n\nACTION: Kim to write the spec\n"
	const page = "### 30 Jan 2017\n\n#### Attendees: Kim, Sam\n\n* Updates\n  * **[Action]:** Write spec (Kim)\n  * **[Action]:** Read it (Sam)\n"
	const prose = "Hi Kim,\n\nI think that the action you took was right. TODO lists are boring.\nLet us meet on 30 Jan 2017.\n\nSam\n"
	for name, c := range map[string]struct {
		text, subject string
		want          bool
	}{
		"subject_and_an_action":           {short, "Minutes of our call", true},
		"German_subject":                  {short, "Protokoll der Besprechung", true},
		"a_page_without_a_subject":        {page, "", true},
		"lengths_of_time_are_no_minutes":  {prose, "Back in 5 minutes", false},
		"a_subject_alone_is_not_enough":   {prose, "Minutes?", false},
		"ordinary_mail":                   {prose, "lunch", false},
		"one_action_does_not_make_one":    {"Action: call me on 30 Jan 2017\n", "please", false},
		"a_forward_is_somebody_elses":     {page, "Fwd: Minutes of our call", false},
		"an_answer_is_an_answer":          {short, "Re: Minutes of our call", false},
		"a_whole_page_in_an_answer_is_it": {page, "Re: Minutes of our call", true},
		"a_quoted_page_is_not":            {"> " + "### 30 Jan 2017\n> #### Attendees: Kim\n> ACTION: Kim to write\n", "Re: Minutes", false},
		"nothing":                         {"", "Minutes", false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Looks([]byte(c.text), c.subject); got != c.want {
				t.Errorf("%v for the subject %q", got, c.subject)
			}
		})
	}
}

// With a subject that says so, all pages of the corpus are minutes.
func TestLooks_knows_the_corpus(t *testing.T) {
	dir, ok := corpus()
	if !ok {
		t.Log("no corpus here: nothing was looked at")
		return
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !Looks(text, "Minutes") {
			t.Errorf("%s does not look like minutes", file)
		}
	}
}
