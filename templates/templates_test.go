package templates

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestTheBuiltInTemplatesParse(t *testing.T) {
	if _, err := BuiltIn(); err != nil {
		t.Fatal(err)
	}
}

func own(name, content string) fstest.MapFS {
	return fstest.MapFS{name: &fstest.MapFile{Data: []byte(content)}}
}

func TestAnOwnFileReplacesTheOneOfItsName(t *testing.T) {
	set, sources, err := Load(own("weekly.txt", "Subject: Ours\n\n# {{.Week}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	letter, err := set.Letter("weekly")
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	if err := letter.Execute(&said, struct{ Week string }{"23 January"}); err != nil {
		t.Fatal(err)
	}
	if said.String() != "Subject: Ours\n\n# 23 January\n" {
		t.Errorf("it says %q", said.String())
	}
	for _, s := range sources {
		if s.Own != (s.Name == "weekly.txt") {
			t.Errorf("%s: own is %v", s.Name, s.Own)
		}
	}
}

func TestAnOwnPieceReplacesTheSharedOne(t *testing.T) {
	set, _, err := Load(own("_help.txt", `{{define "help"}}Ask Ada.{{end}}`))
	if err != nil {
		t.Fatal(err)
	}
	letter, err := set.Letter("receipt")
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	if err := letter.ExecuteTemplate(&said, "help", nil); err != nil || said.String() != "Ask Ada." {
		t.Errorf("it says %q, %v", said.String(), err)
	}
}

func TestAFaultIsNamedWithFileAndLine(t *testing.T) {
	for name, c := range map[string]struct{ file, content, want string }{
		"what is not closed":   {"weekly.txt", "Subject: x\n\n{{if .Week}}\n", "weekly.txt:4"},
		"an unknown function":  {"reminder.txt", "Subject: x\n{{shout .Week}}", `reminder.txt:2: function "shout" not defined`},
		"broken markup":        {"letter.html", "<p>{{range .Blocks}}", "letter.html:1"},
		"a mistyped file name": {"weekely.txt", "", "weekely.txt replaces no template"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := Load(own(c.file, c.content))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAllFaultsAreReportedAtOnce(t *testing.T) {
	_, _, err := Load(fstest.MapFS{
		"weekly.txt":   &fstest.MapFile{Data: []byte("{{")},
		"reminder.txt": &fstest.MapFile{Data: []byte("{{end}}")},
	})
	for _, name := range []string{"weekly.txt", "reminder.txt"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in %v", name, err)
		}
	}
}

func TestNumbersAreSaidInWordsToTen(t *testing.T) {
	got := []string{count(1, "topic", "topics"), count(8, "topic", "topics"), spell(1, "new action", "new actions"), spell(10, "line", "lines"), spell(11, "line", "lines"), spell(0, "line", "lines")}
	want := []string{"1 topic", "8 topics", "one new action", "ten lines", "11 lines", "no lines"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
