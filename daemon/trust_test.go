package daemon_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rivo/uniseg"

	"minuted/agenda"
	"minuted/cli/demo/servers"
	"minuted/daemon"
)

// afterMinutes is a team whose minutes went out a minute ago: Shaun owes A-1,
// Kostas A-2. Nothing that left so far is looked at again.
func afterMinutes(t *testing.T, extra string) (*world, []letter) {
	t.Helper()
	w := newWorld(t, time.Date(2017, 1, 26, 17, 0, 0, 0, time.UTC), extra)
	w.pass()
	w.minutes()
	w.advance(w.clock.Add(30 * time.Minute))
	return w, w.letters()
}

// minutes lets Alexis mail the minutes of a call.
func (w *world) minutes() {
	w.deliver(w.write("alexis", `Subject: Minutes of 26 Jan 2017

### 26 Jan 2017

#### Attendees: Shaun, Kostas, Alexis

#### Device trees

- **[Action]:** Write down what the kernel promises (Shaun)
- **[Action]:** Ask the vendor about overlays (Kostas)
`))
}

func (w *world) action(id int) agenda.Action {
	w.t.Helper()
	book, err := w.daemon.Book(w.t.Context(), "")
	if err != nil {
		w.t.Fatal(err)
	}
	a, ok := book.Action(id)
	if !ok {
		w.t.Fatalf("there is no A-%d", id)
	}
	return a
}

func kindsAndReaders(letters []letter) string {
	var out []string
	for _, l := range letters {
		out = append(out, l.kind+" "+l.to)
	}
	return strings.Join(out, ", ")
}

const (
	vouched = "Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n"
	theirs  = "Authentication-Results: mx.example.com; dmarc=pass header.from=evil.example\r\n"
)

// Each of these would be Shaun's, if From were read with good will. The server
// vouches for what it can have vouched for.
func TestOneFromWithOnePlainAddressIsSomebody(t *testing.T) {
	plain := vouched + "From: Shaun <shaun@example.com>\r\n"
	forged := map[string]string{
		"two addresses":                      vouched + "From: shaun@example.com, eve@evil.example\r\n",
		"two addresses, his the last":        theirs + "From: eve@evil.example, shaun@example.com\r\n",
		"two fields":                         vouched + "From: shaun@example.com\r\nFrom: eve@evil.example\r\n",
		"two fields, his the last":           theirs + "From: eve@evil.example\r\nFrom: shaun@example.com\r\n",
		"an address as display name":         theirs + "From: \"shaun@example.com\" <eve@evil.example>\r\n",
		"an address as bare display name":    theirs + "From: shaun@example.com <eve@evil.example>\r\n",
		"an encoded display name":            theirs + "From: =?utf-8?q?Shaun_=3Cshaun=40example=2Ecom=3E?= <eve@evil.example>\r\n",
		"an address that is an encoded word": vouched + "From: =?utf-8?q?shaun=40example.com?=\r\n",
		"an encoded local part":              vouched + "From: =?utf-8?q?shaun?=@example.com\r\n",
		"an encoded address in brackets":     vouched + "From: <=?us-ascii?b?c2hhdW5AZXhhbXBsZS5jb20=?=>\r\n",
		"a group":                            vouched + "From: Team: shaun@example.com;\r\n",
		"a quoted local part":                vouched + "From: \"shaun\"@example.com\r\n",
		"a comment within":                   vouched + "From: shaun(x)@example.com\r\n",
		"a route":                            vouched + "From: <@evil.example:shaun@example.com>\r\n",
		"a homograph in the name":            vouched + "From: ѕhaun@example.com\r\n",
		"a homograph in the domain":          vouched + "From: shaun@exаmple.com\r\n",
		"a homograph in punycode":            theirs + "From: shaun@xn--exmple-4nf.com\r\n",
		"a wide at sign":                     vouched + "From: shaun＠example.com\r\n",
		"a zero-width sign":                  vouched + "From: shaun\u200b@example.com\r\n",
		"a NUL":                              vouched + "From: shaun@example.com\x00@evil.example\r\n",
		"a dot behind":                       vouched + "From: shaun@example.com.\r\n",
		"two at signs":                       theirs + "From: shaun@example.com@evil.example\r\n",
		"his address to reply to":            theirs + "From: eve@evil.example\r\nReply-To: shaun@example.com\r\nSender: shaun@example.com\r\n",
		"his address as sender alone":        theirs + "Sender: shaun@example.com\r\n",
		"a subdomain":                        theirs + "From: shaun@example.com.evil.example\r\n",
	}
	w, _ := afterMinutes(t, "")
	rest := "To: " + teamAddress + "\r\nSubject: A-1\r\nMessage-ID: <%d@evil.example>\r\n\r\nA-1 done\r\nhelp\r\n"
	n := 0
	for claim, head := range forged {
		n++
		w.deliver([]byte(head + fmt.Sprintf(rest, n)))
		if w.action(1).State != agenda.OpenAction {
			t.Fatalf("%s: A-1 is done", claim)
		}
		if letters := w.letters(); len(letters) > 0 {
			t.Errorf("%s: it was answered: %s", claim, kindsAndReaders(letters))
		}
	}
	w.deliver([]byte(plain + fmt.Sprintf(rest, 0)))
	if w.action(1).State != agenda.DoneAction {
		t.Error("his own mail did not count either: nothing was tested")
	}
}

