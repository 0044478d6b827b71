package minutes

import "strings"

// columnKind is what a column of a table holds.
type columnKind int

const (
	noColumn columnKind = iota
	actionColumn
	ownerColumn
	dueColumn
	stateColumn
	decisionColumn
	nameColumn
	presentColumn
	topicColumn
)

var columns = map[string]columnKind{
	"action": actionColumn, "actions": actionColumn, "action item": actionColumn, "action items": actionColumn, "task": actionColumn, "tasks": actionColumn,
	"todo": actionColumn, "to do": actionColumn, "what": actionColumn, "next step": actionColumn, "next steps": actionColumn, "action required": actionColumn,
	"action point": actionColumn, "action points": actionColumn, "ai": actionColumn, "follow up": actionColumn, "description": actionColumn,
	"aufgabe": actionColumn, "aufgaben": actionColumn, "maßnahme": actionColumn, "was": actionColumn, "tâche": actionColumn, "acción": actionColumn,
	"tarea": actionColumn, "aktion": actionColumn, "azione": actionColumn, "ação": actionColumn, "actie": actionColumn, "quoi": actionColumn, "qué": actionColumn,
	"owner": ownerColumn, "owners": ownerColumn, "who": ownerColumn, "assignee": ownerColumn, "assignees": ownerColumn, "assigned": ownerColumn,
	"assigned to": ownerColumn, "responsible": ownerColumn, "responsible person": ownerColumn, "responsibility": ownerColumn, "dri": ownerColumn, "lead": ownerColumn,
	"person": ownerColumn, "by whom": ownerColumn, "action owner": ownerColumn, "person responsible": ownerColumn, "wer": ownerColumn, "verantwortlich": ownerColumn,
	"zuständig": ownerColumn, "responsable": ownerColumn, "qui": ownerColumn, "quién": ownerColumn, "responsabile": ownerColumn, "chi": ownerColumn,
	"responsável": ownerColumn, "wie": ownerColumn, "verantwoordelijke": ownerColumn, "assignee s": ownerColumn, "owner s": ownerColumn,
	"due": dueColumn, "due date": dueColumn, "deadline": dueColumn, "when": dueColumn, "by when": dueColumn, "target": dueColumn, "target date": dueColumn,
	"eta": dueColumn, "date due": dueColumn, "due by": dueColumn, "termin": dueColumn, "frist": dueColumn, "bis": dueColumn, "bis wann": dueColumn, "wann": dueColumn,
	"fällig": dueColumn, "échéance": dueColumn, "délai": dueColumn, "quand": dueColumn, "fecha límite": dueColumn, "plazo": dueColumn, "cuándo": dueColumn,
	"scadenza": dueColumn, "prazo": dueColumn, "wanneer": dueColumn, "completion date": dueColumn, "timeline": dueColumn, "fecha": dueColumn,
	"status": stateColumn, "state": stateColumn, "done": stateColumn, "progress": stateColumn, "complete": stateColumn, "completed": stateColumn,
	"stand": stateColumn, "erledigt": stateColumn, "statut": stateColumn, "état": stateColumn, "estado": stateColumn, "stato": stateColumn,
	"decision": decisionColumn, "decisions": decisionColumn, "outcome": decisionColumn, "resolution": decisionColumn, "beschluss": decisionColumn,
	"name": nameColumn, "names": nameColumn, "attendee": nameColumn, "attendees": nameColumn, "participant": nameColumn, "participants": nameColumn,
	"member": nameColumn, "representative": nameColumn, "full name": nameColumn, "present": presentColumn, "attended": presentColumn, "attendance": presentColumn,
	"here": presentColumn, "topic": topicColumn, "item": topicColumn, "discussion points": topicColumn, "agenda item": topicColumn, "subject": topicColumn,
	"thema": topicColumn, "sujet": topicColumn, "tema": topicColumn,
}

// column is the kind of a column by its title. Of "Actions: Responsible/None"
// the words before the colon decide.
func column(title string) columnKind {
	if k := columns[phrase(title)]; k != noColumn {
		return k
	}
	head, _, _ := strings.Cut(title, ":")
	return columns[phrase(unbracketed(head))]
}

// grid is a table that was read: a header, if it has one, and rows with their lines.
type grid struct {
	kinds []columnKind
	rows  []gridRow
}

type gridRow struct {
	line  int
	cells []string
}

// read makes a grid of the rows of a table node. Confluence marks headers with
// double pipes; markdown has a line of dashes below them.
func readGrid(n *node) grid {
	g := grid{}
	for _, r := range n.table {
		if isDelimiter(r.text) || strings.HasPrefix(r.text, "+-") || strings.HasPrefix(r.text, "+=") {
			continue
		}
		cells := splitCells(r.text)
		if g.kinds == nil && len(g.rows) == 0 {
			kinds := make([]columnKind, len(cells))
			known := 0
			for i, c := range cells {
				if kinds[i] = column(plain(c)); kinds[i] != noColumn {
					known++
				}
			}
			if known > 0 {
				g.kinds = kinds
				continue
			}
		}
		g.rows = append(g.rows, gridRow{r.n, cells})
	}
	return g
}

// splitCells cuts a row at its pipes, but not at escaped ones.
func splitCells(s string) []string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "||", "|")
	s = strings.TrimSuffix(strings.TrimPrefix(s, "|"), "|")
	parts := strings.Split(strings.ReplaceAll(s, `\|`, "\x00"), "|")
	for i, p := range parts {
		parts[i] = strings.TrimSpace(strings.ReplaceAll(p, "\x00", "|"))
	}
	return parts
}

