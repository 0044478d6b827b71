package store

import (
	"crypto/sha256"
	"encoding/hex"
)

// The keys of one team. All begin with minuted:{TEAM}: so that a team lives in
// one slot of a Redis Cluster. Nothing that came by mail stands in a key: what is
// not an id is hashed to 32 hex digits.

// keys builds the names of one team's keys.
type keys struct{ prefix string }

func keysOf(slug string) keys { return keys{"minuted:{" + slug + "}:"} }

// meta is a hash that stays: epoch of the lease, seq of the last commit,
// validity and watermark of the mailbox and of what was filed away, the Redis
// that was met last, and whether a rebuild is under way.
func (k keys) meta() string { return k.prefix + "meta" }

// lease is a string that expires: who works for the team.
func (k keys) lease() string { return k.prefix + "lease" }

// open is a hash that stays: the records that are loaded at the start.
func (k keys) open() string { return k.prefix + "open" }

// past is a hash that stays: closed records and threads, looked up by field.
func (k keys) past() string { return k.prefix + "past" }

// brief is a string that expires: one record that is not kept for ever, such as a card.
func (k keys) brief(record string) string { return k.prefix + "brief:" + short(record) }

// seen is a string that expires after seenFor: a mail of this content was handled.
func (k keys) seen(hash string) string { return k.prefix + "seen:" + short(hash) }

// late is a set that stays: UIDs at or below the watermark that are not handled yet.
func (k keys) late() string { return k.prefix + "late" }

// filing is a hash that stays: UIDs that are committed and not yet filed away, with their folder.
func (k keys) filing() string { return k.prefix + "filing" }

// trying is a hash that stays: UIDs that a daemon died with in flight, and how often.
func (k keys) trying() string { return k.prefix + "trying" }

// quarantine is a hash that stays: mails set aside, by UID, with the reason.
func (k keys) quarantine() string { return k.prefix + "quarantine" }

// counts is a hash that stays: what was done with mails, for status and the weekly line.
func (k keys) counts() string { return k.prefix + "counts" }

// outbox is a sorted set that stays: letters to be sent, by the time of the next try in ms.
func (k keys) outbox() string { return k.prefix + "outbox" }

// failed is a sorted set that stays: letters that were refused for good, by time in ms.
func (k keys) failed() string { return k.prefix + "failed" }

// letter is a hash: one letter. It expires letterFor after it was settled.
func (k keys) letter(key string) string { return k.prefix + "letter:" + short(key) }

func short(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}
