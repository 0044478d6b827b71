package daemon_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"minuted/agenda"
	"minuted/cli/demo/servers"
	"minuted/daemon"
)

// winter is when these tests begin: a Monday, some hours before a call.
var winter = time.Date(2017, 1, 30, 10, 0, 0, 0, time.UTC)

// lines are the lines to the three servers, which can be spoilt.
type lines map[string]*toxiproxy.Proxy

// behindLines makes a world whose daemon reaches its servers through lines.
func behindLines(t *testing.T) (*world, lines) {
	t.Helper()
	w := newWorld(t, winter, "")
	w.daemon.Close()
	w.pace = daemon.Pace{Answer: time.Second}
	l := lines{"redis": line(t, w.redis.Addr()), "imap": line(t, w.imap.Addr()), "smtp": line(t, w.smtp.Addr())}
	w.config.Redis.URL = "redis://" + l["redis"].Listen + "/0"
	w.config.Teams[0].Mailbox.Port = daemon.Port(portOf(t, l["imap"].Listen))
	w.config.Teams[0].SMTP.Port = daemon.Port(portOf(t, l["smtp"].Listen))
	w.start()
	w.pass()
	return w, l
}

func line(t *testing.T, to string) *toxiproxy.Proxy {
	t.Helper()
	p := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()), "line", "127.0.0.1:0", to)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p
}

func portOf(t *testing.T, address string) int {
	t.Helper()
	_, text, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// harms are what can befall a line, in the words of toxiproxy.
var harms = []struct {
	name, toxic string
	passes      bool // all goes well, if slowly
}{
	{"the answers are lost and the line ends", `{"type": "timeout", "attributes": {"timeout": 50}}`, false},
	{"the commands are lost and the line ends", `{"type": "timeout", "stream": "upstream", "attributes": {"timeout": 50}}`, false},
	{"the line is reset", `{"type": "reset_peer", "attributes": {"timeout": 0}}`, false},
	{"the line is reset while it is used", `{"type": "reset_peer", "attributes": {"timeout": 20}}`, false},
	{"nothing is said any more", `{"type": "timeout", "attributes": {"timeout": 0}}`, false},
	{"an answer is cut in its middle", `{"type": "limit_data", "attributes": {"bytes": 300}}`, false},
	{"a command is cut in its middle", `{"type": "limit_data", "stream": "upstream", "attributes": {"bytes": 700}}`, false},
	{"the line is slow", `{"type": "latency", "attributes": {"latency": 20, "jitter": 10}}`, true},
	{"the line comes in small pieces", `{"type": "slicer", "attributes": {"average_size": 40, "size_variation": 20, "delay": 50}}`, true},
}

func TestASpoiltLineLosesNothingAndRepeatsNothing(t *testing.T) {
	for _, server := range []string{"redis", "imap", "smtp"} {
		for _, harm := range harms {
			t.Run(server+": "+harm.name, func(t *testing.T) {
				t.Parallel()
				w, l := behindLines(t)
				w.arrive(w.write("shaun", topic(1)))
				toxic, err := l[server].Toxics.AddToxicJson(strings.NewReader(harm.toxic))
				if err != nil {
					t.Fatal(err)
				}
				for range 2 {
					if err := w.daemon.Once(t.Context()); (err != nil) && harm.passes {
						t.Errorf("on a line that is only slow: %v", err)
					}
				}
				w.arrive(w.write("kostas", topic(2)))
				if err := l[server].Toxics.RemoveToxic(t.Context(), toxic.Name); err != nil {
					t.Fatal(err)
				}
				w.recover()
				w.wantTopics(2)
			})
		}
	}
}

func TestALetterWhoseEndIsUnclearArrivesOnce(t *testing.T) {
	for name, fault := range map[string]servers.SMTPFault{
		"taken, and the line ends":       {At: "DATA", Do: servers.Swallow, Times: 1},
		"not taken, and the line ends":   {At: "DATA", Do: servers.HangUp, Times: 1},
		"refused for now":                {At: "DATA", Do: servers.Reply, Code: 451, Text: "later", Times: 1},
		"busy before it has begun":       {At: "MAIL", Do: servers.Reply, Code: 421, Text: "busy", Times: 3},
		"taken, and nothing is said":     {At: "DATA", Do: servers.Mute, Times: 1},
		"not begun, and nothing is said": {At: "MAIL", Do: servers.Mute, Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := behindLines(t)
			w.smtp.Break(fault)
			w.arrive(w.write("shaun", topic(1)))
			w.daemon.Once(t.Context()) // with an error or without: the letter is not settled
			w.smtp.Mend()
			w.recover()
			w.wantTopics(1)
		})
	}
}

