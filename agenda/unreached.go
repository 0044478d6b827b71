package agenda

import "time"

// Unreached is somebody whom a letter did not reach: it was refused, or came back
// for good.
type Unreached struct {
	Person string    `json:"person"` // handle
	Letter Kind      `json:"letter"`
	Since  time.Time `json:"since"` // when that was known
}

// toldOf are the letters that go to the whole team: the next of them says whom a
// letter did not reach.
var toldOf = map[Kind]bool{
	AgendaPreview: true, AgendaFinal: true, EmptyAgenda: true,
	MinutesDigest: true, MinutesCorrected: true, WeeklyDigest: true,
}

// unreached notes that a letter did not reach its reader.
func (b *Book) unreached(c Card, at time.Time) {
	b.touch(registerKey)
	r := b.register()
	r.Unreached = append(r.Unreached, Unreached{Person: c.Person, Letter: c.Kind, Since: at})
}

// Unreached returns who was not reached and of whom the team was not told yet.
func (b *Book) Unreached() []Unreached { return b.register().Unreached }

// tellUnreached lets the next letters to the team say whom letters did not reach, once.
func (b *Book) tellUnreached(orders []Order) {
	r := b.register()
	if len(r.Unreached) == 0 {
		return
	}
	told := false
	for i := range orders {
		o := &orders[i]
		if toldOf[o.Kind] && (o.Until.IsZero() || o.Until.After(o.At)) { // else it is not sent: final: 0
			o.Unreached, told = r.Unreached, true
		}
	}
	if told {
		b.touch(registerKey)
		r.Unreached = nil
	}
}
