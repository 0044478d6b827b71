package digest

import "slices"

// A letter is composed as one list of blocks, which is printed twice. So text
// and HTML have the same words in the same order.

// block is one piece of a letter.
type block struct {
	Kind    string // opening, heading, panel, paragraph, entry, answers, facts, bars, code, foot
	ID      string // of an entry
	Tick    bool   // the entry can be ticked
	Tight   bool   // the entry stands close to its neighbour
	Head    line
	Quiet   line // the rest of a heading
	Quote   line // somebody's line that the entry is about
	Notes   []line
	Answers []answer
	Buttons bool
	Rows    []row
	Inner   []block // of a panel
}

// line is text that may be wrapped anywhere between its words.
type line []span

// span is a run of text of one kind: id, auto, link, answer, or plain text where
// it has none. Words in which right-to-left text occurs are auto.
type span struct {
	Kind string
	Text string
	Href string
}

// row is a fact, or a bar of a length.
type row struct {
	Label, Value line
	Length       int
	Percent      int
}

// shortLabel and longLabel are in bytes.
const (
	shortLabel = 14
	longLabel  = 18
)

// Short says that the label need not be broken, even on a phone set to large type.
func (r row) Short() bool { return r.Label.size() <= shortLabel }

// answer is a ready answer: its label is the command.
type answer struct {
	Label string
	Href  string
}

// Long says that the label may have to be broken, on a phone set to large type.
func (a answer) Long() bool { return len(a.Label) > longLabel }

// scale gives the longest bar the full width, and the shortest enough to be seen.
func scale(rows []row) {
	longest := 1
	for _, r := range rows {
		longest = max(longest, r.Length)
	}
	for i := range rows {
		rows[i].Percent = max(4, rows[i].Length*100/longest)
	}
}

// tighten moves entries together where each is one short line.
func tighten(blocks []block) {
	for i := 0; i < len(blocks); i++ {
		end, short := i, true
		for ; end < len(blocks) && blocks[end].Kind == "entry"; end++ {
			short = short && blocks[end].short()
		}
		for ; i < end; i++ {
			blocks[i].Tight = short
		}
	}
}

// shortLine is how many bytes surely fit a line behind an id.
const shortLine = 56

func (b block) short() bool {
	return b.Kind == "entry" && len(b.Notes) == 0 && len(b.Answers) == 0 && b.Quote == nil && len(b.Head.String()) <= shortLine
}

// shown returns the ids of the entries, in order: what an answer may be about.
func shown(blocks []block) (list []string) {
	for _, b := range blocks {
		if b.ID != "" && !slices.Contains(list, b.ID) {
			list = append(list, b.ID)
		}
		for _, id := range shown(b.Inner) {
			if !slices.Contains(list, id) {
				list = append(list, id)
			}
		}
	}
	return list
}
