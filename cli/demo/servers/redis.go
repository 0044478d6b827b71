package servers

import (
	"fmt"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// Redis is a store in the process that speaks Redis' protocol and runs its scripts.
type Redis struct {
	*miniredis.Miniredis
	now  func() time.Time
	seen time.Time
}

// StartRedis starts a store on a free port of loopback. Its clock is the
// caller's; keys expire when Tick is called, not by themselves.
func StartRedis(now func() time.Time) (*Redis, error) {
	m := miniredis.NewMiniRedis()
	if err := m.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("start the store: %w", err)
	}
	r := &Redis{Miniredis: m, now: now, seen: now()}
	m.SetTime(r.seen)
	return r, nil
}

// Tick lets the time pass in the store that has passed on the caller's clock
// since the last Tick, so that keys expire as they would.
func (r *Redis) Tick() {
	now := r.now()
	if passed := now.Sub(r.seen); passed > 0 {
		r.FastForward(passed)
	}
	r.SetTime(now)
	r.seen = now
}
