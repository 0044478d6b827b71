package digest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A letter is opened in Chromium as many readers would see it, and measured
// there. With MINUTED_PICTURES=FOLDER a picture of each way goes there, to look at.

// way is one way to look at a letter.
type way struct {
	Name  string
	Width int
	Dark  bool
	Page  string
	alter func(page string) string
}

var ways = []way{
	{Name: "phone", Width: 360},
	{Name: "phone-dark", Width: 360, Dark: true},
	{Name: "phone-unstyled", Width: 360, alter: withoutStyle},
	{Name: "phone-large", Width: 360, alter: twiceTheSize},
	{Name: "phone-word", Width: 360, alter: asWordShowsIt},
	{Name: "desk", Width: 800},
	{Name: "desk-dark", Width: 800, Dark: true},
	{Name: "paper", Width: paper, Dark: true, alter: onPaper},
}

// paper is the width of A4 within margins of a centimetre, in CSS pixels.
const paper = 718

var (
	styleBlock = regexp.MustCompile(`(?s)<style>.*?</style>`)
	pixels     = regexp.MustCompile(`(font-size|line-height):([0-9]+)px`)
	notInWord  = regexp.MustCompile(`max-width:[^;"]+;?|border-radius:[^;"]+;?|display:inline-block;?`)
)

// withoutStyle drops the style block, as Gmail does for accounts of others.
func withoutStyle(page string) string { return styleBlock.ReplaceAllString(page, "") }

// twiceTheSize doubles all text, as a phone set to large type does.
func twiceTheSize(page string) string {
	return pixels.ReplaceAllStringFunc(page, func(s string) string {
		m := pixels.FindStringSubmatch(s)
		n, _ := strconv.Atoi(m[2]) // the pattern matches digits
		return fmt.Sprintf("%s:%dpx", m[1], 2*n)
	})
}

// asWordShowsIt drops what Word's engine, and Outlook for Windows with it, does not know.
func asWordShowsIt(page string) string { return notInWord.ReplaceAllString(page, "") }

// onPaper shows what a printer gets: the rules for print count, those for
// screens do not, dark or not.
func onPaper(page string) string {
	return strings.NewReplacer("@media print", "@media all", "@media screen and", "@media print and").Replace(page)
}

// seen is what the browser measured of a letter in one way.
type seen struct {
	Way      string
	Sideways int // pixels that it scrolls sideways
	Cut      []string
	Faint    []string // text with less contrast than 4.5, with it
	Small    []string // links that are less than 44 high, with their height
	Words    string   // in the order of a screen reader
}

//go:embed testdata/measure.html
var measurePage string

func TestLettersInABrowser(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		if strings.Contains(os.Getenv("MINUTED_REQUIRE"), "chromium") {
			t.Fatal("chromium is missing: apt-get install chromium")
		}
		t.Skip("chromium is not on this machine; MINUTED_REQUIRE=chromium makes that a failure")
	}
	for _, name := range []string{"usual", "crowded"} {
		var pages []page
		for _, kind := range Kinds() {
			if w, ok := letter(t, name, kind); ok {
				pages = append(pages, page{Name: name + "-" + string(kind), Ways: waysOf(w.html), letter: w})
			}
		}
		look(t, browser, pages)
	}
	for pages := range slices.Chunk(keptLetters(t), 25) {
		look(t, browser, pages)
	}
}

// look measures letters, and draws them where pictures are wanted.
func look(t *testing.T, browser string, pages []page) {
	t.Helper()
	for i, list := range measure(t, browser, pages) {
		for _, s := range list {
			t.Run(pages[i].Name+"/"+s.Way, func(t *testing.T) { s.check(t, pages[i].letter) })
		}
	}
	if folder := os.Getenv("MINUTED_PICTURES"); folder != "" {
		for _, p := range pages {
			draw(t, browser, p, folder)
		}
	}
}

// keptLetters are those that the stories of package daemon left in the folder
// MINUTED_LETTERS, if there is one.
func keptLetters(t *testing.T) (pages []page) {
	t.Helper()
	folder := os.Getenv("MINUTED_LETTERS")
	if folder == "" {
		return nil
	}
	files, err := filepath.Glob(filepath.Join(folder, "*", "*.eml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no letters in %s: %v", folder, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		w := readBack(t, Letter{Bytes: raw})
		name := filepath.Base(filepath.Dir(file)) + "-" + strings.TrimSuffix(filepath.Base(file), ".eml")
		pages = append(pages, page{Name: name, Ways: waysOf(w.html), letter: w})
	}
	return pages
}

// page is a letter in all its ways.
type page struct {
	Name   string
	Ways   []way
	letter written
}

func waysOf(html string) (list []way) {
	for _, w := range ways {
		w.Page = html
		if w.alter != nil {
			w.Page = w.alter(html)
		}
		list = append(list, w)
	}
	return list
}

func (s seen) check(t *testing.T, w written) {
	if s.Sideways > 0 {
		t.Errorf("it scrolls sideways by %d pixels", s.Sideways)
	}
	for _, cut := range s.Cut {
		t.Errorf("cut: %s", cut)
	}
	for _, faint := range s.Faint {
		t.Errorf("hard to read: %s", faint)
	}
	if s.Way == "phone" || s.Way == "phone-dark" {
		for _, small := range s.Small {
			t.Errorf("hard to hit: %s", small)
		}
	}
	if got, want := textSigns.Replace(textWords(s.Words)), textSigns.Replace(textWords(w.text)); got != want {
		t.Errorf("a screen reader says %q, the text %q", got, want)
	}
}

// measure opens letters in all ways at once.
func measure(t *testing.T, browser string, pages []page) [][]seen {
	t.Helper()
	dom := run(t, browser, "--dump-dom", sheet(t, pages))
	_, found, _ := strings.Cut(dom, `<pre id="seen">`)
	found, _, _ = strings.Cut(found, "</pre>")
	var list [][]seen
	if err := json.Unmarshal([]byte(unescape.Replace(found)), &list); err != nil {
		t.Fatalf("read what the browser measured: %v\n%s", err, found)
	}
	return list
}

// sheet writes a document that shows letters side by side, and returns its address.
func sheet(t *testing.T, pages []page) string {
	t.Helper()
	var out strings.Builder
	if err := template.Must(template.New("measure").Parse(measurePage)).Execute(&out, pages); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "sheet.html")
	if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return "file://" + file
}

// tallest is the most that the browser draws of a letter.
const tallest = 4000

// draw puts a picture of a letter, in all ways side by side, into a folder.
func draw(t *testing.T, browser string, p page, folder string) {
	t.Helper()
	picture, err := filepath.Abs(filepath.Join(folder, p.Name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	run(t, browser, "--screenshot="+picture, fmt.Sprintf("--window-size=%d,%d", sheetWidth(), tallest), sheet(t, []page{p}))
}

var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

func sheetWidth() (width int) {
	for _, w := range ways {
		width += w.Width + 24
	}
	return width + 24
}

func run(t *testing.T, browser string, args ...string) string {
	t.Helper()
	args = append([]string{"--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--user-data-dir=" + t.TempDir(), "--virtual-time-budget=60000"}, args...)
	out, err := exec.CommandContext(t.Context(), browser, args...).Output()
	if err != nil {
		t.Fatalf("run %s: %v", browser, err)
	}
	return string(out)
}
