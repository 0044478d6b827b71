//go:build race

package parser

// pooled says whether sync.Pool keeps what it is given. Under the race
// detector it forgets on purpose, so that each match of a pattern allocates
// anew and a count of allocations says nothing.
const pooled = false
