package spell

import "testing"

func TestNearest(t *testing.T) {
	days := []string{"monday", "tuesday", "thursday", "done", "due"}
	cases := []struct{ word, want string }{
		{"thirsday", "thursday"},
		{"tuseday", "tuesday"}, // swapped neighbours are one slip
		{"doen", "done"},
		{"monday", "monday"},
		{"xylophone", ""},
		{"do", ""}, // too short to guess at
	}
	for _, c := range cases {
		if got, _ := Nearest(c.word, days); got != c.want {
			t.Errorf("Nearest(%q) = %q, want %q", c.word, got, c.want)
		}
	}
}
