package digest

import (
	"testing"

	"minuted/agenda"
)

func TestTheDeedStandsWithoutOwnerAndDay(t *testing.T) {
	team := sampleTeam(t)
	team.People[1].Name, team.People[1].Aliases = "Dr. Bo Lind", []string{"the Boss"}
	d := draft{Writer: Writer{team: team}, reader: readerOf(team, agenda.Order{Person: "ada", At: wednesday})}
	due := func(a agenda.Action) agenda.Action { a.Due = "2017-02-10"; return a }
	for _, c := range []struct {
		in   agenda.Action
		want string
	}{
		{agenda.Action{Text: "Ada to write the spec"}, "Write the spec"},
		{agenda.Action{Text: "@bo and Cem to write the spec"}, "Write the spec"},
		{agenda.Action{Text: "Dr. Bo Lind will write the spec."}, "Write the spec."},
		{agenda.Action{Text: "The Boss, Ada & Cem to write it"}, "Write it"},
		{agenda.Action{Text: "Zoe to write it", Unknown: []string{"Zoe"}}, "Write it"},
		{agenda.Action{Text: "The customer to write it"}, "The customer to write it"},
		{agenda.Action{Text: "Talk Ada into it"}, "Talk Ada into it"},
		{agenda.Action{Text: "resinHUP to show the version"}, "resinHUP to show the version"},
		{agenda.Action{Text: "iOS: sign the app"}, "iOS: sign the app"},
		{agenda.Action{Text: "écrire au maire"}, "Écrire au maire"},
		{due(agenda.Action{Text: "Ada to write it by 10 Feb"}), "Write it"},
		{due(agenda.Action{Text: "write it, before next Friday."}), "Write it"},
		{due(agenda.Action{Text: "write it (by 10 February)"}), "Write it"},
		{due(agenda.Action{Text: "write it by hand"}), "Write it by hand"},
		{agenda.Action{Text: "write it by 10 Feb"}, "Write it by 10 Feb"},
	} {
		c.in.Opened = wednesday
		if got := d.deedOf(c.in); got != c.want {
			t.Errorf("%q is shown as %q, want %q", c.in.Text, got, c.want)
		}
	}
}

func TestPeopleAreCalledByFirstNameWhereItIsClear(t *testing.T) {
	team := sampleTeam(t)
	team.People[0].Name, team.People[1].Name, team.People[2].Name = "Ada Byron", "Byron, Bo", "ada lovelace"
	d := draft{Writer: Writer{team: team}}
	for handle, want := range map[string]string{"ada": "Ada Byron", "bo": "Bo", "cem": "ada lovelace", "eve@example.net": "eve@example.net"} {
		if got := strip(d.nameOf(handle)); got != want {
			t.Errorf("%s is called %q, want %q", handle, got, want)
		}
	}
}

func TestFirstNames(t *testing.T) {
	for name, want := range map[string]string{
		"Nora Whitfield": "Nora", "Whitfield, Nora": "Nora", "Whitfield, Nora Jane": "Nora", "Dr. Nora Whitfield": "Nora",
		"Nora Whitfield, PhD": "Nora", "Nora Whitfield, Jr.": "Nora", "Nora": "Nora", "": "",
	} {
		if got := firstName(name); got != want {
			t.Errorf("%q is spoken to as %q, want %q", name, got, want)
		}
	}
}
