package digest

import (
	"testing"
	"time"

	"minuted/agenda"
	"minuted/templates"
)

func sampleTeam(t testing.TB) agenda.Team {
	t.Helper()
	return agenda.Team{
		Name: "Weather stations", Slug: "stations", Address: "stations@example.com", SubAddress: true, Zone: zone(t, "Europe/London"),
		Tags: []string{"stations"}, Preview: 24 * time.Hour, Final: time.Hour, Calendar: "invite",
	}
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

var wednesday = time.Date(2017, 2, 1, 16, 0, 0, 0, time.UTC)

func TestTheSameOrderGivesTheSameBytes(t *testing.T) {
	set, err := templates.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range Kinds() {
		first, err := Preview(set, kind, sampleTeam(t), wednesday)
		if err != nil {
			t.Fatal(err)
		}
		second, err := Preview(set, kind, sampleTeam(t), wednesday)
		if err != nil {
			t.Fatal(err)
		}
		if string(first.Bytes) != string(second.Bytes) {
			t.Errorf("%s: two writings of one order differ", kind)
		}
	}
}
