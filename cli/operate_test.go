package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"minuted/cli/demo/servers"
	"minuted/daemon"
)

// world is a provider in the process and a configuration for it.
type world struct {
	*testing.T
	imap *servers.IMAP
	smtp *servers.SMTP
}

func newWorld(t *testing.T) *world {
	t.Helper()
	t.Chdir(t.TempDir())
	w := &world{T: t}
	var err error
	accounts := map[string]string{"architecture@example.org": "hunter2", "shaun@example.org": "hunter2"}
	if w.imap, err = servers.StartIMAP(servers.IMAPOptions{Accounts: accounts, Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.imap.Close)
	w.smtp, err = servers.StartSMTP(servers.SMTPOptions{Domain: "example.org", Mailboxes: w.imap, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.smtp.Close)
	redis, err := servers.StartRedis(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(redis.Close)
	w.write("password", "hunter2\n")
	w.write("config.yaml", fmt.Sprintf(`
redis: {url: "redis://127.0.0.1:%s/0", accept_data_loss: true}
teams:
  - mailbox: {host: 127.0.0.1, port: %d, tls: none, user: architecture@example.org, password_file: password}
    smtp: {host: 127.0.0.1, port: %d, tls: none}
    people: ["Shaun <shaun@example.org>"]
    calls: [{days: [mon, thu], time: "16:00"}]
`, redis.Port(), w.imap.Port(), w.smtp.Port()))
	return w
}

func (w *world) write(name, text string) {
	w.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
}

// minuted runs a command, which must end with a code, and returns what it wrote.
func (w *world) minuted(code int, args ...string) (stdout, stderr string) {
	w.Helper()
	var out, messages bytes.Buffer
	home := map[string]string{"HOME": "."}
	got := Run(w.Context(), args, Streams{In: strings.NewReader(""), Out: &out, Err: &messages, Getenv: func(name string) string { return home[name] }})
	if got != code {
		w.Fatalf("minuted %q ends with %d, want %d\n%s%s", args, got, code, out.String(), messages.String())
	}
	return out.String(), messages.String()
}

const pageOfTwoCalls = `## Pinned Agenda Items

* Supervisor rearchitecture

## Recent Meeting Notes

### 30 Jan 2017

#### Device ownership

- **[Action]:** Write spec (Shaun)
- ~~**[Action]:** Open an issue~~ https://example.org/issues/97

===

### 26 Jan 2017

#### Image deployment

- We need a method
- **[Action]:** Ask around
`

// What was imported comes out again as it went in, and what was told since as well.
func TestOperator_brings_a_page_along_and_gets_it_back(t *testing.T) {
	w := newWorld(t)
	if out, _ := w.minuted(exitDone, "check"); strings.Contains(out, "wrong") {
		t.Fatalf("check says\n%s", out)
	}
	w.minuted(exitDone, "once")
	w.write("page.md", pageOfTwoCalls)
	if _, messages := w.minuted(exitDone, "import", "page.md"); !strings.Contains(messages, "2 calls with 3 actions and 1 pinned item are in the mailbox") {
		t.Errorf("import says %q", messages)
	}
	w.minuted(exitDone, "once")
	if out, _ := w.minuted(exitDone, "export"); out != pageOfTwoCalls {
		t.Errorf("export gives\n%s", out)
	}
	if sent := w.smtp.Sent(); len(sent) > 0 {
		t.Errorf("somebody got mail about the past:\n%s", sent[0].Raw)
	}

	actions, _ := w.minuted(exitDone, "actions", "--owner", "Shaun")
	id, _, _ := strings.Cut(actions[strings.Index(actions, "A-"):], " ")
	w.minuted(exitDone, "tell", id+" done")
	w.minuted(exitDone, "once")
	if out, messages := w.minuted(exitDone, "actions", "--owner", "shaun"); out != "" || !strings.Contains(messages, "nothing to list") {
		t.Errorf("still listed: %s%s", out, messages)
	}
	if out, _ := w.minuted(exitDone, "export"); !strings.Contains(out, "~~Write spec (Shaun)~~") && !strings.Contains(out, "~~**[Action]:** Write spec") {
		t.Errorf("export does not strike what is done:\n%s", out)
	}
	if out, _ := w.minuted(exitDone, "actions", "--all", "--csv"); strings.Count(out, "\n") != 4 {
		t.Errorf("all actions as CSV:\n%s", out)
	}
	if out, _ := w.minuted(exitDone, "items", "--json"); !strings.Contains(out, `"title":"Supervisor rearchitecture"`) {
		t.Errorf("items as JSON:\n%s", out)
	}
	if out, _ := w.minuted(exitDone, "agenda"); !strings.Contains(out, "Supervisor rearchitecture") {
		t.Errorf("the agenda:\n%s", out)
	}
	if out, _ := w.minuted(exitDone, "export", "--format", "html"); !strings.Contains(out, "<h3>30 Jan 2017</h3>") && !strings.Contains(out, ">30 Jan 2017</h3>") {
		t.Errorf("as HTML:\n%s", out)
	}
	if out, _ := w.minuted(exitDone, "preview", "agenda", "--to", "shaun"); !strings.Contains(out, "Supervisor rearchitecture") {
		t.Errorf("the agenda that Shaun would get:\n%s", out)
	}
	if out, _ := w.minuted(exitDone, "preview", "minutes", "--to", "shaun"); !strings.Contains(out, "Device ownership") {
		t.Errorf("the minutes that Shaun would get:\n%s", out)
	}
	if _, messages := w.minuted(exitWrong, "preview", "reminder", "--to", "shaun"); !strings.Contains(messages, "nothing that this letter could be about") {
		t.Errorf("without actions a reminder says %q", messages)
	}
	if out, _ := w.minuted(exitDone, "status"); !strings.HasPrefix(out, "architecture\n") {
		t.Errorf("the status:\n%s", out)
	}
}

func TestOperator_learns_what_is_wrong_with_a_server(t *testing.T) {
	w := newWorld(t)
	w.write("password", "wrong\n")
	out, _ := w.minuted(exitWrong, "check")
	if !strings.Contains(out, "wrong  architecture mailbox: ") || !strings.Contains(out, "good   redis: ") {
		t.Errorf("check says\n%s", out)
	}
	_, messages := w.minuted(exitWrong, "once")
	if !strings.Contains(messages, "minuted: architecture: ") || strings.Contains(messages, "hunter2") {
		t.Errorf("once says\n%s", messages)
	}
}

func TestImport_of_what_is_no_page_says_where_to_look(t *testing.T) {
	w := newWorld(t)
	w.write("shopping.md", "milk\nbread\n")
	if _, messages := w.minuted(exitWrong, "import", "shopping.md"); !strings.Contains(messages, "minuted minutes shopping.md shows how each line is read") {
		t.Errorf("it says %q", messages)
	}
}

func TestEscaping_shows_what_would_act_on_a_terminal(t *testing.T) {
	var out bytes.Buffer
	fmt.Fprint(escaping{&out}, "a\x1b]0;title\x07b\u202ec\u009b31m\xff\tüéß…\n")
	if want := `a\u001b]0;title\u0007b\u202ec\u009b31m` + "\ufffd\tüéß…\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestCSV_disarms_formulas(t *testing.T) {
	var out bytes.Buffer
	rows := []row{{columns: []string{"A-1", `=HYPERLINK("http://x")`, "@SUM(A1)"}}}
	if err := printCSV(Streams{Out: &out}, []string{"id", "a", "b"}, rows); err != nil {
		t.Fatal(err)
	}
	if want := "id,a,b\nA-1,\"'=HYPERLINK(\"\"http://x\"\")\",'@SUM(A1)\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

// What stands in the socket is what systemd reads (sd_notify(3)).
func TestServe_tells_systemd_when_it_is_ready_and_how_it_is(t *testing.T) {
	newWorld(t)
	address := &net.UnixAddr{Name: "notify", Net: "unixgram"}
	socket, err := net.ListenUnixgram("unixgram", address)
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	t.Setenv("NOTIFY_SOCKET", address.Name)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int)
	go func() {
		home := map[string]string{"HOME": "."}
		ended <- Run(ctx, []string{"serve"}, Streams{Out: io.Discard, Err: io.Discard, Getenv: func(name string) string { return home[name] }})
	}()
	for _, want := range []string{"READY=1", "STATUS=architecture: all is well"} {
		if got := heard(t, socket); got != want {
			t.Errorf("systemd hears %q, want %q", got, want)
		}
	}
	stop()
	if got := heard(t, socket); got != "STOPPING=1" {
		t.Errorf("at the end systemd hears %q", got)
	}
	if code := <-ended; code != exitDone {
		t.Errorf("it ends with %d", code)
	}
}

func heard(t *testing.T, socket *net.UnixConn) string {
	t.Helper()
	socket.SetReadDeadline(time.Now().Add(30 * time.Second)) // a daemon that says nothing fails the test
	message := make([]byte, 1000)
	n, err := socket.Read(message)
	if err != nil {
		t.Fatal(err)
	}
	return string(message[:n])
}

func TestLife_shows_a_loop_that_stands_still(t *testing.T) {
	life := newLife()
	life.waiting("architecture", "")
	life.waiting("backend", "the mailbox does not answer")
	now := time.Now()
	if !life.turning(now.Add(longestTurn / 2)) {
		t.Error("a pause counts as an end")
	}
	if life.turning(now.Add(longestTurn + time.Minute)) {
		t.Error("a loop that stands still counts as alive")
	}
}

func TestProgress_is_a_line_on_a_terminal_and_nothing_in_a_pipe(t *testing.T) {
	at := daemon.Progress{Team: "architecture", What: "read", Done: 1280}
	newProgress(Streams{}).show(at) // must not write anywhere
	var terminal bytes.Buffer
	p := newProgress(Streams{errCodes: &terminal, Getenv: func(string) string { return "" }})
	p.show(at)
	p.end()
	if want := clearLine + "architecture: 1280 mails read" + clearLine; terminal.String() != want {
		t.Errorf("the terminal gets %q, want %q", terminal.String(), want)
	}
}
