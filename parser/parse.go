package parser

// Parse reads the bytes of one mail. It never fails: what was odd stands in
// Problems, and a mail over a limit has Limit set and only its header read.
func Parse(raw []byte, o Options) Mail {
	return Mail{}
}
