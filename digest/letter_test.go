package digest

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset"
	"github.com/rivo/uniseg"
	"golang.org/x/net/html"

	"minuted/agenda"
)

var update = flag.Bool("update", false, "write the golden files anew")

// written is a letter as a mail program reads it.
type written struct {
	Letter
	header      message.Header
	text, html  string
	calendar    string
	attachments map[string]string
}

func readBack(t *testing.T, l Letter) written {
	t.Helper()
	e, err := message.Read(bytes.NewReader(l.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	w := written{Letter: l, header: e.Header, attachments: map[string]string{}}
	err = e.Walk(func(_ []int, part *message.Entity, err error) error {
		if err != nil {
			return err
		}
		return w.take(part)
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *written) take(part *message.Entity) error {
	kind, _, err := part.Header.ContentType()
	if err != nil || strings.HasPrefix(kind, "multipart/") {
		return err
	}
	b, err := io.ReadAll(part.Body)
	if err != nil {
		return err
	}
	body := strings.ReplaceAll(string(b), "\r\n", "\n")
	if _, params, err := part.Header.ContentDisposition(); err == nil && params["filename"] != "" {
		w.attachments[params["filename"]] = string(b)
		return nil
	}
	switch kind {
	case "text/plain":
		w.text = body
	case "text/html":
		w.html = body
	case "text/calendar":
		w.calendar = string(b)
	}
	return nil
}

func TestTheSameOrderGivesTheSameBytes(t *testing.T) {
	everyLetter(t, func(t *testing.T, w written) {
		name, _, _ := strings.Cut(strings.TrimPrefix(t.Name(), "TestTheSameOrderGivesTheSameBytes/"), "/")
		again, _ := letter(t, name, w.Kind)
		if !bytes.Equal(w.Bytes, again.Bytes) {
			t.Error("two writings of one order differ")
		}
	})
}

// shownHeaders stand above the text in golden files.
var shownHeaders = []string{"From", "To", "Reply-To", "Date", "Subject", "Message-Id", "In-Reply-To", "References", "List-Id",
	"List-Unsubscribe", "Auto-Submitted", "X-Auto-Response-Suppress", "Minuted-Kind", "Minuted-Letter"}

func TestLettersReadAsTheirGoldenFiles(t *testing.T) {
	everyLetter(t, func(t *testing.T, w written) {
		name := strings.TrimPrefix(t.Name(), "TestLettersReadAsTheirGoldenFiles/")
		golden(t, name+".txt", w.headers()+"\n"+w.text)
		golden(t, name+".html", w.html)
	})
}

func (w written) headers() string {
	var b strings.Builder
	for _, name := range shownHeaders {
		if value, err := w.header.Text(name); err == nil && value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	return b.String()
}

// golden compares with a file under testdata, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := lineDiff(string(want), got); diff != "" {
		t.Errorf("%s differs (- wanted, + got; -update writes it anew):\n%s", path, diff)
	}
}

// lineDiff shows the lines between the first and the last that differ.
func lineDiff(want, got string) string {
	if want == got {
		return ""
	}
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	start := 0
	for start < min(len(a), len(b)) && a[start] == b[start] {
		start++
	}
	for len(a) > start && len(b) > start && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	var out strings.Builder
	fmt.Fprintf(&out, "line %d\n", start+1)
	for _, line := range a[start:] {
		out.WriteString("- " + line + "\n")
	}
	for _, line := range b[start:] {
		out.WriteString("+ " + line + "\n")
	}
	return out.String()
}

func TestTextAndHTMLSayTheSameWordsInTheSameOrder(t *testing.T) {
	everyLetter(t, func(t *testing.T, w written) {
		inText, inHTML := textSigns.Replace(textWords(w.text)), textSigns.Replace(htmlWords(t, w.html))
		if inText != inHTML {
			i := 0
			for i < min(len(inText), len(inHTML)) && inText[i] == inHTML[i] {
				i++
			}
			from := max(0, i-60)
			t.Errorf("they part here:\ntext: %q\nhtml: %q", inText[from:min(len(inText), i+60)], inHTML[from:min(len(inHTML), i+60)])
		}
	})
}

// textSigns stand for what HTML shows: arrows before answers, the quote sign, bars.
var textSigns = strings.NewReplacer("->", "", ">", "", "#", "")

// textWords are the words of a text. Spaces are left out: a word that no line
// holds is broken in the text and whole in the HTML.
func textWords(text string) string { return strings.Join(strings.Fields(text), "") }

// htmlWords are the words that a reader of the HTML meets.
func htmlWords(t *testing.T, page string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "head" || hidden(n)) {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return strings.Join(strings.Fields(b.String()), "")
}

func hidden(n *html.Node) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "aria-hidden" })
}

