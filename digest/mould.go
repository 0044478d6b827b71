package digest

import (
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"minuted/templates"
)

// Pages are mostly the same from letter to letter, and html/template takes a
// third of what a letter costs. So it prints each shape of a block once, with
// marks in place of the texts. That is the mould of the shape, into which the
// texts of other blocks are poured, escaped as html/template does. A test holds
// both ways to the same bytes. A page of the operator's own is printed whole:
// it may decide by what the texts are.

// mould is what is the same in all blocks of a shape: pieces, and between them
// texts, by their place in the block.
type mould struct {
	pieces []string
	texts  []int // texts[i] stands before pieces[i+1]
}

// moulds are those of one page.
type moulds struct {
	page  *template.Template
	frame mould // the page, around its subject and its blocks
	panel mould // a panel, around its heading and its blocks
	mutex sync.RWMutex
	known map[string]mould // by shape
}

// mostMoulds is far more than the shapes that a team's letters have; who makes
// up ever new ones (titles of twenty ids) costs time, not memory.
const mostMoulds = 4096

// mouldsOf returns the moulds of the page of a set, which all its writers share.
func mouldsOf(set templates.Set) (*moulds, error) {
	if known, ok := set.Memo().Load(templates.Page); ok {
		return known.(*moulds), nil
	}
	m := &moulds{page: set.Page(), known: map[string]mould{}}
	heading, body := mark(0, 0), mark(1, 0)
	inner := block{Kind: "paragraph", Head: line{{Text: body}}}
	var page, panel, within strings.Builder
	for _, err := range []error{
		m.page.Execute(&page, pageOf{Subject: heading, Blocks: []block{inner}}),
		m.whole(&panel, &block{Kind: "panel", Head: line{{Text: heading}}, Inner: []block{inner}}),
		m.whole(&within, &inner),
	} {
		if err != nil {
			return nil, err
		}
	}
	m.frame = cast(strings.Replace(page.String(), within.String(), body, 1))
	m.panel = cast(strings.Replace(panel.String(), within.String(), body, 1))
	set.Memo().Store(templates.Page, m)
	return m, nil
}

// print prints a page.
func (m *moulds) print(out *strings.Builder, page pageOf) error {
	return m.around(m.frame, out, page.Subject, page.Blocks)
}

