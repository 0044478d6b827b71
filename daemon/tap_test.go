//go:build unix

package daemon_test

import (
	"net"
	"regexp"
	"strconv"
	"sync"
	"testing"
)

// tap stands between a daemon and one of its servers. When something goes by that
// it was told to watch for, it calls out: before that reaches the server, or after
// the server has answered and before the daemon hears it.
type tap struct {
	listener net.Listener
	server   string

	mu      sync.Mutex
	pattern *regexp.Regexp // nil: nothing is watched for
	after   bool
	call    func() (goOn bool) // false: the connection ends here
}

func newTap(t *testing.T, server string) *tap {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &tap{listener: listener, server: server}
	t.Cleanup(func() { listener.Close() })
	go p.serve()
	return p
}

// tapped puts a tap before each server, and returns a configuration that goes through them.
func (p *plant) tapped() (map[string]*tap, string) {
	p.t.Helper()
	taps := map[string]*tap{
		"imap":  newTap(p.t, net.JoinHostPort("127.0.0.1", strconv.Itoa(p.imapPort))),
		"redis": newTap(p.t, p.redisAt),
		"smtp":  newTap(p.t, p.smtp.Addr()),
	}
	return taps, p.configure(taps["imap"].port(), taps["redis"].addr(), taps["smtp"].port())
}

func (p *tap) port() int { return p.listener.Addr().(*net.TCPAddr).Port }

func (p *tap) addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port())) }

// watch calls once, when the pattern goes by to the server.
func (p *tap) watch(pattern string, after bool, call func() bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pattern, p.after, p.call = regexp.MustCompile(pattern), after, call
}

func (p *tap) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return // the test is over
		}
		go p.join(client)
	}
}

func (p *tap) join(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		return // as if there were no tap
	}
	defer server.Close()
	answer := make(chan func() bool, 1) // what to call before the next answer is passed on
	go func() {
		defer client.Close()
		defer server.Close()
		p.back(server, client, answer)
	}()
	p.forth(client, server, answer)
}

// forth passes on what the daemon says. A command may come in two pieces, so the
// end of the one before is looked at again.
func (p *tap) forth(client, server net.Conn, answer chan<- func() bool) {
	buffer, tail := make([]byte, 64<<10), []byte(nil)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		said := append(tail, buffer[:n]...)
		call, after := p.struck(said)
		if call != nil && after {
			answer <- call
		} else if call != nil && !call() {
			return
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
		tail = append([]byte(nil), said[max(0, len(said)-200):]...)
	}
}

func (p *tap) struck(said []byte) (call func() bool, after bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pattern == nil || !p.pattern.Match(said) {
		return nil, false
	}
	p.pattern = nil
	return p.call, p.after
}

func (p *tap) back(server, client net.Conn, answer <-chan func() bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := server.Read(buffer)
		if err != nil {
			return
		}
		select {
		case call := <-answer:
			if !call() {
				return
			}
		default:
		}
		if _, err := client.Write(buffer[:n]); err != nil {
			return
		}
	}
}
