package parser

import (
	"strings"
	"testing"
)

func TestForwardsOfAllPrograms(t *testing.T) {
	for _, row := range readRows(t, "testdata/replies/forwards.txt", 6) {
		lang, client, prefix, separator, date, lines := row[0], row[1], row[2], row[3], row[4], row[5]
		t.Run(client+"/"+lang, func(t *testing.T) {
			block := originalBlock(separator, lines)
			for form, text := range map[string]string{
				"plain":   "FYI, see below.\n\n" + block + "\n\nHello Bob,\n\nthe plan is ready.\n",
				"close":   "FYI, see below.\n" + block + "\n\nHello Bob,\n\nthe plan is ready.\n",
				"quoted":  "FYI, see below.\n\n" + quoteLines(block+"\n\nHello Bob,\n\nthe plan is ready."),
				"bold":    "FYI, see below.\n\n" + boldNames(block) + "\n\nHello Bob,\n\nthe plan is ready.\n",
				"blanks":  "FYI, see below.\n\n" + strings.ReplaceAll(block, "\n", "\n\n") + "\n\n\nHello Bob,\n\nthe plan is ready.\n",
				"flanked": "FYI, see below.\n\nSent from my iPhone\n\n" + block + "\n\nHello Bob,\n\nthe plan is ready.\n",
			} {
				if form == "blanks" && strings.Contains(lines, "Attachments") {
					continue // behind a blank line that is the original's own text
				}
				for _, end := range []string{"\n", "\r\n"} {
					p := newProse(strings.ReplaceAll(text, "\n", end))
					list, _ := splitForward(p, prefix+" Plan of the week", subjectKind(prefix+" Plan of the week"))
					if len(list) != 1 {
						t.Errorf("%s: %d forwards", form, len(list))
						continue
					}
					checkPlan(t, form, list[0], date, strings.Contains(lines, "COPY"))
				}
			}
		})
	}
}

// originalBlock fills in the values of a row.
func originalBlock(separator, lines string) string {
	values := strings.NewReplacer("FROM", "Ann Lee <ann@x.example>", "TO", "Bob Hill <bob@y.example>", "COPY", "Cy <cy@z.example>, dan@z.example",
		"SUBJECT", "Plan of the week", `\t`, "\t")
	block := strings.Join(strings.Split(lines, " ; "), "\n")
	if separator != "-" {
		block = separator + "\n" + block
	}
	return values.Replace(block)
}

func quoteLines(text string) string {
	return "> " + strings.ReplaceAll(text, "\n", "\n> ") + "\n"
}

// boldNames sets the names of header lines in stars, as programs do that turn
// HTML into text.
func boldNames(block string) string {
	lines := strings.Split(block, "\n")
	for i, line := range lines {
		if at, size := findColon(line); at > 0 && strings.Trim(line[at+size:], " ") != "" && !strings.Contains(line[:at], "*") {
			lines[i] = "*" + line[:at+size] + "*" + line[at+size:]
		}
	}
	return strings.Join(lines, "\n")
}

func checkPlan(t *testing.T, form string, f Forward, date string, cc bool) {
	t.Helper()
	if len(f.To) == 0 {
		t.Errorf("%s: nobody it was sent to: %+v", form, f)
		return
	}
	for _, field := range []struct{ name, got, want string }{
		{"comment", f.Comment, "FYI, see below."},
		{"subject", f.Subject, "Plan of the week"},
		{"from", people(f.From), "Ann Lee <ann@x.example>"},
		{"to", people(&f.To[0]), "Bob Hill <bob@y.example>"},
		{"date", f.Date, date},
		{"body", strings.TrimSpace(f.Body), "Hello Bob,\n\nthe plan is ready."},
	} {
		if field.got != field.want {
			t.Errorf("%s: the %s is %q, want %q", form, field.name, field.got, field.want)
		}
	}
	if cc && (len(f.Cc) != 2 || f.Cc[1].Address != "dan@z.example") {
		t.Errorf("%s: cc is %v", form, f.Cc)
	}
}

func people(a *Address) string {
	if a == nil {
		return ""
	}
	return a.Name + " <" + a.Address + ">"
}

