package parser

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestReplyStandsAboveTheAttributionsOfAllPrograms(t *testing.T) {
	for _, row := range readRows(t, "testdata/replies/attributions.txt", 3) {
		lang, client, line := row[0], row[1], row[2]
		t.Run(client+"/"+lang, func(t *testing.T) {
			for form, below := range map[string]string{
				"marked":   line + "\n\n> An old question\n> of two lines\n",
				"close":    line + "\n> An old question\n",
				"unmarked": line + "\n\nAn old question\nof two lines\n",
				"quoted":   "> " + line + "\n>\n> An old question\n",
				"wrapped":  wrap(line, 50) + "\n> An old question\n",
			} {
				if form == "unmarked" && !strings.ContainsAny(line, "0123456789") {
					continue // a name alone could be the sender's own words
				}
				for _, end := range []string{"\n", "\r\n"} {
					text := strings.ReplaceAll("My answer.\n\n"+below, "\n", end)
					if own, _, _ := trimReply(newProse(text)); own != "My answer." {
						t.Errorf("%s: the reply is %q", form, own)
					}
				}
			}
		})
	}
}

func TestSentencesThatLookLikeMarksAreTheSendersOwn(t *testing.T) {
	for _, text := range []string{
		"On 12 May I sent the invoice. Please confirm:\n\n- amount\n- date",
		"As I wrote on 3 May 2020:\n\nno.",
		"Am 3.5.2020 schrieb ich dazu:\n\nnein.",
		"On the other hand, 3 of 5 said:\n\nyes.",
		"2016-05-12 10:00 we met Bob <bob@x.example>\n\nand he agreed.",
		"Please book:\n\nFrom: London\nTo: Paris\nDate: 12 May 2016\n\nThanks",
		"Notes:\n\nDate: 12 May 2016\nSubject: planning\n\nWe talked.",
		"Date: Wednesday 3, October 2011\nTime: 7:00am\nAddress: 130 Fox St",
		"Original message\nMore text",
		"Read https://x.example/on-3-may-ann-wrote:\n\nit is good.",
		"| a | b |\n|---|---|\n| 1 | 2 |",
		"Look here\n>>> http://www.x.example <<<\nand there",
	} {
		if own, _, how := trimReply(newProse(text)); own != text {
			t.Errorf("of %q is left %q: %s", text, own, how)
		}
	}
}

func TestRepliesAsProgramsAndPeopleWriteThem(t *testing.T) {
	for _, c := range readCases(t, "testdata/replies/replies.txt") {
		t.Run(c.name, func(t *testing.T) {
			for _, end := range []string{"\n", "\r\n"} {
				own, _, how := trimReply(newProse(strings.ReplaceAll(c.text, "\n", end)))
				if !slices.ContainsFunc(c.want, func(want string) bool { return normalText(want) == normalText(own) }) {
					t.Errorf("the reply is %q, want %q: %s", own, c.want, how)
				}
			}
		})
	}
}

// textCase is one case of a file of many: a text, and what is wanted of it.
type textCase struct {
	name, subject string
	text          string
	want          []string
}

// readCases reads a file of cases, each under "### name {subject}", with "@@"
// between its parts.
func readCases(t *testing.T, file string) []textCase {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(file))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n### ")
	var cases []textCase
	for part := range strings.SplitSeq(rest, "\n### ") {
		head, body, _ := strings.Cut(part, "\n")
		name, subject, _ := strings.Cut(strings.TrimSuffix(head, "}"), " {")
		pieces := strings.Split("\n"+hiddenMarks.Replace(body)+"\n", "\n@@\n")
		cases = append(cases, textCase{name, subject, strings.TrimLeft(pieces[0], "\n"), pieces[1:]})
	}
	return cases
}

var hiddenMarks = strings.NewReplacer(`\u00a0`, "\u00a0", `\u200e`, "\u200e", `\u200f`, "\u200f", `\u202f`, "\u202f", `\ufeff`, "\ufeff")

func readRows(t *testing.T, file string, columns int) [][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(file))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		row := strings.SplitN(line, " | ", columns)
		if len(row) != columns {
			t.Fatalf("%s: %d columns are needed: %s", file, columns, line)
		}
		rows = append(rows, row)
	}
	return rows
}

// wrap breaks a line at blanks, as programs do with what they quote.
func wrap(line string, width int) string {
	var out []string
	at := ""
	for _, word := range strings.Fields(line) {
		if at != "" && len(at)+1+len(word) > width {
			out = append(out, at)
			at = ""
		}
		at = strings.TrimSpace(at + " " + word)
	}
	return strings.Join(append(out, at), "\n")
}
