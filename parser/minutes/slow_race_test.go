//go:build race

package minutes

// slowdown is what the race detector may cost.
const slowdown = 10
