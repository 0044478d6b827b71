package agenda

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"time"

	"minuted/parser"
)

// threadKept is how long a mail of the past can be answered into its item.
const threadKept = 2 * 365 * 24 * time.Hour

// threadKey is the key of a mail by its Message-ID. Ids are hashed, so that keys
// have one length and hold nothing that a stranger chose.
func threadKey(messageID string) string {
	sum := sha256.Sum256([]byte(strings.Trim(strings.TrimSpace(messageID), "<>")))
	return "thread:" + hex.EncodeToString(sum[:16])
}

// referred are the ids of the mails that a mail answers, the nearest first.
func referred(m parser.Mail) []string {
	var out []string
	out = append(out, m.InReplyTo...)
	for i := range m.References {
		out = append(out, m.References[len(m.References)-1-i])
	}
	return out
}

// original are the ids of forwarded originals, and of what they answer.
func original(m parser.Mail) []string {
	var out []string
	for _, f := range m.Forwards {
		out = append(out, f.MessageID)
		out = append(out, f.References...)
	}
	return out
}

// idInText finds ids as people and letters write them.
var idInText = regexp.MustCompile(`\b([AT]-[1-9][0-9]{0,8})\b`)

// itemOf finds the item that a mail belongs to: by our own letter that it
// answers, by what it refers to, by the originals it forwards, by an id in the
// subject. Never by an empty id, never by the subject's words.
func (b *Book) itemOf(m parser.Mail, card *Card, at time.Time) *Item {
	if card != nil {
		if shown := kindOf(card.Shown, "T-"); len(shown) == 1 && b.items[keyOf(shown[0])] != nil {
			return b.items[keyOf(shown[0])]
		}
	}
	for _, id := range append(referred(m), original(m)...) {
		th := b.threads[threadKey(id)]
		if id != "" && th != nil && th.Item != 0 && at.Before(th.Expires) {
			return b.items[itemKey(th.Item)]
		}
	}
	for _, id := range idInText.FindAllString(m.Subject, -1) {
		if it := b.items[keyOf(id)]; strings.HasPrefix(id, "T-") && it != nil {
			return it
		}
	}
	return nil
}

// join makes the mail, what it answers and what it forwards lead to the item.
func (b *Book) join(it *Item, m parser.Mail, at time.Time) {
	ids := append([]string{m.MessageID}, referred(m)...)
	for _, id := range append(ids, original(m)...) {
		key := threadKey(id)
		if id == "" || b.threads[key] != nil || ours(id) {
			continue
		}
		b.touch(key)
		b.threads[key] = &Thread{Item: it.ID, Expires: at.Add(threadKept)}
	}
}

// ours says whether an id is that of a letter of ours: it carries a token, and
// one letter may be answered about many items.
func ours(messageID string) bool { return tokenWord.MatchString(strings.ToLower(messageID)) }

func kindOf(ids []string, prefix string) []string {
	var out []string
	for _, id := range ids {
		if strings.HasPrefix(id, prefix) {
			out = append(out, id)
		}
	}
	return out
}
