package parser

import "strings"

// verb is one word of the commands of DESIGN chapter 5.
type verb struct {
	name    string
	also    []string // other words that people use for it
	object  object
	rest    rest
	subject bool // it may be the subject of an empty mail: unsubscribe links of mail programs
}

// object says what a verb acts on.
type object int

const (
	none     object = iota // nothing: help, agenda, undo
	action
	item                   // T-4
	either                 // both
	optional               // ids or nothing: show, keep
)

// rest says what may follow a verb. A line whose rest does not fit is prose,
// unless it begins with an id: then it was meant as a command.
type rest int

const (
	nothing  rest = iota
	aDay          // a few words that should be a date
	people        // @sam, eve
	word          // one word, or two
	words         // a sentence
	anything      // a link, a sentence or nothing
)

// verbs is the whole grammar. To add a command, add a line here and one to the
// table of package agenda. Order matters only for reading.
var verbs = []verb{
	{name: "done", also: []string{"closed", "close", "finished", "fixed", "complete", "completed", "resolved"}, object: action, rest: anything},
	{name: "reopen", also: []string{"reopened", "undone"}, object: either, rest: anything},
	{name: "drop", also: []string{"dropped", "cancel", "remove", "delete", "wontfix"}, object: either, rest: anything},
	{name: "owner", also: []string{"owners", "assign", "assigned"}, object: action, rest: people},
	{name: "due", also: []string{"deadline"}, object: action, rest: aDay},
	{name: "note", also: []string{"comment"}, object: action, rest: words},
	{name: "snooze", also: []string{"later", "remind"}, object: action, rest: aDay},
	{name: "accept", also: []string{"accepted"}, object: item, rest: nothing},
	{name: "pin", also: []string{"pinned"}, object: item, rest: nothing},
	{name: "unpin", also: []string{"unpinned"}, object: item, rest: nothing},
	{name: "postpone", also: []string{"postponed", "defer"}, object: item, rest: aDay},
	{name: "vote", also: []string{"+1"}, object: item, rest: nothing},
	{name: "minutes", object: item, rest: word}, // written 15m
	{name: "area", object: item, rest: word},
	{name: "title", also: []string{"rename"}, object: item, rest: words},
	{name: "agenda", object: none, rest: nothing},
	{name: "mine", object: none, rest: nothing},
	{name: "show", object: optional, rest: nothing},
	{name: "find", also: []string{"search"}, object: none, rest: words},
	{name: "help", also: []string{"?"}, object: none, rest: word},
	{name: "stop", also: []string{"unsubscribe"}, object: none, rest: aDay, subject: true},
	{name: "resume", also: []string{"subscribe"}, object: none, rest: word, subject: true},
	{name: "call", object: none, rest: words},
	{name: "skip", object: none, rest: aDay},
	{name: "keep", object: none, rest: nothing},
	{name: "hold", object: none, rest: nothing},
	{name: "send", object: none, rest: nothing},
	{name: "undo", object: none, rest: nothing},
	{name: "yes", also: []string{"confirm"}, object: none, rest: nothing},
}

// verbOf finds a verb by its name or another word for it, in any case, with or
// without punctuation behind it.
func verbOf(text string) (verb, bool) {
	text = strings.ToLower(strings.Trim(text, ".,:;!*_`\"'"))
	v, ok := verbWords[text]
	return v, ok
}

var verbWords, verbNames = indexVerbs()

func indexVerbs() (map[string]verb, []string) {
	index, names := map[string]verb{}, []string{}
	for _, v := range verbs {
		for _, w := range append([]string{v.name}, v.also...) {
			index[w] = v
		}
		names = append(names, v.name)
	}
	return index, names
}

// stops are the subjects of stop and resume, and the words around them that carry nothing.
var stops = map[string]bool{"reminders": true, "reminder": true, "weekly": true, "agenda": true, "agendas": true, "minutes": true, "all": true, "everything": true, "until": true, "digest": true, "digests": true}

// closings end the sender's own words: nothing below them is read as a
// command. Compared with a whole line, lower case, without punctuation, or with
// its beginning up to a comma. To add a language, add its line.
var closings = map[string]bool{
	"thanks": true, "thank you": true, "many thanks": true, "thanks a lot": true, "thx": true, "ta": true, "cheers": true,
	"best": true, "best regards": true, "kind regards": true, "regards": true, "warm regards": true, "sincerely": true, "all the best": true, "br": true,
	"danke": true, "vielen dank": true, "viele grüße": true, "mit freundlichen grüßen": true, "grüße": true, "gruß": true, "lg": true, "mfg": true, "vg": true,
	"merci": true, "cordialement": true, "bien à vous": true, "bonne journée": true,
	"gracias": true, "saludos": true, "un saludo": true, "obrigado": true, "obrigada": true, "abraço": true, "abraços": true,
	"grazie": true, "saluti": true, "cordiali saluti": true, "bedankt": true, "groeten": true, "met vriendelijke groet": true,
	"tack": true, "hälsningar": true, "mvh": true, "tak": true, "hilsen": true, "kiitos": true, "terveisin": true,
	"dziękuję": true, "pozdrawiam": true, "díky": true, "спасибо": true, "с уважением": true, "ありがとう": true, "谢谢": true,
}

// greetings may stand before the first command. Compared by their first word.
var greetings = map[string]bool{
	"hi": true, "hello": true, "hey": true, "dear": true, "morning": true, "good": true,
	"hallo": true, "liebe": true, "lieber": true, "moin": true, "servus": true, "bonjour": true, "salut": true, "hola": true, "buenas": true,
	"ciao": true, "olá": true, "oi": true, "hej": true, "hei": true, "cześć": true, "dobrý": true, "привет": true,
}
