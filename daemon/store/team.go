package store

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"minuted/agenda"
)

// Team is what Redis keeps of one team.
type Team struct {
	store *Store
	keys  keys
}

// Team names one team by its slug.
func (s *Store) Team(slug string) *Team { return &Team{store: s, keys: keysOf(slug)} }

// Lease is the right to work for a team until it expires. Epoch fences it:
// whoever takes it over counts one up, and commits of the earlier are refused.
type Lease struct {
	Holder string
	Epoch  int64
}

// acquire takes the lease if nobody holds it, or the same holder does, or one that is dead.
// KEYS lease, meta. ARGV holder, ms, dead holder or empty, now in ms. Answers the epoch, or 0 while another holds it.
//
// An epoch is the clock's, so that one which a Redis has forgotten with its last
// second is not given out again.
var acquire = redis.NewScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] and holder ~= ARGV[3] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
local epoch = math.max(tonumber(redis.call('HGET', KEYS[2], 'epoch') or '0') + 1, tonumber(ARGV[4]))
redis.call('HSET', KEYS[2], 'epoch', string.format('%.0f', epoch))
return epoch`)

// renew makes a lease last longer.
// KEYS lease. ARGV holder, ms. Answers 1, or 0 if another holds it or nobody.
var renew = redis.NewScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`)

