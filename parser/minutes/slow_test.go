//go:build !race

package minutes

const slowdown = 1
