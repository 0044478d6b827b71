package agenda

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// repeat counts how often somebody asked for the same thing in a row. A program
// that writes in a member's name, and marks nothing, does what no person does: it
// sends the same again because of the answer to it. What it asks for is carried
// out; it is told so twice. A person who works through a list asks for something
// else each time, and hears of each.
type repeat struct {
	N      int       `json:"n"`
	Last   time.Time `json:"last"`
	Until  time.Time `json:"until"` // forgotten then
	Words  string    `json:"words,omitempty"`
	Silent bool      `json:"silent,omitempty"` // it was not answered any more
}

// maxRepeats is how often the same is answered in a row: a second time, since an
// answer may be lost or overlooked. Not to a mail that answers an answer: there
// the answer was seen.
const maxRepeats = 2

const (
	// machinePace is within how long a program sends the same again: most look at
	// their mail at once or every few minutes, the slow ones every hour.
	machinePace = 90 * time.Minute
	// dailyPace is that of programs that answer once a day (RFC 3834 section 2).
	dailyPace = 36 * time.Hour
)

// repeated counts the mail, and says whether it asks once more for what was
// answered in a row.
func (r *request) repeated() bool {
	if r.who.operator || len(r.receipt.Changes)+len(r.receipt.Errors)+len(r.receipt.Pages) == 0 {
		return false
	}
	if r.toldToday() && !r.answersAnswer() {
		return false // it is not answered in any case, and the day after it may be
	}
	asked, words := r.asked()
	key := r.who.handle + "/" + asked
	last := r.b.repeatOf(key, r.at)
	if r.at.Sub(last.Last) > r.inARow(last, words) {
		last = repeat{}
	}
	most := maxRepeats
	if r.answersAnswer() {
		most = 1
	}
	last.N++
	last.Silent = last.Silent || last.N > most
	last.Last, last.Words, last.Until = r.at, words, r.at.Add(dailyPace)
	if last.N > 1 {
		last.Until = r.at.Add(Answerable)
	}
	r.b.register().Repeats[key] = last // advance has touched the register
	return last.Silent
}

// inARow is how long after the last time the mail still belongs to the same row.
func (r *request) inARow(last repeat, words string) time.Duration {
	switch {
	case r.onlyErrs() && last.Words == words: // what is wrong with these very words was said (promise 10)
		return Answerable
	case last.Silent && (r.answers() || r.at.Sub(r.b.register().Wrote[r.who.handle]) <= machinePace): // the next letter woke the program
		return Answerable
	case last.Silent || r.answersAnswer():
		return dailyPace
	}
	return machinePace
}

func (r *request) onlyErrs() bool { return len(r.receipt.Changes)+len(r.receipt.Pages) == 0 }

// toldToday says whether the mail holds nothing but mistakes of a kind that its
// writer was told of today.
func (r *request) toldToday() bool {
	return r.onlyErrs() && !slices.ContainsFunc(r.receipt.Errors, func(e Misread) bool {
		told, ok := r.b.register().Told[r.who.handle+"/"+e.Reason]
		return !ok || r.at.Sub(told) >= oneDay
	})
}

// mayAsk says whether a member may be asked once more whether a mail was theirs:
// not where two questions found no answer.
func (b *Book) mayAsk(handle string, at time.Time) bool {
	key := handle + "/question"
	last := b.repeatOf(key, at)
	if last.N >= maxRepeats {
		return false
	}
	b.register().Repeats[key] = repeat{N: last.N + 1, Last: at, Until: at.Add(Answerable)}
	return true
}

// answeredQuestion notes that the member answers questions.
func (b *Book) answeredQuestion(handle string) { delete(b.register().Repeats, handle+"/question") }

func (b *Book) repeatOf(key string, at time.Time) repeat {
	repeats := b.register().Repeats
	if repeats == nil {
		repeats = map[string]repeat{}
		b.register().Repeats = repeats
	}
	for k, x := range repeats {
		if at.After(x.Until) {
			delete(repeats, k)
		}
	}
	return repeats[key]
}

// asked names what the mail asked for and what is said to it, as short hashes:
// once so that what programs count and date makes no difference, once word by word.
func (r *request) asked() (near, exact string) {
	var said, words []string
	add := func(parts ...string) { said = append(said, strings.Join(parts, " ")) }
	for _, c := range r.commands() {
		argument := fold(c.Argument)
		if wordy[c.Verb] {
			argument = uncounted(c.Argument)
		}
		add(c.Verb, strings.Join(c.IDs, " "), argument)
		words = append(words, fold(c.Line))
	}
	for _, c := range r.receipt.Changes {
		if c.Verb == "filed" {
			add(c.Verb, uncounted(bare(c.Title))) // its id is new in any case
		} else {
			add(c.Verb, c.ID)
		}
	}
	for _, p := range r.receipt.Pages {
		add(p.Verb, fmt.Sprint(p.Items, p.Actions))
	}
	if r.onlyErrs() {
		said = nil
		for _, e := range r.receipt.Errors {
			add(anyNumber.ReplaceAllString(fold(e.Line), "0"))
		}
	}
	return shortHash(said), shortHash(words)
}

// wordy are the verbs that take any words; in what others take, a number or a day matters.
var wordy = map[string]bool{"note": true, "title": true, "done": true, "drop": true}

func shortHash(parts []string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:6])
}

// counters are what programs put beside the words: "[#123]", "(Case 12)", "ticket
// 12", "#123", long numbers, the day and the time of the day.
var (
	counters  = regexp.MustCompile(`(?i)\[[^\]]*\d[^\]]*\]|\([^)]*\d[^)]*\)|\b(ticket|case|request|incident|nr|no|id)\.?\s*#?\d+|#\d+|\b\d{4}-\d\d-\d\d\b|\b\d{4,}\b|\b\d{1,2}:\d{2}(:\d{2})?\b`)
	anyNumber = regexp.MustCompile(`\d+`)
)

func uncounted(text string) string { return fold(counters.ReplaceAllString(text, " ")) }

// answers says whether the mail answers something, by what it refers to or by its subject.
func (r *request) answers() bool {
	return r.who.card != nil || oneSign.MatchString(r.mail.Subject)
}

// answersAnswer says whether the mail answers an answer of ours: by its token,
// or by a subject with a second sign of a reply or of a ticket, as that of an
// answer to a receipt has.
func (r *request) answersAnswer() bool {
	if c := r.who.card; c != nil {
		switch c.Kind {
		case ReceiptLetter, Question, EchoLetter:
			return true
		}
	}
	rest := oneSign.ReplaceAllString(r.mail.Subject, "")
	return rest != r.mail.Subject && oneSign.MatchString(rest)
}

// oneSign is one sign of a reply, a forward or a ticket before a subject.
var oneSign = regexp.MustCompile(`^\s*(\[[^\]]*\d[^\]]*\]|\([^)]*\d[^)]*\)|[\pL ]{1,16}(\[\d+\])?:)\s*`)

// bare is a subject without all such signs.
func bare(subject string) string {
	for oneSign.MatchString(subject) {
		subject = oneSign.ReplaceAllString(subject, "")
	}
	return subject
}
