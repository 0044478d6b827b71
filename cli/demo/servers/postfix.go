//go:build unix

package servers

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
)

// Postfix is a real mail server that delivers one domain into maildirs and
// sends nothing anywhere else.
type Postfix struct{ *Process }

// StartPostfix starts Postfix, which wants root, in an empty directory. It takes
// mail for the addresses of a domain, and their sub-addresses, and delivers it
// into maildirs, as Dovecot's of StartDovecot. All else it refuses.
func StartPostfix(dir, domain string, maildirs map[string]string) (*Postfix, error) {
	if os.Getuid() != 0 {
		return nil, fmt.Errorf("%w: postfix is started by root only", ErrMissing)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	owner, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	var mailboxes strings.Builder
	for address, maildir := range maildirs {
		fmt.Fprintf(&mailboxes, "%s %s/\n", address, strings.TrimPrefix(maildir, "/"))
	}
	fill := strings.NewReplacer("DIR", dir, "DOMAIN", domain, "PORT", strconv.Itoa(port), "UID", owner.Uid, "GID", owner.Gid)
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "mailboxes"), []byte(mailboxes.String()), 0o644),
		os.WriteFile(filepath.Join(dir, "main.cf"), []byte(fill.Replace(postfixMain)), 0o644),
		os.WriteFile(filepath.Join(dir, "master.cf"), []byte(fill.Replace(postfixMaster)), 0o644),
		os.Mkdir(filepath.Join(dir, "queue"), 0o755), postfixData(filepath.Join(dir, "data"))); err != nil {
		return nil, err
	}
	master, err := preparePostfix(dir)
	if err != nil {
		return nil, err
	}
	// With -d it stays in our process group; the commands of postfix(1) start it
	// in a session of its own, where it would outlive us.
	p, err := run(dir, port, master, "-d", "-c", dir)
	if err != nil {
		return nil, err
	}
	return &Postfix{p}, nil
}

// preparePostfix makes the queue and returns the path of master(8).
func preparePostfix(dir string) (string, error) {
	postfix, err := find("postfix")
	if err != nil {
		return "", err
	}
	if said, err := exec.Command(postfix, "-c", dir, "check").CombinedOutput(); err != nil {
		return "", fmt.Errorf("postfix check: %w: %s", err, said)
	}
	libexec, err := exec.Command(filepath.Join(filepath.Dir(postfix), "postconf"), "-d", "-h", "daemon_directory").Output()
	if err != nil {
		return "", fmt.Errorf("ask where master is: %w", err)
	}
	return filepath.Join(strings.TrimSpace(string(libexec)), "master"), nil
}

// postfixData makes the directory that Postfix' own user keeps its caches in.
func postfixData(dir string) error {
	postfix, err := user.Lookup("postfix")
	if err != nil {
		return fmt.Errorf("%w: postfix is not installed: %w", ErrMissing, err)
	}
	uid, _ := strconv.Atoi(postfix.Uid) // a number on every Unix
	return errors.Join(os.Mkdir(dir, 0o700), os.Chown(dir, uid, -1))
}

const postfixMain = `# Written by a test.
compatibility_level = 3.6
queue_directory = DIR/queue
data_directory = DIR/data
maillog_file = DIR/mail.log
maillog_file_prefixes = DIR
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mx.DOMAIN
mydestination =
recipient_delimiter = +
virtual_mailbox_domains = DOMAIN
virtual_mailbox_base = /
virtual_mailbox_maps = texthash:DIR/mailboxes
virtual_uid_maps = static:UID
virtual_gid_maps = static:GID
alias_maps =
alias_database =
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
`

// postfixMaster runs no service in a chroot, which would have to be furnished.
const postfixMaster = `# Written by a test.
127.0.0.1:PORT inet n - n - - smtpd
pickup    unix  n - n 60  1 pickup
cleanup   unix  n - n -   0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n -   - trivial-rewrite
bounce    unix  - - n -   0 bounce
defer     unix  - - n -   0 bounce
trace     unix  - - n -   0 bounce
verify    unix  - - n -   1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n -   - proxymap
showq     unix  n - n -   - showq
error     unix  - - n -   - error
retry     unix  - - n -   - error
virtual   unix  - n n -   - virtual
anvil     unix  - - n -   1 anvil
postlog   unix-dgram n - n - 1 postlogd
`
