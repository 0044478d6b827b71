package minutes

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// notNames are capitalised words that begin sentences and labels but are
// nobody's name.
var notNames = set(`a all also an and any anyone as ask asked add agenda agree agreed aim also api apis app
	background board bug bugs budget build but call can check ci cleanup close code comment comments complete confirm consider contact context continue
	could create date deadline decide decision decisions define deploy details discuss discussion do doc docs document documentation done draft due
	each email enable ensure etc everything example explore faq feedback file finish fix follow for from get give goal goals group have he help her his how
	i idea ideas if in infra infrastructure investigate invite is issue issues it items keep later legal let lets link links list look low high make maybe
	medium meeting meetings move must name need needs new next no nobody none note notes nothing now of ok on once one open optional or other others our owner owners
	plan planned please point post postponed pr pre-work prepare prework prs priority problem process project proposal proposed publish put question questions re
	read reach redis release releases remember remove report research resolution result review revisit risk run schedule scheduled security see send set she should
	shall since site slides so some somebody someone spec specs start status still suggestion summary support talk task tbc tbd test testing tests that the then there
	these they things this those timeline title to today todo topic topics try ui until update updated updates upload us use users ux verify wait waiting
	want we website when where whether while who why wiki will wip with work would write yes you your waiting xxx ux/ui url urls http https n/a na asap eta fyi
	monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december
	everyone's goal action actions ai item due by bumped punt revisited remaining important general more most many several both either
	wir ich sie es das der die ein eine alle jemand man noch bitte nous je il elle on le la les un une tous nosotros se los las el
	hold introduce introducing implement implementing integrate allow based find offer pay agreement pending open closed moved maintain include including`)

// pronounsOwn are subjects that name nobody: the action still needs an owner.
var nobody = set(`we someone somebody anyone anybody nobody i they you tbd tbc ? ?? ??? who whoever unassigned none nn unknown jemand wir quelquun on alguien`)

// groupNouns end the name of a group: "Device team should …".
var groupNouns = set(`team teams group committee staff members maintainers chairs editors stakeholders council leads board partners everyone everybody
	all board tsc tac cpc wg sig toc office people owners contributors authors representatives reviewers admins delegates participants attendees secretary here crew`)

// isName reports whether s looks like one person: one to three capitalised
// words, initials, or a handle behind "@".
func isName(s string) bool {
	s = strings.Trim(s, "*_` ")
	if handle, ok := strings.CutPrefix(s, "@"); ok {
		return handle != "" && !strings.ContainsAny(handle, " ,;:()")
	}
	if s == "" || len(s) > 40 || strings.Count(s, " ") > 2 {
		return false
	}
	for i, w := range strings.Fields(s) {
		if !isNameWord(w, i > 0) {
			return false
		}
	}
	return true
}

// isNameWord takes "Kim", "O'Neil", "McConnell", "St.", "JRG", and behind a
// first name also "van" and "de".
func isNameWord(w string, later bool) bool {
	w = strings.TrimSuffix(w, ".")
	if later && particles[w] {
		return true
	}
	first, size := utf8.DecodeRuneInString(w)
	if !unicode.IsUpper(first) || notNames[strings.ToLower(w)] {
		return false
	}
	if len(w) == size {
		return later
	}
	for _, c := range w[size:] {
		if !unicode.IsLetter(c) && c != '\'' && c != '’' && c != '-' {
			return false
		}
	}
	return true
}

var particles = set("van von de der den del della di da dos la le el al bin ben st ter ten zu zur")

// isNames reports whether s is a list of names: "Kim, Lee & Sam".
func isNames(s string) bool {
	parts := splitNames(s)
	for _, p := range parts {
		if !isName(p) {
			return false
		}
	}
	return len(parts) > 0
}

var joiners = strings.NewReplacer(" and ", ",", " & ", ",", "&", ",", " und ", ",", " et ", ",", " y ", ",", "/", ",", " + ", ",", "+", ",", ";", ",", " with ", ",", " e ", ",", " en ", ",", " or ", ",")

// splitNames cuts a list of names at its commas and its ands.
func splitNames(s string) []string {
	var out []string
	for _, p := range strings.Split(joiners.Replace(s), ",") {
		p = strings.Trim(p, " *_`.\t")
		for _, word := range [...]string{"and ", "also "} {
			p = strings.TrimPrefix(p, word)
		}
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

// roster is who is known: the people of the team and those who were there.
// Keys are phrases of names, first names, initials and handles.
type roster map[string]bool

func (r roster) add(name string) {
	name = strings.Trim(name, "*_ @")
	p := phrase(name)
	if p == "" {
		return
	}
	r[p] = true
	words := strings.Fields(name)
	if len(words) < 2 || len(words) > 5 {
		return
	}
	initials := ""
	for _, w := range words {
		if w[0] == '(' {
			continue // "VM (Vicky) Brasseur"
		}
		w = strings.Trim(w, "().,")
		first, _ := utf8.DecodeRuneInString(w)
		switch {
		case w == "" || !unicode.IsLetter(first):
		case len(w) > 1 && w == strings.ToUpper(w):
			initials += w
		default:
			for _, part := range strings.Split(w, "-") {
				if part != "" {
					c, _ := utf8.DecodeRuneInString(part)
					initials += string(c)
				}
			}
		}
	}
	r[phrase(words[0])] = true
	if last := phrase(words[len(words)-1]); len(last) > 2 {
		r[last] = true
	}
	if len(initials) > 1 {
		r[phrase(initials)] = true
	}
}

func (r roster) knows(s string) bool {
	p := phrase(s)
	if r[p] {
		return true
	}
	first, rest, more := strings.Cut(p, " ")
	return more && r[first] && !strings.Contains(rest, " ") && len(rest) <= 3 // "Tim SC"
}

// verbs are names that are verbs as well: in front of a sentence they need
// "to" or "will" behind them to be people.
var verbs = set(`mark bob bill will grant chase drew sue rob frank josh jack pat peg skip dean guy hunter miles art carol ray max dawn hope faith joy may june april
	rich chip chuck nick pierce wade ward trace reed lance heath dale glen iris rose violet olive ruby amber jade crystal summer autumn robin jay martin dot flip buck`)