func (g grid) has(k columnKind) bool { return g.at(k) >= 0 }

func (g grid) at(k columnKind) int {
	for i, have := range g.kinds {
		if have == k {
			return i
		}
	}
	return -1
}

func (r gridRow) cell(i int) string {
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return r.cells[i]
}

// tabled reads a table: of actions, of decisions, or of notes.
func (r *reader) tabled(n *node, c ctx) {
	g := readGrid(n)
	owned := g.has(ownerColumn) || g.has(dueColumn) || g.has(stateColumn)
	action := g.at(actionColumn)
	listed := action >= 0 && (owned || c.kind == actions || c.kind == open || startsAction(n, action))
	if action < 0 && (c.kind == actions || c.kind == open) && g.kinds != nil {
		action, listed = widest(g), true
	}
	if g.kinds == nil && c.kind == actions && len(g.rows) > 0 {
		action, listed = widest(g), true
	}
	for _, row := range g.rows {
		if listed && c.kind != rules {
			r.actionRow(n, g, row, action, c)
		}
		if at := g.at(decisionColumn); at >= 0 && plain(row.cell(at)) != "" && !isNothing(plain(row.cell(at))) {
			r.decided(row.line, row.cell(at), c)
		}
	}
}

// startsAction reports whether the title of a column itself says "action", so
// that it needs no owner column beside it.
func startsAction(n *node, at int) bool {
	cells := splitCells(n.table[0].text)
	return at < len(cells) && strings.HasPrefix(phrase(cells[at]), "action")
}

// widest is the column with the most text that is no owner or date.
func widest(g grid) int {
	best, most := -1, -1
	for i := range g.rows[0].cells {
		if i < len(g.kinds) && g.kinds[i] != noColumn && g.kinds[i] != topicColumn && g.kinds[i] != nameColumn {
			continue
		}
		sum := 0
		for _, row := range g.rows {
			sum += len(row.cell(i))
		}
		if sum > most {
			best, most = i, sum
		}
	}
	return best
}

// actionRow reads the actions of one row: one, or those of a list in the cell.
func (r *reader) actionRow(n *node, g grid, row gridRow, at int, c ctx) {
	for _, text := range cellLines(row.cell(at)) {
		item := &node{row: r.rowOf(row.line), end: row.line}
		item.text = strings.TrimSpace(text)
		item.unbox()
		if why := r.refuse(item.text, mark{}, c); why != "" {
			if item.text != "" {
				r.say(row.line, "not an action", why)
			}
			continue
		}
		m, ok := markerIn(item.text)
		if ok && m.word <= isShort {
			text = m.rest
		} else {
			m, text = mark{}, item.text
		}
		a := r.action(item, text, m)
		a.cellFields(g, row, r.people)
		r.keep(item, a, c)
	}
}

// cellFields takes owner, due and state from their columns.
func (a *Action) cellFields(g grid, row gridRow, known roster) {
	if owners := plain(row.cell(g.at(ownerColumn))); owners != "" {
		a.Owners = []string{}
		for _, name := range splitNames(owners) {
			if !isNothing(name) {
				a.own(name)
			}
		}
	}
	if due := plain(row.cell(g.at(dueColumn))); due != "" && !isNothing(due) {
		a.DueText = &due
	}
	state := row.cell(g.at(stateColumn))
	if _, ok := tickOf(state); ok {
		a.Done = true
		return
	}
	state = phrase(plain(state))
	first, _, _ := strings.Cut(state, " ")
	a.Done = a.Done || states[state] || states[first] || g.at(stateColumn) >= 0 && (state == "yes" || state == "x" || state == "ja" || state == "oui")
}

// cellLines are the lines of a cell: the items of an HTML list, or what stands
// between line breaks.
func cellLines(s string) []string {
	if !strings.Contains(s, "<") {
		return []string{plainCell(s)}
	}
	for _, tag := range [...]string{"<li>", "<br>", "<br/>", "<br />", "</p>", "<p>"} {
		s = strings.ReplaceAll(s, tag, "\n")
	}
	var out []string
	for _, line := range strings.Split(s, "\n") {
		if line = strings.TrimSpace(strings.TrimLeft(plainCell(line), "-•* ")); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// plainCell drops HTML from a cell and leaves its markdown.
func plainCell(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] == '<' {
			if n := tagWidth(s[i:]); n > 0 {
				i += n
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return strings.TrimSpace(b.String())
}

func (r *reader) rowOf(line int) row { return row{n: line, shape: cells} }

// table adds the people of an attendance table.
func (all *roll) table(n *node) {
	g := readGrid(n)
	at := max(0, g.at(nameColumn))
	for _, row := range g.rows {
		name, ok := person(plain(row.cell(at)))
		if !ok {
			continue
		}
		if here := g.at(presentColumn); here >= 0 && here != at {
			mark := strings.ToLower(plain(row.cell(here)))
			if mark == "" || mark == "no" || mark == "-" || strings.HasPrefix(mark, "abs") || strings.HasPrefix(mark, "[ ]") {
				all.absent = merge(all.absent, []string{name})
				continue
			}
		}
		all.present = merge(all.present, []string{name})
	}
}
