// Package templates holds the words of each letter, and the page that shows
// them as HTML.
//
// A letter's file reads like its plain text: a subject, then lines whose first
// sign says what they are. Values stand where the template puts them and mean
// nothing but themselves: what people wrote can never become a sign.
//
//	# words              the opening
//	## words | quiet     a heading
//	## [words]           a heading that opens the panel of the reader's own
//	[ ] ID words         an entry that can be ticked
//	* ID words           an entry with an id
//	- words              an entry without
//	> words              an entry that begins with somebody's line, quoted
//	  words              belongs to the entry above; so do answers and quotes
//	-> answer | answer   ready answers; => shows them as buttons
//	| label | value      a fact
//	% name | n | words   a bar of length n
//	$ words              to be typed as it stands
//	---                  the foot begins: each line stands for itself
//	<answer>             a ready answer inside a line
//
// Anything else is a paragraph; an empty line ends it. Templates choose and
// repeat; what must be computed is computed by package digest.
package templates

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	text "text/template"
)

//go:embed *.txt *.html
var builtIn embed.FS

// Page is the file that shows a letter as HTML.
const Page = "letter.html"

// Set is a full set of templates, parsed.
type Set struct {
	letters map[string]*text.Template
	page    *template.Template
	ownPage bool
	memo    *sync.Map
}

// Source names a template file and says whether it is the operator's own.
type Source struct {
	Name string
	Own  bool
}

// BuiltIn returns the set that the program brings.
func BuiltIn() (Set, error) {
	set, _, err := Load(nil)
	return set, err
}

// Load parses all templates, each file from override where it has one of that
// name (nil: none), and tells which came from where. It reports every file that
// cannot be used, with its line.
func Load(override fs.FS) (Set, []Source, error) {
	names, err := fs.Glob(builtIn, "*.*")
	if err != nil {
		return Set{}, nil, fmt.Errorf("list templates: %w", err)
	}
	words := make(map[string]string, len(names))
	var sources []Source
	var errs []error
	for _, name := range names {
		content, own, err := read(override, name)
		errs = append(errs, err)
		words[name] = content
		sources = append(sources, Source{Name: name, Own: own})
	}
	errs = append(errs, strangers(override, names)...)
	set, err := parse(words)
	set.ownPage = slices.Contains(sources, Source{Name: Page, Own: true})
	return set, sources, errors.Join(append(errs, err)...)
}

func read(override fs.FS, name string) (content string, own bool, err error) {
	if override != nil {
		b, err := fs.ReadFile(override, name)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return string(b), true, err
		}
	}
	b, err := fs.ReadFile(builtIn, name)
	return string(b), false, err
}

// strangers refuses files that replace nothing: a mistyped name would else be
// ignored in silence.
func strangers(override fs.FS, names []string) (errs []error) {
	if override == nil {
		return nil
	}
	for _, pattern := range []string{"*.txt", "*.html"} {
		own, err := fs.Glob(override, pattern)
		if err != nil {
			errs = append(errs, fmt.Errorf("list own templates: %w", err))
		}
		for _, name := range own {
			if !slices.Contains(names, name) {
				errs = append(errs, fmt.Errorf("%s replaces no template; there are %s", name, strings.Join(names, ", ")))
			}
		}
	}
	return errs
}

func parse(words map[string]string) (Set, error) {
	set := Set{letters: map[string]*text.Template{}, memo: new(sync.Map)}
	var errs []error
	shared := text.New("").Funcs(functions).Option("missingkey=error")
	names := slices.Sorted(maps.Keys(words))
	for _, name := range names {
		if strings.HasPrefix(name, "_") {
			_, err := shared.New(name).Parse(words[name])
			errs = append(errs, err)
		}
	}
	for _, name := range names {
		if strings.HasPrefix(name, "_") || path.Ext(name) != ".txt" {
			continue
		}
		letter, err := text.Must(shared.Clone()).New(name).Parse(words[name])
		errs = append(errs, err)
		set.letters[strings.TrimSuffix(name, ".txt")] = letter
	}
	page, err := template.New(Page).Option("missingkey=error").Parse(words[Page])
	set.page = page
	return set, errors.Join(append(errs, err)...)
}

// Letter returns the template of a kind of letter.
func (s Set) Letter(kind string) (*text.Template, error) {
	t, ok := s.letters[kind]
	if !ok {
		return nil, fmt.Errorf("find template %s.txt: %w", kind, fs.ErrNotExist)
	}
	return t, nil
}

// Page returns the template that shows a letter as HTML.
func (s Set) Page() *template.Template { return s.page }

// OwnPage says that the page is the operator's own.
func (s Set) OwnPage() bool { return s.ownPage }

// Memo is room for what a printer works out once about the templates of this
// set. It is safe for use by several goroutines.
func (s Set) Memo() *sync.Map { return s.memo }

// functions say numbers; there is nothing else that a template may call.
var functions = text.FuncMap{
	"count": count,
	"spell": spell,
	"Spell": func(n int, one, many string) string { return upperFirst(spell(n, one, many)) },
}

// count says "1 topic", "8 topics".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

var numbers = []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}

// spell says "one topic", "eight topics", and digits above ten.
func spell(n int, one, many string) string {
	said := count(n, one, many)
	if n < 0 || n >= len(numbers) {
		return said
	}
	_, noun, _ := strings.Cut(said, " ")
	return numbers[n] + " " + noun
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
