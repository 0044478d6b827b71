package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"minuted/agenda"
	"minuted/digest"
)

// Source names the mail that a commit comes from.
type Source struct {
	Validity, UID uint32 // 0: a mail that was filed away before, read again
	Hash          string // of the content; empty: not looked at (a duplicate, or too large)
	Folder        agenda.Folder
	Quarantine    string // why it is set aside, as JSON for status; empty: it is not
	Late          bool   // it could not be read yet: step over it, and come back
}

// Commit is everything that one mail, or one thing that fell due, changes.
type Commit struct {
	Source  *Source // nil: time has passed
	Count   string  // what was done, for the counts of status: "item", "ignored: auto-reply"
	Records []agenda.Record
	Letters []digest.Letter
	Silent  bool // letters count as sent: they went out before the state was lost
	// Doubt is when copies have arrived of letters that may have been sent already, since
	// what a Redis has lost is done again: they are looked for then. Zero: they were not sent.
	Doubt time.Time
}

// commit writes ledger, records and letters of one mail, or refuses it whole.
//
//	KEYS  1 meta  2 open  3 past  4 outbox  5 filing  6 late  7 trying  8 quarantine  9 counts
//	      then the seen key where there is a hash, the brief keys of forgotten records, those of brief records, the keys of letters
//	ARGV  epoch, seq expected, now in ms, validity or 0, uid, folder, hash given 0/1, quarantine, late 0/1, count,
//	      ms that a hash is kept, number of: open, past, forgotten, brief, letters; then
//	      open: key json …; past: key json …; forgotten: key …; brief: json, ms when it expires …;
//	      letters: score, number of fields, field value …; then whether a notice to operators is among them 0/1
//	answers  ok, fenced, stale, seen
//
// A past record leaves the open hash and the other way round; a letter whose
// key exists is not written again.
var commit = redis.NewScript(`
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'validity', 'watermark')
if meta[1] ~= ARGV[1] then return 'fenced' end
if (meta[2] or '0') ~= ARGV[2] then return 'stale' end
local k, uid, isLate = 10, tonumber(ARGV[5]), ARGV[9] == '1'
if ARGV[4] ~= '0' then
  local mark = 0
  if meta[3] == ARGV[4] then mark = tonumber(meta[4] or '0') end
  if uid <= mark and redis.call('SISMEMBER', KEYS[6], ARGV[5]) == 0 then return 'seen' end
end
if ARGV[7] == '1' then
  if not redis.call('SET', KEYS[k], ARGV[4] .. ':' .. ARGV[5], 'NX', 'PX', ARGV[11]) then return 'seen' end
  k = k + 1
end
if ARGV[4] ~= '0' then
  local mark = 0
  if meta[3] == ARGV[4] then mark = tonumber(meta[4] or '0') end
  if meta[3] and meta[3] ~= ARGV[4] then redis.call('DEL', KEYS[6], KEYS[5], KEYS[7]) end
  if uid > mark then mark = uid end
  redis.call('HSET', KEYS[1], 'validity', ARGV[4], 'watermark', mark)
  if isLate then redis.call('SADD', KEYS[6], ARGV[5]) else
    redis.call('SREM', KEYS[6], ARGV[5])
    redis.call('HDEL', KEYS[7], ARGV[5])
    if ARGV[6] ~= '' then redis.call('HSET', KEYS[5], ARGV[5], ARGV[6]) end
  end
end
if ARGV[8] ~= '' and not isLate then redis.call('HSET', KEYS[8], ARGV[4] .. ':' .. ARGV[5], ARGV[8]) end
if ARGV[10] ~= '' then redis.call('HINCRBY', KEYS[9], ARGV[10], 1) end
local nopen, npast, ngone, nbrief, nletters = tonumber(ARGV[12]), tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15]), tonumber(ARGV[16])
local a = 17
for i = 1, nopen do
  redis.call('HSET', KEYS[2], ARGV[a], ARGV[a + 1]); redis.call('HDEL', KEYS[3], ARGV[a]); a = a + 2
end
for i = 1, npast do
  redis.call('HSET', KEYS[3], ARGV[a], ARGV[a + 1]); redis.call('HDEL', KEYS[2], ARGV[a]); a = a + 2
end
for i = 1, ngone do
  redis.call('HDEL', KEYS[2], ARGV[a]); redis.call('HDEL', KEYS[3], ARGV[a]); redis.call('DEL', KEYS[k]); a = a + 1; k = k + 1
end
for i = 1, nbrief do
  redis.call('SET', KEYS[k], ARGV[a], 'PXAT', ARGV[a + 1]); a = a + 2; k = k + 1
end
for i = 1, nletters do
  local score, n = ARGV[a], tonumber(ARGV[a + 1])
  a = a + 2
  if redis.call('EXISTS', KEYS[k]) == 0 then
    for f = 0, n - 1 do redis.call('HSET', KEYS[k], ARGV[a + 2 * f], ARGV[a + 2 * f + 1]) end
    if score ~= '' then redis.call('ZADD', KEYS[4], score, KEYS[k])
    else redis.call('PEXPIRE', KEYS[k], ARGV[11]) end
  end
  a = a + 2 * n
  k = k + 1
end
if ARGV[a] == '1' then redis.call('HSET', KEYS[1], 'noticed', redis.call('HGET', KEYS[1], 'sent') or '0') end
redis.call('HSET', KEYS[1], 'seq', tostring(tonumber(ARGV[2]) + 1))
return 'ok'`)

