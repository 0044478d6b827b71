package parser

// The bodies below keep this branch whole until the files they are named
// for arrive.

// readForwards sets Forwards (forward.go).
func readForwards(root *part, m *Mail) {}

// readReply sets Reply and Quoted (reply.go). html is the UTF-8 source of the
// body where Text was rendered from HTML, else "".
func readReply(m *Mail, html string) {
	m.Reply = m.Text
}

// readItem sets Tags, Title, Summary and Links (item.go).
func readItem(m *Mail, o Options) {}

// readCommands sets Commands, Ticked and Ref (command.go).
func readCommands(m *Mail, o Options) {}
