package digest

import (
	"fmt"
	"strings"

	"github.com/rivo/uniseg"

	"minuted/agenda"
	"minuted/parser/when"
)

// questionView asks a member whether a mail without proof was theirs.
type questionView struct {
	basics
	Subject string
	Arrived string
	Lines   []Words
	More    int
}

func (d *draft) questionView() questionView {
	v := questionView{basics: d.basics(), Subject: d.answered(), Arrived: d.arrived()}
	if d.order.Receipt == nil {
		return v
	}
	lines := most(d, quotes(d.order.Receipt.Held), mostYours)
	if lines != nil {
		v.Lines, v.More = lines.Shown, lines.More
	}
	return v
}

func quotes(lines []string) (quoted []Words) {
	for _, line := range lines {
		quoted = append(quoted, quote(line))
	}
	return quoted
}

// nudgeView asks the last scribe for minutes that are missing.
type nudgeView struct {
	basics
	Day      string      // 30 January 2017: as minutes are headed
	Skeleton []topicView // the agenda, to be filled in
	More     int
}

func (d *draft) nudgeView() nudgeView {
	v := nudgeView{basics: d.basics()}
	call, ok := d.book.Call(d.order.Call)
	if !ok {
		return v
	}
	v.Day = when.DateOf(call.Start.In(d.reader.zone)).In(d.reader.zone).Format("2 January 2006")
	plan := d.book.Plan(d.order.Call)
	if shown := most(d, d.topicViews(plan.Listed()), mostTopics); shown != nil {
		v.Skeleton, v.More = shown.Shown, shown.More
	}
	return v
}

// noticeView tells an operator what went wrong.
type noticeView struct {
	basics
	Host     Words // empty: not known
	Code     string
	Sentence Words
	Long     bool // too long a sentence to open with
	Facts    []factView
	Remedies []Words
	Since    *sinceView
}

// sinceView is what came since the last notice.
type sinceView struct {
	Days          string // 3 days; empty: there was no notice yet, or today
	First         bool
	Read, Ignored int
	Letters       *lettersView
	Waiting       *list[string]
}

type lettersView struct {
	Sent, Waiting int
	Pass          string // 0.4 s; empty: no time at all
}

// longestOpening is what lists of mail show beside the subject, less the rest
// of the opening.
const longestOpening = 65

type factView struct{ Label, Value Words }

func (d *draft) noticeView() noticeView {
	v := noticeView{basics: d.basics()}
	if d.team.Host != "" {
		v.Host = whole(d.team.Host)
	}
	if d.order.Trouble == nil {
		return v
	}
	t := *d.order.Trouble
	v.Code, _, _ = strings.Cut(t.Code, ".")
	v.Sentence = Words(shorten(clean(t.Sentence), 2*longestWords))
	v.Long = uniseg.GraphemeClusterCount(string(v.Sentence)) > longestOpening
	v.Since = d.since(t.Since)
	for _, f := range t.Facts {
		v.Facts = append(v.Facts, factView{cut(f[0]), cut(f[1])})
	}
	for _, r := range t.Remedies {
		v.Remedies = append(v.Remedies, quote(r))
	}
	return v
}

func (d *draft) since(s *agenda.Since) *sinceView {
	if s == nil {
		return nil
	}
	var letters *lettersView
	if s.Letters != nil {
		letters = &lettersView{Sent: s.Letters.Sent, Waiting: s.Letters.Waiting}
		if s.Letters.Pass > 0 {
			letters.Pass = fmt.Sprintf("%.1f s", s.Letters.Pass.Seconds())
		}
	}
	return &sinceView{
		Days: d.reader.age(s.From), First: s.From.IsZero(), Read: s.Read, Ignored: s.Ignored, Letters: letters,
		Waiting: most(d, s.Waiting, 8),
	}
}