// What a provider writes, through the daemon: the same mail with the headers of
// each, and whether A-1 is done by it or Shaun is asked.
func TestTheProvidersWordCountsAsItsProfileSays(t *testing.T) {
	const results = "Authentication-Results: "
	tests := []struct {
		claim, profile, headers string
		done                    bool
	}{
		{"gmail", "gmail", results + "mx.google.com; dkim=pass header.i=@example.com; spf=pass smtp.mailfrom=example.com; dmarc=pass (p=NONE) header.from=example.com\r\n", true},
		{"gmail says fail", "gmail", results + "mx.google.com; dmarc=fail header.from=example.com\r\n", false},
		{"gmail about another domain", "gmail", results + "mx.google.com; dmarc=pass header.from=evil.example\r\n", false},
		{"gmail's id below somebody else's", "gmail", results + "mx.evil.example; dmarc=pass header.from=example.com\r\n" + results + "mx.google.com; dmarc=pass header.from=example.com\r\n", false},
		{"gmail's second header is the sender's", "gmail", results + "mx.google.com; dmarc=none header.from=example.com\r\n" + results + "mx.google.com; dmarc=pass header.from=example.com\r\n", false},
		{"two verdicts in one", "gmail", results + "mx.google.com; dmarc=pass header.from=example.com; dmarc=fail header.from=example.com\r\n", false},
		{"unreadable", "gmail", results + "mx.google.com; dmarc=pass header.from=\"example.com\r\n", false},
		{"pass in a comment", "gmail", results + "mx.google.com; dmarc=fail (dmarc=pass header.from=example.com) header.from=example.com\r\n", false},
		{"nothing", "gmail", "", false},
		{"fastmail whose fourth header has the verdict", "fastmail", strings.Repeat(results+"mx1.messagingengine.com; x-csa=none\r\n", 3) + results + "mx1.messagingengine.com; dmarc=pass header.from=example.com\r\n", true},
		{"fastmail's fifth is the sender's", "fastmail", strings.Repeat(results+"mx1.messagingengine.com; x-csa=none\r\n", 4) + results + "mx1.messagingengine.com; dmarc=pass header.from=example.com\r\n", false},
		{"exchange without an id", "exchange-online", results + "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.com; dkim=pass (signature was verified) header.d=example.com;dmarc=pass action=none header.from=example.com;compauth=pass reason=100\r\n", true},
		{"another profile than the provider's", "gmail", results + "mx1.messagingengine.com; dmarc=pass header.from=example.com\r\n", false},
	}
	for _, test := range tests {
		t.Run(test.claim, func(t *testing.T) {
			w, _ := afterMinutes(t, "")
			w.daemon.Close()
			w.config.Teams[0].Trust.Profile, w.config.Teams[0].Trust.AuthservID = test.profile, ""
			w.start()
			w.deliver([]byte(test.headers + "From: shaun@example.com\r\nSubject: A-1\r\nMessage-ID: <1@example.com>\r\n\r\nA-1 done\r\n"))
			want := "receipt shaun"
			if got := w.action(1).State == agenda.DoneAction; got != test.done {
				t.Errorf("done: %v, want %v", got, test.done)
			}
			if got := kindsAndReaders(w.letters()); got != want {
				t.Errorf("letters: %s, want one to Shaun", got)
			}
		})
	}
}

