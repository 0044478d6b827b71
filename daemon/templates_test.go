package daemon_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A team's own template may be wrong in a way that shows only with real mail.
// Its people get the letter all the same, in the words of the program.
func TestOwn_template_that_fails_stops_no_letter(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "receipt.txt"), []byte("{{index .Changes 99}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, time.Date(2017, 1, 25, 10, 0, 0, 0, time.UTC), "templates: "+dir)
	w.pass()
	w.deliver(w.write("shaun", "Subject: Device trees\n\n#architecture What do we promise?"))
	letters := w.letters()
	if len(letters) != 1 || !strings.Contains(letters[0].text, "T-1 is on the list") {
		t.Errorf("letters %+v", letters)
	}
}
