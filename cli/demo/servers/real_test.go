//go:build unix

package servers

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// needs skips a test whose server is missing, unless servers are required.
func needs(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, ErrMissing) && !strings.Contains(os.Getenv("MINUTED_REQUIRE"), "servers") {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// says sends a line to a server and tells whether its answer holds a word.
func says(t *testing.T, network, address, line, word string) {
	t.Helper()
	conn, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprint(conn, line)
	var heard []byte
	buffer := make([]byte, 4096)
	for !bytes.Contains(heard, []byte(word)) {
		n, err := conn.Read(buffer)
		if err != nil {
			t.Fatalf("after %q: %v", heard, err)
		}
		heard = append(heard, buffer[:n]...)
	}
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

func TestStartDovecot_serves_what_is_delivered_also_after_a_kill(t *testing.T) {
	dovecot, err := StartDovecot(t.TempDir(), map[string]string{"team": "secret"})
	needs(t, err)
	defer func() { dovecot.Stop() }()
	if err := dovecot.Deliver("team", "1", []byte("Subject: x\n\nbody\n"), time.Unix(1485792000, 0)); err != nil {
		t.Fatal(err)
	}
	says(t, "tcp", loopback(dovecot.Port), "a LOGIN team secret\r\nb EXAMINE INBOX\r\n", "* 1 EXISTS")
	dovecot.Kill()
	if err := dovecot.Start(); err != nil {
		t.Fatal(err)
	}
	says(t, "tcp", loopback(dovecot.Port), "a LOGIN team secret\r\nb EXAMINE INBOX\r\n", "* 1 EXISTS")
}

func TestStartRedisServer_answers_on_port_and_socket(t *testing.T) {
	redis, err := StartRedisServer(t.TempDir(), "--appendonly", "yes")
	needs(t, err)
	defer redis.Stop()
	says(t, "tcp", loopback(redis.Port), "CONFIG GET appendonly\r\n", "yes")
	says(t, "unix", redis.Socket, "PING\r\n", "PONG")
}

func TestStartSink_keeps_what_it_takes(t *testing.T) {
	sink, err := StartSink(t.TempDir())
	needs(t, err)
	defer sink.Stop()
	if err := smtp.SendMail(loopback(sink.Port), nil, "a@example.org", []string{"b@example.org"}, []byte("Subject: x\r\n\r\nsunk\r\n")); err != nil {
		t.Fatal(err)
	}
	mails, err := sink.Mails()
	if err != nil || len(mails) != 1 || !bytes.Contains(mails[0], []byte("sunk")) {
		t.Errorf("%d mails, %v: %q", len(mails), err, mails)
	}
}

func TestStartPostfix_delivers_to_Dovecot(t *testing.T) {
	dovecot, err := StartDovecot(t.TempDir(), map[string]string{"team": "secret"})
	needs(t, err)
	defer func() { dovecot.Stop() }()
	postfix, err := StartPostfix(t.TempDir(), "example.org", map[string]string{"team@example.org": dovecot.Maildir("team")})
	needs(t, err)
	defer postfix.Stop()
	if err := smtp.SendMail(loopback(postfix.Port), nil, "eve@example.org", []string{"team+token@example.org"}, []byte("Subject: x\r\n\r\nbody\r\n")); err != nil {
		t.Fatal(err)
	}
	says(t, "tcp", loopback(dovecot.Port), "a LOGIN team secret\r\nb SELECT INBOX\r\nc IDLE\r\n", "1 EXISTS")
	if err := smtp.SendMail(loopback(postfix.Port), nil, "eve@example.org", []string{"nobody@example.org"}, nil); err == nil {
		t.Error("an unknown address was accepted")
	}
}
