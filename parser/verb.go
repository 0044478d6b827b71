package parser

import "strings"

// verb is one word of the commands of DESIGN chapter 5.
type verb struct {
	name    string
	also    []string // other words that people use for it
	object  object
	rest    rest
	alone   bool // it means something without a day, too
	subject bool // it may be the subject of an empty mail: unsubscribe links of mail programs
}

// object says what a verb acts on.
type object int

const (
	onNothing object = iota // help, agenda, undo
	onActions
	onItems                 // T-4
	onEither                // both
	onAny                   // ids or nothing: show
)

// rest says what may follow a verb. A line whose rest does not fit is prose,
// unless it begins with an id: then it was meant as a command.
type rest int

const (
	restNothing  rest = iota
	restDay           // a few words that should be a date
	restPeople        // @sam, eve
	restWord          // one word, or two
	restWords         // a sentence
	restAnything      // a link, a sentence or nothing
)

// commandVerbs is the whole grammar. To add a command, add a line here and one to the
// table of package agenda. Order matters only for reading.
var commandVerbs = []verb{
	{name: "done", also: []string{"closed", "close", "finished", "fixed", "complete", "completed", "resolved", "✅", "✔", "✓", "☑"}, object: onActions, rest: restAnything},
	{name: "reopen", also: []string{"reopened", "undone"}, object: onEither, rest: restAnything},
	{name: "drop", also: []string{"dropped", "cancel", "remove", "delete", "wontfix"}, object: onEither, rest: restAnything},
	{name: "owner", also: []string{"owners", "assign", "assigned"}, object: onActions, rest: restPeople},
	{name: "due", also: []string{"deadline"}, object: onActions, rest: restDay},
	{name: "note", also: []string{"comment"}, object: onActions, rest: restWords},
	{name: "snooze", also: []string{"later", "remind"}, object: onActions, rest: restDay},
	{name: "accept", also: []string{"accepted"}, object: onItems, rest: restNothing},
	{name: "pin", also: []string{"pinned"}, object: onItems, rest: restNothing},
	{name: "unpin", also: []string{"unpinned"}, object: onItems, rest: restNothing},
	{name: "postpone", also: []string{"postponed", "defer"}, object: onItems, rest: restDay, alone: true},
	{name: "vote", also: []string{"+1"}, object: onItems, rest: restNothing},
	{name: "minutes", object: onItems, rest: restWord}, // written 15m
	{name: "area", object: onItems, rest: restWord},
	{name: "title", also: []string{"rename"}, object: onItems, rest: restWords},
	{name: "agenda", object: onNothing, rest: restNothing},
	{name: "mine", object: onNothing, rest: restNothing},
	{name: "show", object: onAny, rest: restNothing},
	{name: "find", also: []string{"search"}, object: onNothing, rest: restWords},
	{name: "help", also: []string{"?"}, object: onNothing, rest: restWord},
	{name: "stop", also: []string{"unsubscribe"}, object: onNothing, rest: restDay, alone: true, subject: true},
	{name: "resume", also: []string{"subscribe"}, object: onNothing, rest: restWord, subject: true},
	{name: "call", object: onNothing, rest: restWords},
	{name: "skip", object: onNothing, rest: restDay, alone: true},
	{name: "keep", object: onNothing, rest: restNothing},
	{name: "hold", object: onNothing, rest: restNothing},
	{name: "send", object: onNothing, rest: restNothing},
	{name: "undo", object: onNothing, rest: restNothing},
	{name: "yes", also: []string{"confirm"}, object: onNothing, rest: restNothing},
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
	for _, v := range commandVerbs {
		for _, w := range append([]string{v.name}, v.also...) {
			index[w] = v
		}
		names = append(names, v.name)
	}
	return index, names
}

// stops are the subjects of stop and resume, and the words around them that carry nothing.
var stops = map[string]bool{"reminders": true, "reminder": true, "weekly": true, "agenda": true, "agendas": true, "minutes": true, "all": true, "everything": true, "until": true, "digest": true, "digests": true}

// stopFillers may stand in front of the kind.
var stopFillers = map[string]bool{"these": true, "those": true, "this": true, "my": true, "the": true, "your": true, "all": true, "sending": true, "me": true, "any": true, "more": true, "getting": true}

// foreignVerbs are words of other languages for what people say most. They run
// nothing: the answer shows the English one. To add a language, add its line.
var foreignVerbs = map[string]string{
	"erledigt": "done", "fertig": "done", "gemacht": "done", "geschafft": "done", "hilfe": "help", "abmelden": "stop",
	"fait": "done", "terminé": "done", "fini": "done", "aide": "help",
	"hecho": "done", "terminado": "done", "listo": "done", "ayuda": "help",
	"fatto": "done", "finito": "done", "completato": "done", "aiuto": "help",
	"feito": "done", "concluído": "done", "pronto": "done", "ajuda": "help",
	"klaar": "done", "gedaan": "done", "klart": "done", "klar": "done", "färdig": "done", "færdig": "done", "ferdig": "done", "gjort": "done",
	"zrobione": "done", "gotowe": "done", "hotovo": "done", "valmis": "done", "hjälp": "help", "pomoc": "help",
	"έγινε": "done", "εγινε": "done", "ολοκληρώθηκε": "done", "τέλος": "done", "έτοιμο": "done", "βοήθεια": "help",
	"готово": "done", "сделано": "done", "выполнено": "done", "помощь": "help",
	"完了": "done", "済み": "done", "完成": "done", "已完成": "done", "完成了": "done", "完了しました": "done", "완료": "done",
}

// foreignVerb finds the English verb for a text that is one word of another language.
func foreignVerb(text string) (string, bool) {
	english, ok := foreignVerbs[strings.ToLower(strings.Trim(text, " .,:;!。！"))]
	return english, ok
}

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
