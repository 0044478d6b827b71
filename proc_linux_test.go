package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"minuted/cli/demo/servers"
)

const secretPassword = "correct-horse-battery"

// TestTheProgram is no test but the program itself, when TestSecrets starts it.
func TestTheProgram(t *testing.T) {
	if folder := os.Getenv("MINUTED_TEST_FOLDER"); folder != "" {
		os.Args = []string{"minuted", "serve", "-c", filepath.Join(folder, "config.yaml")}
		main()
	}
}

// Whoever may look at the processes of the machine sees no password, and a crash
// leaves no memory behind.
func TestSecretsStandInNoArgumentEnvironmentLogOrCore(t *testing.T) {
	folder, imap := t.TempDir(), provider(t)
	if _, err := imap.Deliver("architecture@example.org", []byte("From: shaun@example.org\r\nSubject: x\r\n\r\n#architecture words-of-a-body\r\n"), time.Now()); err != nil {
		t.Fatal(err)
	}
	configure(t, folder, imap)
	program := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestTheProgram$")
	program.Env = append(os.Environ(), "MINUTED_TEST_FOLDER="+folder, "XDG_STATE_HOME="+folder)
	program.Cancel = func() error { return program.Process.Signal(syscall.SIGTERM) }
	errors, err := program.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	log := untilMailWasRead(t, errors)
	proc := fmt.Sprintf("/proc/%d/", program.Process.Pid)
	limits := readProc(t, proc+"limits")
	if !strings.Contains(strings.Join(strings.Fields(limits), " "), "Max core file size 0 0 bytes") {
		t.Errorf("a crash may leave a core dump:\n%s", limits)
	}
	places := map[string]string{"argv": readProc(t, proc+"cmdline"), "environment": readProc(t, proc+"environ"), "log": log}
	key, err := os.ReadFile(filepath.Join(folder, "minuted", "token.key"))
	if err != nil {
		t.Fatal(err)
	}
	for place, text := range places {
		for _, secret := range []string{secretPassword, strings.TrimSpace(string(key)), "words-of-a-body"} {
			if strings.Contains(text, secret) {
				t.Errorf("%q stands in the %s", secret, place)
			}
		}
	}
	program.Process.Signal(syscall.SIGTERM)
	program.Wait() // how it ends is the business of other tests
}

func provider(t *testing.T) *servers.IMAP {
	t.Helper()
	imap, err := servers.StartIMAP(servers.IMAPOptions{Accounts: map[string]string{"architecture@example.org": secretPassword}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(imap.Close)
	return imap
}

func configure(t *testing.T, folder string, imap *servers.IMAP) {
	t.Helper()
	redis, err := servers.StartRedis(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(redis.Close)
	smtp, err := servers.StartSMTP(servers.SMTPOptions{Domain: "example.org", Now: time.Now, Accounts: map[string]string{"architecture@example.org": secretPassword}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(smtp.Close)
	config := fmt.Sprintf(`
log_level: debug
redis: {url: "redis://%s/0", accept_data_loss: true}
teams:
  - mailbox: {host: 127.0.0.1, port: %d, tls: none, user: architecture@example.org, password_file: password}
    smtp: {host: 127.0.0.1, port: %d, tls: none, user: architecture@example.org, password_file: password}
    people: ["Shaun <shaun@example.org>"]
    calls: [{days: [mon], time: "16:00"}]
`, redis.Addr(), imap.Port(), smtp.Port())
	for name, text := range map[string]string{"config.yaml": config, "password": secretPassword} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// untilMailWasRead returns what the program logs until its first letter has left.
func untilMailWasRead(t *testing.T, log interface{ Read([]byte) (int, error) }) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	lines := make(chan string)
	go func() { // a program that says nothing must not hold the test for ever
		defer close(lines)
		for scanner := bufio.NewScanner(log); scanner.Scan(); {
			select {
			case lines <- scanner.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	var said strings.Builder
	for {
		select {
		case line, ok := <-lines:
			said.WriteString(line + "\n")
			if strings.Contains(line, "msg=letter") {
				return said.String()
			}
			if !ok {
				t.Fatalf("it ended:\n%s", said.String())
			}
		case <-ctx.Done():
			t.Fatalf("it sent nothing:\n%s", said.String())
		}
	}
}

func readProc(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil && os.Getuid() != 0 && os.IsPermission(err) {
		return "" // not even we may look
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
