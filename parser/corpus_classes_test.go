package parser

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// classCase is one label of the corpus: what a mail must be taken for.
type classCase struct {
	File       string
	Class      Class
	Acceptable []Class
	Automatic  *bool
	NoAnswer   *bool `json:"no_autoresponse"`
	Recipients []string
}

// TestClassesOfTheCorpus keeps what was reached on the labelled mails. The
// labels that are doubtful: bounces enmime/multi_recipient_dsn.raw counts a
// delayed recipient as failed, sisimai/lhost-apachejames-01 has one zero too
// few, and sisimai/lhost-v5sendmail-04 leaves out the second failure.
func TestClassesOfTheCorpus(t *testing.T) {
	for _, c := range []struct {
		kind         string
		passed       int
		wrongInClass int
	}{
		{"autoreplies", 59, 0},
		{"bounces", 483, 0},
	} {
		t.Run(c.kind, func(t *testing.T) {
			cases := corpusCases(t, c.kind)
			passed, wrongInClass := len(cases), 0
			for name, label := range cases {
				class, all := label.matches(readCorpusMail(t, name))
				if !class {
					wrongInClass++
				}
				if !all {
					passed--
					t.Log("wrong:", name)
				}
			}
			if len(cases) > 0 && (passed < c.passed || wrongInClass > c.wrongInClass) {
				t.Errorf("%d right (floor %d), %d wrong in class (at most %d)", passed, c.passed, wrongInClass, c.wrongInClass)
			}
		})
	}
}

// corpusCases reads the labels of a kind by file name. Without the corpus
// there is nothing to measure.
func corpusCases(t *testing.T, kind string) map[string]classCase {
	labels, err := filepath.Glob(filepath.Join("..", "..", "shared", "corpus", kind, "*", "expected.json"))
	if err != nil || len(labels) == 0 {
		t.Log("no corpus beside the repository: nothing measured")
		return nil
	}
	cases := map[string]classCase{}
	for _, name := range labels {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var some map[string]classCase
		if err := json.Unmarshal(text, &some); err != nil {
			t.Fatal(name, err)
		}
		for _, c := range some {
			cases[filepath.Join(filepath.Dir(name), c.File)] = c
		}
	}
	return cases
}

func readCorpusMail(t *testing.T, name string) Mail {
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return Parse(raw, Options{})
}

// matches tells whether class and automatic are right, and whether all is.
func (c classCase) matches(m Mail) (class, all bool) {
	class = (m.Class == c.Class || slices.Contains(c.Acceptable, m.Class)) && (c.Automatic == nil || *c.Automatic == m.Automatic)
	if !class || c.NoAnswer != nil && *c.NoAnswer && m.MayAnswer {
		return class, false
	}
	if c.Recipients == nil || c.Class != BounceClass {
		return true, true
	}
	var got []string
	if m.Bounce != nil {
		got = slices.Clone(m.Bounce.Recipients)
	}
	want := strings.Split(strings.ToLower(strings.Join(c.Recipients, " ")), " ")
	slices.Sort(got)
	slices.Sort(want)
	return true, slices.Equal(got, want)
}
