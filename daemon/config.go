package daemon

import (
	"net/mail"
	"path/filepath"
	"strings"
	"time"

	"minuted/agenda"
	"minuted/parser"
	"minuted/parser/when"
)

// Config is what a configuration file says, with everything derived that the
// file leaves out. config.example.yaml explains each key.
type Config struct {
	LogLevel     string       `yaml:"log_level"`
	TokenKeyFile string       `yaml:"token_key_file"`
	Redis        RedisConfig  `yaml:"redis"`
	Teams        []TeamConfig `yaml:"teams"`
}

// RedisConfig says where the state is kept: one server by URL, or several by
// Addresses, which are Sentinels where Master is set and a Cluster otherwise.
type RedisConfig struct {
	URL            string   `yaml:"url"`
	Addresses      []string `yaml:"addresses"`
	Master         string   `yaml:"master"`
	User           string   `yaml:"user"`
	Password       Secret   `yaml:",inline"`
	TLS            bool     `yaml:"tls"`
	CAFile         string   `yaml:"ca_file"`
	AcceptDataLoss bool     `yaml:"accept_data_loss"`
	OnEmpty        string   `yaml:"on_empty"` // what to do where it holds nothing of a team that worked before: refuse, rebuild
}

// TeamConfig is one team: its mailbox, its people, its calls.
type TeamConfig struct {
	Name       string         `yaml:"name"`
	Slug       string         `yaml:"slug"`
	Address    string         `yaml:"address"`
	SubAddress bool           `yaml:"sub_address"`
	Archive    string         `yaml:"archive"`
	Zone       *time.Location `yaml:"zone"`
	Mailbox    MailboxConfig  `yaml:"mailbox"`
	SMTP       SMTPConfig     `yaml:"smtp"`
	People     []PersonConfig `yaml:"people"`
	Calls      []CallConfig   `yaml:"calls"`
	DaysOff    []when.Date    `yaml:"days_off"`
	Tags       []string       `yaml:"tags"`
	Areas      []AreaConfig   `yaml:"areas"`
	Preview    time.Duration  `yaml:"preview"`
	Final      time.Duration  `yaml:"final"`
	Hold       time.Duration  `yaml:"hold"`
	Weekly     agenda.Weekly  `yaml:"weekly"`
	Calendar   string         `yaml:"calendar"`
	Operators  []string       `yaml:"operators"`
	Trust      TrustConfig    `yaml:"trust"`
	Templates  string         `yaml:"templates"`
}

// Server is how to reach and enter a mail server.
type Server struct {
	Host     string `yaml:"host"`
	Port     Port   `yaml:"port"`
	TLS      TLS    `yaml:"tls"`
	User     string `yaml:"user"`
	Password Secret `yaml:",inline"`
	OAuth    bool   `yaml:"oauth"` // the password is an access token, sent by XOAUTH2
	CAFile   string `yaml:"ca_file"`
}

// MailboxConfig is the IMAP server that holds the shared mailbox.
type MailboxConfig struct {
	Server `yaml:",inline"`
	Folder string `yaml:"folder"`
	Base   string `yaml:"base"` // handled mail is filed below it
}

// SMTPConfig is the server that takes the letters.
type SMTPConfig struct {
	Server `yaml:",inline"`
	From   string `yaml:"from"` // envelope sender: bounces go there
	Helo   string `yaml:"helo"`
}

// PersonConfig is a member of a team. In the file it may be as short as "Shaun <shaun@example.org>".
type PersonConfig struct {
	Name      string         `yaml:"name"`
	Address   string         `yaml:"address"`
	Handle    string         `yaml:"handle"`
	Addresses []string       `yaml:"addresses"`
	Aliases   []string       `yaml:"aliases"`
	Zone      *time.Location `yaml:"zone"`
	Days      []time.Weekday `yaml:"days"`
	Hours     Hours          `yaml:"hours"`
}