// Without copies nobody can tell whether the letter arrived: it is sent again, as
// the same bytes, and check says so.
func TestWithoutCopiesAnUnclearLetterIsSentAgain(t *testing.T) {
	w := newWorld(t, winter, "archive: none")
	w.pass()
	if f := w.finding("archive"); !f.Good || !strings.Contains(f.Text, "may arrive twice") {
		t.Errorf("check: %v %s", f.Good, f.Text)
	}
	w.smtp.Break(servers.SMTPFault{At: "DATA", Do: servers.Swallow, Times: 1})
	w.arrive(w.write("shaun", topic(1)))
	w.daemon.Once(t.Context()) // the line ended behind the letter
	w.recover()
	sent := w.smtp.Sent()
	if len(sent) != 2 || !bytes.Equal(sent[0].Raw, sent[1].Raw) || len(sent[0].To) != 1 {
		t.Errorf("%d letters left, want the receipt twice, to its reader alone", len(sent))
	}
}

// The server knows no sub-addresses, although the configuration says so.
func TestACopyThatIsRefusedKeepsNoLetterAndCheckTellsIt(t *testing.T) {
	w := newWorld(t, winter, "")
	w.pass()
	if f := w.finding("archive"); !f.Good || !strings.Contains(f.Text, "architecture+archive@example.com") {
		t.Errorf("check: %v %s", f.Good, f.Text)
	}
	w.smtp.Break(servers.SMTPFault{At: "RCPT", To: "architecture+archive@example.com", Do: servers.Reply, Code: 550, Text: "no such user"})
	if f := w.finding("archive"); f.Good || !strings.Contains(f.Text, "no such user") || !strings.Contains(f.Text, "archive: none") {
		t.Errorf("check: %v %s", f.Good, f.Text)
	}
	w.arrive(w.write("shaun", topic(1)))
	w.recover()
	w.wantTopics(1)
}

// Every letter comes back as its copy. That makes no letter, uses up no budget of
// answers, is no news for operators, and ends in the folder of handled mail.
func TestCopiesOfOurLettersAreFiledAndNothingElse(t *testing.T) {
	w := newWorld(t, winter, "")
	w.pass()
	for n := range 25 {
		w.deliver(w.write("shaun", topic(n)))
	}
	w.recover()
	letters, book := len(w.smtp.Sent()), w.book()
	if letters != 20 {
		t.Errorf("%d receipts, want the twenty of an hour", letters)
	}
	if n := w.daemon.Status(t.Context())[0].Counts["own"]; n != "20" {
		t.Errorf("%s copies were known as our own, want each", n)
	}
	if r := book.AllItems(); len(r) != 25 {
		t.Errorf("%d topics", len(r))
	}
	if left := w.imap.Mails(teamAddress, "INBOX"); len(left) > 0 {
		t.Errorf("%d mails were not filed away", len(left))
	}
	w.letters()
	w.deliver([]byte("From: kostas@example.com\r\n" + strings.Repeat("X: y\r\n", 30000) + "\r\n"))
	notice := w.letters()[0].text
	if !strings.Contains(squeeze(notice), "Read 26 mails") {
		t.Errorf("the copies count as mail that was read:\n%s", notice)
	}
}

func (w *world) book() *agenda.Book {
	w.t.Helper()
	book, err := w.daemon.Book(w.t.Context(), "")
	if err != nil {
		w.t.Fatal(err)
	}
	return book
}

