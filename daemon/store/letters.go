package store

import (
	"context"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"minuted/agenda"
	"minuted/digest"
)

// The states of a stored letter.
const (
	stored   = "stored"
	inFlight = "in flight"
	sent     = "sent"
	unclear  = "unclear"
	failed   = "failed"
	pastUse  = "past use"
)

// flightTime is after how long a letter in flight counts as abandoned, should
// its daemon die and no other take the lease. Longer than any sending may last.
const flightTime = 10 * time.Minute

// Queued is a letter that is due, and what happened to it so far.
type Queued struct {
	digest.Letter
	Unclear bool // an earlier try ended without an answer: it may have arrived
	Tries   int
	First   time.Time // of the tries; zero: this is the first
	id      string
}

func letterFields(l digest.Letter) []any {
	return []any{"key", l.Key, "kind", string(l.Kind), "person", l.Person, "from", l.From, "to", strings.Join(l.To, " "),
		"at", stamp(l.At), "until", stamp(l.Until), "message_id", l.MessageID, "subject", l.Subject, "state", stored, "bytes", l.Bytes}
}

// silentFields are those of a letter that was sent before the records were lost.
func silentFields(l digest.Letter) []any {
	return []any{"key", l.Key, "kind", string(l.Kind), "person", l.Person, "to", strings.Join(l.To, " "),
		"at", stamp(l.At), "message_id", l.MessageID, "subject", l.Subject, "state", sent}
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func instant(text string) time.Time {
	t, _ := time.Parse(time.RFC3339Nano, text) // only our own stamps are read
	return t
}

// take puts letters that are due in flight. One that was in flight already, and
// whose time has come again, belongs to a daemon that died: its end is unclear.
// KEYS outbox. ARGV now in ms, ms when to look again, most; the letters' own keys
// are members of the outbox and so lie in the same slot.
// Answers a list of {key, fields}.
var take = redis.NewScript(`
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
local letters = {}
for i, key in ipairs(due) do
  if redis.call('EXISTS', key) == 0 then redis.call('ZREM', KEYS[1], key) else
    if redis.call('HGET', key, 'state') == 'in flight' then redis.call('HSET', key, 'unclear', '1') end
    redis.call('HSET', key, 'state', 'in flight')
    redis.call('ZADD', KEYS[1], ARGV[2], key)
    letters[#letters + 1] = {key, redis.call('HGETALL', key)}
  end
end
return letters`)

// NextLetters takes up to most letters that are due by now and marks them as in flight.
func (t *Team) NextLetters(ctx context.Context, now time.Time, most int) ([]Queued, error) {
	answer, err := take.Run(ctx, t.store.redis, []string{t.keys.outbox()}, now.UnixMilli(), now.Add(flightTime).UnixMilli(), most).Slice()
	if err != nil {
		return nil, problem("take letters", err)
	}
	var letters []Queued
	for _, entry := range answer {
		pair, ok := entry.([]any)
		if !ok || len(pair) != 2 {
			continue
		}
		id, _ := pair[0].(string)
		letters = append(letters, queued(id, fieldsOf(pair[1])))
	}
	return letters, nil
}

func fieldsOf(list any) map[string]string {
	fields := map[string]string{}
	values, _ := list.([]any)
	for i := 0; i+1 < len(values); i += 2 {
		name, _ := values[i].(string)
		fields[name], _ = values[i+1].(string)
	}
	return fields
}

func queued(id string, f map[string]string) Queued {
	return Queued{
		Letter: digest.Letter{Key: f["key"], Kind: agenda.Kind(f["kind"]), Person: f["person"], From: f["from"], To: strings.Fields(f["to"]),
			At: instant(f["at"]), Until: instant(f["until"]), MessageID: f["message_id"], Subject: f["subject"], Bytes: []byte(f["bytes"])},
		Unclear: f["unclear"] == "1", Tries: int(number(f["tries"])), First: instant(f["first"]), id: id,
	}
}

// Recover makes letters that a dead daemon left in flight due at once, as
// unclear. Call it when the lease was taken: nobody else can be sending then.
func (t *Team) Recover(ctx context.Context, now time.Time) error {
	return problem("recover letters in flight", recoverFlights.Run(ctx, t.store.redis, []string{t.keys.outbox()}, now.UnixMilli()).Err())
}

// recoverFlights: KEYS outbox. ARGV now in ms. Answers how many.
var recoverFlights = redis.NewScript(`
local n = 0
for i, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if redis.call('HGET', key, 'state') == 'in flight' then
    redis.call('HSET', key, 'unclear', '1', 'state', 'unclear')
    redis.call('ZADD', KEYS[1], ARGV[1], key)
    n = n + 1
  end
end
return n`)

// settle ends a try. KEYS outbox, letter, failed. ARGV state, now in ms, ms of the
// next try or 0, why, ms to keep it, first try, unclear 0/1.
var settle = redis.NewScript(`
redis.call('HSET', KEYS[2], 'state', ARGV[1], 'why', ARGV[4], 'settled', ARGV[2])
redis.call('HINCRBY', KEYS[2], 'tries', 1)
redis.call('HSETNX', KEYS[2], 'first', ARGV[6])
if ARGV[7] == '1' then redis.call('HSET', KEYS[2], 'unclear', '1') else redis.call('HDEL', KEYS[2], 'unclear') end
if ARGV[3] ~= '0' then return redis.call('ZADD', KEYS[1], ARGV[3], KEYS[2]) end
redis.call('ZREM', KEYS[1], KEYS[2])
if ARGV[1] == 'failed' then redis.call('ZADD', KEYS[3], ARGV[2], KEYS[2]) else redis.call('HDEL', KEYS[2], 'bytes') end
return redis.call('PEXPIRE', KEYS[2], ARGV[5])`)

func (t *Team) settle(ctx context.Context, q Queued, state, why string, now, next time.Time) error {
	again := int64(0)
	if !next.IsZero() {
		again = next.UnixMilli()
	}
	err := settle.Run(ctx, t.store.redis, []string{t.keys.outbox(), q.id, t.keys.failed()},
		state, now.UnixMilli(), again, why, letterFor.Milliseconds(), stamp(now), flag(state == unclear)).Err()
	return problem("settle a letter", err)
}

// Sent ends a letter: it arrived at the server.
func (t *Team) Sent(ctx context.Context, q Queued, now time.Time) error {
	return t.settle(ctx, q, sent, "", now, time.Time{})
}

// PastUse ends a letter that is of no use any more.
func (t *Team) PastUse(ctx context.Context, q Queued, now time.Time) error {
	return t.settle(ctx, q, pastUse, "nobody needs it any more", now, time.Time{})
}

// Failed ends a letter for good; its bytes are kept for the operator.
func (t *Team) Failed(ctx context.Context, q Queued, why string, now time.Time) error {
	return t.settle(ctx, q, failed, why, now, time.Time{})
}

// Again puts a letter back for another try.
func (t *Team) Again(ctx context.Context, q Queued, why string, now, next time.Time) error {
	return t.settle(ctx, q, stored, why, now, next)
}

// Unclear puts a letter back whose end nobody told: it may have arrived.
func (t *Team) Unclear(ctx context.Context, q Queued, why string, now, next time.Time) error {
	return t.settle(ctx, q, unclear, why, now, next)
}

// NextDue says when the next letter is due; zero for none.
func (t *Team) NextDue(ctx context.Context) (time.Time, error) {
	first, err := t.store.redis.ZRangeWithScores(ctx, t.keys.outbox(), 0, 0).Result()
	if err != nil || len(first) == 0 {
		return time.Time{}, problem("look when a letter is due", err)
	}
	return time.UnixMilli(int64(first[0].Score)).UTC(), nil
}
