package daemon

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Secret names where a password is kept: in a file, or as a credential that
// systemd hands to the unit. It never holds the password itself, so that no
// log line can.
type Secret struct {
	File       string `yaml:"password_file"`
	Credential string `yaml:"credential"`

	path string // where it is on this machine; empty for a credential without a unit
}

// resolve finds where the secret is kept. Both may be named: the service then
// has the credential, and an operator's commands, which get none, read the file.
func (s *Secret) resolve(places Places) {
	s.path = places.file(s.File)
	if s.Credential != "" && places.Credentials != "" {
		s.path = filepath.Join(places.Credentials, s.Credential)
	}
}

func (s Secret) empty() bool { return s.File == "" && s.Credential == "" }

// Read returns the password: the file without the line break at its end, which
// editors add. It is read anew each time, so a changed password needs no restart.
func (s Secret) Read() (string, error) {
	if s.empty() {
		return "", nil
	}
	if s.path == "" {
		return "", fmt.Errorf("read credential %s: systemd handed in no credentials; start the unit, or use password_file", s.Credential)
	}
	text, err := os.ReadFile(s.path)
	if err != nil {
		return "", fmt.Errorf("read password: %w", err)
	}
	password := strings.TrimRight(string(text), "\r\n")
	if password == "" {
		return "", fmt.Errorf("read password: %s is empty", s.path)
	}
	return password, nil
}

// CheckFiles opens each file that the configuration names and returns what is
// wrong with it and what would be right, one sentence each. Nothing of their
// content is told.
func (c Config) CheckFiles() []string {
	var wrong []string
	secret := func(key string, s Secret) {
		if text := s.check(); text != "" {
			wrong = append(wrong, key+": "+text)
		}
	}
	secret("redis", c.Redis.Password)
	for _, t := range c.Teams {
		secret(t.Slug+": mailbox", t.Mailbox.Password)
		secret(t.Slug+": smtp", t.SMTP.Password)
	}
	if text := openToOthers(c.TokenKeyFile); text != "" {
		wrong = append(wrong, "token_key_file: "+text)
	}
	return wrong
}

// check returns what is wrong with a secret, or nothing.
func (s Secret) check() string {
	if _, err := s.Read(); err != nil {
		return err.Error()
	}
	if s.empty() {
		return ""
	}
	return openToOthers(s.path)
}

// openToOthers calls out a secret that every user of the machine can read.
func openToOthers(path string) string {
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o004 == 0 {
		return ""
	}
	return fmt.Sprintf("every user of this machine can read %s; right is: chmod 600 %s", path, path)
}

// keySize is that of HMAC-SHA-256's output: a longer key adds nothing (RFC 2104 section 3).
const keySize = 32

// ErrNoTokenKey says that there is no token key yet.
var ErrNoTokenKey = errors.New("there is no token key")

// TokenKeys reads the keys that sign the tokens in letters, one a line in
// hexadecimal: the first signs, all verify. To change the key, put a new line
// above the old one and remove the old one after 14 days, when no token of it
// counts any more.
func (c Config) TokenKeys() ([][]byte, error) {
	text, err := os.ReadFile(c.TokenKeyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w in %s", ErrNoTokenKey, c.TokenKeyFile)
	}
	if err != nil {
		return nil, fmt.Errorf("read token key: %w", err)
	}
	var keys [][]byte
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		key, err := hex.DecodeString(string(line))
		if err != nil || len(key) < keySize {
			return nil, fmt.Errorf("read token key: line %d of %s is no key of %d hexadecimal digits", len(keys)+1, c.TokenKeyFile, 2*keySize)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("read token key: %s is empty; remove it and serve makes a new one", c.TokenKeyFile)
	}
	return keys, nil
}

// MakeTokenKeys is TokenKeys for the first start: it makes the file where there is none.
func (c Config) MakeTokenKeys() ([][]byte, error) {
	keys, err := c.TokenKeys()
	if !errors.Is(err, ErrNoTokenKey) {
		return keys, err
	}
	if err := makeTokenKey(c.TokenKeyFile); err != nil {
		return nil, fmt.Errorf("make token key: %w", err)
	}
	return c.TokenKeys()
}

// makeTokenKey writes the file aside and links it into place, so that of two
// daemons that start at once one key wins and both read it whole.
func makeTokenKey(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	key := make([]byte, keySize)
	rand.Read(key)                                                  // never fails: crypto/rand ends the program instead
	aside, err := os.CreateTemp(filepath.Dir(path), ".token.key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(aside.Name())
	_, wrongWrite := fmt.Fprintf(aside, "%x\n", key)
	if err := errors.Join(wrongWrite, aside.Sync(), aside.Close()); err != nil {
		return err
	}
	if err := os.Link(aside.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
