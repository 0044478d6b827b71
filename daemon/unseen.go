package daemon

import (
	"context"
	"time"

	"minuted/agenda"
)

// seat is a reader of a call's agendas.
type seat struct{ call, person string }

// standIn lets the final agenda of a call stand in for a preview that came too
// late to be sent: it is then the first that its reader sees of the call, brings
// the invitation, and says what else the preview was to say. Both are due in one
// pass, since a preview is of use until the final agenda is due. The records
// know nothing of it, so that a rebuild gives the same ones.
func (t *team) standIn(orders []agenda.Order, now time.Time) {
	for i := range orders {
		o := &orders[i]
		at := seat{o.Call, o.Person}
		switch {
		case t.silent:
		case (o.Kind == agenda.AgendaPreview || o.Kind == agenda.EmptyAgenda) && !now.Before(o.Until):
			t.unseen[at] = *o
		case o.Kind == agenda.AgendaFinal:
			preview, unseen := t.unseen[at]
			if !unseen {
				continue
			}
			delete(t.unseen, at)
			o.Unseen = true
			if o.Invite == "" {
				o.Invite = preview.Invite
			}
			if len(o.Unreached) == 0 {
				o.Unreached = preview.Unreached
			}
		}
	}
}

// countLetters tells notices what was sent since the last one. It is known to
// Redis only, and left out where that does not answer or in a rebuild.
func (t *team) countLetters(ctx context.Context, orders []agenda.Order) {
	for _, o := range orders {
		if o.Trouble == nil || o.Trouble.Since == nil || t.silent {
			continue
		}
		sent, waiting, err := t.records.SinceNotice(ctx)
		if err != nil {
			t.log.Warn("a notice goes without its count of letters", "why", err)
			continue
		}
		o.Trouble.Since.Letters = &agenda.Letters{Sent: sent, Waiting: waiting, Pass: t.longest}
		t.longest = 0
	}
}
