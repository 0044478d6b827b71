package agenda

import "time"

// Stale is a call that people were told of and that the configuration no longer
// has as it was told. It stays as it was: people have it in their calendars.
type Stale struct {
	Call Call
	Now  time.Time // when the configuration has one on that day, in the team's zone; zero: not at all
}

// Stale returns the calls after an instant that were announced, and are not as
// the configuration has them now: on another day, or at another time.
func (b *Book) Stale(after time.Time) (list []Stale) {
	for _, c := range b.callsWhere(func(c *Call) bool {
		return c.Start.After(after) && !c.AdHoc && !c.Cancelled && !c.ToldAt.IsZero()
	}) {
		s := Stale{Call: c}
		for _, o := range b.occurrences(c.Start.AddDate(0, 0, -2), c.Start.AddDate(0, 0, 2)) {
			if o.id == c.ID {
				s.Now = o.start.In(b.team.Zone)
			}
		}
		if !s.Now.Equal(c.Start) {
			list = append(list, s)
		}
	}
	return list
}
