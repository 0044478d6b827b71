package daemon

import (
	"errors"
	"os"
	"reflect"
	"regexp"
	"slices"
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

// Copies go where they reach this mailbox and nobody else: the team's address may be a list.
func TestReadConfig_sends_copies_to_the_mailbox_alone(t *testing.T) {
	const user = "user: architecture@example.org"
	for _, c := range []struct{ user, more, want string }{
		{user, "", "architecture@example.org"},
		{user, "sub_address: true", "architecture+archive@example.org"},
		{"user: architecture", "address: architecture@example.org", "architecture@example.org"},
		{"user: Architecture@Example.org", "address: architecture@example.org", "architecture@example.org"},
		{"user: calls@example.org", "address: architecture@example.org", "calls@example.org"},
		{"user: u1234", "address: architecture@example.org", ""},
		{`user: 'corp\calls'`, "address: architecture@example.org", ""},
		{user, "archive: none", ""},
		{user, "archive: kept@example.org", "kept@example.org"},
	} {
		src := strings.Replace(smallest, user, c.user, 1)
		if c.more != "" {
			src += "    " + c.more + "\n"
		}
		if got := readGood(t, src).Teams[0].Agenda(nil).Archive; got != c.want {
			t.Errorf("%s, %s: copies go to %q, want %q", c.user, c.more, got, c.want)
		}
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
	uncommented := commentedKey.ReplaceAllString(readExample(t), "$1$2")
	r := readYAML([]byte(uncommented), &Config{})
	if r.broken {
		t.Fatal(r.err())
	}
	shown := map[string]bool{}
	for key := range r.at {
		shown[strings.ReplaceAll(key, "[0]", "")] = true
	}
	for _, key := range allKeys(reflect.TypeFor[Config](), "") {
		if !shown[key] {
			t.Errorf("config.example.yaml says nothing of %s", key)
		}
	}
}

// commentedKey is a key without default in the example.
var commentedKey = regexp.MustCompile(`(?m)^( *)#([a-z_]+: .*)$`)

// allKeys returns the keys of a group and of all groups below it.
func allKeys(group reflect.Type, under string) []string {
	var keys []string
	for _, f := range fieldsOf(group) {
		keys = append(keys, under+f.key)
		below := group.FieldByIndex(f.index).Type
		if below.Kind() == reflect.Slice {
			below = below.Elem()
		}
		if _, single := leaves[below]; !single && below.Kind() == reflect.Struct {
			keys = append(keys, allKeys(below, under+f.key+".")...)
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

// The keys that have no default stand behind "#" with an example; uncommented,
// each must be read. Those that exclude each other are looked at one by one.
func TestExample_its_examples_are_right(t *testing.T) {
	dependent := regexp.MustCompile(`exclude|go together|stands twice|Sentinels know`)
	lines := strings.Split(readExample(t), "\n")
	for i, line := range lines {
		parts := commentedKey.FindStringSubmatch(line)
		if parts == nil {
			continue
		}
		key, _, _ := strings.Cut(strings.TrimSpace(parts[2]), ":")
		t.Run(key, func(t *testing.T) {
			with := strings.Join(slices.Replace(slices.Clone(lines), i, i+1, parts[1]+parts[2]), "\n")
			for _, mistake := range mistakesOf(t, with) {
				if mistake.Line == i+1 && !dependent.MatchString(mistake.Text) {
					t.Errorf("line %d, uncommented: %s", i+1, mistake)
				}
			}
		})
	}
}

func mistakesOf(t *testing.T, src string) []Mistake {
	t.Helper()
	_, err := ReadConfig([]byte(src), testPlaces)
	if err == nil {
		return nil
	}
	refused, ok := errors.AsType[*ConfigError](err)
	if !ok {
		t.Fatalf("want a ConfigError, got %v", err)
	}
	return refused.Mistakes
}

// A team to which one line is added, of which one thing is wrong.
const almost = `teams:
  - mailbox: {host: imap.example.org, user: architecture@example.org, password_file: imap.password}
    smtp: {host: smtp.example.org}
    people: ["Shaun <shaun@example.org>"]
    calls: [{days: [mon, thu], time: "16:00"}]
`

func TestReadConfig_says_what_is_wrong_and_what_is_right(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"unknown key":            {almost + "    hodl: 15m", "6:5: teams[0].hodl: no such key; did you mean hold?"},
		"key of another group":   {almost + "    host: x", "6:5: teams[0].host: no such key; it belongs under teams[].mailbox or teams[].smtp"},
		"password in the file":   {strings.Replace(almost, "password_file: imap.password", "password: hunter2", 1), "2:71: teams[0].mailbox.password: no such key: passwords never stand in this file; name the file that holds it with password_file"},
		"key twice":              {almost + "    hold: 15m\n    hold: 1h", "7:5: teams[0].hold: stands twice; the first is in line 6: remove one"},
		"duration without unit":  {almost + "    hold: 15", `6:5: teams[0].hold: "15" is no duration; right is a number with its unit: 15m, 1h, 2d or 1w`},
		"negative duration":      {almost + "    hold: -15m", `6:5: teams[0].hold: "-15m" is no duration; right is a number with its unit: 15m, 1h, 2d or 1w`},
		"text for true":          {almost + "    sub_address: yes", `6:5: teams[0].sub_address: the text "yes" stands here; right is true or false`},
		"number for text":        {almost + "    name: 12", "6:5: teams[0].name: the bare value 12 stands here; right is a text of one line (a number needs quotes)"},
		"text for a list":        {almost + "    tags: architecture", `6:5: teams[0].tags: the text "architecture" stands here; right is a list, each entry on a line of its own after a dash`},
		"text for a group":       {almost + "    trust: gmail", `6:5: teams[0].trust: the text "gmail" stands here; right is a group of keys: profile, authserv_id`},
		"no value":               {almost + "    hold:", "6:5: teams[0].hold: has no value; give it one or leave the key out"},
		"port out of range":      {strings.Replace(almost, "smtp: {", "smtp: {port: 99999, ", 1), "3:12: teams[0].smtp.port: 99999 is no port; right is a number from 1 to 65535"},
		"port zero":              {strings.Replace(almost, "smtp: {", "smtp: {port: 0, ", 1), "3:12: teams[0].smtp.port: 0 is no port; right is a number from 1 to 65535"},
		"port in the host":       {strings.Replace(almost, "smtp.example.org", `"smtp.example.org:25"`, 1), `3:12: teams[0].smtp.host: "smtp.example.org:25" is more than a name; the port has a key of its own`},
		"plain text to far away": {strings.Replace(almost, "smtp: {", "smtp: {tls: none, ", 1), "3:12: teams[0].smtp.tls: without TLS the password could be read on the way to smtp.example.org; none is for servers on this machine, right is implicit or starttls"},
		"no such day":            {almost + "    days_off: [2017-02-29]", `6:16: teams[0].days_off[0]: "2017-02-29" is no day of the calendar; right is a date such as 2016-12-26`},
		"no such zone":           {almost + "    zone: London", `6:5: teams[0].zone: "London" is no known zone; right is a zone of the IANA list such as Europe/London or UTC`},
		"zone of the machine":    {almost + "    zone: Local", `6:5: teams[0].zone: "Local" is no known zone; right is a zone of the IANA list such as Europe/London or UTC`},
		"no such word":           {almost + "    calendar: yes", `6:5: teams[0].calendar: "yes" is not known; right is one of: invite, attach, none`},
		"preview after final":    {almost + "    preview: 30m", "6:5: teams[0].preview: the preview must go before the final agenda: more than 1h before the call, or 0 for none"},
		"no people":              {strings.Replace(almost, `["Shaun <shaun@example.org>"]`, "[]", 1), `4:5: teams[0].people: nobody is on the team; right is one line for each: "- Shaun <shaun@example.org>"`},
		"the same address twice": {strings.Replace(almost, `["`, `["Sam <shaun@example.org>", "`, 1), "4:41: teams[0].people[1].handle: shaun is taken by Sam already"},
		"the team on the team":   {strings.Replace(almost, `["`, `["architecture@example.org", "`, 1), "4:14: teams[0].people[0].address: architecture@example.org is taken by the team itself already"},
		"address with a name":    {almost + `    archive: "A <a@example.org>"`, `6:5: teams[0].archive: "A <a@example.org>" is no mail address; right is shaun@example.org`},
		"every other week":       {strings.Replace(almost, "[mon, thu]", "[mon], every: 2", 1), "5:13: teams[0].calls[0].since: a call every 2 weeks needs the date of one call to count from"},
		"two teams in one":       {almost + strings.TrimPrefix(almost, "teams:\n"), "6:5: teams[1].mailbox: architecture@example.org on imap.example.org, folder INBOX is taken by Architecture already"},
		"own server unnamed":     {almost + "    trust: {profile: own}", `6:5: teams[0].trust.authserv_id: profile "own" and authserv_id go together: the name that your own server writes at the start of Authentication-Results`},
		"password in the URL":    {"redis: {url: 'redis://:hunter2@localhost'}\n" + almost, "1:9: redis.url: a password stands in it, and would stand in logs; name the file that holds it with password_file"},
		"two kinds of Redis":     {"redis: {url: 'redis://localhost', addresses: ['a:1']}\n" + almost, "1:9: redis.url: url and addresses exclude each other: url names one server, addresses name Sentinels or a Cluster"},
		"no such start":          {"redis: {on_empty: start}\n" + almost, `1:9: redis.on_empty: "start" is not known; right is one of: refuse, rebuild`},
		"no team":                {"teams: []", "1:1: teams: there is no team; a team needs mailbox, smtp, people and calls"},
		"second document":        {almost + "---\nteams: []", `6:1: a second document begins here; only one is read: remove the "---" before it`},
		"empty file":             {"# nothing\n", "1:1: the file is empty; config.example.yaml shows what it may say"},
		"no YAML":                {"teams: [", "1:8: this is not YAML: sequence end token ']' not found"},
		"an alias":               {almost + "    name: &n Calls", "6:5: teams[0].name: anchors, aliases and tags of YAML are not read here; write the value out"},
		"a line break":           {almost + "    name: \"a\\nBcc: x\"", "6:5: teams[0].name: a line break or control character stands in it; right is a text of one line (a number needs quotes)"},
		"a list for the file":    {"- a\n", "1:1: a list stands here; right is a group of keys: log_level, token_key_file, redis, teams"},
	} {
		t.Run(name, func(t *testing.T) {
			mistakes := mistakesOf(t, c.src)
			if len(mistakes) == 0 {
				t.Fatal("accepted")
			}
			if got := mistakes[0].String(); got != c.want {
				t.Errorf("\ngot  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestReadConfig_tells_all_mistakes_at_once_in_the_order_of_the_file(t *testing.T) {
	src := "log_level: loud\n" + strings.Replace(almost, "time:", "tiem:", 1) + "    hold: 15\n    zone: Mars\n"
	var keys []string
	for _, m := range mistakesOf(t, src) {
		keys = append(keys, m.Key)
	}
	want := []string{"log_level", "teams[0].calls[0].time", "teams[0].calls[0].tiem", "teams[0].hold", "teams[0].zone"}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("keys of the mistakes (-want +got):\n%s", diff)
	}
}

func TestReadConfig_never_repeats_a_password(t *testing.T) {
	for _, src := range []string{
		strings.Replace(almost, "password_file: imap.password", "password: hunter2", 1),
		"redis: {url: 'http://:hunter2@localhost'}\n" + almost,
		"redis: {url: 'redis://:hunter2%zz@localhost'}\n" + almost,
	} {
		for _, m := range mistakesOf(t, src) {
			if strings.Contains(m.String(), "hunter2") {
				t.Errorf("the password stands in %q", m)
			}
		}
	}
}

func TestReadConfig_reads_times_as_people_write_them(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"16:00": 16 * time.Hour, `"9:30"`: 9*time.Hour + 30*time.Minute, "4pm": 16 * time.Hour, "4:15 PM": 16*time.Hour + 15*time.Minute,
	} {
		config := readGood(t, strings.Replace(almost, `"16:00"`, text, 1))
		if got := config.Teams[0].Agenda(nil).Series[0].Time; got != want {
			t.Errorf("%s is read as %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]time.Duration{
		"0": 0, "90s": 90 * time.Second, "15m": 15 * time.Minute, "1h30m": 90 * time.Minute, "1w": 7 * 24 * time.Hour,
	} {
		if got := readGood(t, almost+"    hold: "+text).Teams[0].Hold; got != want {
			t.Errorf("%s is read as %s, want %s", text, got, want)
		}
	}
	if weekly := readGood(t, almost+"    weekly: off").Teams[0].Weekly; !weekly.Off {
		t.Error("weekly: off did not turn it off")
	}
}

func FuzzReadConfig(f *testing.F) {
	example, err := os.ReadFile("../config.example.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example)
	f.Add([]byte(almost + "---\n&a [*a, {? b : }]"))
	f.Fuzz(func(t *testing.T, src []byte) {
		_, err := ReadConfig(src, testPlaces)
		if refused, ok := errors.AsType[*ConfigError](err); ok && len(refused.Mistakes) == 0 {
			t.Error("refused without a reason")
		}
	})
}

// The files that the documentation shows are read as well, so they work word for word.
func TestDocumentation_shows_files_that_are_read(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(readme), "```yaml\n")
	block, _, found := strings.Cut(block, "```")
	if !found {
		t.Fatal("README.md shows no configuration")
	}
	readGood(t, regexp.MustCompile(`(?m)^ {3}`).ReplaceAllString(block, ""))

	_, block, _ = strings.Cut(readExample(t), "cannot be guessed:\n#\n")
	block, _, found = strings.Cut(block, "#\n# File names")
	if !found {
		t.Fatal("config.example.yaml shows no smallest file")
	}
	readGood(t, regexp.MustCompile(`(?m)^# {4}`).ReplaceAllString(block, ""))
}
