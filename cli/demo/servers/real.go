//go:build unix

package servers

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Dovecot is a real IMAP server with maildirs below its directory.
type Dovecot struct {
	*Process
	sockets string
	owner   *user.User // of the maildirs
}

// StartDovecot starts Dovecot in an empty directory with accounts from user to
// password. It runs as whoever runs this; for root, whom it lets neither log
// in nor own mail, logins and mail belong to nobody. Further settings are lines of
// its configuration, which come last.
func StartDovecot(dir string, accounts map[string]string, settings ...string) (*Dovecot, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	owner, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	sockets, err := os.MkdirTemp("", "dovecot-") // the path of a socket must be short
	if err != nil {
		return nil, err
	}
	d := &Dovecot{sockets: sockets, owner: owner}
	config := filepath.Join(dir, "dovecot.conf")
	if err := errors.Join(os.Chmod(sockets, 0o755), d.writeUsers(dir, accounts),
		os.WriteFile(config, []byte(dovecotConfig(dir, sockets, port, owner)+strings.Join(settings, "\n")+"\n"), 0o600)); err != nil {
		return nil, err
	}
	d.Process, err = run(dir, port, "dovecot", "-F", "-c", config)
	if err != nil {
		os.RemoveAll(sockets) // empty, and in the system's directory for what may be lost
		return nil, err
	}
	return d, nil
}

// Stop ends Dovecot and removes what it had outside of its directory.
func (d *Dovecot) Stop() {
	d.Process.Stop()
	os.RemoveAll(d.sockets) // as above
}

func (d *Dovecot) writeUsers(dir string, accounts map[string]string) error {
	var users strings.Builder
	for name, password := range accounts {
		home := filepath.Join(dir, "home", name)
		if err := d.makeDirs(home, filepath.Join(home, "Maildir"), filepath.Join(home, "Maildir/tmp"),
			filepath.Join(home, "Maildir/new"), filepath.Join(home, "Maildir/cur")); err != nil {
			return err
		}
		fmt.Fprintf(&users, "%s:{PLAIN}%s:%s:%s::%s::\n", name, password, d.owner.Uid, d.owner.Gid, home)
	}
	return os.WriteFile(filepath.Join(dir, "users"), []byte(users.String()), 0o644)
}

func (d *Dovecot) makeDirs(paths ...string) error {
	for _, path := range paths {
		if err := errors.Join(os.MkdirAll(path, 0o755), d.own(path)); err != nil {
			return err
		}
	}
	return nil
}

// own gives a path to the owner of the maildirs.
func (d *Dovecot) own(path string) error {
	uid, _ := strconv.Atoi(d.owner.Uid) // numbers on every Unix
	gid, _ := strconv.Atoi(d.owner.Gid)
	return os.Chown(path, uid, gid)
}

// Maildir returns where the mail of a user lies.
func (d *Dovecot) Maildir(name string) string { return filepath.Join(d.Dir, "home", name, "Maildir") }

// Deliver puts a mail into the INBOX of a user, as a delivery agent does: into
// tmp, then by one rename into new. The time of the file is its INTERNALDATE.
func (d *Dovecot) Deliver(name, file string, raw []byte, at time.Time) error {
	tmp := filepath.Join(d.Maildir(name), "tmp", file)
	return errors.Join(os.WriteFile(tmp, raw, 0o600), d.own(tmp), os.Chtimes(tmp, at, at),
		os.Rename(tmp, filepath.Join(d.Maildir(name), "new", file)))
}

// unprivileged returns who shall own what a server keeps: whoever runs this, or
// nobody for root, who is let into the directory then.
func unprivileged(dir string) (*user.User, error) {
	if os.Getuid() != 0 {
		return user.Current()
	}
	for path := dir; path != os.TempDir() && path != filepath.Dir(path); path = filepath.Dir(path) {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if err := os.Chmod(path, info.Mode().Perm()|0o011); err != nil {
			return nil, err
		}
	}
	return user.Lookup("nobody")
}