// CallConfig is a recurring call.
type CallConfig struct {
	Days   []time.Weekday `yaml:"days"`
	Time   *Clock         `yaml:"time"`
	Zone   *time.Location `yaml:"zone"`
	Every  int            `yaml:"every"` // weeks
	Since  when.Date      `yaml:"since"`
	Length time.Duration  `yaml:"length"`
	Where  string         `yaml:"where"`
}

// AreaConfig is a part of the work that items are sorted by.
type AreaConfig struct {
	Name    string   `yaml:"name"`
	Tags    []string `yaml:"tags"`
	Words   []string `yaml:"words"`
	Senders []string `yaml:"senders"`
	Lists   []string `yaml:"lists"`
}

// TrustConfig says which Authentication-Results prove a sender.
type TrustConfig struct {
	Profile    string `yaml:"profile"`
	AuthservID string `yaml:"authserv_id"`
}

// Places are the folders that a configuration counts on. They come from the
// command line and the environment, which package daemon does not read.
type Places struct {
	Config      string // relative file names count from here
	Credentials string // $CREDENTIALS_DIRECTORY; empty: the unit hands in none
	State       string // where the token key is kept unless the file says otherwise
}

// ReadConfig reads a configuration strictly: it returns a ConfigError with
// every mistake of the file at once, or a Config that is complete. It opens no
// file that the configuration names; CheckFiles does.
func ReadConfig(src []byte, places Places) (Config, error) {
	config := Config{LogLevel: "info", Redis: RedisConfig{URL: "redis://localhost:6379/0", OnEmpty: "refuse"}}
	r := readYAML(src, &config)
	if r.broken {
		return Config{}, r.err()
	}
	if r.has("redis.addresses") && !r.has("redis.url") {
		config.Redis.URL = ""
	}
	config.derive(places)
	checkConfig(r, &config)
	if err := r.err(); err != nil {
		return Config{}, err
	}
	return config, nil
}

// setDefaults gives the defaults that do not depend on other keys. The time of
// preview and final, the hold and the weekly digest are those of DESIGN chapters 6 and 8.
func (t *TeamConfig) setDefaults() {
	t.Zone = time.UTC
	t.Mailbox = MailboxConfig{Server: Server{TLS: ImplicitTLS}, Folder: "INBOX", Base: "minuted"}
	t.SMTP = SMTPConfig{Server: Server{TLS: ImplicitTLS}, Helo: "localhost"}
	t.Preview = 24 * time.Hour
	t.Final = time.Hour
	t.Hold = 15 * time.Minute
	t.Weekly = agenda.Weekly{Day: time.Friday, Time: 16 * time.Hour}
	t.Calendar = "invite"
}

func (p *PersonConfig) setDefaults() {
	p.Days = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	p.Hours = Hours{From: 9 * time.Hour, To: 17 * time.Hour}
}

func (c *CallConfig) setDefaults() {
	c.Every = 1
	c.Length = time.Hour
}

// derive fills in what follows from other keys.
func (c *Config) derive(places Places) {
	if c.TokenKeyFile == "" && places.State != "" {
		c.TokenKeyFile = filepath.Join(places.State, "token.key")
	}
	c.TokenKeyFile = places.file(c.TokenKeyFile)
	c.Redis.CAFile = places.file(c.Redis.CAFile)
	c.Redis.Password.resolve(places)
	for i := range c.Teams {
		c.Teams[i].derive(places)
	}
}

func (t *TeamConfig) derive(places Places) {
	t.Mailbox.Server.derive(places, imapPorts)
	t.SMTP.Server.derive(places, smtpPorts)
	t.Templates = places.file(t.Templates)
	if t.Address == "" && strings.Contains(t.Mailbox.User, "@") {
		t.Address = t.Mailbox.User
	}
	local, _, _ := strings.Cut(t.Address, "@")
	if t.Slug == "" {
		t.Slug = slug(local)
	}
	if t.Name == "" && t.Slug != "" {
		t.Name = strings.ToUpper(t.Slug[:1]) + t.Slug[1:]
	}
	if t.Tags == nil && t.Slug != "" {
		t.Tags = []string{t.Slug}
	}
	if t.SMTP.From == "" {
		t.SMTP.From = t.Address
	}
	if t.Archive == "" {
		t.Archive = t.ownAddress()
	}
	for i := range t.People {
		t.People[i].derive(t.Zone)
	}
	for i := range t.Calls {
		if t.Calls[i].Zone == nil {
			t.Calls[i].Zone = t.Zone
		}
	}
}