// What a server refuses is known as what comes back later: an address that fails
// twice is paused; a letter that is disliked, and a server that was away for three
// days, say nothing against the address. The team hears of each.
func TestRefusalsCountAsTheirReasonSays(t *testing.T) {
	for name, test := range map[string]struct {
		fault   servers.SMTPFault
		failing int
	}{
		"the address":         {servers.SMTPFault{At: "RCPT", To: "kostas@example.com", Do: servers.Reply, Code: 550, Text: "no such user"}, 1},
		"the mailbox":         {servers.SMTPFault{At: "RCPT", To: "kostas@example.com", Do: servers.Reply, Code: 552, Text: "5.2.2 full for good"}, 1},
		"us":                  {servers.SMTPFault{At: "RCPT", To: "kostas@example.com", Do: servers.Reply, Code: 554, Text: "relay access denied"}, 0},
		"the letter":          {servers.SMTPFault{At: "DATA", Do: servers.Reply, Code: 554, Text: "5.7.1 spam"}, 0},
		"everything, for now": {servers.SMTPFault{At: "MAIL", Do: servers.Reply, Code: 451, Text: "later\r\nBcc: x"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, winter.Add(-6*time.Hour), "weekly: off\npreview: 0\nfinal: 0")
			w.pass()
			w.smtp.Break(test.fault)
			w.arrive(w.write("kostas", topic(1)))
			for range 82 { // until before the call of Thursday
				w.clock = w.clock.Add(time.Hour)
				w.daemon.Once(t.Context()) // an error while the server is away
			}
			book := w.book()
			if m, u := book.Member("kostas"), book.Unreached(); m.Failing != test.failing || len(u) != 1 || u[0].Person != "kostas" || u[0].Letter != agenda.ReceiptLetter {
				t.Errorf("failing %d, want %d; to be told: %v", m.Failing, test.failing, u)
			}
			status := w.daemon.Status(t.Context())[0]
			if len(status.Unreached) != 1 || len(status.Failed) == 0 || status.Failed[0].Why == "" {
				t.Errorf("status: %+v", status)
			}
		})
	}
}

func TestARefusalOfRedisMeansNotCommitted(t *testing.T) {
	for refusal, remedy := range map[string]string{
		"OOM command not allowed when used memory > 'maxmemory'.":                                "out of memory",
		"MISCONF Redis is configured to save RDB snapshots, but it's unable to persist.":         "cannot write to its disk",
		"READONLY You can't write against a read only replica.":                                  "is a replica",
		"LOADING Redis is loading the dataset in memory":                                         "still loading",
		"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.":       "lost its master",
		"CLUSTERDOWN The cluster is down":                                                        "cluster is not complete",
		"EXECABORT Transaction discarded because of previous errors.":                            "refused the transaction",
		"NOPERM this user has no permissions to run the 'evalsha' command":                       "may not do this",
		"BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.": "BUSY",
	} {
		word, _, _ := strings.Cut(refusal, " ")
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, winter, "")
			w.pass()
			w.arrive(w.write("shaun", topic(1)))
			w.redis.SetError(refusal)
			err := w.daemon.Once(t.Context())
			if err == nil || !strings.Contains(err.Error(), remedy) {
				t.Errorf("error %v, want one that says %q", err, remedy)
			}
			if mails := w.imap.Mails(teamAddress, "INBOX"); len(mails) != 1 {
				t.Errorf("%d mails in the mailbox, want the one to stay", len(mails))
			}
			w.redis.SetError("")
			w.recover()
			w.wantTopics(1)
		})
	}
}

func TestColleaguesMayMoveAndDeleteMailMeanwhile(t *testing.T) {
	w := newWorld(t, winter, "")
	w.pass()
	for n := 1; n <= 3; n++ {
		w.arrive(w.write("shaun", topic(n)))
	}
	w.imap.Remove(teamAddress, "INBOX", 3)
	w.imap.Flag(teamAddress, "INBOX", 1, `\Seen`)
	w.imap.Break(servers.Fault{At: "MOVE", Do: servers.Drop, Times: 1})
	if err := w.daemon.Once(t.Context()); err == nil {
		t.Fatal("the line was cut, and nobody noticed")
	}
	w.imap.Remove(teamAddress, "INBOX", 1) // it is committed and was not filed away
	w.recover()
	w.wantTopics(2)
}

func TestAMailboxThatIsNumberedAnewIsMatchedByContent(t *testing.T) {
	w := newWorld(t, winter, "")
	w.pass()
	for n := 1; n <= 2; n++ {
		w.arrive(w.write("shaun", topic(n)))
	}
	w.imap.Break(servers.Fault{At: "MOVE", Do: servers.Refuse, Text: "not now"})
	if err := w.daemon.Once(t.Context()); err == nil {
		t.Fatal("the mails could not be filed away, and nobody noticed")
	}
	w.imap.Mend()
	w.imap.Renumber(teamAddress, "INBOX")
	w.arrive(w.write("shaun", topic(3)))
	w.recover()
	w.wantTopics(3)
	w.imap.Renumber(teamAddress, "minuted/Handled")
	w.daemon.Close()
	w.start()
	w.arrive(w.write("shaun", topic(4)))
	w.recover()
	w.wantTopics(4)
}

