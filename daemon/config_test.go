package daemon

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var testPlaces = Places{Config: "/etc/minuted", State: "/var/lib/minuted"}

// smallest names what cannot be guessed and nothing more.
const smallest = `
teams:
  - mailbox: {host: imap.example.org, user: architecture@example.org, password_file: imap.password}
    smtp: {host: smtp.example.org}
    people: ["Shaun <shaun@example.org>"]
    calls: [{days: [mon, thu], time: "16:00"}]
`

func readGood(t *testing.T, src string) Config {
	t.Helper()
	config, err := ReadConfig([]byte(src), testPlaces)
	if err != nil {
		t.Fatalf("refused:\n%v", err)
	}
	return config
}

var compareConfigs = cmp.Options{
	cmp.AllowUnexported(Secret{}),
	cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() }),
}

func TestReadConfig_the_smallest_file_is_enough(t *testing.T) {
	config := readGood(t, smallest)
	team := config.Teams[0].Agenda(nil)
	if team.Name != "Architecture" || team.Slug != "architecture" || team.Address != "architecture@example.org" {
		t.Errorf("the team derived is %q, %q, %q", team.Name, team.Slug, team.Address)
	}
	if got := team.Series[0]; got.Time != 16*time.Hour || got.Every != 1 || got.Length != time.Hour {
		t.Errorf("the series is %+v", got)
	}
	if got := team.People[0]; got.Handle != "shaun" || got.Zone != time.UTC || got.From != 9*time.Hour {
		t.Errorf("the person is %+v", got)
	}
	if config.TokenKeyFile != "/var/lib/minuted/token.key" {
		t.Errorf("the token key is %s", config.TokenKeyFile)
	}
}

// The example is the smallest file, its own examples for the keys without
// default, and every other key at its default.
func TestExample_shows_the_defaults(t *testing.T) {
	example := readExample(t)
	required := regexp.MustCompile(`(?m)^( +)#((host|user|password_file): (imap|smtp|architecture@).*)$`)
	shown := readGood(t, required.ReplaceAllString(example, "$1$2"))
	derived := readGood(t, strings.Replace(smallest, "smtp: {host: smtp.example.org}",
		"smtp: {host: smtp.example.org, user: architecture@example.org, password_file: smtp.password}", 1))
	person := &derived.Teams[0].People[0]
	person.Addresses, person.Aliases = []string{}, []string{} // shown as []
	if diff := cmp.Diff(derived, shown, append(compareConfigs, emptyIsNil)...); diff != "" {
		t.Errorf("defaults (-) and example (+) differ:\n%s", diff)
	}
}

var emptyIsNil = cmp.FilterValues(func(a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	return x.Kind() == reflect.Slice && y.Kind() == reflect.Slice && x.Len()+y.Len() == 0
}, cmp.Ignore())

func TestExample_shows_every_key(t *testing.T) {
	example := readExample(t)
	key := regexp.MustCompile(`(?m)^ *(?:- +)?#? *(?:- +)?([a-z_]+):`)
	shown := map[string]bool{}
	for _, match := range key.FindAllStringSubmatch(example, -1) {
		shown[match[1]] = true
	}
	for _, key := range allKeys(reflect.TypeFor[Config]()) {
		if !shown[key] {
			t.Errorf("config.example.yaml says nothing of %s", key)
		}
	}
}

// allKeys returns the keys of a group and of all groups below it.
func allKeys(group reflect.Type) []string {
	var keys []string
	for _, f := range fieldsOf(group) {
		keys = append(keys, f.key)
		below := group.FieldByIndex(f.index).Type
		if below.Kind() == reflect.Slice {
			below = below.Elem()
		}
		if _, single := leaves[below]; !single && below.Kind() == reflect.Struct {
			keys = append(keys, allKeys(below)...)
		}
	}
	return keys
}

func readExample(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../config.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
