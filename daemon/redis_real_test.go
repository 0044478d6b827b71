//go:build unix

package daemon_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"minuted/cli/demo/servers"
	"minuted/daemon"
)

// later is a Monday that is still to come: a real Redis drops what expired by its own clock.
var later = time.Date(2091, 1, 29, 10, 0, 0, 0, time.UTC)

// keeps are the arguments of a Redis that writes an append-only file: at once, so
// that a test knows what stands in it and can take the last second away.
var keeps = []string{"--save", "", "--appendonly", "yes", "--appendfsync", "always"}

func startRedis(t *testing.T, args ...string) *servers.RedisServer {
	t.Helper()
	server, err := servers.StartRedisServer(shortDir(t), args...)
	needs(t, err)
	t.Cleanup(server.Stop)
	return server
}

// shortDir is a folder whose name is short enough for a socket in it.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "redis")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// needs skips a test whose server is missing, unless servers are required.
func needs(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, servers.ErrMissing) && !strings.Contains(os.Getenv("MINUTED_REQUIRE"), "servers") {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func at(port int) string { return "127.0.0.1:" + strconv.Itoa(port) }

// admin is a client of one server, as an operator's.
func admin(t *testing.T, port int) *redis.Client {
	t.Helper()
	c := redis.NewClient(&redis.Options{Addr: at(port), DisableIdentity: true})
	t.Cleanup(func() { c.Close() })
	return c
}

// told has a server do something at once.
func told(t *testing.T, c *redis.Client, line ...any) any {
	t.Helper()
	answer, err := c.Do(context.Background(), line...).Result()
	if err != nil {
		t.Fatalf("%v: %v", line, err)
	}
	return answer
}

// onRedis is a world on a real Redis, whose daemon waits a second for an answer.
func onRedis(t *testing.T, config daemon.RedisConfig) *world {
	t.Helper()
	w := newWorld(t, later, "")
	w.daemon.Close()
	w.pace = daemon.Pace{Answer: time.Second}
	w.config.Redis = config
	w.start()
	w.pass()
	return w
}

func onServer(t *testing.T, server *servers.RedisServer) *world {
	t.Helper()
	return onRedis(t, daemon.RedisConfig{URL: "redis://" + at(server.Port) + "/0"})
}

// wantRefused wants that a pass fails and says a remedy, and that the mail stays.
func (w *world) wantRefused(remedy string) {
	w.t.Helper()
	before := len(w.imap.Mails(teamAddress, "INBOX"))
	err := w.daemon.Once(context.Background())
	if err == nil || !strings.Contains(err.Error(), remedy) {
		w.t.Errorf("error %v, want one that says %q", err, remedy)
	}
	if after := len(w.imap.Mails(teamAddress, "INBOX")); after != before || after == 0 {
		w.t.Errorf("%d mails in the mailbox, want the %d to stay", after, before)
	}
}

// goesOn waits until a pass succeeds.
func (w *world) goesOn(within time.Duration) {
	w.t.Helper()
	var err error
	eventuallyIn(w.t, within, "a pass succeeds", func() bool {
		err = w.daemon.Once(context.Background())
		return err == nil
	}, func() string { return err.Error() })
}

// crash ends a Redis without warning, with an append-only file that ends in the
// middle of the command after a length: what came since never reached the disk.
func crash(t *testing.T, server *servers.RedisServer, length int64) {
	t.Helper()
	server.Kill()
	if err := os.Truncate(appendOnly(t, server), length+7); err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
}

func appendOnly(t *testing.T, server *servers.RedisServer) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(server.Dir, "appendonlydir", "*.incr.aof"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	return files[0]
}

func lengthOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// What a Redis lost with its last second is done again from the mailbox: mail that
// was filed away, mail that was not, and what fell due. The letters had left.
func TestARealRedisThatLosesItsLastSecondIsRepaired(t *testing.T) {
	for name, lose := range map[string]func(w *world){
		"mail that was filed away": func(w *world) {
			w.deliver(w.write("shaun", topic(2)))
		},
		"mail that was not filed away": func(w *world) {
			w.imap.Break(servers.Fault{At: "MOVE", Do: servers.Refuse, Text: "not now"})
			w.arrive(w.write("shaun", topic(2)))
			w.daemon.Once(w.t.Context()) // it says that it could not file the mail away
			w.imap.Mend()
		},
		"what fell due": func(w *world) {
			w.deliver(w.write("shaun", topic(2)))
			w.clock = w.clock.Add(3 * 24 * time.Hour).Truncate(24 * time.Hour).Add(15*time.Hour + 10*time.Minute) // less than an hour before a call
			w.pass()
		},
	} {
		for _, again := range []bool{false, true} {
			t.Run(name+map[bool]string{true: ", and the daemon starts again"}[again], func(t *testing.T) {
				t.Parallel()
				server := startRedis(t, keeps...)
				w := onServer(t, server)
				w.deliver(w.write("shaun", topic(1)))
				w.pass()
				kept, left := lengthOf(t, appendOnly(t, server)), len(w.smtp.Sent())
				lose(w)
				if len(w.smtp.Sent()) == left {
					t.Fatal("no letter left: nothing is shown")
				}
				crash(t, server, kept)
				if again {
					w.daemon.Close()
					w.start()
				}
				w.arrive(w.write("kostas", topic(3)))
				w.daemon.Once(t.Context()) // the first may meet the end of the connection
				w.recover()
				w.wantTopics(3)
			})
		}
	}
}

// The letter stood there before, and was to be tried again. It left, and Redis has
// forgotten that it was taken and settled.
func TestARealRedisThatForgetsThatALetterLeftSendsItOnce(t *testing.T) {
	for _, again := range []bool{false, true} {
		t.Run(map[bool]string{false: "the daemon goes on", true: "the daemon starts again"}[again], func(t *testing.T) {
			t.Parallel()
			server := startRedis(t, keeps...)
			w := onServer(t, server)
			w.smtp.Break(servers.SMTPFault{At: "MAIL", Do: servers.Reply, Code: 451, Text: "later", Times: 1})
			w.deliver(w.write("shaun", topic(1)))
			kept := lengthOf(t, appendOnly(t, server))
			w.clock = w.clock.Add(2 * time.Minute)
			w.pass()
			if len(w.smtp.Sent()) != 1 {
				t.Fatal("no letter left: nothing is shown")
			}
			crash(t, server, kept)
			if again {
				w.daemon.Close()
				w.start()
			}
			w.daemon.Once(t.Context()) // the first may meet the end of the connection
			w.recover()
			w.wantTopics(1)
		})
	}
}

// It dies between the repair's beginning and its end.
func TestARepairThatIsCutShortIsBegunAgain(t *testing.T) {
	t.Parallel()
	server := startRedis(t, keeps...)
	w := onServer(t, server)
	w.deliver(w.write("shaun", topic(1)))
	w.pass()
	kept := lengthOf(t, appendOnly(t, server))
	w.clock = w.clock.Add(3 * 24 * time.Hour).Truncate(24 * time.Hour).Add(15*time.Hour + 10*time.Minute)
	w.pass()
	crash(t, server, kept)
	w.imap.Break(servers.Fault{At: "SEARCH", Do: servers.Refuse, Text: "not now"})
	w.daemon.Once(t.Context())
	w.daemon.Once(t.Context())
	w.imap.Mend()
	w.daemon.Close()
	w.start()
	w.recover()
	w.wantTopics(1)
}

func TestARealRedisThatRefusesLosesNothing(t *testing.T) {
	for _, c := range []struct {
		name, remedy string
		refuse, mend [][]any
	}{
		{"READONLY", "is a replica", [][]any{{"REPLICAOF", "127.0.0.1", "1"}}, [][]any{{"REPLICAOF", "NO", "ONE"}}},
		{"MASTERDOWN", "lost its master", [][]any{{"CONFIG", "SET", "replica-serve-stale-data", "no"}, {"REPLICAOF", "127.0.0.1", "1"}}, [][]any{{"REPLICAOF", "NO", "ONE"}}},
		{"OOM", "out of memory", [][]any{{"CONFIG", "SET", "maxmemory", "1"}}, [][]any{{"CONFIG", "SET", "maxmemory", "0"}}},
		{"NOPERM", "may not do this", [][]any{{"ACL", "SETUSER", "default", "-evalsha", "-eval"}}, [][]any{{"ACL", "SETUSER", "default", "+@all"}}},
		{"CLIENT PAUSE", "is Redis running", [][]any{{"CLIENT", "PAUSE", "600000", "WRITE"}}, [][]any{{"CLIENT", "UNPAUSE"}}},
		{"CLIENT KILL", "", [][]any{{"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"}}, nil},
		{"SCRIPT FLUSH", "", [][]any{{"SCRIPT", "FLUSH"}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := startRedis(t, keeps...)
			w, op := onServer(t, server), admin(t, server.Port)
			w.deliver(w.write("shaun", topic(1)))
			w.arrive(w.write("kostas", topic(2)))
			for _, line := range c.refuse {
				told(t, op, line...)
			}
			if c.remedy != "" {
				w.wantRefused(c.remedy)
				w.wantRefused(c.remedy)
			}
			for _, line := range c.mend {
				told(t, op, line...)
			}
			w.daemon.Once(t.Context()) // which may meet the end of a connection
			w.recover()
			w.wantTopics(2)
		})
	}
}

// A disk on which nothing can be written.
func TestARealRedisWhoseDiskFails(t *testing.T) {
	t.Parallel()
	gone := filepath.Join(shortDir(t), "disk")
	if err := os.Mkdir(gone, 0o700); err != nil {
		t.Fatal(err)
	}
	server := startRedis(t, append(keeps, "--enable-protected-configs", "yes")...)
	w, op := onServer(t, server), admin(t, server.Port)
	w.arrive(w.write("shaun", topic(1)))
	told(t, op, "CONFIG", "SET", "dir", gone)
	if err := os.Remove(gone); err != nil {
		t.Fatal(err)
	}
	told(t, op, "CONFIG", "SET", "save", "3600 1")
	told(t, op, "BGSAVE")
	saved := func(status string) func() bool {
		return func() bool {
			return strings.Contains(told(t, op, "INFO", "persistence").(string), "rdb_last_bgsave_status:"+status)
		}
	}
	eventually(t, "the snapshot fails", saved("err"), server.Log)
	w.wantRefused("cannot write to its disk")
	told(t, op, "CONFIG", "SET", "dir", server.Dir)
	told(t, op, "BGSAVE")
	eventually(t, "the snapshot succeeds", saved("ok"), server.Log)
	w.recover()
	w.wantTopics(1)
}

func TestARealRedisThatIsLoading(t *testing.T) {
	t.Parallel()
	server := startRedis(t, append(keeps, "--rdbcompression", "no")...) // so that it looks up after each key
	w, op := onServer(t, server), admin(t, server.Port)
	w.deliver(w.write("shaun", topic(1)))
	for n := range 400 {
		told(t, op, "SET", fmt.Sprint("another program's ", n), strings.Repeat("x", 1000))
	}
	told(t, op, "BGREWRITEAOF")
	eventually(t, "the file is written anew", func() bool {
		return strings.Contains(told(t, op, "INFO", "persistence").(string), "aof_rewrite_in_progress:0")
	}, server.Log)
	w.arrive(w.write("kostas", topic(2)))
	server.Kill()
	server.With("--key-load-delay", "50000", "--loading-process-events-interval-bytes", "1024")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	w.daemon.Once(t.Context()) // meets the end of its connection
	w.wantRefused("still loading")
	told(t, op, "CONFIG", "SET", "key-load-delay", "0")
	w.goesOn(within)
	w.recover()
	w.wantTopics(2)
}

// An answer that is longer than the server lets wait ends the connection.
func TestARealRedisThatEndsAConnectionForItsLength(t *testing.T) {
	t.Parallel()
	server := startRedis(t, keeps...)
	w, op := onServer(t, server), admin(t, server.Port)
	told(t, op, "CONFIG", "SET", "client-output-buffer-limit", "normal 1 1 1")
	for n := 1; n <= 8; n++ { // the letters that they cause are taken with one answer
		w.arrive(w.write("shaun", topic(n)))
	}
	if err := w.daemon.Once(t.Context()); err == nil || !strings.Contains(err.Error(), "is Redis running") {
		t.Errorf("error %v, want one that says that the connection ended", err)
	}
	told(t, op, "CONFIG", "SET", "client-output-buffer-limit", "normal 0 0 0")
	w.recover()
	w.wantTopics(8)
}

func TestARealRedisThatForgetsIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"by eviction":        {append(keeps, "--maxmemory-policy", "allkeys-lru"), "maxmemory-policy noeviction"},
		"by eviction of TTL": {append(keeps, "--maxmemory-policy", "volatile-ttl"), "maxmemory-policy noeviction"},
		"by a crash":         {[]string{"--save", "", "--appendonly", "no"}, "appendonly yes"},
		"as a replica does":  {append(keeps, "--replicaof", "127.0.0.1 1"), "name the master"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startRedis(t, c.args...)
			w := newWorld(t, later, "")
			w.daemon.Close()
			w.config.Redis = daemon.RedisConfig{URL: "redis://" + at(server.Port) + "/0"}
			w.start()
			w.arrive(w.write("shaun", topic(1)))
			w.wantRefused(c.want)
			for _, f := range w.daemon.Check(t.Context()) {
				if f.What == "redis" && (f.Good || !strings.Contains(f.Text, c.want)) {
					t.Errorf("check says %v %s, want %q", f.Good, f.Text, c.want)
				}
			}
		})
	}
}

// A Redis that comes back with nothing, under a daemon that knows everything: as
// after a failover to a replica that has never been filled.
func TestARealRedisThatComesBackEmptyIsRebuilt(t *testing.T) {
	for name, empty := range map[string]func(t *testing.T, server *servers.RedisServer){
		"after a start": func(t *testing.T, server *servers.RedisServer) {
			server.Kill()
			if err := server.Start(); err != nil {
				t.Fatal(err)
			}
		},
		"while it runs": func(t *testing.T, server *servers.RedisServer) { told(t, admin(t, server.Port), "FLUSHALL") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startRedis(t, "--save", "", "--appendonly", "no")
			w := onRedis(t, daemon.RedisConfig{URL: "redis://" + at(server.Port) + "/0", AcceptDataLoss: true})
			w.deliver(w.write("shaun", topic(1)))
			w.deliver(w.write("kostas", topic(2)))
			w.arrive(w.write("kostas", topic(3)))
			empty(t, server)
			w.daemon.Once(t.Context()) // may meet the end of its connection
			w.wantRefused("minuted rebuild")
			if err := w.daemon.Rebuild(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.recover()
			w.wantTopics(3)
		})
	}
}
