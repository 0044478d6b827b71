//go:build unix

package daemon_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"minuted/daemon"
)

// childVariable is set in the environment of a test binary that shall be a
// daemon, so that it can be killed: to the path of its configuration.
const childVariable = "MINUTED_TEST_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(childVariable); path != "" {
		beChild(path)
		return
	}
	os.Exit(m.Run())
}

// beChild serves a configuration until it is killed.
func beChild(path string) {
	origin, err := strconv.ParseInt(os.Getenv(childVariable+"_CLOCK"), 10, 64)
	if err != nil {
		panic(err)
	}
	d, err := openDaemon(path, filepath.Dir(path), fast(time.Unix(0, origin)), slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		panic(err)
	}
	d.Serve(context.Background())
}

// tempo is how fast the clock of a child and its servers runs: half an hour in a
// second, so that pauses between two tries pass, and answers are within their budget.
const tempo = 1800

// fast returns a clock that began with the machine's and is faster.
func fast(origin time.Time) func() time.Time {
	return func() time.Time { return origin.Add(tempo * time.Since(origin)) }
}

// quick is the pace of a daemon under test.
var quick = daemon.Pace{Lease: time.Second, Look: 50 * time.Millisecond, Retry: 10 * time.Millisecond, RetryMax: 100 * time.Millisecond, Answer: 10 * time.Second}

func openDaemon(path, state string, now func() time.Time, log *slog.Logger) (*daemon.Daemon, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	config, err := daemon.ReadConfig(src, daemon.Places{Config: filepath.Dir(path), State: state})
	if err != nil {
		return nil, err
	}
	keys := [][]byte{bytes.Repeat([]byte("k"), 32)}
	return daemon.New(config, daemon.Options{Now: now, State: state, Keys: keys, Pace: quick, Log: log})
}

// child is a daemon in a process of its own.
type child struct {
	t       *testing.T
	command *exec.Cmd
	ended   chan struct{}
	log     string
}

// spawn starts a daemon in a process of its own, which the end of the test ends.
func spawn(t *testing.T, config string, origin time.Time) *child {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.CreateTemp(t.TempDir(), "child-*.log")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	c := &child{t: t, command: exec.Command(self), ended: make(chan struct{}), log: log.Name()}
	c.command.Env = append(os.Environ(), childVariable+"="+config, fmt.Sprintf("%s_CLOCK=%d", childVariable, origin.UnixNano()))
	c.command.Stdout, c.command.Stderr = log, log
	if err := c.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		c.command.Wait() // how it ended is known: it was killed
		close(c.ended)
	}()
	t.Cleanup(c.kill)
	return c
}

// kill ends the process as a power cut does.
func (c *child) kill() {
	c.command.Process.Signal(syscall.SIGKILL) // one that has ended is what is wanted
	<-c.ended
}

func (c *child) pause() { c.command.Process.Signal(syscall.SIGSTOP) }

func (c *child) resume() { c.command.Process.Signal(syscall.SIGCONT) }

// said is what the child has logged.
func (c *child) said() string {
	text, err := os.ReadFile(c.log)
	if err != nil {
		c.t.Fatal(err)
	}
	return string(text)
}