// A question goes to the member's own configured address, whatever the mail
// says, at most once a day; nothing is done before its yes.
func TestAQuestionGoesToTheMembersOwnAddressOnceADay(t *testing.T) {
	w, _ := afterMinutes(t, "")
	forge := func(n int) {
		w.deliver([]byte(fmt.Sprintf("From: Shaun <shaun@example.com>\r\nReply-To: eve@evil.example\r\nReturn-Path: <eve@evil.example>\r\n"+
			"Subject: A-1\r\nMessage-ID: <%d@evil.example>\r\n\r\nA-1 done\r\n", n)))
	}
	for n := range 5 {
		forge(n)
	}
	asked := w.letters()
	if kindsAndReaders(asked) != "receipt shaun" || !strings.Contains(asked[0].text, "A-1 done") {
		t.Fatalf("letters: %s, want one question to Shaun", kindsAndReaders(asked))
	}
	for _, s := range w.smtp.Sent() {
		for _, to := range s.To {
			if strings.Contains(to, "evil") {
				t.Fatalf("a letter went to %s", to)
			}
		}
	}
	w.advance(w.clock.Add(25 * time.Hour))
	w.letters()
	forge(9)
	if again := w.letters(); kindsAndReaders(again) != "receipt shaun" {
		t.Errorf("on the next day: %s, want one question", kindsAndReaders(again))
	}
	if w.action(1).State != agenda.OpenAction {
		t.Fatal("done without a yes")
	}
	yes := w.answer("shaun", asked[0], "yes")
	w.deliver(yes[strings.Index(string(yes), "\r\n")+2:]) // the provider vouches for nothing: the token does
	if w.action(1).State != agenda.DoneAction {
		t.Error("his yes did not count")
	}
	w.letters()
	w.deliver(w.write("shaun", "Subject: no\n\nA-1 reopen\n"))
	w.deliver(append([]byte("X-Again: 1\r\n"), yes[strings.Index(string(yes), "\r\n")+2:]...))
	if w.action(1).State != agenda.OpenAction {
		t.Error("a yes counted twice")
	}
}

// Whoever is not on the team gets nothing, whatever they send, and whoever vouches for them.
func TestOutsidersAreNeverAnswered(t *testing.T) {
	w, earlier := afterMinutes(t, "")
	digest := earlier[len(earlier)-1]
	for n, text := range []string{
		"Subject: help\n\nhelp\n", "Subject: x\n\nA-1 done\nA-99 done\n", "Subject: x\n\n#architecture a topic\n", "Subject: Minutes 26 Jan 2017\n\n### 26 Jan 2017\n\n- **[Action]:** x (Shaun)\n",
		"Subject: x\n\nyes\n", "Subject: undo\n\nundo\n", "Subject: stop all\n\nstop all\n", "Subject: Re: " + digest.subject + "\nIn-Reply-To: <" + digest.id + ">\n\nA-1 done\n",
	} {
		w.deliver(w.write("sam@customer.example", text))
		if letters := w.letters(); len(letters) > 0 {
			t.Errorf("mail %d was answered: %s", n, kindsAndReaders(letters))
		}
	}
	if w.action(1).State != agenda.OpenAction {
		t.Error("an outsider did something, with the token of a member's letter")
	}
}

