package daemon

import (
	"context"
	"fmt"

	"minuted/agenda"
	"minuted/parser"
	"minuted/parser/authres"
)

// recentMails is how many mails of the mailbox show whether its provider always
// writes its findings, and enoughMails how few show nothing yet.
const (
	recentMails = 200
	enoughMails = 20
)

// checkTrust compares the profile of the configuration with what the provider
// wrote into the last mails. Where none is set it proposes the one that fits.
func (t *team) checkTrust(ctx context.Context) Finding {
	f := Finding{Team: t.agenda.Slug, What: "trust"}
	mails, err := t.recentFields(ctx)
	if err != nil {
		f.Text = err.Error()
		return f
	}
	if set := t.agenda.Trust.Provider(); set.Headers > 0 {
		f.Good, f.Text = holds(mails, set)
		return f
	}
	f.Good, f.Text = true, proposal(mails)
	return f
}

// recentFields are the headers of the last mails that came from elsewhere:
// what operators and the daemon put into the mailbox passed no server.
func (t *team) recentFields(ctx context.Context) ([][]authres.Field, error) {
	headers, err := t.mailbox.Recent(ctx, recentMails)
	if err != nil {
		return nil, err
	}
	var mails [][]authres.Field
	for _, raw := range headers {
		m := parser.Parse(raw, parser.Options{Own: []string{t.agenda.Address}})
		if !t.agenda.FromItself(m) {
			mails = append(mails, agenda.Fields(m.Header))
		}
	}
	return mails[max(0, len(mails)-recentMails):], nil
}

// holds says whether a profile that is believed holds for every mail.
func holds(mails [][]authres.Field, p authres.Profile) (bool, string) {
	n := authres.Fits(mails, p)
	switch {
	case len(mails) < enoughMails:
		return true, fmt.Sprintf("profile %s is set; there are %d mails, too few to see whether it holds", p.Name, len(mails))
	case n < len(mails):
		return false, fmt.Sprintf("profile %s fits %d of the last %d mails only: where it is silent a forged header could stand. Remove trust.profile; tokens and questions prove senders then", p.Name, n, len(mails))
	}
	return true, fmt.Sprintf("profile %s fits the last %d mails, all of them", p.Name, n)
}

func proposal(mails [][]authres.Field) string {
	const without = "tokens and questions prove who wrote a command"
	p, why := authres.Propose(mails)
	switch {
	case !p.Always:
		return fmt.Sprintf("%s; no profile can be proposed: %s", without, why)
	case p.Own():
		return fmt.Sprintf("%s. To spare the questions, if %s is the name of your own server, set trust: {profile: own, authserv_id: %s}: %s", without, p.ID, p.ID, why)
	}
	return fmt.Sprintf("%s. To spare the questions set trust: {profile: %s}: %s", without, p.Name, why)
}
