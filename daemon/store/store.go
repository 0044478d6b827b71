// Package store keeps in Redis what the teams track, what was read, and the
// letters that are to be sent.
//
// It promises that one commit writes ledger, records and letters of a mail
// together or not at all, that a mail is committed once, and that nobody
// commits whose lease was taken over. It leaves out on purpose what records
// mean: they are JSON texts of package agenda under their key. Its keys are
// listed in keys.go; a tired operator reads them with redis-cli:
//
//	HGETALL minuted:{architecture}:meta
//	HGET    minuted:{architecture}:open item:12
//	ZRANGE  minuted:{architecture}:outbox 0 -1 WITHSCORES
package store

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	seenFor   = 90 * 24 * time.Hour // content hashes: longer than any mail server retries or people resend
	letterFor = 90 * 24 * time.Hour // settled letters, without their bytes
)

// Config says where Redis is.
type Config struct {
	URL            string   // redis://, rediss:// or unix://
	Addresses      []string // host:port of Sentinels (with Master) or of cluster nodes, instead of URL
	Master         string   // name of the master that the Sentinels watch
	Username       string
	Password       func() (string, error) // nil: what stands in URL, or none
	TLS            *tls.Config            // nil: as the URL's scheme says
	AcceptDataLoss bool                   // go on with a Redis that does not keep what it acknowledged
	Timeout        time.Duration          // of one command; 0: 10 s
}

// Store is a connection to Redis. It is safe for concurrent use.
type Store struct {
	redis     redis.UniversalClient
	now       func() time.Time
	failsOver bool // to a replica, by Sentinels or in a Cluster
	dialled   atomic.Int64
}

// Open prepares a connection; nothing is dialled yet. The errors are those of the configuration.
func Open(c Config, now func() time.Time) (*Store, error) {
	quieten()
	options, err := c.options()
	if err != nil {
		return nil, err
	}
	s := &Store{now: now, failsOver: len(c.Addresses) > 0}
	options.OnConnect = func(context.Context, *redis.Conn) error {
		s.dialled.Add(1)
		return nil
	}
	s.redis = redis.NewUniversalClient(options)
	return s, nil
}

// quieten ends go-redis' own lines on the standard error: what they tell is in
// the errors that we return, and would stand there twice and without its place.
var quieten = sync.OnceFunc(func() { redis.SetLogger(quiet{}) })

type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

// Dialled counts the connections that were made. After a restart of Redis the library
// connects again by itself; a count that grows is the reason to ask whether it is Same.
func (s *Store) Dialled() int64 { return s.dialled.Load() }

// Close closes the connections.
func (s *Store) Close() error { return s.redis.Close() }

// options turns the configuration into that of go-redis. Its defaults wait too
// long: five seconds for a context of 200 ms, nine for a server that is away.
func (c Config) options() (*redis.UniversalOptions, error) {
	o := &redis.UniversalOptions{Addrs: c.Addresses, MasterName: c.Master, Username: c.Username, TLSConfig: c.TLS}
	o.IsClusterMode = len(c.Addresses) > 0 && c.Master == "" // also where one node is named: it knows the others
	if c.URL != "" {
		u, err := redis.ParseURL(c.URL)
		if err != nil {
			return nil, fmt.Errorf("read redis url: %w", withoutSecret(err, c.URL))
		}
		o.Addrs, o.DB, o.TLSConfig = []string{u.Addr}, u.DB, firstTLS(c.TLS, u.TLSConfig)
		o.Username, o.Password = firstOf(c.Username, u.Username), u.Password
	}
	if c.Password != nil {
		o.CredentialsProvider = nil
		secret, err := c.Password()
		if err != nil {
			return nil, fmt.Errorf("read redis password: %w", err)
		}
		o.Password = secret
	}
	timeout := c.Timeout
	if timeout == 0 {
		timeout = 10 * time.Second
	}
	o.ContextTimeoutEnabled = true
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout = timeout/2, timeout, timeout
	o.MaxRetries, o.DialerRetries = -1, 1 // the loop tries again, and knows what to say meanwhile
	o.PoolSize = 8
	o.DisableIdentity = true // CLIENT SETINFO needs 7.2 and a right that the daemon's user has no use for
	return o, nil
}

func firstTLS(a, b *tls.Config) *tls.Config {
	if a != nil {
		return a
	}
	return b
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// withoutSecret keeps a password in a URL out of an error.
func withoutSecret(err error, url string) error {
	return errors.New(strings.ReplaceAll(err.Error(), url, "the URL"))
}

// Durability says how Redis keeps data, in a word and a sentence for the operator.
type Durability struct {
	Kept     bool // what was acknowledged survives a crash of Redis
	Sentence string
	Version  string
}

// Durability asks Redis how it keeps data; of a Cluster each master, and the worst
// answer counts. INFO is enough; CONFIG is not needed.
func (s *Store) Durability(ctx context.Context) (Durability, error) {
	infos, err := s.infos(ctx)
	if err != nil {
		return Durability{}, problem("ask redis how it keeps data", err)
	}
	var d Durability
	for i, info := range infos {
		if info["loading"] == "1" { // and does not yet say what it will keep
			return Durability{}, problem("ask redis how it keeps data", errLoading)
		}
		if one := durability(info); i == 0 || d.Kept && !one.Kept {
			d = one
		}
	}
	if _, ok := s.redis.(*redis.ClusterClient); !ok && infos[0]["redis_mode"] == "cluster" {
		d.Kept, d.Sentence = false, "This Redis is a node of a cluster, which keeps some teams elsewhere: name its nodes in redis.addresses instead of redis.url."
	}
	if d.Kept && s.failsOver {
		d.Sentence += " A failover can lose what the replica had not got yet; the mailbox repairs that, too."
	}
	return d, nil
}

// errLoading is what Redis answers to all but INFO while it starts.
var errLoading = errors.New("LOADING Redis is loading the dataset in memory")

// infos are the answers to INFO of the server, or of all masters of a Cluster.
func (s *Store) infos(ctx context.Context) ([]map[string]string, error) {
	cluster, ok := s.redis.(*redis.ClusterClient)
	if !ok {
		text, err := s.redis.Info(ctx).Result()
		return []map[string]string{infoFields(text)}, err
	}
	var mu sync.Mutex // the masters are asked side by side
	var infos []map[string]string
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
		text, err := node.Info(ctx).Result()
		mu.Lock()
		defer mu.Unlock()
		infos = append(infos, infoFields(text))
		return err
	})
	return infos, err
}

