package parser

import "bytes"
import "net/mail"
import "io"

type part struct{}

var reports = map[Class]bool{}

// Parse is a stand-in.
func Parse(raw []byte, o Options) (m Mail) {
	m.Reasons = map[string]string{}
	msg, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return m
	}
	m.Subject = msg.Header.Get("Subject")
	b, _ := io.ReadAll(msg.Body)
	m.Text = string(b)
	readForwards(nil, &m)
	readReply(&m, "")
	return m
}
