package daemon

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write makes a file in a folder of the test and returns its path.
func write(t *testing.T, name, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSecret_is_the_file_without_the_line_break_of_the_editor(t *testing.T) {
	for text, want := range map[string]string{"hunter2\n": "hunter2", "hunter2\r\n": "hunter2", " two words ": " two words "} {
		path := write(t, "password", text, 0o600)
		secret := Secret{File: filepath.Base(path)}
		secret.resolve(Places{Config: filepath.Dir(path)})
		if got, err := secret.Read(); got != want || err != nil {
			t.Errorf("%q is read as %q, %v", text, got, err)
		}
	}
}

func TestSecret_may_be_a_credential_of_the_unit(t *testing.T) {
	path := write(t, "imap", "hunter2\n", 0o400)
	secret := Secret{Credential: "imap"}
	secret.resolve(Places{Credentials: filepath.Dir(path)})
	if got, err := secret.Read(); got != "hunter2" || err != nil {
		t.Errorf("read as %q, %v", got, err)
	}
	secret = Secret{Credential: "imap", File: path}
	secret.resolve(Places{})
	if got, err := secret.Read(); got != "hunter2" || err != nil {
		t.Errorf("without a unit the file is read as %q, %v", got, err)
	}
	secret = Secret{Credential: "imap"}
	secret.resolve(Places{})
	if _, err := secret.Read(); err == nil || !strings.Contains(err.Error(), "start the unit") {
		t.Errorf("without a unit it says %v", err)
	}
}

func TestCheckFiles_calls_out_what_is_missing_empty_or_open_to_all(t *testing.T) {
	for name, c := range map[string]struct{ path, want string }{
		"missing":     {filepath.Join(t.TempDir(), "none"), "no such file"},
		"empty":       {write(t, "empty", "\n", 0o600), "is empty"},
		"open to all": {write(t, "open", "hunter2", 0o644), "chmod 600"},
	} {
		t.Run(name, func(t *testing.T) {
			src := strings.Replace(smallest, "imap.password", c.path, 1)
			wrong := readGood(t, src).CheckFiles()
			if len(wrong) != 1 || !strings.HasPrefix(wrong[0], "architecture: mailbox: ") || !strings.Contains(wrong[0], c.want) {
				t.Errorf("it says %q", wrong)
			}
			if strings.Contains(strings.Join(wrong, ""), "hunter2") {
				t.Error("the password is told")
			}
		})
	}
}

func TestTokenKeys_are_made_once_and_kept(t *testing.T) {
	config := Config{TokenKeyFile: filepath.Join(t.TempDir(), "state", "token.key")}
	if _, err := config.TokenKeys(); err == nil {
		t.Error("a missing key was read")
	}
	first, err := config.MakeTokenKeys()
	if err != nil || len(first) != 1 || len(first[0]) != keySize {
		t.Fatalf("made %x, %v", first, err)
	}
	again, err := config.MakeTokenKeys()
	if err != nil || !bytes.Equal(first[0], again[0]) {
		t.Errorf("the second start has %x, %v", again, err)
	}
	if info, err := os.Stat(config.TokenKeyFile); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(config.TokenKeyFile), ".*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestTokenKeys_an_older_key_below_still_verifies(t *testing.T) {
	newer, older := strings.Repeat("ab", keySize), strings.Repeat("cd", keySize)
	config := Config{TokenKeyFile: write(t, "token.key", newer+"\n\n"+older+"\n", 0o600)}
	keys, err := config.TokenKeys()
	if err != nil || len(keys) != 2 || keys[0][0] != 0xab || keys[1][0] != 0xcd {
		t.Errorf("read %x, %v", keys, err)
	}
}

func TestTokenKeys_refuses_what_is_no_key(t *testing.T) {
	for _, text := range []string{"", "short\n", strings.Repeat("ab", keySize-1), strings.Repeat("xy", keySize)} {
		config := Config{TokenKeyFile: write(t, "token.key", text, 0o600)}
		if keys, err := config.TokenKeys(); err == nil {
			t.Errorf("%q was read as %x", text, keys)
		}
	}
}