func durability(info map[string]string) Durability {
	d := Durability{Version: info["redis_version"]}
	switch {
	case info["aof_enabled"] == "1" && info["aof_last_write_status"] != "err":
		d.Kept, d.Sentence = true, "Redis writes an append-only file: at most its last second can be lost, and the mailbox repairs that."
	case info["aof_enabled"] == "1":
		d.Sentence = "Redis cannot write its append-only file: nothing since would survive a restart. Is the disk full?"
	case info["aof_enabled"] == "":
		d.Sentence = "Redis does not say how it keeps data."
	default:
		d.Sentence = "Redis keeps no append-only file: a crash loses everything since its last snapshot. Set appendonly yes, or accept_data_loss: true."
	}
	if policy := info["maxmemory_policy"]; policy != "" && policy != "noeviction" {
		d.Kept, d.Sentence = false, "Redis may throw records away when memory is short (maxmemory-policy "+policy+"). Set maxmemory-policy noeviction."
	}
	if info["role"] == "slave" {
		d.Kept, d.Sentence = false, "This Redis is a replica, which takes no commits: name the master, or the Sentinels."
	}
	return d
}

// identity names the process that keeps a team, and the line of its data: a master that
// was a replica meanwhile has another line, though it is the same process. Empty
// where Redis does not say.
func (t *Team) identity(ctx context.Context) (string, error) {
	node := t.store.redis
	if cluster, ok := node.(*redis.ClusterClient); ok { // which asks any node where no key is named
		master, err := cluster.MasterForKey(ctx, t.keys.meta())
		if err != nil {
			return "", problem("find the team's node of the cluster", err)
		}
		node = master
	}
	text, err := node.Info(ctx).Result()
	if err != nil {
		return "", problem("ask redis which process it is", err)
	}
	info := infoFields(text)
	return strings.Trim(info["run_id"]+":"+info["master_replid"], ":"), nil
}

func infoFields(text string) map[string]string {
	fields := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			fields[name] = value
		}
	}
	return fields
}

// ErrFenced says that another daemon has taken over the team.
var ErrFenced = errors.New("another daemon works for this team now")

// ErrStale says that the records have changed since they were loaded.
var ErrStale = errors.New("the records were changed by somebody else")

// ErrSeen says that a mail was committed before.
var ErrSeen = errors.New("this mail was handled before")

// Error is a command to Redis that did not succeed. Nothing was committed,
// unless Unclear says that the answer was lost on the way.
type Error struct {
	Op      string
	Hint    string // what an operator can do
	Unclear bool
	Err     error
}

func (e *Error) Error() string {
	if e.Hint == "" {
		return fmt.Sprintf("%s: %v", e.Op, e.Err)
	}
	return fmt.Sprintf("%s: %v (%s)", e.Op, e.Err, e.Hint)
}

func (e *Error) Unwrap() error { return e.Err }

// refusals are answers by which Redis says that it did nothing, and what helps.
var refusals = []struct{ prefix, hint string }{
	{"OOM", "Redis is out of memory: give it more, or set maxmemory higher"},
	{"MISCONF", "Redis cannot write to its disk: look at its log and its free space"},
	{"READONLY", "this Redis is a replica: name the master, or the Sentinels"},
	{"LOADING", "Redis is still loading its data: it will be tried again"},
	{"MASTERDOWN", "the replica has lost its master: it will be tried again"},
	{"CLUSTERDOWN", "the cluster is not complete: it will be tried again"},
	{"TRYAGAIN", "the cluster is moving this team to another node: it will be tried again"},
	{"ASK", "the cluster is moving this team to another node: it will be tried again"},
	{"MOVED", "this is a node of a cluster: name its nodes in redis.addresses instead of redis.url"},
	{"ERR This instance has cluster support disabled", "this is no cluster: name the server in redis.url, or the Sentinels' name of the master in redis.master"},
	{"redis: all sentinels", "no Sentinel knows the master: look at redis.addresses, which are those of the Sentinels, and redis.master"},
	{"EXECABORT", "Redis refused the transaction"},
	{"NOAUTH", "Redis wants a password: set redis.password_file"},
	{"WRONGPASS", "Redis refuses this password: look at redis.username and redis.password_file"},
	{"NOPERM", "the Redis user may not do this: compare its ACL with the one in the README"},
}

// problem wraps an error of go-redis with what an operator can do about it.
func problem(op string, err error) error {
	if err == nil {
		return nil
	}
	for _, r := range refusals {
		if strings.HasPrefix(err.Error(), r.prefix) {
			return &Error{Op: op, Hint: r.hint, Err: err}
		}
	}
	var answer redis.Error
	if errors.As(err, &answer) {
		return &Error{Op: op, Err: err}
	}
	return &Error{Op: op, Hint: "is Redis running, and is redis.url right?", Unclear: true, Err: err}
}