// Commit writes commits in order, in one round trip, each on its own: the first
// expects seq, each next one the number after. It says how many were written;
// with fewer than all, the error says why the next one was not. After an error
// load the records again: what was refused must be worked out anew.
func (t *Team) Commit(ctx context.Context, l Lease, seq int64, commits []Commit) (int, error) {
	if len(commits) == 0 {
		return 0, nil
	}
	answers, err := t.send(ctx, l, seq, commits)
	if err != nil && noScript(err) {
		if err := commit.Load(ctx, t.store.redis).Err(); err != nil {
			return 0, problem("load the commit script", err)
		}
		answers, err = t.send(ctx, l, seq, commits)
	}
	for i, a := range answers {
		if text, _ := a.Text(); text != "ok" {
			return i, refused(a)
		}
	}
	return len(commits), problem("commit", err)
}

func (t *Team) send(ctx context.Context, l Lease, seq int64, commits []Commit) ([]*redis.Cmd, error) {
	pipe := t.store.redis.Pipeline()
	answers := make([]*redis.Cmd, len(commits))
	for i, c := range commits {
		keys, args := t.commitArguments(l, seq+int64(i), c)
		answers[i] = commit.EvalSha(ctx, pipe, keys, args...)
	}
	_, err := pipe.Exec(ctx)
	return answers, err
}

func noScript(err error) bool { return redis.HasErrorPrefix(err, "NOSCRIPT") }

func refused(answer *redis.Cmd) error {
	text, err := answer.Text()
	switch text {
	case "fenced":
		return ErrFenced
	case "stale":
		return ErrStale
	case "seen":
		return ErrSeen
	}
	if err == nil {
		err = fmt.Errorf("answer %q", text)
	}
	return problem("commit", err)
}

func (t *Team) commitArguments(l Lease, seq int64, c Commit) ([]string, []any) {
	k := t.keys
	keys := []string{k.meta(), k.open(), k.past(), k.outbox(), k.filing(), k.late(), k.trying(), k.quarantine(), k.counts()}
	now := t.store.now().UnixMilli()
	source, folder := c.Source, ""
	if source == nil {
		source = &Source{}
	}
	if !source.Late {
		folder = string(source.Folder)
	}
	if source.Hash != "" {
		keys = append(keys, k.seen(source.Hash))
	}
	args := []any{l.Epoch, seq, now, source.Validity, source.UID, folder, flag(source.Hash != ""), source.Quarantine,
		flag(source.Late), c.Count, seenFor.Milliseconds()}
	keys, args = t.recordArguments(keys, args, c)
	for _, letter := range c.Letters {
		keys = append(keys, k.letter(letter.Key))
		fields := letterFields(letter, !c.Doubt.IsZero())
		score := any(max(letter.At.UnixMilli(), c.Doubt.UnixMilli()))
		if c.Silent {
			fields, score = silentFields(letter), ""
		}
		args = append(append(args, score, len(fields)/2), fields...)
	}
	isNotice := func(l digest.Letter) bool { return l.Kind == agenda.Notice }
	return keys, append(args, flag(!c.Silent && slices.ContainsFunc(c.Letters, isNotice)))
}

// recordArguments sorts the records by where they go and appends them as the script wants them.
func (t *Team) recordArguments(keys []string, args []any, c Commit) ([]string, []any) {
	var open, past, gone, brief []any
	var briefKeys []string
	var counts [4]int
	for _, r := range c.Records {
		switch {
		case r.JSON == nil && r.Expires.IsZero():
			gone = append(gone, r.Key)
			keys = append(keys, t.keys.brief(r.Key))
			counts[2]++
		case !r.Expires.IsZero():
			briefKeys = append(briefKeys, t.keys.brief(r.Key))
			brief = append(brief, r.JSON, r.Expires.UnixMilli())
			counts[3]++
		case r.Open:
			open = append(open, r.Key, r.JSON)
			counts[0]++
		default:
			past = append(past, r.Key, r.JSON)
			counts[1]++
		}
	}
	args = append(args, counts[0], counts[1], counts[2], counts[3], len(c.Letters))
	args = append(args, open...)
	args = append(args, past...)
	args = append(args, gone...)
	return append(keys, briefKeys...), append(args, brief...)
}

func flag(set bool) int {
	if set {
		return 1
	}
	return 0
}