// TestARedisThatLostItsLastSecondIsRepaired puts back what Redis held a moment
// ago: before a mail was committed, its receipt sent, and the mail filed away.
func TestARedisThatLostItsLastSecondIsRepaired(t *testing.T) {
	w := newWorld(t, winter, "")
	w.deliver(w.write("shaun", topic(1)))
	w.recover()
	w.hold()
	w.deliver(w.write("shaun", topic(2)))
	w.deliver(w.write("kostas", topic(3)))
	before := w.records()
	w.daemon.Close()
	w.putBack()
	w.start()
	w.deliver(w.write("shaun", topic(4)))
	w.recover()
	w.wantTopics(4)
	after := w.records()
	for _, key := range []string{"open item:2", "open item:3"} {
		if before[key] == "" || before[key] != after[key] {
			t.Errorf("%s was\n%s, is\n%s", key, before[key], after[key])
		}
	}
}

// topic is a mail that files a topic.
func topic(n int) string {
	return fmt.Sprintf("Subject: Topic number %d\n\n#architecture please look at this\n", n)
}

// hold keeps aside what Redis holds now.
func (w *world) hold() {
	w.t.Helper()
	for _, key := range w.redis.Keys() {
		if err := w.redis.Copy(0, key, aside, key); err != nil {
			w.t.Fatal(err)
		}
	}
}

// putBack gives Redis what was kept aside, and nothing else.
func (w *world) putBack() {
	w.t.Helper()
	w.redis.FlushDB()
	for _, key := range w.redis.DB(aside).Keys() {
		if err := w.redis.Copy(aside, key, 0, key); err != nil {
			w.t.Fatal(err)
		}
	}
}

// aside is the database of Redis in which a test keeps things.
const aside = 9

// arrive puts a mail into the mailbox; no pass is done.
func (w *world) arrive(raw []byte) {
	w.t.Helper()
	if _, err := w.imap.Deliver(teamAddress, raw, w.clock); err != nil {
		w.t.Fatal(err)
	}
}

// recover does passes until nothing is left to do. Minutes pass between them, so
// that pauses between two tries end.
func (w *world) recover() {
	w.t.Helper()
	var err error
	for range 8 {
		w.clock = w.clock.Add(2 * time.Minute)
		w.redis.Tick()
		err = w.daemon.Once(context.Background())
	}
	if err != nil {
		w.t.Fatalf("it does not recover: %v", err)
	}
	status := w.daemon.Status(context.Background())[0]
	if len(status.Waiting) > 0 || len(status.Failed) > 0 || len(status.Quarantined) > 0 {
		w.t.Errorf("left over: %+v", status)
	}
}

// wantTopics wants so many topics, each once, a receipt for each, no letter twice, and an empty mailbox.
func (w *world) wantTopics(n int) {
	w.t.Helper()
	book, err := w.daemon.Book(context.Background(), "")
	if err != nil {
		w.t.Fatal(err)
	}
	titles := map[string]int{}
	for _, it := range book.AllItems() {
		titles[it.Title]++
		if titles[it.Title] > 1 {
			w.t.Errorf("%s was filed twice", it.Title)
		}
	}
	if len(titles) != n {
		w.t.Errorf("%d topics, want %d: %v", len(titles), n, titles)
	}
	receipts, ids := 0, map[string]bool{}
	for _, s := range w.smtp.Sent() {
		id := idOf(s.Raw)
		if ids[id] {
			w.t.Errorf("%s left twice", id)
		}
		ids[id] = true
		if bytes.Contains(s.Raw, []byte("Minuted-Kind: receipt")) {
			receipts++
		}
	}
	if receipts != n {
		w.t.Errorf("%d receipts, want %d", receipts, n)
	}
	if left := w.imap.Mails(teamAddress, "INBOX"); len(left) > 0 {
		w.t.Errorf("%d mails were not filed away", len(left))
	}
}

func idOf(raw []byte) string {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err.Error()
	}
	return m.Header.Get("Message-Id")
}
