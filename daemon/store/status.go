package store

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// Status is what an operator may have to look at.
type Status struct {
	Seq         int64
	Watermark   uint32
	Holder      string
	Late        []uint32
	Quarantined map[string]string // validity:uid -> reason, as JSON
	Counts      map[string]string
	Waiting     []LetterState // letters that are to be sent
	Failed      []LetterState // and those that were refused for good
}

// LetterState says where a letter stands.
type LetterState struct {
	Key, Kind, To, Subject, State, Why string
	Tries                              int
	Next                               time.Time // of the next try; zero: none
}

// Status reads it.
func (t *Team) Status(ctx context.Context) (Status, error) {
	pipe := t.store.redis.Pipeline()
	meta, late := pipe.HGetAll(ctx, t.keys.meta()), pipe.SMembers(ctx, t.keys.late())
	quarantined, counts := pipe.HGetAll(ctx, t.keys.quarantine()), pipe.HGetAll(ctx, t.keys.counts())
	waiting, refused := pipe.ZRangeWithScores(ctx, t.keys.outbox(), 0, -1), pipe.ZRangeWithScores(ctx, t.keys.failed(), 0, -1)
	if _, err := pipe.Exec(ctx); err != nil {
		return Status{}, problem("read the status", err)
	}
	s := Status{Seq: number(meta.Val()["seq"]), Watermark: uint32(number(meta.Val()["watermark"])), Late: uids(late.Val()),
		Quarantined: quarantined.Val(), Counts: counts.Val()}
	var err error
	if s.Holder, err = t.Holder(ctx); err != nil {
		return s, err
	}
	if s.Waiting, err = t.letterStates(ctx, waiting.Val()); err != nil {
		return s, err
	}
	s.Failed, err = t.letterStates(ctx, refused.Val())
	for i := range s.Failed {
		s.Failed[i].Next = time.Time{}
	}
	return s, err
}

func (t *Team) letterStates(ctx context.Context, members []redis.Z) ([]LetterState, error) {
	pipe := t.store.redis.Pipeline()
	var answers []*redis.SliceCmd
	for _, z := range members {
		id, _ := z.Member.(string)
		answers = append(answers, pipe.HMGet(ctx, id, "key", "kind", "to", "subject", "state", "why", "tries"))
	}
	if len(answers) == 0 {
		return nil, nil
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, problem("read letters", err)
	}
	var states []LetterState
	for i, a := range answers {
		var text [7]string
		for j, v := range a.Val() {
			text[j], _ = v.(string)
		}
		if text[0] == "" {
			continue // it expired
		}
		states = append(states, LetterState{Key: text[0], Kind: text[1], To: text[2], Subject: text[3], State: text[4], Why: text[5],
			Tries: int(number(text[6])), Next: time.UnixMilli(int64(members[i].Score)).UTC()})
	}
	return states, nil
}
