package digest

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"minuted/agenda"
	"minuted/parser"
)

// world is a team at work: its own book, its people's mail, its letters.
type world struct {
	*testing.T
	team    agenda.Team
	book    *agenda.Book
	writer  *Writer
	now     time.Time
	letters []written
	uid     uint32
}

func workAt(t *testing.T, at time.Time) *world {
	t.Helper()
	team := sampleTeam(t)
	team.Keys, team.Hold = [][]byte{[]byte("a secret of thirty-two bytes....")}, 15*time.Minute
	team.Weekly = agenda.Weekly{Day: time.Friday, Time: 16 * time.Hour}
	team.Operator = []string{"postmaster@example.com"}
	book, err := agenda.Open(team, nil)
	if err != nil {
		t.Fatal(err)
	}
	book.Begin(at)
	return &world{T: t, team: team, book: book, writer: NewWriter(team, "", builtIn(t)), now: at}
}

// mail brings a mail from a person; it is written with LF.
func (w *world) mail(from, to, subject, body string) {
	w.Helper()
	w.uid++
	raw := fmt.Sprintf("From: %s@example.com\nTo: %s\nSubject: %s\nMessage-ID: <mail%d@example.com>\nDate: %s\n\n%s\n",
		from, to, subject, w.uid, w.now.Format(time.RFC1123Z), body)
	m := parser.Parse([]byte(raw), parser.Options{Tags: w.team.Tags, Own: []string{w.team.Address}, Base: w.now})
	in := agenda.Incoming{Mail: m, Arrived: w.now, Mailbox: "INBOX", Validity: 1, UID: w.uid, Size: int64(len(raw)), Hash: fmt.Sprintf("%064x", w.uid)}
	w.take(w.book.Apply(in))
}

// until lets time pass.
func (w *world) until(at time.Time) {
	w.Helper()
	for {
		out, fired := w.book.Fire(at)
		if !fired {
			break
		}
		w.take(out)
	}
	w.now = at
}

func (w *world) take(o agenda.Outcome) {
	w.Helper()
	letters, err := w.writer.Letters(w.book, o)
	if err != nil {
		w.Fatal(err)
	}
	for _, l := range letters {
		w.letters = append(w.letters, readBack(w.T, l))
	}
}

// last returns the last letter of a kind to a person.
func (w *world) last(kind agenda.Kind, person string) written {
	w.Helper()
	for i := len(w.letters) - 1; i >= 0; i-- {
		if l := w.letters[i]; l.Kind == kind && l.Person == person {
			return l
		}
	}
	w.Fatalf("%s got no letter of kind %s", person, kind)
	return written{}
}

// tap follows the ready answer with a label, as a mail program does.
func (w *world) tap(l written, label string) {
	w.Helper()
	for _, a := range links(w.T, l.html) {
		if a.label != label || !strings.HasPrefix(a.href, "mailto:") {
			continue
		}
		to, err := url.PathUnescape(strings.TrimPrefix(strings.Split(a.href, "?")[0], "mailto:"))
		if err != nil {
			w.Fatal(err)
		}
		w.mail(l.Person, to, "Re: "+l.Subject, bodyOf(w.T, a.href))
		return
	}
	w.Fatalf("the letter has no answer %q", label)
}

// replyTo is where an answer to somebody's last receipt goes.
func (w *world) replyTo(person string) string {
	w.Helper()
	receipt := w.last(agenda.ReceiptLetter, person)
	return strings.Trim(receipt.header.Get("Reply-To"), "<>")
}

func (w *world) wants(l written, words ...string) {
	w.Helper()
	said := strings.Join(strings.Fields(l.text), " ")
	for _, want := range words {
		if !strings.Contains(said, want) {
			w.Errorf("%s to %s does not say %q:\n%s", l.Kind, l.Person, want, l.text)
		}
	}
}

func at(day, clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", day+" "+clock)
	if err != nil {
		panic(err)
	}
	return t
}