func TestLinesAreAtMost72ColumnsWide(t *testing.T) {
	everyLetter(t, func(t *testing.T, w written) {
		for line := range strings.SplitSeq(w.text, "\n") {
			link := strings.HasPrefix(strings.TrimSpace(line), "http")
			if wide := uniseg.StringWidth(line); wide > 72 && !link {
				t.Errorf("%d columns: %q", wide, line)
			}
		}
	})
}

func TestHTMLStaysBelowWhatGmailClips(t *testing.T) {
	everyLetter(t, func(t *testing.T, w written) {
		if len(w.html) > 80_000 {
			t.Errorf("the HTML takes %d bytes", len(w.html))
		}
		if !strings.Contains(w.html, "You get this because") {
			t.Error("the foot is missing")
		}
	})
}

// TestTheStyleBlockIsSmall: Gmail drops style blocks that are large, and they
// are sent with each letter.
func TestTheStyleBlockIsSmall(t *testing.T) {
	w, _ := letter(t, "usual", agenda.WeeklyDigest)
	_, style, _ := strings.Cut(w.html, "<style>")
	style, _, _ = strings.Cut(style, "</style>")
	if len(style) >= 1000 || !strings.Contains(style, "@media print") {
		t.Errorf("the style block takes %d bytes:\n%s", len(style), style)
	}
}

func TestReadyAnswersAreShortAndSayWhatTheirLabelSays(t *testing.T) {
	everyLetter(t, func(t *testing.T, w written) {
		for _, a := range links(t, w.html) {
			if !strings.HasPrefix(a.href, "mailto:") {
				continue
			}
			if len(a.href) >= 500 {
				t.Errorf("%d bytes: %s", len(a.href), a.href)
			}
			address, query, _ := strings.Cut(a.href, "?")
			values, err := url.ParseQuery(strings.ReplaceAll(query, "+", "%2B"))
			if err != nil {
				t.Errorf("%s: %v", a.href, err)
			}
			if body := values.Get("body"); body != a.label+"\r\n" {
				t.Errorf("the label is %q, the answer %q", a.label, body)
			}
			if !strings.Contains(address, "%2B") || values.Get("In-Reply-To") != "<"+w.MessageID+">" {
				t.Errorf("the answer does not say which letter it answers: %s", a.href)
			}
		}
	})
}

type link struct{ href, label string }

func links(t *testing.T, page string) (list []link) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.Data != "a" {
			continue
		}
		for _, a := range n.Attr {
			if a.Key == "href" && n.FirstChild != nil {
				list = append(list, link{a.Val, n.FirstChild.Data})
			}
		}
	}
	return list
}

func TestLinksLeadWhereTheyShow(t *testing.T) {
	everyLetter(t, func(t *testing.T, w written) {
		for _, a := range links(t, w.html) {
			if strings.HasPrefix(a.href, "mailto:stations%2B") {
				continue
			}
			if a.href != a.label || !strings.HasPrefix(a.href, "http://") && !strings.HasPrefix(a.href, "https://") {
				t.Errorf("%q leads to %q", a.label, a.href)
			}
		}
	})
}

func TestNothingThatCameByMailBecomesMarkup(t *testing.T) {
	allowed := strings.Fields("html head meta title style body table tbody tr td th h1 h2 p b a div span br")
	everyLetter(t, func(t *testing.T, w written) {
		doc, err := html.Parse(strings.NewReader(w.html))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			if n.Type == html.ElementNode && !slices.Contains(allowed, n.Data) {
				t.Errorf("there is an element %s", n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "src" {
					t.Errorf("there is an attribute %s=%q", a.Key, a.Val)
				}
			}
		}
	})
}

