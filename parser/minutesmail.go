package parser

func readMinutes(m *Mail, o Options) {}
