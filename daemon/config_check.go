package daemon

import (
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"minuted/parser/authres"
)

// trustProfiles are the providers whose Authentication-Results can prove
// something; empty believes none, and letters' tokens are the proof.
func trustProfiles() []string {
	var names []string
	for _, p := range authres.Known() {
		if p.Always {
			names = append(names, p.Name)
		}
	}
	slices.Sort(names)
	return append([]string{"", "own"}, names...)
}

// checkConfig notes what no file may ask for. Each check stands alone, so that
// all mistakes are found in one reading.
func checkConfig(r *reading, c *Config) {
	oneOf(r, "log_level", c.LogLevel, "debug", "info", "warn", "error")
	checkRedis(r, c.Redis)
	if len(c.Teams) == 0 {
		r.wrong("teams", "there is no team; a team needs mailbox, smtp, people and calls")
	}
	for i, team := range c.Teams {
		checkTeam(r, fmt.Sprintf("teams[%d]", i), team)
	}
	checkApart(r, c.Teams)
}

func checkRedis(r *reading, redis RedisConfig) {
	oneOf(r, "redis.on_empty", redis.OnEmpty, "refuse", "rebuild")
	checkSecret(r, "redis", redis.Password)
	if r.has("redis.url") && r.has("redis.addresses") {
		r.wrong("redis.url", "url and addresses exclude each other: url names one server, addresses name Sentinels or a Cluster")
	}
	if redis.Master != "" && len(redis.Addresses) == 0 {
		r.wrong("redis.master", "master is the name that Sentinels know; name them in addresses")
	}
	for i, address := range redis.Addresses {
		if _, _, err := net.SplitHostPort(address); err != nil {
			r.wrong(fmt.Sprintf("redis.addresses[%d]", i), "%q names no host and port; right is redis1.example.org:6379", address)
		}
	}
	if redis.URL != "" {
		checkRedisURL(r, redis.URL)
	}
}

// checkRedisURL never repeats the URL: a password may stand in it.
func checkRedisURL(r *reading, text string) {
	const right = "redis://HOST:6379/0, rediss://HOST:6379/0 or unix:///run/redis/redis.sock"
	u, err := url.Parse(text)
	if err != nil || !slices.Contains([]string{"redis", "rediss", "unix"}, u.Scheme) || u.Host+u.Path == "" {
		r.wrong("redis.url", "this is no address of a Redis; right is %s", right)
		return
	}
	if _, secret := u.User.Password(); secret {
		r.wrong("redis.url", "a password stands in it, and would stand in logs; name the file that holds it with password_file")
	}
}

func checkTeam(r *reading, key string, t TeamConfig) {
	checkMailbox(r, key+".mailbox", t.Mailbox)
	checkSMTP(r, key+".smtp", t.SMTP)
	checkNames(r, key, t)
	checkPeople(r, key, t)
	checkCalls(r, key, t)
	for i, area := range t.Areas {
		if area.Name == "" {
			r.wrong(fmt.Sprintf("%s.areas[%d].name", key, i), "an area needs a name")
		}
	}
	for i, tag := range t.Tags {
		if tag == "" || strings.ContainsAny(tag, "# \t") {
			r.wrong(fmt.Sprintf("%s.tags[%d]", key, i), "%q is no tag; right is one word without #", tag)
		}
	}
	if t.Preview != 0 && t.Preview <= t.Final {
		r.wrong(key+".preview", "the preview must go before the final agenda: more than %s before the call, or 0 for none", people(t.Final))
	}
	oneOf(r, key+".calendar", t.Calendar, "invite", "attach", "none")
	oneOf(r, key+".trust.profile", t.Trust.Profile, trustProfiles()...)
	if (t.Trust.Profile == "own") != (t.Trust.AuthservID != "") {
		r.wrong(key+".trust.authserv_id", `profile "own" and authserv_id go together: the name that your own server writes at the start of Authentication-Results`)
	}
}

func checkNames(r *reading, key string, t TeamConfig) {
	if t.Address == "" && t.Mailbox.User != "" {
		r.wrong(key+".address", "mailbox.user is no address, so the team's address must be named here")
	}
	checkAddress(r, key+".address", t.Address)
	checkAddress(r, key+".archive", t.copies())
	for i, operator := range t.Operators {
		checkAddress(r, fmt.Sprintf("%s.operators[%d]", key, i), operator)
	}
	if t.Slug != slug(t.Slug) {
		r.wrong(key+".slug", "%q may hold small letters, digits, - and _ only", t.Slug)
	}
}

func checkMailbox(r *reading, key string, m MailboxConfig) {
	checkServer(r, key, m.Server)
	if m.User == "" {
		r.wrong(key+".user", "the mailbox needs the name to log in with")
	}
	if m.User != "" && m.Password.empty() && !r.has(key+".password") {
		r.wrong(key+".password_file", "the mailbox needs a password: name the file that holds it, or with credential the unit's credential")
	}
	if m.Folder == "" {
		r.wrong(key+".folder", "the folder must have a name; it is INBOX on every server")
	}
}

func checkSMTP(r *reading, key string, s SMTPConfig) {
	checkServer(r, key, s.Server)
	checkAddress(r, key+".from", s.From)
	if s.User != "" && s.Password.empty() {
		r.wrong(key+".password_file", "user asks for a password: name the file that holds it, or with credential the unit's credential")
	}
	if s.User == "" && !s.Password.empty() {
		r.wrong(key+".user", "there is a password but nobody to log in as")
	}
}