// release gives a lease back.
// KEYS lease. ARGV holder. Answers 1, or 0 if it was not held.
var release = redis.NewScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`)

// Acquire takes the lease of the team for a holder; false while another has it.
// A holder that is known to be dead need not be waited for; empty: none is.
func (t *Team) Acquire(ctx context.Context, holder, dead string, lasts time.Duration) (Lease, bool, error) {
	epoch, err := acquire.Run(ctx, t.store.redis, []string{t.keys.lease(), t.keys.meta()},
		holder, lasts.Milliseconds(), dead, t.store.now().UnixMilli()).Int64()
	return Lease{Holder: holder, Epoch: epoch}, epoch > 0, problem("take the lease", err)
}

// Renew makes the lease last from now. ErrFenced: it was lost.
func (t *Team) Renew(ctx context.Context, l Lease, lasts time.Duration) error {
	kept, err := renew.Run(ctx, t.store.redis, []string{t.keys.lease()}, l.Holder, lasts.Milliseconds()).Int()
	if err == nil && kept == 0 {
		return ErrFenced
	}
	return problem("renew the lease", err)
}

// Release gives the lease back, so that another daemon need not wait for it to expire.
func (t *Team) Release(ctx context.Context, l Lease) error {
	return problem("give the lease back", release.Run(ctx, t.store.redis, []string{t.keys.lease()}, l.Holder).Err())
}

// Holder says who holds the lease; empty for nobody.
func (t *Team) Holder(ctx context.Context) (string, error) {
	holder, err := t.store.redis.Get(ctx, t.keys.lease()).Result()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return holder, problem("read the lease", err)
}

// Snapshot is what a daemon needs to begin.
type Snapshot struct {
	Fresh     bool   // nothing was ever committed
	Wiped     bool   // the records are being worked out anew from the mailbox
	Known     bool   // this Redis is the one that was Met last
	Anew      bool   // another Redis than the one that was Met last, which may have lost the last commits
	Identity  string // of the process that Redis is and of the line of its data; empty where it does not say
	Seq       int64
	Validity  uint32
	Watermark uint32   // every UID up to it is committed, but for those in Late
	Late      []uint32 // sorted
	Records   []agenda.Record
	Filing    map[uint32]agenda.Folder // committed and not yet filed away
	Trying    map[uint32]int           // how often a daemon died with this mail in flight
	Mark      Mark                     // up to where the ledger knows what was filed away
}

// Mark is a place in the folder of handled mail: all that was filed there up to this UID is committed.
type Mark struct{ Validity, UID uint32 }

// Load reads the open records and where the reading of the mailbox stands.
func (t *Team) Load(ctx context.Context) (Snapshot, error) {
	pipe := t.store.redis.Pipeline()
	meta, open := pipe.HGetAll(ctx, t.keys.meta()), pipe.HGetAll(ctx, t.keys.open())
	late, filing, trying := pipe.SMembers(ctx, t.keys.late()), pipe.HGetAll(ctx, t.keys.filing()), pipe.HGetAll(ctx, t.keys.trying())
	if _, err := pipe.Exec(ctx); err != nil {
		return Snapshot{}, problem("load the records", err)
	}
	s := Snapshot{Filing: map[uint32]agenda.Folder{}, Trying: map[uint32]int{}, Late: uids(late.Val())}
	s.Seq = number(meta.Val()["seq"])
	s.Fresh, s.Wiped = s.Seq == 0, meta.Val()["wiped"] == "1"
	s.Mark = Mark{uint32(number(meta.Val()["filed_validity"])), uint32(number(meta.Val()["filed_uid"]))}
	s.Validity, s.Watermark = uint32(number(meta.Val()["validity"])), uint32(number(meta.Val()["watermark"]))
	for key, text := range open.Val() {
		s.Records = append(s.Records, agenda.Record{Key: key, JSON: []byte(text), Open: true})
	}
	sort.Slice(s.Records, func(i, j int) bool { return s.Records[i].Key < s.Records[j].Key })
	for uid, folder := range filing.Val() {
		s.Filing[uint32(number(uid))] = agenda.Folder(folder)
	}
	for uid, times := range trying.Val() {
		s.Trying[uint32(number(uid))] = int(number(times))
	}
	return s, t.recognise(ctx, &s, meta.Val()["run_id"])
}

// recognise tells whether this is another Redis than the one that was met last. One
// that does not say which it is counts as the same.
func (t *Team) recognise(ctx context.Context, s *Snapshot, met string) (err error) {
	s.Identity, err = t.identity(ctx)
	s.Known = s.Identity == met
	s.Anew = met != "" && !s.Known
	return err
}

// Same tells whether Redis is the one that was there at Load.
func (t *Team) Same(ctx context.Context, s Snapshot) (bool, error) {
	identity, err := t.identity(ctx)
	return identity == s.Identity, err
}

// Met notes which Redis this is. Call it when all has been done again that it may have
// lost: until then each Load says Anew.
func (t *Team) Met(ctx context.Context, s Snapshot) error {
	return problem("note which redis this is", t.store.redis.HSet(ctx, t.keys.meta(), "run_id", s.Identity).Err())
}

// number reads what only our own scripts write; anything else counts as nothing.
func number(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

func uids(texts []string) []uint32 {
	var list []uint32
	for _, text := range texts {
		list = append(list, uint32(number(text)))
	}
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	return list
}

// Look answers for a batch of mails, in one round trip, which contents were
// handled before, and gives the closed records of the keys that it knows.
func (t *Team) Look(ctx context.Context, hashes, recordKeys []string) (seen map[string]bool, records []agenda.Record, err error) {
	pipe := t.store.redis.Pipeline()
	var seenKeys, briefKeys []string
	for _, h := range hashes {
		seenKeys = append(seenKeys, t.keys.seen(h))
	}
	for _, k := range recordKeys {
		briefKeys = append(briefKeys, t.keys.brief(k))
	}
	var known, brief, past *redis.SliceCmd
	if len(hashes) > 0 {
		known = pipe.MGet(ctx, seenKeys...)
	}
	if len(recordKeys) > 0 {
		brief, past = pipe.MGet(ctx, briefKeys...), pipe.HMGet(ctx, t.keys.past(), recordKeys...)
	}
	if pipe.Len() == 0 {
		return nil, nil, nil
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, nil, problem("look up the batch", err)
	}
	seen = map[string]bool{}
	for i, h := range hashes {
		seen[h] = known.Val()[i] != nil
	}
	for i, k := range recordKeys {
		for _, found := range []any{brief.Val()[i], past.Val()[i]} {
			if text, ok := found.(string); ok {
				records = append(records, agenda.Record{Key: k, JSON: []byte(text)})
				break
			}
		}
	}
	return seen, records, nil
}

// All reads every record that is kept for ever, open and past, for lists and exports.
func (t *Team) All(ctx context.Context) ([]agenda.Record, error) {
	pipe := t.store.redis.Pipeline()
	open, past := pipe.HGetAll(ctx, t.keys.open()), pipe.HGetAll(ctx, t.keys.past())
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, problem("read all records", err)
	}
	var records []agenda.Record
	for key, text := range open.Val() {
		records = append(records, agenda.Record{Key: key, JSON: []byte(text), Open: true})
	}
	for key, text := range past.Val() {
		records = append(records, agenda.Record{Key: key, JSON: []byte(text)})
	}
	sort.Slice(records, func(i, j int) bool { return records[i].Key < records[j].Key })
	return records, nil
}

// Died counts that a daemon died while this mail was in flight, and says how often now.
func (t *Team) Died(ctx context.Context, uid uint32) (int, error) {
	n, err := t.store.redis.HIncrBy(ctx, t.keys.trying(), fmt.Sprint(uid), 1).Result()
	return int(n), problem("count an attempt", err)
}

// Filed says that these mails were filed away.
func (t *Team) Filed(ctx context.Context, filed []uint32) error {
	if len(filed) == 0 {
		return nil
	}
	var fields []string
	for _, uid := range filed {
		fields = append(fields, fmt.Sprint(uid))
	}
	return problem("note what was filed", t.store.redis.HDel(ctx, t.keys.filing(), fields...).Err())
}

// Marked says up to where all that lies in the folder of handled mail is committed.
// A Redis that loses its last second loses the mark with the commits above it.
func (t *Team) Marked(ctx context.Context, m Mark) error {
	return problem("mark what is handled", t.store.redis.HSet(ctx, t.keys.meta(), "filed_validity", m.Validity, "filed_uid", m.UID).Err())
}

// Wipe forgets everything about the team, for a rebuild, but who works for it and
// the letters that have not left: no mailbox knows them. Only its own keys are
// touched. Until Rebuilt is called, Load says that the records are not whole.
func (t *Team) Wipe(ctx context.Context, l Lease) error {
	if err := t.Renew(ctx, l, time.Minute); err != nil {
		return err
	}
	kept, err := t.unsent(ctx)
	if err != nil {
		return problem("wipe the records", err)
	}
	wipe := func(ctx context.Context, node *redis.Client) error {
		each := node.Scan(ctx, 0, t.keys.prefix+"*", 1000).Iterator()
		for each.Next(ctx) {
			if key := each.Val(); !kept[key] {
				if err := node.Unlink(ctx, key).Err(); err != nil {
					return err
				}
			}
		}
		return each.Err()
	}
	begin := t.store.redis.TxPipeline()
	begin.HSet(ctx, t.keys.meta(), "wiped", 1)
	begin.HDel(ctx, t.keys.meta(), "seq", "validity", "watermark", "filed_validity", "filed_uid")
	if _, err := begin.Exec(ctx); err != nil {
		return problem("wipe the records", err)
	}
	if cluster, ok := t.store.redis.(*redis.ClusterClient); ok {
		return problem("wipe the records", cluster.ForEachMaster(ctx, wipe))
	}
	return problem("wipe the records", wipe(ctx, t.store.redis.(*redis.Client)))
}

// unsent are the keys that outlive a wipe.
func (t *Team) unsent(ctx context.Context) (map[string]bool, error) {
	kept := map[string]bool{t.keys.lease(): true, t.keys.meta(): true}
	for _, set := range []string{t.keys.outbox(), t.keys.failed()} {
		kept[set] = true
		letters, err := t.store.redis.ZRange(ctx, set, 0, -1).Result()
		if err != nil {
			return nil, err
		}
		for _, letter := range letters {
			kept[letter] = true
		}
	}
	return kept, nil
}

// Rebuilt says that the records are whole again after a Wipe.
func (t *Team) Rebuilt(ctx context.Context) error {
	return problem("end the rebuild", t.store.redis.HDel(ctx, t.keys.meta(), "wiped").Err())
}