func TestNothingInvisibleGoesOut(t *testing.T) {
	everyLetter(t, func(t *testing.T, w written) {
		for _, part := range []string{w.text, w.html, w.Subject} {
			for _, r := range part {
				if r != '\n' && visible(r) != r || r == '\ufffd' {
					t.Errorf("there is a %U", r)
				}
			}
			for line := range strings.SplitSeq(part, "\n") {
				if settleJoiners(line) != line {
					t.Errorf("there is a joiner that joins nothing: %+q", line)
				}
			}
			if strings.ContainsAny(part, "\x01\x02\x03") {
				t.Error("there is a mark of ours")
			}
		}
	})
}

func TestNoHeaderComesInByMail(t *testing.T) {
	known := append(slices.Clone(shownHeaders), "Content-Type", "Mime-Version", "Content-Transfer-Encoding")
	everyLetter(t, func(t *testing.T, w written) {
		for fields := w.header.Fields(); fields.Next(); {
			if !slices.Contains(known, fields.Key()) {
				t.Errorf("there is a header %s", fields.Key())
			}
		}
		if strings.Contains(w.Subject, "\n") || uniseg.GraphemeClusterCount(w.Subject) > 200 {
			t.Errorf("the subject is %q", w.Subject)
		}
	})
}

func TestEveryLetterCanBeAnsweredAndSaysWhyItCame(t *testing.T) {
	everyLetter(t, func(t *testing.T, w written) {
		for _, name := range []string{"List-Id", "Auto-Submitted", "X-Auto-Response-Suppress", "Minuted-Kind", "Minuted-Letter"} {
			if w.header.Get(name) == "" {
				t.Errorf("%s is missing", name)
			}
		}
		if w.Kind == agenda.Notice {
			return // operators answer on the command line
		}
		if !strings.Contains(w.header.Get("Reply-To"), "+samplesample") || !strings.Contains(w.MessageID, "samplesample") {
			t.Error("the token is missing")
		}
	})
}

func TestTheLettersOfACallAreOneThread(t *testing.T) {
	for kind, want := range map[agenda.Kind]string{
		agenda.AgendaPreview: "<call.20170202@example.com>", agenda.AgendaFinal: "<call.20170202@example.com>",
		agenda.EmptyAgenda: "<call.20170202@example.com>", agenda.MinutesDigest: "<call.20170129@example.com>",
		agenda.MinutesCorrected: "<call.20170129@example.com>", agenda.WeeklyDigest: "", agenda.Reminder: "",
	} {
		w, _ := letter(t, "usual", kind)
		if got := w.header.Get("References"); got != want {
			t.Errorf("%s refers to %q", kind, got)
		}
	}
	preview, _ := letter(t, "usual", agenda.AgendaPreview)
	final, _ := letter(t, "usual", agenda.AgendaFinal)
	if preview.Subject != final.Subject {
		t.Errorf("Gmail parts %q from %q", preview.Subject, final.Subject)
	}
}

func TestAReceiptAnswersItsMailInItsThread(t *testing.T) {
	s := usualCase(t)
	order, _ := s.order(agenda.ReceiptLetter)
	order.Answer.References = []string{"reminder.1@example.com", "not an id", "<x@y>\r\nBcc: z@example.com"}
	w, _ := write(t, s, order)
	if got := w.header.Get("In-Reply-To"); got != "<5f2b10@mail.example.com>" {
		t.Errorf("it answers %s", got)
	}
	if got := w.header.Get("References"); got != "<reminder.1@example.com> <5f2b10@mail.example.com>" {
		t.Errorf("it refers to %s", got)
	}
	if w.header.Get("Auto-Submitted") != "auto-replied" || w.Subject != "Re: Minutes of the stations" {
		t.Errorf("it is %s, %q", w.header.Get("Auto-Submitted"), w.Subject)
	}
}

