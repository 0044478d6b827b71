package digest

import (
	"strings"
	"testing"
	"testing/fstest"

	"minuted/agenda"
	"minuted/templates"
)

func TestAPreviewNeedsNoMailAndNoPeople(t *testing.T) {
	for _, kind := range Kinds() {
		if _, err := Preview(builtIn(t), kind, agenda.Team{Name: "New team", Address: "new@example.com"}, wednesday); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if _, err := Preview(builtIn(t), "postcard", agenda.Team{}, wednesday); err == nil || !strings.Contains(err.Error(), "weekly") {
		t.Errorf("an unknown kind gives %v", err)
	}
}

func TestACheckFindsWhatAnOwnTemplateAsksInVain(t *testing.T) {
	set, _, err := templates.Load(fstest.MapFS{"weekly.txt": &fstest.MapFile{Data: []byte("Subject: x\n\n# {{.Wek}}\n")}})
	if err != nil {
		t.Fatal(err)
	}
	errs := Check(set, sampleTeam(t), wednesday)
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), "weekly.txt:3") || !strings.Contains(errs[0].Error(), "Wek") {
		t.Errorf("found %v", errs)
	}
}

func TestACheckFindsALetterThatBreaksTheRulesOfTheScript(t *testing.T) {
	set, _, err := templates.Load(fstest.MapFS{"weekly.txt": &fstest.MapFile{Data: []byte("Subject: x\n\n* no id here\n")}})
	if err != nil {
		t.Fatal(err)
	}
	if errs := Check(set, sampleTeam(t), wednesday); len(errs) != 1 || !strings.Contains(errs[0].Error(), "begins with no id") {
		t.Errorf("found %v", errs)
	}
}
