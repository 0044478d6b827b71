package parser

// The bodies below keep this branch whole until the files they are named
// for arrive.

// classify sets Class, Automatic, MayAnswer and Bounce (class.go).
func classify(root *part, m *Mail) {
	m.Class, m.MayAnswer = Human, true
}

// readCommands sets Commands, Ticked and Ref (command.go).
func readCommands(m *Mail, o Options) {}
