package agenda

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"minuted/parser"
)

// Apply lets one mail happen, at the instant it arrived.
func (b *Book) Apply(in Incoming) Outcome {
	at := b.advance(in.Arrived)
	if _, own := b.team.marked(in.Mail); !own { // as many copies come back as letters go out: they are no news
		b.register().Noted.Read++
	}
	b.before = map[string][]byte{}
	out := b.take(in, at)
	b.before = nil
	if out.Did == "ignored" {
		b.countIgnored(out.Detail)
	}
	out.At = at
	b.tellUnreached(out.Orders)
	out.Folder = cmp.Or(out.Folder, Handled)
	return out
}

// countIgnored counts a mail that changed nothing by what stands before the colon.
func (b *Book) countIgnored(detail string) {
	r := b.register() // advance has touched it
	if r.Ignored == nil {
		r.Ignored = map[string]int{}
	}
	reason, _, _ := strings.Cut(detail, ":")
	r.Ignored[reason]++
	r.Noted.Ignored++
}

// take asks the questions of DESIGN chapter 4 in their order.
func (b *Book) take(in Incoming, at time.Time) Outcome {
	m := in.Mail
	if in.Failed != "" || m.Limit != nil {
		return b.quarantine(in, at)
	}
	if letter, ok := b.team.marked(m); ok {
		return b.ownLetter(m, letter, at)
	}
	if b.team.Begins(m) {
		return Outcome{Did: "beginning"}
	}
	r := b.newRequest(in, at)
	switch {
	case m.Bounce != nil && !r.who.operator: // also the ones that the daemon writes itself, of letters that its server refused
		return b.bounced(m, at)
	case !r.who.operator && b.team.FromItself(m):
		return Outcome{Did: "ignored", Detail: "from the team's own address, but no letter of ours"}
	case r.who.operator:
		return b.operated(r)
	case m.Calendar != nil:
		return b.attendance(r)
	case m.Automatic:
		return b.automatic(r)
	case r.commands() != nil && m.Kind == parser.CommandKind && r.who.handle != "":
		return b.commanded(r)
	case m.Kind == parser.MinutesKind && m.Minutes != nil && r.who.handle != "":
		return b.minutesMail(r)
	}
	if letter, ok := r.onlyAnswers(); ok {
		r.strangeTicks()
		return r.finish(Outcome{Did: "ignored", Detail: "an answer without a command: to " + letter})
	}
	if m.Pasted && len(m.Tags) == 0 && b.itemOf(m, r.who.card, at) == nil {
		return Outcome{Did: "ignored", Detail: "a letter of ours repeated, without a command or a tag"}
	}
	return r.finish(b.file(r))
}

// onlyAnswers says whether a member's mail is no more than words in answer to a
// letter of ours, their own or somebody else's, and belongs to no topic. Some
// programs write no In-Reply-To, and none does for a ready answer: there the
// address alone says which letter is answered.
func (r *request) onlyAnswers() (letter string, ok bool) {
	m, card := r.mail, r.who.card
	words := m.Kind == parser.FollowUp || m.Kind == parser.Untagged || m.Kind == parser.CommandKind // boxes that do not count
	if r.who.handle == "" || !words || r.b.itemOf(m, card, r.at) != nil {
		return "", false
	}
	if card != nil {
		return card.Letter, true
	}
	return "somebody else, or too old", r.b.answersOurs(m)
}

// FromItself says whether the mail claims to come from the shared mailbox.
func (t Team) FromItself(m parser.Mail) bool {
	if m.From == nil {
		return false
	}
	local, domain, _ := strings.Cut(m.From.Address, "@")
	local, _, _ = strings.Cut(local, "+")
	return strings.EqualFold(local+"@"+domain, t.Address)
}

// operated takes a mail of the command line. It comes from the team's own
// address, which from anybody else would be a loop.
func (b *Book) operated(r *request) Outcome {
	switch {
	case r.mail.Minutes != nil && len(r.mail.Minutes.Meetings) > 0:
		return b.minutesMail(r)
	case len(r.mail.Commands) > 0:
		return b.commanded(r)
	}
	return r.finish(b.file(r))
}

// request is one mail that is being carried out.
type request struct {
	b       *Book
	mail    parser.Mail
	hash    string // names the mail in the keys of its answers
	at      time.Time
	who     standing
	zone    *time.Location // of who wrote it
	receipt Receipt
	orders  []Order
}

func (b *Book) newRequest(in Incoming, at time.Time) *request {
	r := &request{b: b, mail: in.Mail, hash: mailHash(in), at: at, who: b.standingOf(in.Mail, at), zone: b.team.zone()}
	if p, ok := b.person(r.who.handle); ok {
		r.zone = p.zone(b.team)
	}
	r.mail.MayAnswer = r.mail.MayAnswer || r.throughList()
	return r
}

// throughList says whether a member wrote through a list and may be answered:
// where the team's address is a list, all its mail is marked as one. The answer
// goes to the member's own configured address, never to the list, and counts
// against the same budgets.
func (r *request) throughList() bool {
	return r.mail.Class == parser.List && r.who.handle != "" && !r.mail.Header.Has("X-Auto-Response-Suppress")
}

// mailHash names a mail in the keys of letters that answer it: by content,
// which stays when the mailbox is moved.
func mailHash(in Incoming) string {
	text := in.Hash
	if text == "" {
		text = fmt.Sprint(in.Mail.MessageID, in.Mailbox, in.Validity, in.UID, in.Arrived.UTC())
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

func (r *request) changed(c Change) { r.receipt.Changes = append(r.receipt.Changes, c) }

func (r *request) refuse(e Misread) { r.receipt.Errors = append(r.receipt.Errors, e) }

// setAside tells operators which mail it was and where it lies, as far as is known.
func setAside(in Incoming, why string) [][2]string {
	facts := [][2]string{{"Reason", why}}
	if from := in.Mail.From; from != nil {
		facts = append(facts, [2]string{"From", from.Address})
	}
	if in.Mail.Subject != "" {
		facts = append(facts, [2]string{"Subject", in.Mail.Subject})
	}
	return append(facts, [2]string{"Mail", fmt.Sprintf("%s, UID %d", in.Mailbox, in.UID)},
		[2]string{"Size", sizeWords(in.Size)}, [2]string{"Kept in", "folder " + string(Quarantine)})
}

func sizeWords(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d kB", (bytes+1023)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}

// quarantine sets a mail aside that was not read, and tells the operators once a day.
func (b *Book) quarantine(in Incoming, at time.Time) Outcome {
	why := in.Failed
	if l := in.Mail.Limit; l != nil {
		why = fmt.Sprintf("%s %d, at most %d", l.Name, l.Value, l.Max)
	}
	out := Outcome{Did: "quarantined", Detail: why, Folder: Quarantine}
	out.Orders = b.notice(at, "quarantine", "quarantine."+mailHash(in), Trouble{
		Code:     "quarantine",
		Sentence: "A mail could not be read and was set aside.",
		Facts:    setAside(in, why),
		Remedies: []string{"minuted status"},
	})
	return out
}
