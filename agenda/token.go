package agenda

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"regexp"
	"strings"
	"time"

	"minuted/parser"
)

// Answerable is how long the answer to a letter counts.
const Answerable = 14 * 24 * time.Hour

// tokenBytes is 128 bits; in base32 without padding that is 26 letters.
const tokenBytes = 16

var tokenText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Token is the secret that a letter to a person carries until it expires: in
// its Message-ID, its Reply-To sub-address and its ready answers.
func (b *Book) Token(person, letter string, expires time.Time) string {
	return b.team.sign(0, person, letter, expires)
}

// TokenOf is the token of an order's letter.
func (b *Book) TokenOf(o Order) string { return b.Token(o.Person, o.Key, o.At.Add(Answerable)) }

// sign makes a token with one of the keys. Fields are parted by NUL, which no
// handle, key or date holds.
func (t Team) sign(key int, person, letter string, expires time.Time) string {
	sum := t.hmac(key, "token", t.Slug, person, letter, expires.UTC().Format(time.RFC3339))
	return tokenText.EncodeToString(sum[:tokenBytes])
}

// hmac is HMAC-SHA-256 of a purpose and its fields, so that what is signed for
// one purpose never serves another.
func (t Team) hmac(key int, fields ...string) []byte {
	var secret []byte
	if key < len(t.Keys) {
		secret = t.Keys[key]
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(strings.Join(fields, "\x00")))
	return mac.Sum(nil)
}

// verify says whether a token was given to the person of the card for its
// letter and still counts. It is the only place that compares tokens.
func (t Team) verify(token string, c Card, at time.Time) bool {
	if at.After(c.Expires) {
		return false
	}
	for key := range t.Keys {
		if hmac.Equal([]byte(t.sign(key, c.Person, c.Letter, c.Expires)), []byte(token)) {
			return true
		}
	}
	return false
}

// Mark is the value of the header Minuted-Letter, by which the team knows its
// own letters when they come back.
func (t Team) Mark(letterKey string) string {
	return letterKey + " " + hex.EncodeToString(t.hmac(0, "letter", t.Slug, letterKey))
}

// marked returns the key of our own letter, if the mail bears a mark of ours.
func (t Team) marked(m parser.Mail) (letterKey string, ok bool) {
	for _, value := range m.Header.Values("Minuted-Letter") {
		letterKey, mark, _ := strings.Cut(strings.TrimSpace(value), " ")
		if t.signed(mark, "letter", t.Slug, letterKey) {
			return letterKey, true
		}
	}
	return "", false
}

func (t Team) signed(mark string, fields ...string) bool {
	given, err := hex.DecodeString(strings.TrimSpace(mark))
	if err != nil {
		return false
	}
	for key := range t.Keys {
		if hmac.Equal(given, t.hmac(key, fields...)) {
			return true
		}
	}
	return false
}

// SignOperator is the value of the header Minuted-Operator for a mail with this
// body and nothing attached. White space does not count: mail may wrap lines.
func (t Team) SignOperator(body []byte) string {
	return hex.EncodeToString(t.hmac(0, "operator", t.Slug, spaced(string(body))))
}

// byOperator says whether the mail was written by the command line of an
// operator, who holds the key.
func (t Team) byOperator(m parser.Mail) bool {
	marks := m.Header.Values("Minuted-Operator")
	return len(marks) == 1 && len(m.Attachments) == 0 && t.signed(marks[0], "operator", t.Slug, spaced(m.Text))
}

// Beginning is what the operator's mail says that stands in the mailbox for the
// beginning of time, so that a rebuild begins at the same instant.
const Beginning = "Here begins what this mailbox tells."

// Begins says whether the mail is that of the beginning.
func (t Team) Begins(m parser.Mail) bool {
	return t.byOperator(m) && spaced(m.Text) == Beginning
}

func spaced(text string) string { return strings.Join(strings.Fields(text), " ") }

// tokenWord finds what can be a token in a Message-ID or an address.
var tokenWord = regexp.MustCompile(`(?:^|[.+<])([a-z2-7]{26})@`)

// tokens returns what can be tokens of the letter that the mail answers: in
// the ids it refers to, the nearest first, in the sub-address it was sent to,
// in a line "ref TOKEN".
func tokens(m parser.Mail) []string {
	var places []string
	for _, a := range m.To {
		places = append(places, a.Address)
	}
	for _, a := range m.Cc {
		places = append(places, a.Address)
	}
	places = append(places, m.Delivered...)
	places = append(places, m.InReplyTo...)
	for i := range m.References {
		places = append(places, m.References[len(m.References)-1-i])
	}
	var out []string
	if m.Ref != "" {
		out = append(out, m.Ref)
	}
	for _, place := range places {
		if match := tokenWord.FindStringSubmatch(strings.ToLower(place)); match != nil {
			out = append(out, match[1])
		}
	}
	return out
}
