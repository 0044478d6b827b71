package parser

import "time"

// attachedForwards returns the mails that are attached to a mail, outermost
// first: those of one level, then what is attached to them.
func attachedForwards(root *part) []Forward {
	var list, inline []Forward
	for level := messagesIn([]*part{root}); len(level) > 0; {
		for _, inner := range level {
			f, m := readAttached(inner)
			list = append(list, f)
			nested, _ := splitForward(newProse(m.Text), m.Subject, subjectKind(m.Subject))
			inline = append(inline, nested...)
		}
		level = messagesIn(level)
	}
	return append(list, inline...)
}

// messagesIn finds the mails attached to mails, not those inside of them.
func messagesIn(mails []*part) []*part {
	var found []*part
	for _, mail := range mails {
		mail.walk(func(p *part) bool {
			if p.message == nil {
				return true
			}
			found = append(found, p.message)
			return false
		})
	}
	return found
}

// readAttached reads an attached mail as one that was forwarded.
func readAttached(root *part) (Forward, *Mail) {
	m := &Mail{}
	readHeaderFields(root.header, m)
	b := readBody(root)
	b.readText(m)
	f := Forward{
		Via: "attachment", Subject: m.Subject, From: m.From, To: m.To, Cc: m.Cc, Body: m.Text,
		DateText: root.header.Get("Date"), MessageID: m.MessageID, References: m.References,
	}
	if !m.Date.IsZero() {
		f.Date = m.Date.Format(time.RFC3339)
	}
	return f, m
}
