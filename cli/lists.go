package cli

import (
	"cmp"
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"minuted/agenda"
)

// row is one line of a list: its columns for people and for CSV, and the record for JSON.
type row struct {
	columns []string
	record  any
}

// list prints rows as a table, CSV, or one JSON object a line.
type list struct{ json, csv *bool }

func listFlags(flags *flag.FlagSet) list {
	return list{flags.Bool("json", false, "one JSON object a line"), flags.Bool("csv", false, "comma-separated, with a heading")}
}

func (l list) print(s Streams, heading []string, rows []row) error {
	switch {
	case *l.json:
		return printRecords(s, rows)
	case *l.csv:
		return printCSV(s, heading, rows)
	}
	return printTable(s, heading, rows)
}

func printRecords(s Streams, rows []row) error {
	for _, r := range rows {
		if err := printJSON(s.Out, r.record); err != nil {
			return err
		}
	}
	return nil
}

// printCSV guards the cells that a spreadsheet would run as a formula: what
// stands in them came by mail.
func printCSV(s Streams, heading []string, rows []row) error {
	out := csv.NewWriter(s.Out)
	out.Write(heading) // Flush tells
	for _, r := range rows {
		cells := slices.Clone(r.columns)
		for i, cell := range cells {
			if strings.IndexAny(strings.TrimSpace(cell), "=+-@") == 0 {
				cells[i] = "'" + cell
			}
		}
		out.Write(cells)
	}
	out.Flush()
	return out.Error()
}

func printTable(s Streams, heading []string, rows []row) error {
	if len(rows) == 0 {
		fmt.Fprintln(s.Err, "minuted: nothing to list")
		return nil
	}
	out := tabwriter.NewWriter(s.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(out, strings.ToUpper(strings.Join(heading, "\t")))
	for _, r := range rows {
		fmt.Fprintln(out, strings.Join(r.columns, "\t"))
	}
	return out.Flush()
}

func itemsCommand(flags *flag.FlagSet) run {
	target, list := targetFlags(flags), listFlags(flags)
	all := flags.Bool("all", false, "also those that are over")
	return func(ctx context.Context, s Streams, args []string) error {
		return target.look(ctx, s, func(book *agenda.Book) error {
			items := book.Items()
			if *all {
				items = book.AllItems()
			}
			var rows []row
			for _, it := range items {
				rows = append(rows, row{[]string{
					fmt.Sprintf("T-%d", it.ID), stateOf(it), it.Area, it.Submitter, it.Filed.Format(time.DateOnly), it.Title,
				}, it})
			}
			return list.print(s, []string{"id", "state", "area", "from", "filed", "title"}, rows)
		})
	}
}

func stateOf(it agenda.Item) string {
	if it.Pinned {
		return "pinned"
	}
	return string(it.State)
}

func actionsCommand(flags *flag.FlagSet) run {
	target, list := targetFlags(flags), listFlags(flags)
	owner := flags.String("owner", "", "only those of one owner, by `HANDLE` or name; nobody: without owner")
	all := flags.Bool("all", false, "also those that are closed")
	return func(ctx context.Context, s Streams, args []string) error {
		return target.look(ctx, s, func(book *agenda.Book) error {
			actions := book.Actions()
			if *all {
				actions = book.AllActions()
			}
			var rows []row
			for _, a := range actions {
				if !owns(book, a, *owner) {
					continue
				}
				rows = append(rows, row{[]string{
					fmt.Sprintf("A-%d", a.ID), strings.TrimSuffix(string(a.State), "-action"), string(a.Due),
					cmp.Or(strings.Join(ownersOf(book, a), ", "), "nobody"), a.Opened.Format(time.DateOnly), a.Text,
				}, a})
			}
			return list.print(s, []string{"id", "state", "due", "owner", "opened", "text"}, rows)
		})
	}
}

// owns says whether an action is of the owner that was asked for; all are of nobody in particular.
func owns(book *agenda.Book, a agenda.Action, owner string) bool {
	owner = strings.TrimPrefix(owner, "@")
	if owner == "" {
		return true
	}
	names := append(slices.Clone(a.Owners), ownersOf(book, a)...)
	if len(names) == 0 {
		return strings.EqualFold(owner, "nobody")
	}
	return slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, owner) })
}

// agendaCommand shows what stands on the next agenda.
func agendaCommand(flags *flag.FlagSet) run {
	target, list := targetFlags(flags), listFlags(flags)
	return func(ctx context.Context, s Streams, args []string) error {
		return target.look(ctx, s, func(book *agenda.Book) error {
			call, ok := book.NextCall(time.Now())
			if !ok {
				return fmt.Errorf("there is no call in the coming weeks")
			}
			plan := book.Plan(call.ID)
			if !*list.json && !*list.csv {
				fmt.Fprintf(s.Err, "minuted: next call %s, %d minutes planned of %d\n",
					call.Start.In(book.Team().Zone).Format("Mon 2 Jan 2006 15:04 MST"), plan.Minutes, int(call.Length.Minutes()))
			}
			return list.print(s, []string{"section", "id", "minutes", "title"}, planRows(plan))
		})
	}
}

// planned are the minutes that somebody asked for, if anybody did.
func planned(it agenda.Item) string {
	if it.Minutes == 0 {
		return ""
	}
	return fmt.Sprint(it.Minutes)
}

func planRows(plan agenda.Plan) []row {
	var rows []row
	for _, section := range []struct {
		name  string
		items []agenda.Item
	}{{"pinned", plan.Pinned}, {"carried over", plan.Carried}, {"new", plan.New}, {"waits", plan.Waiting}} {
		for _, it := range section.items {
			rows = append(rows, row{[]string{section.name, fmt.Sprintf("T-%d", it.ID), planned(it), it.Title}, it})
		}
	}
	for _, a := range plan.Stuck {
		rows = append(rows, row{[]string{"stuck", fmt.Sprintf("A-%d", a.ID), "", a.Text}, a})
	}
	return rows
}