// A token counts for its person and its fourteen days, and with each key that is
// still there: a new line above the old one in the key file, and the old one
// taken away when its letters are too old to be answered.
func TestATokenIsBoundToPersonTimeAndKey(t *testing.T) {
	oldKey, newKey := bytes.Repeat([]byte("k"), 32), bytes.Repeat([]byte("n"), 32)
	tests := []struct {
		claim, from string
		keys        [][]byte
		after       time.Duration
		done        bool
	}{
		{"the person it was given to", "shaun", [][]byte{oldKey}, time.Hour, true},
		{"another member", "giovanni", [][]byte{oldKey}, time.Hour, false},
		{"after thirteen days", "shaun", [][]byte{oldKey}, 13 * 24 * time.Hour, true},
		{"after fifteen days", "shaun", [][]byte{oldKey}, 15 * 24 * time.Hour, false},
		{"a new key above the old one", "shaun", [][]byte{newKey, oldKey}, time.Hour, true},
		{"the old key taken away", "shaun", [][]byte{newKey}, time.Hour, false},
	}
	for _, test := range tests {
		t.Run(test.claim, func(t *testing.T) {
			t.Parallel()
			w, letters := afterMinutes(t, "")
			w.daemon.Close()
			w.keys, w.config.Teams[0].Trust.Profile, w.config.Teams[0].Trust.AuthservID = test.keys, "", ""
			w.start()
			w.clock = w.clock.Add(test.after)
			w.pass()
			for _, l := range letters {
				if l.kind == "minutes" && l.to == "shaun" {
					w.deliver(w.answer(test.from, l, "A-1 done"))
				}
			}
			if got := w.action(1).State == agenda.DoneAction; got != test.done {
				t.Errorf("done: %v, want %v", got, test.done)
			}
		})
	}
}

// Budgets are records: a daemon that dies and starts again has not forgotten
// whom it asked today.
func TestBudgetsOutliveARestart(t *testing.T) {
	w, _ := afterMinutes(t, "")
	for n := range 4 {
		w.deliver([]byte(fmt.Sprintf("From: shaun@example.com\r\nSubject: x\r\nMessage-ID: <%d@evil.example>\r\n\r\nA-1 done\r\n", n)))
		w.daemon.Close()
		w.start()
	}
	if got := kindsAndReaders(w.letters()); got != "receipt shaun" {
		t.Errorf("with a restart after each mail: %s, want one question", got)
	}
}

