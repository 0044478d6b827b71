package parser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// leads are what stands above an original, in a language of the tables and
// in one that is in none: there only the container tells.
var leads = map[string]struct{ who, head string }{
	"English": {
		`On Fri, 27 Jan 2017 at 09:15, Bob Hill &lt;<a href="mailto:bob@example.org">bob@example.org</a>&gt; wrote:`,
		`<b>From:</b> Bob Hill &lt;bob@example.org&gt;<br><b>Sent:</b> Friday, 27 January 2017 09:15<br><b>To:</b> Ann Lee &lt;ann@example.org&gt;<br><b>Subject:</b> Plan<br>`,
	},
	"Welsh": {
		`Ar Gwe, 27 Ion 2017 am 09:15, ysgrifennodd Bob Hill &lt;<a href="mailto:bob@example.org">bob@example.org</a>&gt;:`,
		`<b>Oddi wrth:</b> Bob Hill &lt;bob@example.org&gt;<br><b>Anfonwyd:</b> Dydd Gwener, 27 Ionawr 2017 09:15<br><b>At:</b> Ann Lee &lt;ann@example.org&gt;<br><b>Pwnc:</b> Plan<br>`,
	},
}

// TestAnswersAreToldFromContainers reads testdata/containers: what the
// programs of this world write around an original, with places to answer.
// Adding a file adds cases.
func TestAnswersAreToldFromContainers(t *testing.T) {
	files, err := filepath.Glob("testdata/containers/*.html")
	if err != nil || len(files) < 40 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		form, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".html")
		for lang, lead := range leads {
			filled := strings.NewReplacer("{who}", lead.who, "{head}", lead.head).Replace(string(form))
			for _, answered := range [][]string{{"top"}, {"below"}, {"inside"}, {"top", "below"}, {"inside", "below"}} {
				answer, html := fillIn(filled, answered)
				if answer == "" {
					continue
				}
				t.Run(name+"/"+lang+"/"+strings.Join(answered, "+"), func(t *testing.T) {
					for kind, raw := range map[string]string{"alone": htmlAnswer(html), "beside plain text": answerOf(html)} {
						mustBeAnswer(t, kind, Parse([]byte(raw), Options{}), answer)
					}
				})
			}
		}
	}
}

// fillIn writes answers into the places of a form. It returns the words of
// the answers, "" where the form has no such place.
func fillIn(form string, answered []string) (words, html string) {
	for _, place := range []string{"top", "inside", "below"} {
		said := ""
		for _, a := range answered {
			if a == place {
				said = "My " + place + " answer."
				if !strings.Contains(form, "{"+place+"}") {
					return "", ""
				}
			}
		}
		form = strings.ReplaceAll(form, "{"+place+"}", said)
		words += " " + said
	}
	return strings.Join(strings.Fields(words), " "), form
}

func mustBeAnswer(t *testing.T, kind string, m Mail, answer string) {
	t.Helper()
	if got := strings.Join(strings.Fields(m.Reply), " "); got != answer {
		t.Errorf("%s: the reply is %q, want %q\n%s", kind, m.Reply, answer, m.Text)
	}
	if !strings.Contains(m.Quoted, "Original words.\nMore of them.") {
		t.Errorf("%s: quoted is %q", kind, m.Quoted)
	}
	if len(m.Forwards) > 0 {
		t.Errorf("%s: taken for a forward", kind)
	}
}

// TestOwnWordsInContainersAreKept puts own words where a container might be
// taken to hold an original.
func TestOwnWordsInContainersAreKept(t *testing.T) {
	for name, c := range map[string]struct{ html, want string }{
		"between two containers in one": {`<div class="gmail_extra"><div class="gmail_quote">Bob:<blockquote>q</blockquote></div>mine<blockquote>r</blockquote>too</div>`, "mine\ntoo"},
		"above the inner container":     {`<div class="gmail_extra">mine<br><div class="gmail_quote">Bob:<blockquote>q</blockquote></div></div>`, "mine"},
		"a paragraph above a quotation": {`<div class="gmail_quote">` + strings.Repeat("<p>mine</p>", 4) + `<blockquote>q</blockquote></div>`, "mine\n\nmine\n\nmine\n\nmine"},
		"a container without quotation": {`<div class="gmail_quote">mine</div>`, "mine"},
		"what tells who wrote, alone":   {`<div class="moz-cite-prefix">mine</div><p>more</p><blockquote>q</blockquote>`, "mine\n\nmore"},
		"a head without header lines":   {`<div id="divRplyFwdMsg">mine</div><p>more</p>`, "mine\n\nmore"},
		"in a cell":                     {`<table><tr><td>mine</td><td class="gmail_attr">Bob:</td></tr></table><blockquote>q</blockquote>`, "mine | Bob:"},
	} {
		t.Run(name, func(t *testing.T) {
			m := Parse([]byte(htmlAnswer(c.html)), Options{})
			if m.Reply != c.want {
				t.Errorf("got %q, want %q of\n%s", m.Reply, c.want, m.Text)
			}
		})
	}
}

const answerHeader = "From: ann@example.org\nTo: bob@example.org\nSubject: Re: Plan\nIn-Reply-To: <a@example.org>\nMIME-Version: 1.0\n"

func htmlAnswer(html string) string {
	return answerHeader + "Content-Type: text/html; charset=utf-8\n\n" + html
}

// answerOf gives HTML a plain text as bad programs write it, without quote marks.
func answerOf(html string) string {
	plain := tagPattern.ReplaceAllString(strings.NewReplacer("<br>", "\n", "</div>", "\n", "</p>", "\n", "</blockquote>", "\n", "<blockquote", "\n<blockquote").Replace(html), "")
	plain = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&nbsp;", " ").Replace(plain)
	return answerHeader + "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n" +
		plain + "\n--b\nContent-Type: text/html; charset=utf-8\n\n" + html + "\n--b--\n"
}

// TestContainersOfForwardsAreRead reads what programs write around a forward:
// the original keeps its header lines and its words, and the comment above is
// the forwarder's.
func TestContainersOfForwardsAreRead(t *testing.T) {
	files, err := filepath.Glob("testdata/containers/forwards/*.html")
	if err != nil || len(files) < 15 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		form, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		html := strings.ReplaceAll(string(form), "{comment}", "Please read #plan.")
		raw := "From: ann@example.org\nSubject: Fwd: Plan\nContent-Type: text/html; charset=utf-8\n\n" + html
		bothLineEnds(t, filepath.Base(file), raw, func(t *testing.T, raw []byte) {
			m := Parse(raw, Options{})
			if len(m.Forwards) != 1 {
				t.Fatalf("%d forwards in\n%s", len(m.Forwards), m.Text)
			}
			f := m.Forwards[0]
			if f.Subject != "Plan" || people(f.From) != "Bob Hill <bob@example.org>" || !strings.HasPrefix(f.Date, "2017-01-27T09:15:00") {
				t.Errorf("%+v", f)
			}
			if f.Comment != "Please read #plan." || m.Reply != f.Comment {
				t.Errorf("the comment is %q, the reply %q", f.Comment, m.Reply)
			}
			if !strings.HasPrefix(f.Body, "Original words.\nMore of them.") {
				t.Errorf("the body is %q", f.Body)
			}
		})
	}
}
