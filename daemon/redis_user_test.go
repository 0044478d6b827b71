package daemon_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"minuted/cli/demo/servers"
	"minuted/daemon"
)

// guarded is a real Redis that knows the user of the shipped ACL file, with a
// password, beside an administrator; it speaks TLS on a port of its own.
type guarded struct {
	url, ca, password string
	admin             *redis.Client
	client            *tls.Config
}

const guardedPassword = "a password of Redis"

func startGuarded(t *testing.T, args ...string) guarded {
	t.Helper()
	dir := t.TempDir()
	shipped, err := os.ReadFile("../systemd/minuted.acl")
	if err != nil {
		t.Fatal(err)
	}
	acl := fmt.Sprintf("user default off\nuser admin on nopass ~* &* +@all\n%s #%x\n",
		strings.TrimSpace(string(shipped)), sha256.Sum256([]byte(guardedPassword)))
	client := writeCertificate(t, dir)
	port := freePort(t)
	write(t, dir, "users.acl", []byte(acl))
	server, err := servers.StartRedisServer(dir, append([]string{"--aclfile", filepath.Join(dir, "users.acl"), "--save", "",
		"--tls-port", port, "--tls-cert-file", filepath.Join(dir, "cert.pem"), "--tls-key-file", filepath.Join(dir, "key.pem"), "--tls-auth-clients", "no"}, args...)...)
	if errors.Is(err, servers.ErrMissing) && !strings.Contains(os.Getenv("MINUTED_REQUIRE"), "servers") {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	admin := redis.NewClient(&redis.Options{Network: "unix", Addr: server.Socket, Username: "admin", Password: "any", DisableIdentity: true})
	t.Cleanup(func() { admin.Close() })
	return guarded{"rediss://127.0.0.1:" + port + "/0", filepath.Join(dir, "cert.pem"), filepath.Join(dir, "redis.password"), admin, client}
}

// writeCertificate writes a certificate and its key for a server, and the password.
func writeCertificate(t *testing.T, dir string) *tls.Config {
	t.Helper()
	server, client, err := servers.SelfSigned(time.Now()) // programs on both sides compare it with the machine's clock
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(server.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "cert.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificates[0].Certificate[0]}))
	write(t, dir, "key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
	write(t, dir, "redis.password", []byte(guardedPassword))
	return client
}

func write(t *testing.T, dir, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// guardedWorld is a story's world on that Redis. It plays in a year that is still to
// come, since a real Redis drops what expired by its own clock.
func guardedWorld(t *testing.T, g guarded) *world {
	t.Helper()
	w := newWorld(t, time.Date(2091, 1, 24, 10, 0, 0, 0, time.UTC), "")
	w.daemon.Close()
	w.config = w.read("")
	w.config.Redis = w.guardedConfig(g)
	w.start()
	return w
}

func (w *world) guardedConfig(g guarded) daemon.RedisConfig {
	w.t.Helper()
	src := fmt.Sprintf(`
redis: {url: %q, user: minuted, password_file: %s, ca_file: %s}
teams:
  - address: %s
    mailbox: {host: 127.0.0.1, tls: none, user: x, password_file: x}
    smtp: {host: 127.0.0.1, tls: none}
    people: [shaun@example.com]
    calls: [{days: [mon], time: "16:00"}]
`, g.url, g.password, g.ca, teamAddress)
	config, err := daemon.ReadConfig([]byte(src), daemon.Places{Config: w.state, State: w.state})
	if err != nil {
		w.t.Fatal(err)
	}
	return config.Redis
}

// Everything that a team does in two weeks is done by the user of the ACL file,
// over TLS with a password: mail, a call, minutes, answers, a letter refused, a
// restart, a rebuild. Redis itself says what it refused.
func TestRedisUserMayDoAllThatTheDaemonNeeds(t *testing.T) {
	w := guardedWorld(t, startGuardedKeeping(t))
	w.pass()
	w.deliver(w.write("shaun", "Subject: Device trees\n\n#architecture which ones?\n"))
	w.advance(w.clock.Add(4 * 24 * time.Hour))
	w.deliver(w.write("alexis", "Subject: Minutes of "+w.clock.Format("2 Jan 2006")+"\n\n### "+w.clock.Format("2 Jan 2006")+
		"\n\n#### Attendees: Shaun\n\n#### Device trees\n\n- **[Action]:** Write it down (Shaun)\n"))
	w.smtp.Break(servers.SMTPFault{At: "DATA", Code: 451, Text: "later", Times: 1})
	w.smtp.Break(servers.SMTPFault{At: "RCPT", To: "kostas@example.com", Code: 550, Text: "unknown", Times: 1})
	w.advance(w.clock.Add(24 * time.Hour))
	w.deliver(w.write("shaun", "Subject: done\n\nA-1 done\n"))
	w.daemon.Close()
	w.start()
	w.advance(w.clock.Add(7 * 24 * time.Hour))
	if err := w.daemon.Rebuild(context.Background()); err != nil {
		t.Fatalf("rebuild: %v", err)
	}
	w.pass()
	for _, s := range w.daemon.Status(context.Background()) {
		if s.Fault != "" {
			t.Errorf("status: %s", s.Fault)
		}
	}
	for _, f := range w.daemon.Check(context.Background()) {
		if f.What == "redis" && !f.Good {
			t.Errorf("check: %s", f.Text)
		}
	}
	if n := len(w.letters()); n < 10 {
		t.Errorf("%d letters left in two weeks: the story did not happen", n)
	}
}

// startGuardedKeeping starts it with an append-only file, and fails the test if
// at its end Redis has refused anything.
func startGuardedKeeping(t *testing.T) guarded {
	t.Helper()
	g := startGuarded(t, "--appendonly", "yes")
	t.Cleanup(func() {
		refused, err := g.admin.Do(context.Background(), "ACL", "LOG").Slice()
		if err != nil {
			t.Error(err)
		}
		for _, r := range refused {
			t.Errorf("Redis refused the daemon: %v", r)
		}
	})
	return g
}

func TestRedisUserMayDoNothingElse(t *testing.T) {
	g := startGuarded(t)
	ctx := context.Background()
	if err := g.admin.Set(ctx, "foreign", "x", 0).Err(); err != nil {
		t.Fatal(err)
	}
	options, err := redis.ParseURL(g.url)
	if err != nil {
		t.Fatal(err)
	}
	options.Username, options.Password, options.TLSConfig, options.DisableIdentity, options.MaxRetries = "minuted", guardedPassword, g.client, true, -1
	user := redis.NewClient(options)
	defer user.Close()
	if err := user.Set(ctx, "minuted:{x}:meta", "1", 0).Err(); err != nil {
		t.Fatalf("its own key: %v", err)
	}
	for _, line := range []string{
		"GET foreign", "SET foreign y", "DEL foreign", "UNLINK foreign", "HGETALL foreign", "PEXPIRE foreign 1",
		"EVAL return(redis.call('GET','foreign')) 0", "EVAL return(redis.call('GET',KEYS[1])) 1 foreign", "EVAL return(redis.call('FLUSHALL')) 0",
		"KEYS *", "FLUSHALL", "FLUSHDB", "CONFIG GET *", "CONFIG SET dir /tmp", "SHUTDOWN", "MONITOR", "SAVE", "BGREWRITEAOF",
		"ACL LIST", "ACL SETUSER minuted +@all", "CLIENT LIST", "REPLICAOF no one", "MODULE LIST", "SCRIPT FLUSH", "FUNCTION LIST",
		"SUBSCRIBE x", "PUBLISH x y", "RENAME minuted:{x}:meta foreign", "COPY minuted:{x}:meta foreign", "RANDOMKEY", "DBSIZE", "MIGRATE 127.0.0.1 1 foreign 0 1",
	} {
		var args []any
		for _, word := range strings.Fields(line) {
			args = append(args, word)
		}
		if err := user.Do(ctx, args...).Err(); err == nil || !strings.Contains(err.Error(), "NOPERM") && !strings.Contains(err.Error(), "The user executing the script can't") {
			t.Errorf("%s: %v, want it refused", line, err)
		}
	}
	if got := g.admin.Get(ctx, "foreign").Val(); got != "x" {
		t.Errorf("the foreign key is %q now", got)
	}
	options.Password = "guessed"
	stranger := redis.NewClient(options)
	defer stranger.Close()
	if err := stranger.Ping(ctx).Err(); err == nil || !strings.Contains(err.Error(), "WRONGPASS") {
		t.Errorf("another password: %v", err)
	}
}

// As it is shipped the user has no password, and so nobody can be it.
func TestRedisUserWithoutAPasswordLetsNobodyIn(t *testing.T) {
	text, err := os.ReadFile("../systemd/minuted.acl")
	if err != nil || bytes.Contains(text, []byte("nopass")) || !bytes.Contains(text, []byte(" resetpass ")) || bytes.Contains(text, []byte(">")) {
		t.Errorf("%s %v", text, err)
	}
}

func TestRedisThatForgetsIsRefusedUnlessThatIsAccepted(t *testing.T) {
	w := guardedWorld(t, startGuarded(t, "--appendonly", "no"))
	w.deliverUnread(w.write("shaun", "Subject: x\n\n#architecture x\n"))
	err := w.daemon.Once(context.Background())
	if err == nil || !strings.Contains(err.Error(), "loses everything since its last snapshot") || !strings.Contains(err.Error(), "accept_data_loss") {
		t.Errorf("it says %v, want what could be lost and what to do", err)
	}
	if n := len(w.letters()); n != 0 {
		t.Errorf("%d letters left", n)
	}
	w.daemon.Close()
	w.config.Redis.AcceptDataLoss = true
	w.start()
	w.pass()
	if n := len(w.letters()); n != 1 {
		t.Errorf("%d letters left where the loss is accepted, want the receipt", n)
	}
}

func (w *world) deliverUnread(raw []byte) {
	w.t.Helper()
	if _, err := w.imap.Deliver(teamAddress, raw, w.clock); err != nil {
		w.t.Fatal(err)
	}
}
