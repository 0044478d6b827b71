package outbox

import (
	"bufio"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// peer is an SMTP server that says at each command what it is told, byte by byte
// where it shall.
type peer struct {
	says map[string]string // at GREETING, EHLO, HELO, MAIL, RCPT, DATA, DOT, RSET; "": it hangs up
	slow bool

	mu    sync.Mutex
	taken int // letters that it said 250 to
}

var polite = map[string]string{"GREETING": "220 mx", "EHLO": "250 mx", "HELO": "250 mx", "MAIL": "250 ok", "RCPT": "250 ok",
	"DATA": "354 go on", "DOT": "250 taken", "RSET": "250 ok", "NOOP": "250 ok", "QUIT": "221 bye"}

// startPeer starts one that says politely what it is not told.
func startPeer(t *testing.T, p *peer) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(func() { listener.Close(); all.Wait() })
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { defer conn.Close(); p.talk(conn) })
		}
	})
	return listener.Addr().(*net.TCPAddr).Port
}

func (p *peer) talk(conn net.Conn) {
	lines := bufio.NewScanner(conn)
	if !p.say(conn, "GREETING") {
		return
	}
	for lines.Scan() {
		if from, ok := strings.CutPrefix(lines.Text(), "MAIL FROM:"); ok && !strings.HasPrefix(from, "<"+sender+">") {
			return // of another test, whose server had this port before
		}
		verb := strings.ToUpper(lines.Text()[:min(4, len(lines.Text()))])
		if !p.say(conn, verb) {
			return
		}
		if verb == "DATA" && strings.HasPrefix(p.answer("DATA"), "354") {
			dot := false
			for !dot && lines.Scan() {
				dot = lines.Text() == "."
			}
			if !dot || !p.say(conn, "DOT") {
				return
			}
		}
	}
}

func (p *peer) answer(at string) string {
	if text, told := p.says[at]; told {
		return text
	}
	return polite[at]
}

// say answers, and tells whether the connection goes on.
func (p *peer) say(conn net.Conn, at string) bool {
	text := p.answer(at)
	if at == "DOT" && strings.HasPrefix(text, "250") {
		p.mu.Lock()
		p.taken++
		p.mu.Unlock()
	}
	text, ends := strings.CutSuffix(text, "END")
	if text == "" {
		return false
	}
	if !ends {
		text += "\r\n"
	}
	if !p.slow {
		conn.Write([]byte(text)) // whoever is gone hears nothing
		return !ends
	}
	drip := time.NewTicker(time.Millisecond)
	defer drip.Stop()
	for _, b := range []byte(text) {
		<-drip.C
		conn.Write([]byte{b}) // as above
	}
	return !ends
}

func TestSend_takes_each_answer_for_what_it_is(t *testing.T) {
	many := map[string]string{}
	for at, text := range polite {
		many[at] = text[:3] + "-first\r\n" + text[:3] + "-\r\n" + text
	}
	farewell := "421 mx closing"
	for name, c := range map[string]struct {
		says map[string]string
		want State
		hint string
	}{
		"many lines":                          {many, Sent, ""},
		"nothing is offered":                  {map[string]string{"EHLO": "250 mx"}, Sent, ""},
		"EHLO is not known":                   {map[string]string{"EHLO": "502 what"}, Sent, ""},
		"farewell at once":                    {map[string]string{"GREETING": farewell}, Again, ""},
		"farewell at EHLO":                    {map[string]string{"EHLO": farewell, "HELO": farewell}, Again, ""},
		"farewell at MAIL":                    {map[string]string{"MAIL": farewell}, Again, ""},
		"farewell at RCPT":                    {map[string]string{"RCPT": farewell}, Again, ""},
		"farewell at DATA":                    {map[string]string{"DATA": farewell}, Again, ""},
		"farewell after the final dot":        {map[string]string{"DOT": farewell}, Again, ""},
		"refused for now at DATA":             {map[string]string{"DATA": "451 later"}, Again, ""},
		"refused at DATA":                     {map[string]string{"DATA": "554 no"}, Failed, ""},
		"taken, and the end":                  {map[string]string{"DOT": "250 taken\r\nEND"}, Sent, ""},
		"half an answer after the dot":        {map[string]string{"DOT": "25END"}, Unclear, "did not answer"},
		"no answer after the dot":             {map[string]string{"DOT": ""}, Unclear, "did not answer"},
		"nonsense after the dot":              {map[string]string{"DOT": "taken, I think"}, Unclear, "did not answer"},
		"the wrong yes to DATA":               {map[string]string{"DATA": "250 ok"}, Again, ""},
		"two answers to one command":          {map[string]string{"RCPT": "250 ok\r\n250 ok"}, Again, ""},
		"nonsense as a greeting":              {map[string]string{"GREETING": "HTTP/1.0 400 Bad Request"}, Again, ""},
		"smaller letters only":                {map[string]string{"EHLO": "250-mx\r\n250 SIZE 20"}, Failed, "larger mail"},
		"any size":                            {map[string]string{"EHLO": "250-mx\r\n250 SIZE 0"}, Sent, ""},
		"a size without a number":             {map[string]string{"EHLO": "250-mx\r\n250 SIZE"}, Sent, ""},
		"8BITMIME and SMTPUTF8 are offered":   {map[string]string{"EHLO": "250-mx\r\n250-8BITMIME\r\n250 SMTPUTF8"}, Sent, ""},
		"the first refused, and RSET as well": {map[string]string{"RCPT": "550 unknown", "RSET": ""}, Failed, ""},
	} {
		for _, slow := range []bool{false, true} {
			t.Run(name+map[bool]string{true: ", byte by byte"}[slow], func(t *testing.T) {
				t.Parallel()
				p := &peer{says: c.says, slow: slow}
				o := open(t, startPeer(t, p), nil)
				r := o.Send(t.Context(), sender, []string{person}, letter)
				wantState(t, r, c.want)
				if r.Err == nil && c.hint != "" || r.Err != nil && !strings.Contains(r.Err.Error(), c.hint) {
					t.Errorf("error %v, want the hint %q", r.Err, c.hint)
				}
				p.mu.Lock()
				defer p.mu.Unlock()
				if taken := p.taken; (c.want == Sent) != (taken == 1) {
					t.Errorf("%d letters taken, and the state is %s", taken, r.State)
				}
			})
		}
	}
}
