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
	Unclear    bool // an earlier try ended without an answer: it may have arrived
	Unanswered int  // how many did
	Tries      int
	First      time.Time // of the tries; zero: this is the first
	id         string
	epoch      int64 // of the lease under which it was taken
}

// letterFields are what is stored of a letter. One that a lost commit may have
// sent before is marked to be looked for first.
func letterFields(l digest.Letter, doubtful bool) []any {
	fields := []any{"key", l.Key, "kind", string(l.Kind), "person", l.Person, "from", l.From, "to", strings.Join(l.To, " "),
		"at", stamp(l.At), "until", stamp(l.Until), "message_id", l.MessageID, "subject", l.Subject, "state", stored, "bytes", l.Bytes}
	if doubtful {
		fields = append(fields, "unclear", "1")
	}
	return fields
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
// KEYS outbox, meta. ARGV now in ms, ms when to look again, most, epoch; the letters' own keys
// are members of the outbox and so lie in the same slot.
// Answers a list of {key, fields}, or fenced.
var take = redis.NewScript(`
if redis.call('HGET', KEYS[2], 'epoch') ~= ARGV[4] then return 'fenced' end
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
func (t *Team) NextLetters(ctx context.Context, l Lease, now time.Time, most int) ([]Queued, error) {
	answered, err := take.Run(ctx, t.store.redis, []string{t.keys.outbox(), t.keys.meta()},
		now.UnixMilli(), now.Add(flightTime).UnixMilli(), most, l.Epoch).Result()
	if err != nil {
		return nil, problem("take letters", err)
	}
	if answered == "fenced" {
		return nil, ErrFenced
	}
	answer, _ := answered.([]any)
	var letters []Queued
	for _, entry := range answer {
		pair, ok := entry.([]any)
		if !ok || len(pair) != 2 {
			continue
		}
		id, _ := pair[0].(string)
		letter := queued(id, fieldsOf(pair[1]))
		letter.epoch = l.Epoch
		letters = append(letters, letter)
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
		Unclear: f["unclear"] == "1", Unanswered: int(number(f["unanswered"])), Tries: int(number(f["tries"])), First: instant(f["first"]), id: id,
	}
}

// Recover looks after letters that an earlier run left behind. What was in flight
// is unclear, and due when its copy has had time to arrive in the mailbox. What is
// due may have left as well, and Redis have lost the note of it; so it is marked to
// be looked for before it is sent, after the same time where Redis was started
// anew. Call it when the records were loaded: nobody else can be sending then.
func (t *Team) Recover(ctx context.Context, now, arrived time.Time, anew bool) error {
	return problem("recover letters", recoverLetters.Run(ctx, t.store.redis, []string{t.keys.outbox()}, now.UnixMilli(), arrived.UnixMilli(), flag(anew)).Err())
}

// recoverLetters: KEYS outbox. ARGV now in ms, ms when a copy has arrived, whether Redis was started anew 0/1.
// Answers how many are unclear.
var recoverLetters = redis.NewScript(`
local n = 0
local letters = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #letters, 2 do
  local key, due = letters[i], tonumber(letters[i + 1]) <= tonumber(ARGV[1])
  local state = redis.call('HGET', key, 'state')
  if state == 'in flight' or due then
    redis.call('HSET', key, 'unclear', '1')
    if state == 'in flight' or (ARGV[3] == '1' and state == 'stored') then
      redis.call('HSET', key, 'state', 'unclear')
      redis.call('ZADD', KEYS[1], ARGV[2], key)
    end
    n = n + 1
  end
end
return n`)

// settle ends a try. KEYS outbox, letter, failed, meta. ARGV state, now in ms, ms of the
// next try or 0, why, ms to keep it, first try, unclear 0/1, epoch.
// Counts what was sent. Answers 0, or 1 for fenced: but for what was sent, which is true whoever did it.
var settle = redis.NewScript(`
if ARGV[1] ~= 'sent' and redis.call('HGET', KEYS[4], 'epoch') ~= ARGV[8] then return 1 end
if ARGV[1] == 'sent' and redis.call('HGET', KEYS[2], 'state') ~= 'sent' then
  redis.call('HINCRBY', KEYS[4], 'sent', 1)
end
redis.call('HSET', KEYS[2], 'state', ARGV[1], 'why', ARGV[4], 'settled', ARGV[2])
redis.call('HINCRBY', KEYS[2], 'tries', 1)
redis.call('HSETNX', KEYS[2], 'first', ARGV[6])
if ARGV[7] == '1' then redis.call('HSET', KEYS[2], 'unclear', '1'); redis.call('HINCRBY', KEYS[2], 'unanswered', 1) else redis.call('HDEL', KEYS[2], 'unclear') end
if ARGV[3] ~= '0' then redis.call('ZADD', KEYS[1], ARGV[3], KEYS[2]); return 0 end
redis.call('ZREM', KEYS[1], KEYS[2])
if ARGV[1] == 'failed' then redis.call('ZADD', KEYS[3], ARGV[2], KEYS[2]) else redis.call('HDEL', KEYS[2], 'bytes') end
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return 0`)

func (t *Team) settle(ctx context.Context, q Queued, state, why string, now, next time.Time) error {
	again := int64(0)
	if !next.IsZero() {
		again = next.UnixMilli()
	}
	fenced, err := settle.Run(ctx, t.store.redis, []string{t.keys.outbox(), q.id, t.keys.failed(), t.keys.meta()},
		state, now.UnixMilli(), again, why, letterFor.Milliseconds(), stamp(now), flag(state == unclear), q.epoch).Int()
	if fenced == 1 {
		return ErrFenced
	}
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

// SinceNotice says how many letters were sent since the last notice to operators
// was committed, and how many wait now.
func (t *Team) SinceNotice(ctx context.Context) (sent, waiting int, err error) {
	pipe := t.store.redis.Pipeline()
	counts, queue := pipe.HMGet(ctx, t.keys.meta(), "sent", "noticed"), pipe.ZCard(ctx, t.keys.outbox())
	if _, err := pipe.Exec(ctx); err != nil {
		return 0, 0, problem("count letters", err)
	}
	var n [2]int64
	for i, v := range counts.Val() {
		text, _ := v.(string) // nil where nothing was counted yet
		n[i] = number(text)
	}
	return int(n[0] - n[1]), int(queue.Val()), nil
}

// NextDue says when the next letter is due; zero for none.
func (t *Team) NextDue(ctx context.Context) (time.Time, error) {
	first, err := t.store.redis.ZRangeWithScores(ctx, t.keys.outbox(), 0, 0).Result()
	if err != nil || len(first) == 0 {
		return time.Time{}, problem("look when a letter is due", err)
	}
	return time.UnixMilli(int64(first[0].Score)).UTC(), nil
}