// Yahoo loses the line breaks of its header lines; the subject comes last.
func TestForwardsWhoseHeaderLinesAreGlued(t *testing.T) {
	for _, row := range readRows(t, "testdata/replies/forwards.txt", 6) {
		lang, client, date, lines := row[0], row[1], row[4], row[5]
		if !strings.HasSuffix(lines, "SUBJECT") || lang == "ar" {
			continue // no capital sets an Arabic name apart from what it is glued to
		}
		t.Run(client+"/"+lang, func(t *testing.T) {
			block := originalBlock("-", lines)
			text := "FYI, see below.\n\n   ----- Forwarded Message ----- " + strings.ReplaceAll(block, "\n", "") + "\n\nHello Bob,\n\nthe plan is ready."
			list, _ := splitForward(newProse(text), "Fwd: x", forwardSubject)
			if len(list) != 1 {
				t.Fatalf("%d forwards", len(list))
			}
			checkPlan(t, "glued", list[0], date, strings.Contains(lines, "COPY"))
		})
	}
}

// Outlook for Mac prints an attribution and nothing else above a forward.
func TestForwardsBelowAnAttribution(t *testing.T) {
	for _, row := range readRows(t, "testdata/replies/attributions.txt", 3) {
		lang, client, line := row[0], row[1], row[2]
		if !strings.Contains(line, "@") {
			continue
		}
		t.Run(client+"/"+lang, func(t *testing.T) {
			list, _ := splitForward(newProse("FYI.\n\n"+line+"\n\n    Hello Bob,\n\n    the plan is ready.\n"), "Fwd: Plan", forwardSubject)
			if len(list) != 1 {
				t.Fatalf("%d forwards", len(list))
			}
			f := list[0]
			if name := "Ann Lee"; people(f.From) != name+" <ann@x.example>" && !strings.Contains(line, " ann@x") {
				t.Errorf("from %q", people(f.From))
			}
			if hasDigit(line) && !strings.HasPrefix(f.Date, "2020-11-23") {
				t.Errorf("the date is %q, printed %q", f.Date, f.DateText)
			}
			if f.Subject != "Plan" || f.Comment != "FYI." || strings.TrimSpace(f.Body) != "Hello Bob,\n\nthe plan is ready." {
				t.Errorf("subject %q, comment %q, body %q", f.Subject, f.Comment, f.Body)
			}
		})
	}
}

// TestForwardsAndWhatOnlyLooksLikeThem reads the forwards that are no block of
// header lines between a separator and the original, and replies with one.
func TestForwardsAndWhatOnlyLooksLikeThem(t *testing.T) {
	for _, c := range readCases(t, "testdata/replies/forwarded.txt") {
		t.Run(c.name, func(t *testing.T) {
			for _, end := range []string{"\n", "\r\n"} {
				p := newProse(strings.ReplaceAll(c.text, "\n", end))
				list, how := splitForward(p, c.subject, subjectKind(c.subject))
				if len(c.want) == 0 {
					if len(list) > 0 {
						t.Errorf("taken for a forward: %s", how)
					}
					continue
				}
				if len(list) == 0 {
					t.Errorf("not seen")
					continue
				}
				checkForwarded(t, list[0], c.want)
			}
		})
	}
}

func checkForwarded(t *testing.T, f Forward, want []string) {
	t.Helper()
	got := map[string]string{
		"from": printPeople(f.From), "to": printPeople(listed(f.To)...), "date": f.Date, "subject": f.Subject,
		"comment": strings.ReplaceAll(f.Comment, "\n", " "),
	}
	for line := range strings.Lines(want[0]) {
		field, value, found := strings.Cut(strings.TrimRight(line, "\n"), ":")
		if value = strings.TrimSpace(value); found && value != "-" && got[field] != value {
			t.Errorf("the %s is %q, want %q", field, got[field], value)
		}
	}
	if len(want) > 1 && normalText(f.Body) != normalText(want[1]) {
		t.Errorf("the body is %q, want %q", f.Body, want[1])
	}
}

func listed(list []Address) (people []*Address) {
	for i := range list {
		people = append(people, &list[i])
	}
	return people
}

func printPeople(list ...*Address) string {
	var out []string
	for _, a := range list {
		switch {
		case a == nil:
		case a.Address == "":
			out = append(out, a.Name)
		case a.Name == "":
			out = append(out, a.Address)
		default:
			out = append(out, a.Name+" <"+a.Address+">")
		}
	}
	return strings.Join(out, ", ")
}
