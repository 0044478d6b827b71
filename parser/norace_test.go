//go:build !race

package parser

// pooled says whether sync.Pool keeps what it is given.
const pooled = true
