package daemon

import (
	"context"
	"fmt"
	"strings"

	"minuted/daemon/mailbox"
	"minuted/digest"
)

// Finding is one thing that was looked at before the work begins.
type Finding struct {
	Team string // empty: of all teams
	What string // "redis", "mailbox", "smtp", "trust", "templates"
	Good bool
	Text string // what was seen, or what is wrong and what would be right
}

// Check dials everything that the configuration names and says what it found. It changes
// nothing on any server, and sends nothing.
func (d *Daemon) Check(ctx context.Context) []Finding {
	findings := []Finding{d.checkRedis(ctx)}
	for _, t := range d.teams {
		findings = append(findings, t.checkMailbox(ctx), t.checkTrust(ctx), t.checkSMTP(ctx), t.checkArchive(ctx))
		findings = append(findings, t.checkLetters()...)
	}
	return findings
}

func (d *Daemon) checkRedis(ctx context.Context) Finding {
	f := Finding{What: "redis"}
	how, err := d.store.Durability(ctx)
	if err != nil {
		f.Text = err.Error()
		return f
	}
	f.Good = how.Kept || d.config.Redis.AcceptDataLoss
	f.Text = fmt.Sprintf("Redis %s. %s", how.Version, how.Sentence)
	return f
}

func (t *team) checkMailbox(ctx context.Context) Finding {
	f := Finding{Team: t.agenda.Slug, What: "mailbox"}
	report, err := t.mailbox.Check(ctx)
	if err != nil {
		f.Text = err.Error()
		return f
	}
	f.Good = true
	f.Text = describeMailbox(report)
	return f
}

func describeMailbox(r mailbox.Report) string {
	parts := []string{fmt.Sprintf("%s holds %d mails", r.Folder, r.Mails)}
	if r.TLS != "" {
		parts = append(parts, fmt.Sprintf("%s, certificate until %s", r.TLS, r.Certificate.Until.Format("2006-01-02")))
	}
	if !r.Idle {
		parts = append(parts, "the server has no IDLE: it is asked once a minute")
	}
	if r.Filing == "COPY" {
		parts = append(parts, "the server has neither MOVE nor UIDPLUS: handled mail is copied, and stays where it arrived")
	}
	return strings.Join(parts, "; ")
}

func (t *team) checkSMTP(ctx context.Context) Finding {
	if err := t.outbox.Check(ctx); err != nil {
		return Finding{Team: t.agenda.Slug, What: "smtp", Text: err.Error()}
	}
	return Finding{Team: t.agenda.Slug, What: "smtp", Good: true, Text: "the server lets us in"}
}

// withoutCopies is what it costs to have none.
const withoutCopies = "a letter whose end the server did not tell is sent again and may arrive twice, " +
	"and where a relay gives letters another Message-ID their answers are found by the address or the ref line alone"

// checkArchive asks whether the copies of letters would arrive.
func (t *team) checkArchive(ctx context.Context) Finding {
	f := Finding{Team: t.agenda.Slug, What: "archive", Good: true}
	to := t.agenda.Archive
	if to == "" {
		f.Text = "no copies: " + withoutCopies + "; archive: ADDRESS names one that leads to this mailbox alone"
		return f
	}
	if err := t.outbox.Accepts(ctx, t.from, to); err != nil {
		f.Good = false
		f.Text = fmt.Sprintf("%s: so %s; let the server take the address, name another one by archive, or say archive: none", err, withoutCopies)
		return f
	}
	f.Text = "a copy of each letter goes to " + to
	return f
}

// checkLetters writes a sample of each letter with the templates in use.
func (t *team) checkLetters() []Finding {
	var findings []Finding
	for _, err := range digest.Check(t.set, t.agenda, t.now()) {
		findings = append(findings, Finding{Team: t.agenda.Slug, What: "templates", Text: err.Error()})
	}
	if len(findings) > 0 {
		return findings
	}
	text := "the letters of the program"
	if len(t.own) > 0 {
		text = "your own: " + strings.Join(t.own, ", ")
	}
	return []Finding{{Team: t.agenda.Slug, What: "templates", Good: true, Text: text}}
}
