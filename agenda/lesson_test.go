package agenda

import (
	"fmt"
	"slices"
	"testing"
)

func TestAreasGivenByPeopleTeachARule(t *testing.T) {
	s := begin(t, "2017-01-30 10:00")
	s.team.Areas = []Area{{Name: "devices", Words: []string{"kernel"}}, {Name: "cli"}}
	s.book.team.Areas = s.team.Areas
	for _, title := range []string{"Overlays of the board", "Kernel overlays", "Board names", "Colours of the terminal"} {
		s.topic("shaun@example.com", title)
	}
	area := func(id int, name string) { it := s.book.editItem(id); it.Area, it.Taught = name, true }
	area(1, "devices")
	if got := s.book.Lessons(); got != nil {
		t.Errorf("one topic taught %v", got)
	}
	area(2, "devices")
	s.taught("devices words overlays [1 2]")
	area(3, "devices")
	s.taught("devices words board [1 3]", "devices words overlays [1 2]")
	area(3, "cli")
	s.taught("devices words overlays [1 2]")
}

func (s *story) taught(want ...string) {
	s.Helper()
	var got []string
	for _, l := range s.book.Lessons() {
		got = append(got, fmt.Sprint(l.Area, " ", l.Key, " ", l.Value, " ", l.Items))
	}
	if !slices.Equal(got, want) {
		s.Errorf("taught %q, want %q", got, want)
	}
}