// noArchive is what archive says where letters have no second recipient.
const noArchive = "none"

// ownAddress is where the copies of letters go unless archive says otherwise: an
// address that leads to this mailbox and to nobody else. The team's address may be
// a list or a group, to which letters to one person must not go; it is the
// mailbox's own where the login says so.
func (t *TeamConfig) ownAddress() string {
	local, domain, _ := strings.Cut(t.Address, "@")
	login, err := mail.ParseAddress(t.Mailbox.User)
	switch {
	case strings.EqualFold(t.Mailbox.User, t.Address) || strings.EqualFold(t.Mailbox.User, local):
		if t.SubAddress {
			return local + "+archive@" + domain
		}
		return t.Address
	case err == nil && login.Address == t.Mailbox.User:
		return t.Mailbox.User
	}
	return noArchive
}

// copies is the second recipient of each letter; empty: there is none.
func (t TeamConfig) copies() string {
	if t.Archive == noArchive {
		return ""
	}
	return t.Archive
}

func (s *Server) derive(places Places, ports map[TLS]Port) {
	if s.Port == 0 {
		s.Port = ports[s.TLS]
	}
	s.CAFile = places.file(s.CAFile)
	s.Password.resolve(places)
}

func (p *PersonConfig) derive(zone *time.Location) {
	local, _, _ := strings.Cut(p.Address, "@")
	if p.Name == "" {
		p.Name = local
	}
	if p.Handle == "" {
		p.Handle = slug(local)
	}
	if p.Zone == nil {
		p.Zone = zone
	}
}

// slug keeps of a word what may stand in keys, addresses and @handles.
func slug(word string) string {
	keep := func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_':
			return c
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		}
		return '-'
	}
	return strings.Trim(strings.Map(keep, word), "-")
}

// file makes a file name of the configuration absolute.
func (p Places) file(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(p.Config, name)
}

// Agenda returns the team as package agenda knows it. The keys sign its
// tokens: the first signs, all verify.
func (t TeamConfig) Agenda(keys [][]byte) agenda.Team {
	team := agenda.Team{
		Name: t.Name, Slug: t.Slug, Address: t.Address, SubAddress: t.SubAddress,
		Archive: t.copies(), Zone: t.Zone, DaysOff: t.DaysOff, Tags: t.Tags,
		Preview: t.Preview, Final: t.Final, Hold: t.Hold, Weekly: t.Weekly,
		Calendar: t.Calendar, Operator: t.Operators, Keys: keys,
		Trust: agenda.Trust(t.Trust),
	}
	for _, p := range t.People {
		team.People = append(team.People, agenda.Person{
			Handle: p.Handle, Name: p.Name, Address: p.Address, Addresses: p.Addresses, Aliases: p.Aliases,
			Zone: p.Zone, Days: p.Days, From: p.Hours.From, To: p.Hours.To,
		})
	}
	for _, c := range t.Calls {
		team.Series = append(team.Series, agenda.Series{
			Days: c.Days, Time: time.Duration(*c.Time), Every: c.Every, Since: c.Since,
			Zone: c.Zone, Length: c.Length, Where: c.Where,
		})
	}
	for _, a := range t.Areas {
		team.Areas = append(team.Areas, agenda.Area(a))
	}
	return team
}

// Reading returns what the reading of a mail to the team depends on.
func (t TeamConfig) Reading() parser.Options {
	options := parser.Options{Tags: t.Tags, Own: []string{t.Address}}
	for _, p := range t.People {
		options.People = append(options.People, p.Name, p.Handle)
		options.People = append(options.People, p.Aliases...)
	}
	return options
}