func TestAWeekOfATeam(t *testing.T) {
	w := workAt(t, at("2017-01-28", "10:00"))
	w.mail("bo", "stations@example.com", "Batteries in winter", "#stations half of them are silent when it is cold\n\nhttps://example.com/issues/12")
	w.wants(w.last(agenda.ReceiptLetter, "bo"), "T-1 is on the list, thank you.")

	w.until(at("2017-01-29", "16:00"))
	preview := w.last(agenda.AgendaPreview, "cem")
	w.wants(preview, "1 topic tomorrow", "Monday 30 January, 11:00 to 12:00 in New York.", "Batteries in winter", "Bo, yesterday.")
	w.tap(preview, "T-1 +1")
	w.wants(w.last(agenda.ReceiptLetter, "cem"), "T-1 has your vote.")

	w.until(at("2017-01-30", "17:10"))
	final := w.last(agenda.AgendaFinal, "bo")
	w.wants(final, "The call starts in an hour.")
	w.mail("bo", strings.Trim(final.header.Get("Reply-To"), "<>"), "Minutes 30 Jan 2017",
		"# Minutes 30 Jan 2017\n\nAttendees: Ada, Bo\n\n## T-1 Batteries in winter\n- lithium is twice the price\n\nDecision: we try lithium on two stations\n\nAction: Ada to order lithium cells by 3 Feb\nAction: write down what they cost")
	w.wants(w.last(agenda.EchoLetter, "bo"), "Thank you.", "1 topic, 1 decision, 2 actions")

	w.until(at("2017-01-30", "17:30"))
	minutes := w.last(agenda.MinutesDigest, "ada")
	w.wants(minutes, "One new action for you, Ada.", "Taken by Bo.", "A-1 Order lithium cells", "Nobody yet", "-> A-2 owner @ada")
	w.tap(minutes, "A-2 owner @ada")
	w.wants(w.last(agenda.ReceiptLetter, "ada"), "A-2 has a new owner.", "Is with Ada now.")

	w.until(at("2017-02-02", "10:00"))
	reminder := w.last(agenda.Reminder, "ada")
	w.wants(reminder, "Good morning, Ada.", "Due tomorrow, Friday 3 February")
	w.tap(reminder, "A-1 done")
	receipt := w.last(agenda.ReceiptLetter, "ada")
	w.wants(receipt, "A-1 is done, thank you.", "Was open for 3 days, is done now.")
	w.tap(receipt, "undo")
	w.wants(w.last(agenda.ReceiptLetter, "ada"), "Taken back", "Is open again.")

	w.until(at("2017-02-03", "16:00"))
	w.wants(w.last(agenda.WeeklyDigest, "ada"), "Still open, by owner", "Ada: 2")
	w.tap(preview, "help")
	w.wants(w.last(agenda.ReceiptLetter, "cem"), "Here is what you asked for.", "How to write minutes")
	w.mail("ada", strings.Trim(receipt.header.Get("Reply-To"), "<>"), "Re: ", "agenda\nmine\nshow A-2\nA-1 due thirsday\nfind lithium")
	w.wants(w.last(agenda.ReceiptLetter, "ada"), "One line needs another look.", "Monday 6 February, 16:00 in London", "thirsday is not a day that is known here.")
}

func TestTheFinalAgendaAnswersThePreviewAndSaysWhatChanged(t *testing.T) {
	w := workAt(t, at("2017-01-28", "10:00"))
	w.mail("bo", "stations@example.com", "Batteries in winter", "#stations half of them are silent when it is cold")
	w.mail("bo", "stations@example.com", "Spare parts", "#stations how many of each?")
	w.mail("bo", w.replyTo("bo"), "Minutes 27 Jan 2017", "# Minutes 27 Jan 2017\n\nAttendees: Ada, Bo\n\nAction: Ada to order lithium cells")

	w.until(at("2017-01-29", "16:00"))
	preview := w.last(agenda.AgendaPreview, "ada")
	w.tap(preview, "A-1 done")
	w.tap(w.last(agenda.AgendaPreview, "cem"), "T-2 postpone")
	w.mail("cem", "stations@example.com", "Signed firmware", "#stations what if a key is lost?")

	w.until(at("2017-01-30", "17:10"))
	final := w.last(agenda.AgendaFinal, "ada")
	w.wants(final, "Changed since the preview", "T-3 Signed firmware is new", "T-2 Spare parts moved to Thursday 2 February (Cem)", "A-1 Order lithium cells is done (you)")
	if got := final.header.Get("In-Reply-To"); got != "<"+preview.MessageID+">" {
		t.Errorf("it answers %q, want the preview %q", got, preview.MessageID)
	}
	if got, want := final.header.Get("References"), "<call.20170130@example.com> <"+preview.MessageID+">"; got != want {
		t.Errorf("it refers to %q, want %q", got, want)
	}
}

func TestCorrectedMinutesSayWhatTheySaidBefore(t *testing.T) {
	w := workAt(t, at("2017-01-30", "10:00"))
	w.mail("bo", "stations@example.com", "Batteries in winter", "#stations half of them are silent when it is cold")
	mailbox := w.replyTo("bo")
	w.until(at("2017-01-30", "17:10"))
	w.mail("bo", mailbox, "Minutes 30 Jan 2017", "# Minutes 30 Jan 2017\n\nAttendees: Ada, Bo\n\n## T-1 Batteries in winter\n\nDecision: we try lithium on two stations\n\n## Spare parts\n- ten of each")
	w.until(at("2017-01-30", "17:40"))
	w.mail("bo", mailbox, "Minutes 30 Jan 2017", "# Minutes 30 Jan 2017\n\nAttendees: Ada, Bo\n\n## T-1 Batteries in winter\n\nDecision: we try lithium on three stations\n\n## Signed firmware\n- later")
	w.until(at("2017-01-30", "18:10"))
	w.wants(w.last(agenda.MinutesCorrected, "ada"), "three differences",
		"Decided T-1 We try lithium on three stations Was: We try lithium on two stations",
		"Discussed Signed firmware New Spare parts No longer in the minutes")
}