// dovecotConfig is for Dovecot 2.3 (2.4 reads another language), run by anybody: no privileges
// are dropped, and but for its sockets nothing outside of the directory is used.
func dovecotConfig(dir, sockets string, port int, owner *user.User) string {
	me := "root"
	if os.Getuid() != 0 {
		me = owner.Username
	}
	return strings.NewReplacer("DIR", dir, "SOCKETS", sockets, "PORT", strconv.Itoa(port), "ME", me, "LOGINS", owner.Username).Replace(`# Written by a test.
base_dir = SOCKETS
state_dir = DIR/state
log_path = /dev/stderr
ssl = no
protocols = imap
disable_plaintext_auth = no
default_internal_user = ME
default_login_user = LOGINS
first_valid_uid = 0
mail_location = maildir:~/Maildir
mail_fsync = never
auth_mechanisms = plain login
passdb {
  driver = passwd-file
  args = DIR/users
}
userdb {
  driver = passwd-file
  args = DIR/users
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = PORT
  }
  inet_listener imaps {
    port = 0
  }
}
service stats {
  chroot =
}
namespace inbox {
  inbox = yes
}
`)
}

// RedisServer is a real Redis, with its files in its directory.
type RedisServer struct {
	*Process
	Socket string // path of its unix socket
}

// StartRedisServer starts redis-server with further arguments as on its command
// line, such as "--appendonly", "yes".
func StartRedisServer(dir string, args ...string) (*RedisServer, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	socket := filepath.Join(dir, "redis.sock")
	p, err := run(dir, port, "redis-server", append([]string{"--bind", "127.0.0.1", "--port", strconv.Itoa(port),
		"--unixsocket", socket, "--dir", dir, "--daemonize", "no"}, args...)...)
	if err != nil {
		return nil, err
	}
	return &RedisServer{p, socket}, nil
}

// StartSentinel starts a Sentinel that watches the Redis on a port of loopback
// under a name. Two Sentinels that miss it for half a second agree that it is gone.
func StartSentinel(dir, name string, master int) (*Process, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	config := filepath.Join(dir, "sentinel.conf") // which it writes to
	err = os.WriteFile(config, fmt.Appendf(nil, "bind 127.0.0.1\nport %[1]d\ndir %[2]s\nsentinel monitor %[3]s 127.0.0.1 %[4]d 2\n"+
		"sentinel down-after-milliseconds %[3]s 500\nsentinel failover-timeout %[3]s 3000\n", port, dir, name, master), 0o600)
	if err != nil {
		return nil, err
	}
	return run(dir, port, "redis-server", config, "--sentinel")
}

// StartClusterNode starts a Redis that can be a node of a Cluster, and returns
// the port on which nodes talk to each other.
func StartClusterNode(dir string, args ...string) (*RedisServer, int, error) {
	bus, err := freePort() // 10,000 above its own port, the default, may be above the last one
	if err != nil {
		return nil, 0, err
	}
	node, err := StartRedisServer(dir, append([]string{"--cluster-enabled", "yes", "--cluster-node-timeout", "2000",
		"--cluster-port", strconv.Itoa(bus)}, args...)...)
	return node, bus, err
}

// Sink is Postfix's smtp-sink, which takes all mail and keeps it in files.
type Sink struct{ *Process }

// StartSink starts smtp-sink with further arguments as on its command line,
// such as "-Q", "rcpt". Started by root it runs as nobody.
func StartSink(dir string, args ...string) (*Sink, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	if err := os.Mkdir(filepath.Join(dir, "sunk"), 0o777); err != nil {
		return nil, err
	}
	args = append(args, "-d", "sunk/%H%M%S.")
	if os.Getuid() == 0 {
		if _, err := unprivileged(dir); err != nil {
			return nil, err
		}
		if err := os.Chmod(filepath.Join(dir, "sunk"), 0o777); err != nil {
			return nil, err
		}
		args = append(args, "-u", "nobody")
	}
	p, err := run(dir, port, "smtp-sink", append(args, "127.0.0.1:"+strconv.Itoa(port), "64")...)
	if err != nil {
		return nil, err
	}
	return &Sink{p}, nil
}

// Mails returns what has been taken, each with the envelope in X-headers above
// it as smtp-sink writes them, in no order.
func (s *Sink) Mails() ([][]byte, error) {
	files, err := os.ReadDir(filepath.Join(s.Dir, "sunk"))
	if err != nil {
		return nil, err
	}
	var mails [][]byte
	for _, file := range files {
		raw, err := os.ReadFile(filepath.Join(s.Dir, "sunk", file.Name()))
		if err != nil {
			return nil, err
		}
		mails = append(mails, raw)
	}
	return mails, nil
}