// around prints blocks in a mould that has a heading and blocks in it.
func (m *moulds) around(shape mould, out *strings.Builder, heading string, blocks []block) error {
	for i, piece := range shape.pieces {
		out.WriteString(piece)
		switch {
		case i == len(shape.texts):
		case shape.texts[i] == 0:
			asHTML.WriteString(out, heading)
		default:
			for j := range blocks {
				if err := m.block(out, &blocks[j]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (m *moulds) block(out *strings.Builder, b *block) error {
	if b.Kind == "panel" && len(b.Head) == 1 && b.Head[0].Kind == "" {
		return m.around(m.panel, out, b.Head[0].Text, b.Inner)
	}
	if len(b.Inner) > 0 {
		return m.whole(out, b)
	}
	shape, err := m.of(b)
	if err != nil {
		return err
	}
	if shape.pieces == nil {
		return m.whole(out, b)
	}
	var room [32]leaf
	leaves := room[:0]
	b.leaves(func(l leaf) { leaves = append(leaves, l) })
	for i, piece := range shape.pieces {
		out.WriteString(piece)
		if i < len(shape.texts) {
			leaves[shape.texts[i]].print(out)
		}
	}
	return nil
}

// whole prints a block by the template.
func (m *moulds) whole(out *strings.Builder, b *block) error {
	return m.page.ExecuteTemplate(out, "block", b)
}

// of returns the mould of a block's shape; one without pieces says that there is none.
func (m *moulds) of(b *block) (mould, error) {
	var room [256]byte
	shape := b.shape(room[:0])
	m.mutex.RLock()
	known, ok := m.known[string(shape)]
	m.mutex.RUnlock()
	if ok {
		return known, nil
	}
	made, err := m.make(b)
	if err != nil {
		return mould{}, err
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if len(m.known) >= mostMoulds {
		clear(m.known)
	}
	m.known[string(shape)] = made
	return made, nil
}

// make lets the template print a block with marks for texts.
func (m *moulds) make(b *block) (mould, error) {
	marked := b.copy()
	n := 0
	marked.leaves(func(l leaf) {
		*l.text = mark(n, l.least)
		n++
	})
	for i, r := range marked.Rows {
		if r.Short() != b.Rows[i].Short() {
			return mould{}, nil // a label of many short words
		}
	}
	var out strings.Builder
	if err := m.whole(&out, &marked); err != nil {
		return mould{}, err
	}
	return cast(out.String()), nil
}

// mark returns what stands for the n-th text, of at least so many letters. No
// page has such a thing, and no way of escaping changes it.
func mark(n, least int) string { return fmt.Sprintf("z%0*dy", max(1, least-2), n) }

var marks = regexp.MustCompile(`z([0-9]+)y`)

func cast(printed string) (m mould) {
	last := 0
	for _, at := range marks.FindAllStringSubmatchIndex(printed, -1) {
		n, _ := strconv.Atoi(printed[at[2]:at[3]])
		m.pieces, m.texts = append(m.pieces, printed[last:at[0]]), append(m.texts, n)
		last = at[1]
	}
	m.pieces = append(m.pieces, printed[last:])
	return m
}

// leaf is one text of a block.
type leaf struct {
	text  *string
	href  bool
	least int // shorter texts have another shape
}

// asHTML escapes as html/template does, in text and in quoted attributes.
var asHTML = strings.NewReplacer("\x00", "\uFFFD", `"`, "&#34;", "&", "&amp;", "'", "&#39;", "+", "&#43;", "<", "&lt;", ">", "&gt;")

// plainLink is what html/template leaves as it is in an address.
var plainLink = regexp.MustCompile(`^https?://[a-zA-Z0-9._~/?#=@:-]*$`)

var hrefPage = template.Must(template.New("").Parse(`<a href="{{.}}">`))

func (l leaf) print(out *strings.Builder) {
	if !l.href || strings.HasPrefix(*l.text, "mailto:") || plainLink.MatchString(*l.text) { // a mailto is our own, with all encoded that html/template would
		asHTML.WriteString(out, *l.text)
		return
	}
	var tag strings.Builder
	_ = hrefPage.Execute(&tag, *l.text) // a string can be printed, and a Builder written to
	out.WriteString(strings.TrimSuffix(strings.TrimPrefix(tag.String(), `<a href="`), `">`))
}

// leaves shows each text of a block but those of the blocks in it, always in the same order.
func (b *block) leaves(see func(leaf)) {
	if b.ID != "" {
		see(leaf{text: &b.ID})
	}
	b.Head.leaves(0, see)
	b.Quiet.leaves(0, see)
	b.Quote.leaves(0, see)
	for _, l := range b.Notes {
		l.leaves(0, see)
	}
	for i := range b.Answers {
		a := &b.Answers[i]
		see(leaf{text: &a.Label, least: leastOf(a.Long(), longLabel+1)})
		see(leaf{text: &a.Href, href: true})
	}
	for i := range b.Rows {
		r := &b.Rows[i]
		r.Label.leaves(leastOf(!r.Short(), shortLabel+1), see)
		r.Value.leaves(0, see)
	}
}

func leastOf(long bool, least int) int {
	if long {
		return least
	}
	return 0
}

func (l line) leaves(least int, see func(leaf)) {
	for i := range l {
		see(leaf{text: &l[i].Text, least: least})
		if l[i].Href != "" {
			see(leaf{text: &l[i].Href, href: true})
		}
		least = 0
	}
}

// shape appends what a page may look different by: all but the texts.
func (b *block) shape(to []byte) []byte {
	to = append(to, b.Kind...)
	for _, flag := range []bool{b.ID != "", b.Tick, b.Tight, b.Buttons} {
		to = strconv.AppendBool(to, flag)
	}
	to = b.Quote.shape(b.Quiet.shape(b.Head.shape(to)))
	for _, l := range b.Notes {
		to = l.shape(append(to, '\n'))
	}
	for _, a := range b.Answers {
		to = strconv.AppendBool(append(to, '>'), a.Long())
	}
	for _, r := range b.Rows {
		to = strconv.AppendBool(append(to, '|'), r.Short())
		to = r.Value.shape(r.Label.shape(strconv.AppendInt(to, int64(r.Percent), 10)))
	}
	return to
}

func (l line) shape(to []byte) []byte {
	to = append(to, '(')
	for _, s := range l {
		to = append(append(to, s.Kind...), ',')
		if s.Href != "" {
			to = append(to, '@')
		}
	}
	return append(to, ')')
}

// copy returns a block whose texts can be replaced; it holds no blocks.
func (b *block) copy() block {
	c := *b
	c.Head, c.Quiet, c.Quote = slices.Clone(b.Head), slices.Clone(b.Quiet), slices.Clone(b.Quote)
	c.Answers, c.Notes, c.Rows, c.Inner = slices.Clone(b.Answers), slices.Clone(b.Notes), slices.Clone(b.Rows), nil
	for i := range c.Notes {
		c.Notes[i] = slices.Clone(c.Notes[i])
	}
	for i := range c.Rows {
		r := &c.Rows[i]
		r.Label, r.Value = slices.Clone(r.Label), slices.Clone(r.Value)
	}
	return c
}
