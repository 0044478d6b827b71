package parser

func decodeText(s string) string { return s }
