package daemon_test

import (
	"context"
	"strings"
	"testing"
	"time"
)

var january = time.Date(2017, 1, 25, 10, 0, 0, 0, time.UTC)

// goesOn wants the next mail to be handled after whatever was delivered before.
func goesOn(t *testing.T, w *world) {
	t.Helper()
	w.letters()
	w.deliver(w.write("shaun", "Subject: Device trees\n\n#architecture What do we promise?"))
	for _, l := range w.letters() {
		if l.kind == "receipt" && strings.Contains(l.text, "is on the list") {
			return
		}
	}
	t.Error("the next mail was not handled")
}

func TestMail_that_is_too_large_is_set_aside_whole_and_told(t *testing.T) {
	w := newWorld(t, january, "")
	w.pass()
	raw := append(w.write("kostas", "Subject: The whole image\n\n#architecture See below.\n"), []byte(strings.Repeat(strings.Repeat("x", 70)+"\r\n", 26<<20/72))...)
	w.deliver(raw)
	letters := w.letters()
	if len(letters) == 0 {
		t.Fatal("nobody was told")
	}
	if len(letters) != 1 || letters[0].kind != "notice" || letters[0].to != "postmaster" || !strings.Contains(letters[0].text, "The whole image") {
		t.Errorf("%d letters; the first is %.500s", len(letters), letters[0].raw)
	}
	kept := w.imap.Mails(teamAddress, "minuted/Quarantine")
	if len(kept) != 1 || len(kept[0].Raw) != len(raw) {
		t.Errorf("%d mails in quarantine", len(kept))
	}
	status := w.daemon.Status(context.Background())[0]
	if len(status.Quarantined) != 1 || status.Quarantined[0].From != "kostas@example.com" || !strings.Contains(status.Quarantined[0].Why, "25.0 MB") {
		t.Errorf("status %+v", status.Quarantined)
	}
	goesOn(t, w)
}

func TestMail_without_anything_is_handled(t *testing.T) {
	for _, raw := range []string{"", "\r\n", "\r\n\r\n", "From: \r\n\r\n", "no header at all"} {
		w := newWorld(t, january, "")
		w.pass()
		w.deliver([]byte(raw))
		if left := w.imap.Mails(teamAddress, "INBOX"); len(left) != 0 {
			t.Errorf("%q is still in the inbox", raw)
		}
		goesOn(t, w)
	}
}

// What was set aside is told until somebody empties its folder.
func TestWhatWasSetAsideIsSettledByEmptyingItsFolder(t *testing.T) {
	w := newWorld(t, winter, "")
	w.pass()
	w.deliver([]byte("From: kostas@example.com\r\n" + strings.Repeat("X: y\r\n", 30000) + "\r\n"))
	aside := func() int { return len(w.daemon.Status(t.Context())[0].Quarantined) }
	if n := aside(); n != 1 {
		t.Fatalf("%d mails are set aside, want one", n)
	}
	for _, m := range w.imap.Mails(teamAddress, "minuted/Quarantine") {
		w.imap.Remove(teamAddress, "minuted/Quarantine", m.UID)
	}
	if n := aside(); n != 0 {
		t.Errorf("%d mails are told though the folder is empty", n)
	}
}
