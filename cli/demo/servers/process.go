//go:build unix

package servers

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// readyWithin is how long a server may take until it answers.
const readyWithin = 20 * time.Second

// Process is a real server, run as a child in the foreground.
type Process struct {
	Port int
	Dir  string

	program string
	args    []string
	command *exec.Cmd
	ended   chan struct{}
	output  *os.File
}

// Stop ends the server as an operator does, and kills it when it takes too long.
func (p *Process) Stop() { p.end(syscall.SIGTERM) }

// Kill ends the server as a power cut does.
func (p *Process) Kill() { p.end(syscall.SIGKILL) }

func (p *Process) end(with syscall.Signal) {
	p.signal(with)
	select {
	case <-p.ended:
	case <-time.After(readyWithin):
		p.signal(syscall.SIGKILL)
		<-p.ended
	}
	p.output.Close() // nothing is written any more
}

// Pause stops the server from answering while its connections stay; Resume goes on.
func (p *Process) Pause() { p.signal(syscall.SIGSTOP) }

// Resume ends a pause.
func (p *Process) Resume() { p.signal(syscall.SIGCONT) }

// signal reaches the server and its own children, and nobody else. One that has
// ended already is what was wanted.
func (p *Process) signal(s syscall.Signal) { syscall.Kill(-p.command.Process.Pid, s) }

// Log returns what the server has said so far.
func (p *Process) Log() string {
	text, err := os.ReadFile(p.output.Name())
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// run starts a program and returns when its port answers.
func run(dir string, port int, program string, args ...string) (*Process, error) {
	path, err := find(program)
	if err != nil {
		return nil, err
	}
	p := &Process{Port: port, Dir: dir, program: path, args: args}
	return p, p.Start()
}

// With adds arguments for the next Start.
func (p *Process) With(args ...string) { p.args = append(p.args, args...) }

// Start starts the server again after Stop or Kill, on the same port and with
// what it has kept.
func (p *Process) Start() (err error) {
	if p.output, err = os.CreateTemp(p.Dir, filepath.Base(p.program)+"-*.log"); err != nil {
		return err
	}
	command, ended := exec.Command(p.program, p.args...), make(chan struct{})
	command.Dir, command.Stdout, command.Stderr, command.SysProcAttr = p.Dir, p.output, p.output, group()
	if err := command.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.program, err)
	}
	p.command, p.ended = command, ended
	go func() {
		command.Wait() // how it ended stands in its log
		close(ended)
	}()
	if err := p.ready(); err != nil {
		p.Stop()
		return fmt.Errorf("%s: %w: %s", p.program, err, p.Log())
	}
	return nil
}

// ready waits until the port answers. Servers have no other way of telling it
// that all of them share.
func (p *Process) ready() error {
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	late := time.NewTimer(readyWithin)
	defer late.Stop()
	for {
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(p.Port)))
		if err == nil {
			return conn.Close()
		}
		select {
		case <-again.C:
		case <-p.ended:
			return errors.New("ended at once")
		case <-late.C:
			return fmt.Errorf("does not answer within %s", readyWithin)
		}
	}
}

// find looks for a program, also where only administrators' shells look.
func find(program string) (string, error) {
	for _, candidate := range []string{program, "/usr/sbin/" + program, "/usr/local/sbin/" + program} {
		if path, err := exec.LookPath(candidate); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w: %s is not installed", ErrMissing, program)
}

// freePort finds a port of loopback that nobody uses. These servers cannot be
// given port 0 and asked; another process may take it first. It is looked for
// below those that systems give to connections and to whoever asks for port 0
// (32768 and up on Linux), of which many come and go here.
func freePort() (int, error) {
	const first, last, tries = 20000, 32000, 50
	var err error
	for range tries {
		port := first + rand.IntN(last-first)
		var listener net.Listener
		if listener, err = net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			return port, listener.Close()
		}
	}
	return 0, err
}
