package daemon

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"minuted/agenda"
	"minuted/daemon/mailbox"
	"minuted/daemon/outbox"
	"minuted/daemon/store"
	"minuted/digest"
	"minuted/templates"
)

// New makes a daemon of a configuration. Nothing is dialled yet; the errors are
// those of files that the configuration names.
func New(c Config, o Options) (*Daemon, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Pace = o.Pace.withDefaults()
	redis, err := c.Redis.open(o.Now, o.Pace.Answer)
	if err != nil {
		return nil, err
	}
	d := &Daemon{config: c, options: o, store: redis}
	var errs []error
	for _, tc := range c.Teams {
		t, err := d.team(tc)
		if err != nil {
			errs = append(errs, fmt.Errorf("team %s: %w", tc.Slug, err))
			continue
		}
		d.teams = append(d.teams, t)
	}
	if len(errs) > 0 {
		return nil, errors.Join(append(errs, d.Close())...)
	}
	return d, nil
}

func (d *Daemon) team(c TeamConfig) (*team, error) {
	log := d.options.Log.With("team", c.Slug)
	imapTLS, err := authorities(c.Mailbox.CAFile, c.Mailbox.Host)
	if err != nil {
		return nil, err
	}
	smtpTLS, err := authorities(c.SMTP.CAFile, c.SMTP.Host)
	if err != nil {
		return nil, err
	}
	set, sources, err := templates.Load(overrides(c.Templates))
	if err != nil {
		return nil, err
	}
	builtIn, err := templates.BuiltIn()
	if err != nil {
		return nil, err
	}
	people := c.Agenda(d.options.Keys)
	people.Host = d.options.Host
	in := mailbox.Config{Host: c.Mailbox.Host, Port: int(c.Mailbox.Port), TLS: string(c.Mailbox.TLS), User: c.Mailbox.User,
		Password: c.Mailbox.Password.Read, Folder: c.Mailbox.Folder, Base: c.Mailbox.Base, TLSConfig: imapTLS,
		CmdTimeout: d.options.Pace.Answer, IdleTimeout: d.options.Pace.Answer}
	if c.Mailbox.OAuth {
		in.OAuth = c.Mailbox.Password.Read
	}
	out := outbox.Config{Host: c.SMTP.Host, Port: int(c.SMTP.Port), TLS: string(c.SMTP.TLS), User: c.SMTP.User,
		HELO: c.SMTP.Helo, TLSConfig: smtpTLS, Timeout: d.options.Pace.Answer}
	if c.SMTP.User != "" {
		out.Password = c.SMTP.Password.Read
	}
	if c.SMTP.OAuth {
		out.OAuth = c.SMTP.Password.Read
	}
	return &team{
		agenda: people, letters: digest.NewWriter(people, c.SMTP.From, set), plain: digest.NewWriter(people, c.SMTP.From, builtIn), set: set, from: c.SMTP.From, own: ownTemplates(sources),
		mailbox: mailbox.New(in, log), outbox: outbox.New(out, log), records: d.store.Team(c.Slug),
		log: log, now: d.options.Now, holder: holderName(time.Now()), flight: newFlight(d.options.State, c.Slug),
		pace: d.options.Pace, store: d.store,
		onEmpty: d.config.Redis.OnEmpty, tell: d.progress, unseen: map[seat]agenda.Order{},
	}, nil
}

// overrides is the operator's folder of templates, or nil for none.
func overrides(folder string) fs.FS {
	if folder == "" {
		return nil
	}
	return os.DirFS(folder)
}

func ownTemplates(sources []templates.Source) []string {
	var names []string
	for _, s := range sources {
		if s.Own {
			names = append(names, s.Name)
		}
	}
	return names
}

func (d *Daemon) progress(p Progress) {
	if d.options.Progress != nil {
		d.options.Progress(p)
	}
}

func (c RedisConfig) open(now func() time.Time, timeout time.Duration) (*store.Store, error) {
	in := store.Config{URL: c.URL, Addresses: c.Addresses, Master: c.Master, Username: c.User, AcceptDataLoss: c.AcceptDataLoss, Timeout: timeout}
	if !c.Password.empty() {
		in.Password = c.Password.Read
	}
	if c.TLS || c.CAFile != "" {
		config, err := authorities(c.CAFile, "")
		if err != nil {
			return nil, err
		}
		in.TLS = config
	}
	return store.Open(in, now)
}

// authorities trusts the authorities in a file, or those of the system where none is named.
func authorities(file, host string) (*tls.Config, error) {
	config := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if file == "" {
		return config, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read ca_file: %w", err)
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("read ca_file %s: it holds no certificate in PEM", file)
	}
	return config, nil
}

// durable refuses a Redis that loses what it acknowledged, unless the
// configuration accepts that. It asks again when connections were made: a failover
// may have come to a server that is set up otherwise.
func (d *Daemon) durable(ctx context.Context) error {
	dialled := d.store.Dialled() + 1 // 0 means never
	if d.trusted.Load() == dialled {
		return nil
	}
	how, err := d.store.Durability(ctx)
	if err != nil {
		return err
	}
	if !how.Kept && !d.config.Redis.AcceptDataLoss {
		return errors.New(how.Sentence)
	}
	if d.trusted.Swap(dialled) == 0 {
		d.options.Log.Info("redis", "version", how.Version, "keeps", how.Sentence)
	}
	return nil
}
