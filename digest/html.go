package digest

import "strings"

// pageView is what templates/letter.html shows.
type pageOf struct {
	Subject string
	Blocks  []block
}

// usualHTML is room for most letters at once.
const usualHTML = 32 << 10

// printHTML prints the blocks as an HTML page. Escaping is html/template's:
// nothing that came by mail is ever taken for markup.
func (d *draft) printHTML() (string, error) {
	var out strings.Builder
	out.Grow(usualHTML)
	page := pageOf{Subject: d.subject, Blocks: d.blocks}
	if d.set.OwnPage() {
		err := d.set.Page().Execute(&out, page)
		return out.String(), err
	}
	moulds, err := mouldsOf(d.set)
	if err != nil {
		return "", err
	}
	err = moulds.print(&out, page)
	return out.String(), err
}