// remembering keeps the cards of a sample's letters.
type remembering struct {
	*sample
	cards []agenda.Card
}

func (r *remembering) Remember(c agenda.Card) { r.cards = append(r.cards, c) }

func TestTheBookRemembersWhatALetterShowed(t *testing.T) {
	s := &remembering{sample: usualCase(t)}
	order, _ := s.order(agenda.Reminder)
	letters, err := NewWriter(s.team, "", builtIn(t)).Letters(s, agenda.Outcome{Orders: []agenda.Order{order}})
	if err != nil {
		t.Fatal(err)
	}
	card := s.cards[0]
	if card.Letter != order.Key || card.Person != "ada" || card.MessageID != letters[0].MessageID || card.Kind != agenda.Reminder {
		t.Errorf("the card is %+v", card)
	}
	if !slices.Equal(card.Shown, []string{"A-12", "A-17"}) || !card.Expires.Equal(wednesday.AddDate(0, 0, 14)) {
		t.Errorf("it shows %v until %s", card.Shown, card.Expires)
	}
}

func TestALetterGoesToItsReaderAndTheArchive(t *testing.T) {
	w, _ := letter(t, "usual", agenda.WeeklyDigest)
	if !slices.Equal(w.To, []string{"ada@example.com", "archive@example.com"}) || w.From != "stations+samplesamplesamplesamplesa@example.com" {
		t.Errorf("from %s to %v", w.From, w.To)
	}
}

func TestAReminderOfWhatWasClosedMeanwhileIsNotSent(t *testing.T) {
	if w, ok := letter(t, "empty", agenda.Reminder); ok {
		t.Errorf("there is a letter: %s", w.text)
	}
}

// TestTheOpeningIsTheLetterInALine: lists of mail show about 90 characters
// behind the subject.
func TestTheOpeningIsTheLetterInALine(t *testing.T) {
	for _, kind := range Kinds() {
		w, _ := letter(t, "usual", kind)
		opening, _, _ := strings.Cut(w.text, "\n\n")
		if opening = strings.Join(strings.Fields(opening), " "); len(opening) > 90 || strings.Contains(w.Subject, opening) {
			t.Errorf("%s opens with %q", kind, opening)
		}
	}
}

// TestWhoAsksForAllGetsAll: a letter that says "And 28 more. For all, reply:
// agenda" must not be answered with the same twelve.
func TestWhoAsksForAllGetsAll(t *testing.T) {
	s := usualCase(t)
	s.plan.New = nil
	for n := 100; n < 140; n++ {
		s.plan.New = append(s.plan.New, agenda.Item{ID: n, Title: "Spare parts", Submitter: "bo", Filed: s.ago(2), State: agenda.OpenItem})
	}
	preview, _ := s.order(agenda.AgendaPreview)
	cut, _ := write(t, s, preview)
	if !strings.Contains(cut.text, "And 31 more. For all, reply: agenda") {
		t.Errorf("the preview says\n%s", cut.text)
	}
	order, _ := s.order(agenda.ReceiptLetter)
	order.Receipt = &agenda.Receipt{Pages: []agenda.Page{{Verb: "agenda"}}}
	w, _ := write(t, s, order)
	if shown := strings.Count(w.text, "Spare parts"); shown != 40 {
		t.Errorf("the answer shows %d of 40:\n%s", shown, w.text)
	}
}

func TestTheLastReminderSaysSo(t *testing.T) {
	s := usualCase(t)
	a := s.actions[12]
	a.Stuck, a.Remind, a.Text = true, "", "Write down how a #station is calibrated"
	s.actions[12] = a
	order, _ := s.order(agenda.Reminder)
	order.Ids = []string{"A-12"}
	w, _ := write(t, s, order)
	said := strings.Join(strings.Fields(w.text), " ")
	if !strings.Contains(said, "You get this because you own it. This was the last for A-12: it goes on the agenda instead.") {
		t.Errorf("it says\n%s", w.text)
	}
	if w.Subject != "A-12 is due tomorrow: Write down how a station is calibrated" {
		t.Errorf("its subject is %q", w.Subject)
	}
}