func checkServer(r *reading, key string, s Server) {
	checkSecret(r, key, s.Password)
	if s.Host == "" {
		r.wrong(key+".host", "the name of the server is missing")
	}
	if strings.Contains(s.Host, ":") && net.ParseIP(s.Host) == nil {
		r.wrong(key+".host", "%q is more than a name; the port has a key of its own", s.Host)
	}
	if s.TLS == NoTLS && s.Host != "" && !loopback(s.Host) {
		r.wrong(key+".tls", "without TLS the password could be read on the way to %s; none is for servers on this machine, right is implicit or starttls", s.Host)
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func checkSecret(r *reading, key string, s Secret) {
	if strings.ContainsAny(s.Credential, "/\x00") {
		r.wrong(key+".credential", "%q is a path; right is the bare name after LoadCredential= in the unit", s.Credential)
	}
}

func checkPeople(r *reading, key string, t TeamConfig) {
	if len(t.People) == 0 {
		r.wrong(key+".people", `nobody is on the team; right is one line for each: "- Shaun <shaun@example.org>"`)
	}
	handles, addresses := map[string]string{}, map[string]string{strings.ToLower(t.Address): "the team itself"}
	for i, p := range t.People {
		at := fmt.Sprintf("%s.people[%d]", key, i)
		if p.Address == "" && p.Name != "" {
			r.wrong(at+".address", "%s has no address", p.Name)
		}
		unique(r, at+".handle", p.Handle, p.Name, handles)
		checkPersonAddress(r, at+".address", p.Address, p.Name, addresses)
		for j, a := range p.Addresses {
			checkPersonAddress(r, fmt.Sprintf("%s.addresses[%d]", at, j), a, p.Name, addresses)
		}
		if p.Handle != slug(p.Handle) {
			r.wrong(at+".handle", "%q may hold small letters, digits, - and _ only", p.Handle)
		}
		if r.has(at+".days") && len(p.Days) == 0 {
			r.wrong(at+".days", "%s must have a working day; reminders wait for it", p.Name)
		}
	}
}

func checkPersonAddress(r *reading, key, address, name string, taken map[string]string) {
	checkAddress(r, key, address)
	unique(r, key, strings.ToLower(address), name, taken)
}

// unique notes a word that somebody else has already, and takes it otherwise.
func unique(r *reading, key, word, owner string, taken map[string]string) {
	if first, ok := taken[word]; ok && word != "" {
		r.wrong(key, "%s is taken by %s already", word, first)
		return
	}
	taken[word] = owner
}

// checkAddress wants a bare address in ASCII: it is compared with what stands
// in From, and what is not exact there proves nothing (DESIGN chapter 6).
func checkAddress(r *reading, key, address string) {
	if address == "" {
		return
	}
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || strings.ContainsFunc(address, func(c rune) bool { return c > '~' }) {
		r.wrong(key, "%q is no mail address; right is shaun@example.org", address)
	}
}

func checkCalls(r *reading, key string, t TeamConfig) {
	if len(t.Calls) == 0 {
		r.wrong(key+".calls", `there is no call; right is "- {days: [mon, thu], time: \"16:00\"}"`)
	}
	for i, c := range t.Calls {
		at := fmt.Sprintf("%s.calls[%d]", key, i)
		if len(c.Days) == 0 {
			r.wrong(at+".days", "on which days of the week is the call?")
		}
		if c.Time == nil && !r.has(at+".time") {
			r.wrong(at+".time", "at what time of the day is the call?")
		}
		if c.Every < 1 || c.Every > 52 {
			r.wrong(at+".every", "%d is no number of weeks from 1 to 52", c.Every)
		}
		if c.Every > 1 && c.Since == "" {
			r.wrong(at+".since", "a call every %d weeks needs the date of one call to count from", c.Every)
		}
		if c.Length <= 0 || c.Length > 24*time.Hour {
			r.wrong(at+".length", "a call takes more than 0 minutes and at most a day")
		}
	}
}

// checkApart notes teams that would write into each other's records or mail.
func checkApart(r *reading, teams []TeamConfig) {
	slugs, addresses, mailboxes := map[string]string{}, map[string]string{}, map[string]string{}
	for i, t := range teams {
		at := fmt.Sprintf("teams[%d]", i)
		unique(r, at+".slug", t.Slug, t.Name, slugs)
		unique(r, at+".address", strings.ToLower(t.Address), t.Name, addresses)
		if t.Mailbox.Host == "" || t.Mailbox.User == "" {
			continue
		}
		folder := t.Mailbox.User + " on " + strings.ToLower(t.Mailbox.Host) + ", folder " + t.Mailbox.Folder
		unique(r, at+".mailbox", folder, t.Name, mailboxes)
	}
}

func oneOf(r *reading, key, word string, words ...string) {
	if !slices.Contains(words, word) {
		r.wrong(key, "%q is not known; right is one of: %s", word, strings.TrimPrefix(strings.Join(words, ", "), ", "))
	}
}

// people writes a duration as people do.
func people(d time.Duration) string {
	for _, unit := range []string{"w", "d", "h", "m"} {
		if size := units[unit[0]]; d >= size && d%size == 0 {
			return fmt.Sprintf("%d%s", d/size, unit)
		}
	}
	return d.String()
}