// What people write goes out as their words: it makes no header, no markup, no
// line end of its own, hides nothing, and what looks like a template stays text.
func TestHostileWordsGoOutAsWords(t *testing.T) {
	w, _ := afterMinutes(t, "")
	subject := "=?utf-8?q?Trees=0D=0ABcc:_eve@evil.example=0D=0A=0D=0A<script>alert(1)</script>_{{.Team}}_=E2=80=AEtxt=E2=80=8B_=F3=A0=81=81?= " + strings.Repeat("long ", 400)
	body := "#architecture {{template \"x\"}} <img src=http://evil.example/x.png> \u202egnp.exe\u200b\r\n.\r\n..\r\nBcc: eve@evil.example\r\nhttp://аpple.com/x\r\n"
	w.deliver([]byte(vouched + "From: shaun@example.com\r\nSubject: " + subject + "\r\nMessage-ID: <h@example.com>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body))
	w.advance(w.clock.Add(5 * 24 * time.Hour))
	seen := 0
	for _, l := range w.letters() {
		head, _, _ := strings.Cut(string(l.raw), "\r\n\r\n")
		switch {
		case strings.Contains(head, "\r\nBcc:"), strings.Contains(strings.ReplaceAll(string(l.raw), "\r\n", ""), "\r"), strings.Contains(strings.ReplaceAll(string(l.raw), "\r\n", ""), "\n"):
			t.Errorf("a header or a line end came in:\n%s", l.raw)
		case strings.ContainsAny(l.subject+l.text+l.html, "\u202e\u200b\U000e0041\x00"):
			t.Errorf("something hidden went out:\n%s", l.text)
		case strings.Contains(l.html, "<script"), strings.Contains(l.html, "<img"):
			t.Errorf("markup came in:\n%s", l.html)
		case strings.Contains(l.text+l.html, "http://аpple.com"):
			t.Errorf("a host was not shown as the network knows it:\n%s", l.text)
		case uniseg.GraphemeClusterCount(l.subject) > 200:
			t.Errorf("a subject of %d signs", uniseg.GraphemeClusterCount(l.subject))
		}
		if strings.Contains(l.text, "{{.Team}}") && strings.Contains(l.html, "{{.Team}}") {
			seen++
		}
	}
	if seen == 0 {
		t.Error("the words did not go out at all")
	}
}

// A relay gives each letter another Message-ID (Amazon SES, Microsoft 365). The
// archive's copy comes back to the mailbox, and everything that names the new id finds its letter.
func TestARelayThatRewritesMessageIDs(t *testing.T) {
	w := newWorld(t, time.Date(2017, 1, 26, 17, 0, 0, 0, time.UTC), "")
	began := w.clock // a connection that is dropped below may be served while the story's clock moves on
	relay, err := servers.StartSMTP(servers.SMTPOptions{Domain: "mx.example.com", Local: []string{"example.com"}, Mailboxes: w.imap,
		Now: func() time.Time { return began }, RewriteIDs: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(relay.Close)
	w.daemon.Close()
	w.smtp, w.config.Teams[0].SubAddress = relay, false
	w.config.Teams[0].SMTP.Port = daemon.Port(relay.Port())
	w.config.Teams[0].Trust.Profile, w.config.Teams[0].Trust.AuthservID = "", "" // nothing but tokens
	w.start()
	w.pass()
	w.deliver(w.write("shaun", "Subject: hello\n\nhelp\n"))
	question := w.letters()
	w.deliver(w.write("alexis", "Subject: Minutes of 26 Jan 2017\n\n### 26 Jan 2017\n\n#### Attendees: Shaun\n\n#### Device trees\n\n- **[Action]:** Write it down (Shaun)\n"))
	asked := w.letters()
	w.deliver(w.write("alexis", fmt.Sprintf("Subject: Re: %s\nIn-Reply-To: <%s>\n\nyes\n", asked[0].subject, newID(w, asked[0]))))
	w.advance(w.clock.Add(30 * time.Minute))
	var toShaun letter
	for _, l := range w.letters() {
		if l.to == "shaun" && l.kind == "minutes" {
			toShaun = l
		}
	}
	if toShaun.id == "" || len(question) != 1 {
		t.Fatal("the minutes did not reach Shaun")
	}

	w.deliver(bounceOf("shaun@example.com", newID(w, toShaun)))
	if m := w.member("shaun"); m.Failing != 1 {
		t.Errorf("a bounce that names the new id: %+v, want it counted", m)
	}
	answer := fmt.Sprintf("Subject: Re: %s\nIn-Reply-To: <%s>\nReferences: <%s>\n\nA-1 done\n", toShaun.subject, newID(w, toShaun), newID(w, toShaun))
	w.deliver(w.write("shaun", answer))
	if w.action(1).State != agenda.DoneAction {
		t.Error("an answer that names the new id alone did not find its letter")
	}

	// The connection ends without a reply to the final dot; the copy in the
	// mailbox bears another id and shows all the same that the letter arrived.
	w.letters()
	relay.Break(servers.SMTPFault{At: "DATA", Do: servers.Swallow, Times: 1})
	w.deliver(w.write("shaun", strings.Replace(answer, "A-1 done", "A-1 reopen", 1)))
	w.advance(w.clock.Add(2 * time.Hour))
	if letters := w.letters(); kindsAndReaders(letters) != "receipt shaun" {
		t.Errorf("after an unclear end: %s, want one receipt", kindsAndReaders(letters))
	}
}

func (w *world) member(handle string) agenda.Member {
	w.t.Helper()
	book, err := w.daemon.Book(w.t.Context(), "")
	if err != nil {
		w.t.Fatal(err)
	}
	return book.Member(handle)
}

// newID is the id that the relay gave a letter, as its archive copy in the mailbox shows.
func newID(w *world, l letter) string {
	w.t.Helper()
	for i, s := range w.smtp.Sent() {
		if strings.Contains(string(s.Raw), l.id) {
			return fmt.Sprintf("%016x-000000@relay.example", i+1)
		}
	}
	w.t.Fatalf("%s never left", l.id)
	return ""
}

// bounceOf is what a server reports of a letter that it could not deliver (RFC 3464).
func bounceOf(address, id string) []byte {
	return []byte(strings.ReplaceAll(fmt.Sprintf(`Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: %[3]s
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce.%[2]s>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

<%[1]s>: host mx.example.net said: 550 5.1.1 User unknown

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; %[1]s
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

From: %[3]s
Message-ID: <%[2]s>

--b--
`, address, id, teamAddress), "\n", "\r\n"))
}
