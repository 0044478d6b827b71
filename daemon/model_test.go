package daemon_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"minuted/cli/demo/servers"
	"minuted/daemon"
)

// TestWhateverHappensEachMailHasOneEffect lets mail come, come twice, daemons die,
// servers fail, mailboxes be numbered anew and clocks jump, in any order. In the end
// the records are those of a daemon to which only the mail has happened.
func TestWhateverHappensEachMailHasOneEffect(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		m := newModel(t, r)
		defer m.end()
		r.Repeat(map[string]func(*rapid.T){
			"deliver":       m.deliver,
			"duplicate":     m.duplicate,
			"kill":          m.kill,
			"fail to read":  m.failToRead,
			"fail to file":  m.failToFile,
			"fail to send":  m.failToSend,
			"fail to store": m.failToStore,
			"renumber":      m.renumber,
			"jump":          m.jump,
			"":              m.check,
		})
		m.settle()
		m.compare()
	})
}

// model is a world to which things happen, and what must come of them.
type model struct {
	*world
	t     *testing.T
	r     *rapid.T
	mails []delivered
	dead  []*daemon.Daemon
}

// delivered is a distinct mail and when it came first.
type delivered struct {
	raw []byte
	at  time.Time
}

func newModel(t *testing.T, r *rapid.T) *model {
	m := &model{world: newWorld(t, winter, ""), t: t, r: r}
	m.pass()
	return m
}

func (m *model) end() {
	m.daemon.Close()
	for _, d := range m.dead {
		d.Close()
	}
	m.smtp.Close()
	m.imap.Close()
	m.redis.Close()
}

// once does a pass, which may fail: what is broken is broken on purpose.
func (m *model) once() {
	m.clock = m.clock.Add(time.Minute)
	m.redis.Tick()
	m.daemon.Once(m.t.Context())
}

func (m *model) deliver(r *rapid.T) {
	n := len(m.mails) + 1
	if n > 15 {
		r.Skip("more would meet the limit of answers an hour")
	}
	raw := m.write(rapid.SampledFrom([]string{"shaun", "kostas", "alexis", "giovanni"}).Draw(r, "from"), topic(n))
	m.mails = append(m.mails, delivered{raw, m.clock})
	m.arrive(raw)
	if rapid.Bool().Draw(r, "read at once") {
		m.once()
	}
}

// duplicate brings a mail again, by another way: its trace is another one.
func (m *model) duplicate(r *rapid.T) {
	if len(m.mails) == 0 {
		r.Skip("no mail yet")
	}
	mail := rapid.SampledFrom(m.mails).Draw(r, "mail")
	m.arrive(append([]byte(fmt.Sprintf("Received: from relay.example.com by mx.example.com; %s\r\n", m.clock.Format(time.RFC1123Z))), mail.raw...))
	m.once()
}

// kill lets another daemon take over from one that says nothing more; its lease ends first.
func (m *model) kill(*rapid.T) {
	m.dead = append(m.dead, m.daemon)
	m.start()
	m.once()
}

func (m *model) failToRead(r *rapid.T) { m.breakIMAP(r, "SELECT", "SEARCH", "FETCH") }

func (m *model) failToFile(r *rapid.T) { m.breakIMAP(r, "LIST", "MOVE") }

func (m *model) breakIMAP(r *rapid.T, commands ...string) {
	m.imap.Break(servers.Fault{At: rapid.SampledFrom(commands).Draw(r, "command"), Times: 1, Text: "no",
		Do: rapid.SampledFrom([]servers.Harm{servers.Refuse, servers.Drop}).Draw(r, "harm")})
	m.once()
	m.imap.Mend()
}

func (m *model) failToSend(r *rapid.T) {
	m.smtp.Break(servers.SMTPFault{At: rapid.SampledFrom([]string{"MAIL", "RCPT", "DATA"}).Draw(r, "command"), Times: 1, Code: 451, Text: "later",
		Do: rapid.SampledFrom([]servers.SMTPHarm{servers.Reply, servers.HangUp, servers.Swallow}).Draw(r, "harm")})
	m.once()
	m.smtp.Mend()
}

func (m *model) failToStore(r *rapid.T) {
	m.redis.SetError(rapid.SampledFrom([]string{"OOM", "MISCONF", "READONLY", "LOADING"}).Draw(r, "answer"))
	m.once()
	m.redis.SetError("")
}

func (m *model) renumber(r *rapid.T) {
	m.imap.Renumber(teamAddress, rapid.SampledFrom([]string{"INBOX", "minuted/Handled"}).Draw(r, "folder"))
	m.once()
}

// jump sets the clock on, by less than it takes until the call is near.
func (m *model) jump(r *rapid.T) {
	m.clock = m.clock.Add(time.Duration(rapid.IntRange(1, 12).Draw(r, "minutes")) * time.Minute)
	m.once()
}

// check holds at any time: no topic is there twice, and no letter has left twice.
func (m *model) check(r *rapid.T) {
	book, err := m.daemon.Book(m.t.Context(), "")
	if err != nil {
		r.Fatal(err)
	}
	titles := map[string]bool{}
	for _, it := range book.AllItems() {
		if titles[it.Title] {
			r.Errorf("%s was filed twice", it.Title)
		}
		titles[it.Title] = true
	}
	left := map[string]bool{}
	for _, s := range m.smtp.Sent() {
		id := idOf(s.Raw)
		if left[id] {
			r.Errorf("%s left twice", id)
		}
		left[id] = true
	}
}

// settle does passes until nothing is left to do.
func (m *model) settle() {
	for range 8 {
		m.once()
		m.clock = m.clock.Add(2 * time.Minute)
	}
	if err := m.daemon.Once(m.t.Context()); err != nil {
		m.r.Errorf("it does not recover: %v", err)
	}
	m.check(m.r)
}

// compare wants the topics and receipts of a daemon to which nothing but the mail has happened.
func (m *model) compare() {
	quiet := newWorld(m.t, winter, "")
	defer quiet.daemon.Close()
	quiet.pass()
	for _, mail := range m.mails {
		quiet.clock = mail.at
		quiet.arrive(mail.raw)
	}
	quiet.clock = m.clock
	quiet.pass()
	want, got := topicsAndReceipts(quiet), topicsAndReceipts(m.world)
	if len(want) != 2*len(m.mails) {
		m.t.Fatalf("%d topics and receipts of %d mails", len(want), len(m.mails))
	}
	for _, key := range union(want, got) {
		if want[key] != got[key] {
			m.r.Errorf("%s\nundisturbed %s\ndisturbed   %s", key, want[key], got[key])
		}
	}
}

// topicsAndReceipts are the records of topics, and the receipts that have left. They
// tell the time of their mail, so that they are the same however late it was read.
func topicsAndReceipts(w *world) map[string]string {
	out := map[string]string{}
	for key, text := range w.records() {
		if len(key) > 9 && key[5:9] == "item" {
			out[key] = text
		}
	}
	for _, s := range w.smtp.Sent() {
		if bytes.Contains(s.Raw, []byte("Minuted-Kind: receipt")) {
			out[idOf(s.Raw)] = string(s.Raw)
		}
	}
	return out
}
